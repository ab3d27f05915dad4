//go:build unix && (portable || !linux || !(amd64 || arm64))

package exec

import (
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// stopped stops this process by the same signal while the program is stopped.
//
// A stop signal stops a process only while it has its default action, to which
// signal.Reset does not lead back: the runtime's handler stays installed. So the
// signals are ignored first, which drops what is under way in the runtime and
// lets Notify install the handler again later, and then set to the default.
func (s *supervisor) stopped(sig syscall.Signal) {
	if s.lendTerminal(sig) {
		return
	}
	s.passed |= bit(sig)
	ignoreStops()
	defer s.catchStops()
	s.takeSignals()
	s.queue = slices.DeleteFunc(s.queue, func(other syscall.Signal) bool {
		return slices.Contains(stopSignals, other) // the program has stopped already
	})
	if slices.Contains(s.queue, syscall.SIGCONT) || len(s.changes) > 0 {
		// A continuation comes first. If it is older than the stop, no change will
		// be reported, and the stop is still to be acted upon.
		s.missed, s.recheck = sig, time.After(20*time.Millisecond)
		return
	}
	if s.term != nil {
		s.suspendTerminal()
		defer s.resumeTerminal()
	}
	s.guard.watch(true)
	defer s.guard.watch(false)
	if !s.stopBy(sig) && sig != syscall.SIGSTOP { // nobody could continue it
		syscall.Kill(s.child, syscall.SIGCONT)
	}
}

// lendTerminal gives the terminal to a program that is stopped for want of it and
// leads a group, where this process leads the terminal's: without this process
// that would have been one group, the terminal's.
func (s *supervisor) lendTerminal(sig syscall.Signal) bool {
	if sig != syscall.SIGTTIN && sig != syscall.SIGTTOU || syscall.Getpgrp() != syscall.Getpid() {
		return false
	}
	if group, err := syscall.Getpgid(s.child); err != nil || group != s.child {
		return false
	}
	tty, err := syscall.Open("/dev/tty", syscall.O_RDONLY|syscall.O_NOCTTY|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer syscall.Close(tty)
	if !foreground(tty) || unix.IoctlSetPointerInt(tty, unix.TIOCSPGRP, s.child) != nil {
		return false
	}
	syscall.Kill(-s.child, syscall.SIGCONT)
	return true
}

// stopBy stops this process, on a pty the rest of the job as well, as the terminal
// would have done. It returns when a SIGCONT has come: another thread may take
// the signal while this one runs on. It is false if nothing has stopped, as in an
// orphaned group.
func (s *supervisor) stopBy(sig syscall.Signal) bool {
	if sig != syscall.SIGSTOP && defaultAction(sig) != nil {
		sig = syscall.SIGSTOP
	}
	target := syscall.Getpid()
	if s.term != nil && sig != syscall.SIGSTOP {
		target = 0
	}
	syscall.Kill(target, sig)
	for late := time.After(50 * time.Millisecond); ; {
		select {
		case other := <-s.signals:
			s.queue = append(s.queue, other.(syscall.Signal))
			if other == syscall.SIGCONT {
				return true
			}
		case <-late:
			s.takeSignals()
			return slices.Contains(s.queue, syscall.SIGCONT)
		}
	}
}

// catchStops catches again those stop signals that were caught.
func (s *supervisor) catchStops() {
	for _, sig := range stopSignals {
		if s.caught&bit(sig) != 0 {
			signal.Notify(s.signals, sig)
		} else if s.term != nil {
			signal.Ignore(sig)
		}
	}
}

func asSignals(list []syscall.Signal) (out []os.Signal) {
	for _, sig := range list {
		out = append(out, sig)
	}
	return out
}

func ignoreStops() { signal.Ignore(asSignals(stopSignals)...) }
