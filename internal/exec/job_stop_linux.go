//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// stopped stops this process, by the same signal, while the program is
// stopped, and returns when this process goes on. A SIGCONT that waits is
// passed on first.
func (s *supervisor) stopped() {
	sig := s.stopSignal()
	if sig == 0 || s.continued() || s.lend(sig) {
		return
	}
	s.stopBy(sig)
	if s.stayed(sig) && s.apart() && s.stopSignal() == sig {
		syscall.Kill(-s.child, syscall.SIGCONT)
	}
}

// stayed says, after stopBy, whether the kernel has not stopped this process: its
// group is orphaned, no shell could continue it. The program, in a group with
// this process as parent, could be stopped, as it would not have been there.
func (s *supervisor) stayed(sig syscall.Signal) bool {
	return sig != syscall.SIGSTOP && !s.continued() && !s.waker.woke
}

// lend lets a program that is apart use the terminal, and says whether it did:
// in this process's group, the foreground, it would not have been stopped.
func (s *supervisor) lend(sig syscall.Signal) bool {
	if sig != syscall.SIGTTIN && sig != syscall.SIGTTOU || !s.apart() {
		return false
	}
	tty, err := syscall.Open("/dev/tty", syscall.O_RDONLY|syscall.O_NOCTTY|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer syscall.Close(tty)
	return foreground(tty) && unix.IoctlSetPointerInt(tty, unix.TIOCSPGRP, s.child) == nil &&
		syscall.Kill(-s.child, syscall.SIGCONT) == nil
}

// stopSignal returns the signal by which the program is stopped now, 0 for
// none. The report stays: the kernel withdraws it when the program goes on, so
// it tells the state, and no stop can be missed.
func (s *supervisor) stopSignal() syscall.Signal {
	var info siginfo
	_, _, e := syscall.Syscall6(unix.SYS_WAITID, unix.P_PID, uintptr(s.child), uintptr(unsafe.Pointer(&info)),
		unix.WSTOPPED|unix.WNOHANG|unix.WNOWAIT, 0, 0)
	if e != 0 || info.signo == 0 {
		return 0
	}
	return syscall.Signal(int32(info.value)) // si_status
}

// stopBy stops this process by the default action of sig, unless a SIGCONT
// comes, whenever it comes: one that came before our own signal is in the pipe
// then, and a later one makes the kernel discard that signal. One that our own
// has made the kernel discard has continued the program, if it was for the
// group. The kernel does nothing either when the group is orphaned.
func (s *supervisor) stopBy(sig syscall.Signal) {
	s.stay()
	s.waker.start(s)
	defer s.waker.stop()
	if sig == syscall.SIGSTOP {
		unix.Tgkill(s.pid, syscall.Gettid(), sig) // stops here: another thread might stop only when the waker has been ended
		return
	}
	old := setThreadMask(bit(int(syscall.SIGTSTP)) | bit(int(syscall.SIGTTIN)) | bit(int(syscall.SIGTTOU)))
	unix.Tgkill(s.pid, syscall.Gettid(), sig)
	if s.continued() || s.term == nil && s.stopSignal() == 0 {
		setThreadMask(old) // the handler takes it
		return
	}
	s.passedStop = false
	s.takeBack(isStop) // as the SIGCONT to come does; it may not reach us, see enqueue
	s.gate.close(sig)
	setAction(int(sig), &defaultAction)
	setThreadMask(old) // stops here
	catch(int(sig))
	s.gate.opened()
	s.readSignals()
}

func isContinue(signo int32) bool { return syscall.Signal(signo) == syscall.SIGCONT }

// isStop says whether the default action of a signal is to stop, SIGSTOP's
// aside, which nobody catches.
func isStop(signo int32) bool {
	switch syscall.Signal(signo) {
	case syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU:
		return true
	}
	return false
}

// continued says whether a SIGCONT is waiting to be passed on.
func (s *supervisor) continued() bool {
	s.readSignals()
	for i := range s.queued {
		if isContinue(s.queued[i].signo) {
			return true
		}
	}
	return false
}
