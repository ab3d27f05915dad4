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
// lets Notify install the handler again later, and then set to the default. That
// remains until a SIGCONT comes: another thread may take the signal, and this one
// runs on until then.
func (s *supervisor) stopped(sig syscall.Signal) {
	if s.lendTerminal(sig) {
		return
	}
	s.passed |= bit(sig)
	ignoreStops()
	s.takeSignals()
	s.queue = slices.DeleteFunc(s.queue, func(other syscall.Signal) bool {
		return slices.Contains(stopSignals, other) // the program has stopped already
	})
	s.own &^= bit(syscall.SIGTSTP)
	switch {
	case slices.Contains(s.queue, syscall.SIGCONT) || len(s.changes) > 0:
		// A continuation comes first. If it is older than the stop, no change will
		// be reported, and the stop is still to be acted upon.
		s.missed, s.recheck = sig, time.After(20*time.Millisecond)
		s.catchStops()
	case sig != syscall.SIGSTOP && leadsSession(): // no shell could continue this process
		s.catchStops()
		s.goOn()
	default:
		if s.term != nil {
			s.suspendTerminal()
		}
		s.awaitGuard()
		s.guard.watch(true)
		s.stopping, s.settled = true, time.After(time.Second)
		s.stopBy(sig)
	}
}

// leadsSession says whether no terminal can stop this process.
func leadsSession() bool {
	session, err := unix.Getsid(0)
	return err == nil && session == syscall.Getpid()
}

// goOn continues the program.
func (s *supervisor) goOn() {
	if s.term != nil {
		s.resumeTerminal()
	} else {
		syscall.Kill(s.child, syscall.SIGCONT)
	}
}

// stopBy stops this process, on a pty the rest of the job as well, as the terminal
// would have done.
func (s *supervisor) stopBy(sig syscall.Signal) {
	if sig != syscall.SIGSTOP && defaultAction(sig) != nil {
		sig = syscall.SIGSTOP
	}
	target := syscall.Getpid()
	if s.term != nil && sig != syscall.SIGSTOP && time.Since(s.suspended) > time.Second {
		target = 0
	}
	syscall.Kill(target, sig)
}

// continued is called for a SIGCONT that came, or when none has come for long: in
// an orphaned group nothing stops.
func (s *supervisor) continued() {
	if s.stopping {
		s.stopping, s.settled = false, nil
		s.guard.watch(false)
		s.catchStops()
	}
}

// lendTerminal gives the terminal to a program that is stopped for want of it and
// leads a group, where this process leads the terminal's: without this process
// that would have been one group, the terminal's.
func (s *supervisor) lendTerminal(sig syscall.Signal) bool {
	if sig != syscall.SIGTTIN && sig != syscall.SIGTTOU || !s.apart() {
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
