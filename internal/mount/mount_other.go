//go:build !linux

package mount

import "syscall"

// Of looks at an open file.
func Of(fd int) (Info, error) {
	var st syscall.Stat_t
	err := syscall.Fstat(fd, &st)
	return Info{
		Mode: uint32(st.Mode), Dev: uint64(st.Dev), Rdev: uint64(st.Rdev), Ino: st.Ino, Size: st.Size,
	}, err
}

// MayHang is false: what mounts there are is not known here.
func MayHang(_, _ Info) bool { return false }
