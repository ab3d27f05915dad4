//go:build linux && (portable || !(amd64 || arm64))

package exec

import (
	"bytes"
	"runtime"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What the portable supervisor asks of Linux.
const (
	maxSignal  = 64
	infoSignal = syscall.Signal(0) // there is no Ctrl-T
	pipeBuf    = 4096
	sendNow    = unix.MSG_DONTWAIT | unix.MSG_NOSIGNAL // poll calls a socket full that is a quarter full
	packetPipe = unix.O_DIRECT                         // a pipe of packets, not a stream
)

// sigaction is struct kernel_sigaction, rt_sigaction(2).
type sigaction struct {
	handler, flags, restorer uintptr
	mask                     uint64
}

// isIgnored says whether the action of a signal is to ignore it.
func isIgnored(sig syscall.Signal) bool {
	var a sigaction
	_, _, e := syscall.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), 0, uintptr(unsafe.Pointer(&a)), 8, 0, 0)
	return e == 0 && a.handler == 1
}

// setDefault gives a signal its default action.
func setDefault(sig syscall.Signal) error {
	var a sigaction
	if _, _, e := syscall.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(&a)), 0, 8, 0, 0); e != 0 {
		return e
	}
	return nil
}

// blockStops blocks the stop signals on this thread, whose mask a new process gets,
// until the function that it returns is called.
func blockStops() (restore func()) {
	runtime.LockOSThread()
	set, old := bit(syscall.SIGTSTP)|bit(syscall.SIGTTIN)|bit(syscall.SIGTTOU), uint64(0)
	syscall.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_BLOCK, uintptr(unsafe.Pointer(&set)), uintptr(unsafe.Pointer(&old)), 8, 0, 0)
	return func() {
		syscall.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&old)), 0, 8, 0, 0)
		runtime.UnlockOSThread()
	}
}

// gone says whether nobody can read what is written to fd, or waits until it is
// so. Unlike poll, epoll does not keep the file open meanwhile.
func gone(fd int, wait bool) bool {
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return false
	}
	defer syscall.Close(ep)
	var events [1]unix.EpollEvent
	if unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, fd, &events[0]) != nil {
		return false
	}
	timeout := 0
	if wait {
		timeout = -1
	}
	for {
		n, err := unix.EpollWait(ep, events[:], timeout)
		if err != syscall.EINTR {
			return n > 0
		}
	}
}

// openToRead opens the file again for reading, -1 if that cannot be done.
func openToRead(fd int, _ *syscall.Stat_t) int {
	file, err := syscall.Open("/proc/self/fd/"+strconv.Itoa(fd), syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return -1
	}
	return file
}

// isRunning says whether a process is there and not stopped, if that can be known:
// field 3 of /proc/PID/stat, proc(5).
func isRunning(pid int) (running, known bool) {
	fd, err := syscall.Open("/proc/"+strconv.Itoa(pid)+"/stat", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return false, false
	}
	defer syscall.Close(fd)
	var b [128]byte
	n, _ := syscall.Read(fd, b[:])
	_, state, found := bytes.Cut(b[:max(n, 0)], []byte(") "))
	return found && state[0] != 'T' && state[0] != 't', found
}
