// Package mount tells where a system call may wait for ever: on a mount that
// another machine or a program serves (NFS, sshfs), which may never answer. A
// process in such a call can neither give up nor end, so code that must not wait
// asks here first. The package asks a file system only for what the kernel has in
// memory.
package mount

// Info is what the kernel has in memory of an open file. Size may be old.
type Info struct {
	Mode      uint32 // as in stat(2), with the type
	Dev, Rdev uint64
	Ino       uint64
	Size      int64
	mount     uint64 // 0: unknown
}
