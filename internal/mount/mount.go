// Package mount tells where a system call may wait for ever: on a mount that another
// machine or a program serves (NFS, sshfs), which may never answer. A process inside
// such a call can neither give up nor end. Code that must not wait asks this package
// first. The package itself uses only what the kernel has in memory, so it never waits.
package mount

// Info is what the kernel has in memory of an open file. Size may be old.
type Info struct {
	Mode      uint32 // as in stat(2), with the type
	Dev, Rdev uint64
	Ino       uint64
	Size      int64
	mount     uint64 // 0: unknown
}
