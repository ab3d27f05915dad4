package exec

import (
	"bytes"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What the portable supervisor asks of macOS, and nothing else of macOS is asked
// in this package but in kqueue.go. The sources are those of XNU, the kernel:
// github.com/apple-oss-distributions/xnu, tag xnu-11417.101.15.
const (
	maxSignal  = 31
	infoSignal = syscall.Signal(unix.SIGINFO) // Ctrl-T
	pipeBuf    = 512                          // bsd/sys/pipe.h
	sendNow    = 0                            // poll tells what a socket takes
	packetPipe = 0

	getTermios = unix.TIOCGETA
	setTermios = unix.TIOCSETA
	upperCase  = 0
)

// isIgnored says whether the action of a signal is to ignore it. What the system
// call gives is struct sigaction (bsd/sys/signal.h), filled in by sigaction() in
// bsd/kern/kern_sig.c.
func isIgnored(sig syscall.Signal) bool {
	var a struct {
		handler uintptr
		mask    uint32
		flags   int32
	}
	_, _, e := syscall.RawSyscall(syscall.SYS_SIGACTION, uintptr(sig), 0, uintptr(unsafe.Pointer(&a)))
	return e == 0 && a.handler == 1
}

// setDefault gives a signal its default action. What the system call takes is
// struct __sigaction (bsd/sys/signal.h), with the trampoline that only a handler
// needs.
func setDefault(sig syscall.Signal) error {
	var a struct {
		handler, trampoline uintptr
		mask                uint32
		flags               int32
	}
	if _, _, e := syscall.RawSyscall(syscall.SYS_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(&a)), 0); e != 0 {
		return e
	}
	return nil
}

// openToRead opens the file again for reading, -1 if that cannot be done. To open
// /dev/fd/2 would be to duplicate it, for writing only (dupfdopen() in
// bsd/kern/kern_descrip.c), so the file's name is asked for (F_GETPATH, fcntl(2)).
func openToRead(fd int, st *syscall.Stat_t) int {
	var path [1024]byte // MAXPATHLEN
	if _, _, e := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_GETPATH, uintptr(unsafe.Pointer(&path[0]))); e != 0 {
		return -1
	}
	name, _, _ := bytes.Cut(path[:], []byte{0})
	file, err := syscall.Open(string(name), syscall.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOFOLLOW|syscall.O_CLOEXEC, 0)
	if err != nil {
		return -1
	}
	var found syscall.Stat_t
	if syscall.Fstat(file, &found) != nil || found.Dev != st.Dev || found.Ino != st.Ino {
		syscall.Close(file)
		return -1
	}
	return file
}

// blockStops does nothing: a new process does not keep this one from being stopped,
// as Linux's vfork does.
func blockStops() (restore func()) { return func() {} }

// isRunning says whether a process is there and not stopped, if that can be known:
// p_stat of kern.proc.pid is SSTOP, 4, for a stopped one (bsd/sys/proc.h).
func isRunning(pid int) (running, known bool) {
	info, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	if err != nil {
		return false, false
	}
	const stopped = 4
	return info.Proc.P_stat != stopped, true
}

// terminalName is the path of this session's terminal. macOS cannot wait for
// /dev/tty (bsd/kern/tty_tty.c has no cttyselect for kqueue; EINVAL), but for the
// device itself.
func terminalName() string {
	var path [1024]byte
	if _, _, e := syscall.Syscall(syscall.SYS_FCNTL, 0, syscall.F_GETPATH, uintptr(unsafe.Pointer(&path[0]))); e != 0 {
		return "/dev/tty"
	}
	name, _, _ := bytes.Cut(path[:], []byte{0})
	return string(name)
}

// pushBack makes a key the next to be read from the terminal: TIOCSTI, which its
// owner may on a terminal that is open for reading (ttioctl_locked() in
// bsd/kern/tty.c).
func pushBack(tty int, key byte) {
	syscall.Syscall(syscall.SYS_IOCTL, uintptr(tty), unix.TIOCSTI, uintptr(unsafe.Pointer(&key)))
}
