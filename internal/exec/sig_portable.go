//go:build unix && (portable || !linux || !(amd64 || arm64))

package exec

import (
	"os"
	"os/signal"
	"slices"
	"syscall"
)

// Each signal that is caught takes two switches of threads in package os/signal.
// So those that would end this process are caught before the program is started,
// what is sent to programs right after, and the rest when it has run for a while.
// Until SIGTSTP is caught it stops this process together with the new one, which
// may not have been executed yet.
var (
	beforeStart = []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT}
	afterStart  = []syscall.Signal{
		syscall.SIGTSTP, syscall.SIGCONT, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGALRM, syscall.SIGWINCH,
	}
	stopSignals = []syscall.Signal{syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU}
)

// otherSignals are those that can be caught and are in neither of the lists.
// The runtime uses SIGURG itself, and SIGCHLD is about our own children.
func otherSignals() (list []syscall.Signal) {
	never := []syscall.Signal{syscall.SIGKILL, syscall.SIGSTOP, syscall.SIGCHLD, syscall.SIGURG}
	for sig := syscall.Signal(1); sig <= maxSignal; sig++ {
		if !slices.Contains(never, sig) && !slices.Contains(beforeStart, sig) && !slices.Contains(afterStart, sig) {
			list = append(list, sig)
		}
	}
	return list
}

func bit(sig syscall.Signal) uint64 { return 1 << (sig - 1) }

// catch asks for signals, but for those that were ignored at start, as far as
// the runtime has left that: to catch one would give the program the default
// action. On a pty, which serves a terminal from the background as well, nothing
// may stop this process for that.
func (s *supervisor) catch(list []syscall.Signal) {
	var wanted []os.Signal
	for _, sig := range list {
		onPTY := s.term != nil && (sig == syscall.SIGTTIN || sig == syscall.SIGTTOU)
		if !onPTY && s.caught&bit(sig) == 0 && !ignoredAtStart(sig) {
			s.caught |= bit(sig)
			wanted = append(wanted, sig)
		}
	}
	if len(wanted) > 0 { // none would mean all
		signal.Notify(s.signals, wanted...)
	}
}

// ignoredAtStart says whether a signal was ignored when this process was
// executed and still is. The runtime installs no handler of its own for the stop
// signals and SIGCONT, and package os/signal knows of SIGHUP and SIGINT only.
func ignoredAtStart(sig syscall.Signal) bool {
	if sig == syscall.SIGCONT || slices.Contains(stopSignals, sig) {
		return isIgnored(sig)
	}
	return signal.Ignored(sig)
}

// takeSignals moves what has come to the queue.
func (s *supervisor) takeSignals() {
	for {
		select {
		case sig := <-s.signals:
			s.queue = append(s.queue, sig.(syscall.Signal))
		default:
			return
		}
	}
}

// forward passes on what this process got and the program did not.
func (s *supervisor) forward() {
	for len(s.queue) > 0 {
		sig := s.queue[0]
		s.queue = s.queue[1:]
		stopping := sig == syscall.SIGCONT && s.continued()
		switch {
		case s.own&bit(sig) != 0:
			s.own &^= bit(sig)
		case sig == syscall.SIGPIPE && s.stderr.readerGone():
			// our own write raised it; the program's will fail as well
		case stopping && s.term != nil && s.wasContinued():
			// Somebody has continued the program itself, and may have stopped it again.
			s.passed |= bit(sig)
			if !s.isStopped() {
				s.resumeTerminal()
			}
		case s.term != nil:
			s.passed |= bit(sig)
			s.forwardOnPTY(sig)
		case sig == syscall.SIGCONT:
			s.passed |= bit(sig)
			s.passContinue(stopping)
		default:
			s.passed |= bit(sig)
			s.stopUnderWay = s.stopUnderWay || slices.Contains(stopSignals, sig)
			switch {
			case !s.groupWide(sig):
				syscall.Kill(s.child, sig)
			case s.apart():
				syscall.Kill(-s.child, sig)
			}
		}
	}
}

// apart says whether the program leads a group of its own, and this process another
// that the program would lead if this process were not there: what is sent to that
// group is for the program's.
func (s *supervisor) apart() bool {
	if syscall.Getpgrp() != syscall.Getpid() {
		return false
	}
	group, err := syscall.Getpgid(s.child)
	return err == nil && group == s.child
}

// groupWide says whether the whole group got the signal, and so the program.
// Without a guard it did if the terminal may have sent it.
func (s *supervisor) groupWide(sig syscall.Signal) bool {
	if s.guard.stands() {
		if seen := s.guard.saw(sig); seen || !s.guard.isNew() {
			return seen
		}
	}
	switch sig {
	case syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU, syscall.SIGWINCH, infoSignal:
		tty, err := syscall.Open("/dev/tty", syscall.O_RDONLY|syscall.O_NOCTTY|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
		if err != nil {
			return false
		}
		defer syscall.Close(tty)
		return foreground(tty) || sig == syscall.SIGTTIN || sig == syscall.SIGTTOU
	}
	return false
}
