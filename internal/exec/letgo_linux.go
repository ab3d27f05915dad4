//go:build linux && (amd64 || arm64)

package exec

import (
	"encoding/binary"
	"syscall"

	"golang.org/x/sys/unix"
)

// letGo gives up this process's copies of the program's descriptors, so that
// a peer notices when the program closes its own: those below std become
// /dev/null (a file opened later must not become descriptor 2), inherited
// ones are closed.
func letGo(std int) {
	null, err := syscall.Open("/dev/null", syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	for fd := range std {
		if err != nil {
			syscall.Close(fd)
		} else if null != fd {
			syscall.Dup3(null, fd, syscall.O_CLOEXEC)
		}
	}
	if err == nil && null > 2 {
		syscall.Close(null)
	}
	letGoInherited()
}

// letGoInherited closes the inherited descriptors from 3 on.
func letGoInherited() {
	for _, fd := range openDescriptors() {
		if fd < 3 {
			continue
		}
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		if err == nil && flags&unix.FD_CLOEXEC == 0 {
			syscall.Close(fd)
		}
	}
}

// letGoOf makes one descriptor /dev/null.
func letGoOf(fd int) {
	null, err := syscall.Open("/dev/null", syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	if err != nil {
		syscall.Close(fd)
		return
	}
	syscall.Dup3(null, fd, syscall.O_CLOEXEC)
	syscall.Close(null)
}

// openDescriptors lists /proc/self/fd, or without it all numbers that are
// likely to be in use.
func openDescriptors() (list []int) {
	dir, err := syscall.Open("/proc/self/fd", syscall.O_RDONLY|syscall.O_DIRECTORY|syscall.O_CLOEXEC, 0)
	if err != nil {
		for fd := range 1024 {
			list = append(list, fd)
		}
		return list
	}
	defer syscall.Close(dir)
	buf := firstBuffer[:] // not in use yet
	for {
		n, err := syscall.Getdents(dir, buf)
		if err != nil || n <= 0 {
			return list
		}
		for b := buf[:n]; len(b) > 0; {
			size := binary.NativeEndian.Uint16(b[16:]) // d_reclen
			if fd, ok := number(b[19:size]); ok {      // d_name
				list = append(list, fd)
			}
			b = b[size:]
		}
	}
}

// number reads the decimal number that b starts with.
func number(b []byte) (n int, ok bool) {
	for _, c := range b {
		if c < '0' || c > '9' {
			break
		}
		n, ok = n*10+int(c-'0'), true
	}
	return n, ok
}
