package exec

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What Linux calls the requests for a terminal's modes, and the mode that makes
// typed letters small (IUCLC), which others lack.
const (
	getTermios = unix.TCGETS
	setTermios = unix.TCSETS
	upperCase  = unix.IUCLC
)

// pushBack makes a key the next to be read from the terminal (TIOCSTI, ioctl_tty(2)).
// dev.tty.legacy_tiocsti=0 forbids it.
func pushBack(tty int, key byte) {
	syscall.Syscall(syscall.SYS_IOCTL, uintptr(tty), unix.TIOCSTI, uintptr(unsafe.Pointer(&key)))
}

// terminalName is the path of this session's terminal.
func terminalName() string { return "/dev/tty" }
