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
	going := s.takeContinuation()
	s.queue = slices.DeleteFunc(s.queue, func(other syscall.Signal) bool {
		return slices.Contains(stopSignals, other) // the program has stopped already
	})
	s.own &^= bit(syscall.SIGTSTP)
	s.stopUnderWay = false
	switch {
	case going || len(s.changes) > 0:
		// A continuation comes first. If it is older than the stop, no change will
		// be reported, and the stop is still to be acted upon.
		s.missed, s.recheck = sig, time.After(20*time.Millisecond)
		s.catchStops()
	case s.goesOn(): // the stop is over
		s.catchStops()
	case sig != syscall.SIGSTOP && leadsSession(): // no shell could continue this process
		s.catchStops()
		s.goOn()
	default:
		if s.term != nil {
			s.suspendTerminal()
		}
		s.awaitGuard()
		s.guard.woke = false // what it did about an earlier stop
		s.guard.ask(askWatch)
		s.stopping, s.settled, s.changed, s.resume = true, time.After(time.Second), false, nil
		s.stopBy(sig)
	}
}

// takeContinuation takes what has come, and waits for the SIGCONT that ended an earlier
// stop of this process: the runtime may still have it, and it must not seem to end the
// next one. It says whether there is one.
func (s *supervisor) takeContinuation() bool {
	late := time.After(50 * time.Millisecond)
	for {
		s.takeSignals()
		came := slices.Contains(s.queue, syscall.SIGCONT)
		if came || !s.stopping {
			return came
		}
		select {
		case sig := <-s.signals:
			s.queue = append(s.queue, sig.(syscall.Signal))
		case <-late:
			return false
		}
	}
}

// goesOn says whether the program is known not to be stopped now: what wait4 tells
// may be older than a continuation.
func (s *supervisor) goesOn() bool {
	running, known := isRunning(s.child)
	return known && running
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
		s.leader.goOn()
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
	if s.term == nil && s.goesOn() {
		return // continued meanwhile, and the SIGCONT is on its way
	}
	target := syscall.Getpid()
	if s.term != nil && sig != syscall.SIGSTOP && time.Since(s.suspended) > time.Second {
		target = 0
	}
	syscall.Kill(target, sig)
}

// continued is called for a SIGCONT that came, or when none has come for a second: in
// an orphaned group nothing stops. It says whether this process was stopping.
func (s *supervisor) continued() (stopping bool) {
	if stopping = s.stopping; stopping {
		s.stopping, s.settled = false, nil
		s.catchStops()
	}
	return stopping
}

// passContinue passes on a SIGCONT that was for this process alone. One for the
// group has continued the program already, and a stop that came since is to last:
// Ctrl-Z right after fg. The guard cannot tell one from the other, as each stop
// signal takes back a SIGCONT that is pending, in any process. So what wait4 has told
// of the program since this process stopped counts: it was continued then.
func (s *supervisor) passContinue(stopping bool) {
	group := s.groupWide(syscall.SIGCONT) // in any case: what was seen does not stand for the next one
	switch {
	case stopping && s.wasContinued():
	case group && s.apart():
		syscall.Kill(-s.child, syscall.SIGCONT)
	case s.isStopped() && !s.stopUnderWay:
		s.resume = time.After(50 * time.Millisecond) // unless a change comes: the stop is the later one
	case !group:
		syscall.Kill(s.child, syscall.SIGCONT)
	}
	s.stopUnderWay = false
}

// wasContinued says whether the program has been continued since this process stopped.
func (s *supervisor) wasContinued() bool { return s.changed || len(s.changes) > 0 }

// isStopped says whether the program is known to be stopped now.
func (s *supervisor) isStopped() bool {
	running, known := isRunning(s.child)
	return known && !running
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
