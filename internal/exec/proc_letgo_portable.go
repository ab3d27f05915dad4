//go:build unix && (portable || !linux || !(amd64 || arm64))

package exec

import (
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// letGo makes a descriptor /dev/null: a peer notices when the program closes
// its own copy, and a file that is opened later does not become descriptor 2.
func letGo(fd int) {
	null, err := syscall.Open(os.DevNull, syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	if err == nil && null != fd {
		unix.Dup2(null, fd)
		syscall.Close(null)
	}
}

// letGoInherited closes the inherited descriptors from 3 on. Our own are closed
// on exec.
func letGoInherited() {
	for _, fd := range openDescriptors() {
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		if fd > 2 && err == nil && flags&unix.FD_CLOEXEC == 0 {
			syscall.Close(fd)
		}
	}
}

// openDescriptors lists what may be open. FreeBSD without fdescfs shows only 0, 1
// and 2 in /dev/fd; the numbers that are likely to be in use stand in then.
func openDescriptors() (list []int) {
	if dir, err := os.Open("/dev/fd"); err == nil {
		defer dir.Close()
		names, _ := dir.Readdirnames(-1)
		for _, name := range names {
			if fd, err := strconv.Atoi(name); err == nil {
				list = append(list, fd)
			}
		}
	}
	if len(list) > 3 {
		return list
	}
	for fd := range 1024 {
		list = append(list, fd)
	}
	return list
}
