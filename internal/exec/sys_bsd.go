//go:build dragonfly || freebsd || netbsd || openbsd

package exec

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// What the portable supervisor asks of the BSDs. Nothing goes around their C
// libraries: OpenBSD has no system calls from elsewhere.
const (
	maxSignal  = 31
	infoSignal = syscall.Signal(unix.SIGINFO) // Ctrl-T
	pipeBuf    = 512
	sendNow    = 0 // poll tells what a socket takes
	packetPipe = 0

	getTermios = unix.TIOCGETA
	setTermios = unix.TIOCSETA
	upperCase  = 0
)

// isIgnored cannot be told.
func isIgnored(syscall.Signal) bool { return false }

// setDefault cannot be done: this process stops by SIGSTOP and dies by kill(1).
func setDefault(syscall.Signal) error { return syscall.ENOSYS }

// openToRead cannot be done: nothing tells a file's name.
func openToRead(int, *syscall.Stat_t) int { return -1 }

// blockStops does nothing: a new process does not keep this one from being stopped,
// as Linux's vfork does.
func blockStops() (restore func()) { return func() {} }

// isRunning is not known here.
func isRunning(int) (running, known bool) { return false, false }

func terminalName() string { return "/dev/tty" }

// pushBack does nothing: OpenBSD has no TIOCSTI.
func pushBack(int, byte) {}
