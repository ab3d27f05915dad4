//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// On a pty two groups stand for one, the caller's and the program's, each with a
// witness. What one of them gets as a whole the other gets as well, unless it
// comes from this process.

// passOnPTY passes a signal to the program, or to its group if the whole of
// this process's group got it.
func (s *supervisor) passOnPTY(a *arrival) {
	sig := syscall.Signal(a.signo)
	whole := s.groupWide(a)
	switch {
	case sig == syscall.SIGCONT:
		s.resume(!s.waker.sent(&a.siginfo))
	case sig == syscall.SIGWINCH && a.code == siKernel:
		s.term.resize()
	case whole:
		s.passed |= bit(int(sig))
		syscall.Kill(-s.child, sig)
	default:
		s.pass(&a.siginfo)
	}
}

// passOut passes a signal that the program's group got to this process's group.
// This process gets it, too, and knows that it is its own (ours).
func (s *supervisor) passOut(info *siginfo) {
	if !s.forBoth(info) {
		return
	}
	s.passed |= bit(int(info.signo))
	syscall.Kill(0, syscall.Signal(info.signo))
}

// forBoth says whether a signal to the program's group would have been one to
// the caller's: the terminal's keys and its job control, and what a process of
// the program's session sent. Others look for processes by name, and find the
// witness alone.
func (s *supervisor) forBoth(info *siginfo) bool {
	sender := int(info.pid)
	switch sig := syscall.Signal(info.signo); {
	case info.code == siKernel:
		return sig == syscall.SIGINT || sig == syscall.SIGQUIT || isStop(info.signo)
	case info.code != siUser || sender == s.pid:
		return false
	default:
		session, err := unix.Getsid(sender)
		if err == syscall.ESRCH { // has ended already, as a shim in the program does that got a key
			return sig == syscall.SIGINT || sig == syscall.SIGQUIT || isStop(info.signo)
		}
		return err == nil && session == s.monitor.pid
	}
}
