//go:build linux && (amd64 || arm64) && !portable

package exec

import (
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

// openDescriptors lists the open descriptors, or without /proc all numbers that
// are likely to be in use.
func openDescriptors() (list []int) {
	list = numbersIn("/proc/self/fd", firstBuffer[:]) // not in use yet
	if list == nil {
		for fd := range 1024 {
			list = append(list, fd)
		}
	}
	return list
}
