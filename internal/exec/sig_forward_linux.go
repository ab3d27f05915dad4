//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"slices"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

var arrivals [16]siginfo // too large for the first stack

// readSignals moves what the handler and the witness wrote to the queues.
func (s *supervisor) readSignals() {
	buf := &arrivals
	for {
		n, err := syscall.Read(s.signals, unsafe.Slice((*byte)(unsafe.Pointer(buf)), unsafe.Sizeof(*buf)))
		if err == syscall.EINTR {
			continue
		}
		if n <= 0 {
			return
		}
		for _, info := range buf[:n/int(unsafe.Sizeof(buf[0]))] {
			s.reports++
			switch {
			case info.mark == markChild:
				s.exists = true
			case info.mark == markWitness:
				s.witness.take(info, s.reports)
			case info.mark == markInner:
				if !s.inner.answer(&info) {
					s.passOut(&info)
				}
			case info.mark == markMonitor:
				if s.below(&info) {
					s.passUp(&info)
				}
			case info.mark != 0:
				s.note(&info)
			case !s.ours(&info):
				s.enqueue(info)
			}
		}
	}
}

// enqueue does what the kernel does with what is pending: a SIGCONT takes back
// stop signals, and a stop signal takes back a SIGCONT. On a pty a SIGCONT also
// means to look at the terminal.
func (s *supervisor) enqueue(info siginfo) {
	switch {
	case isContinue(info.signo):
		s.takeBack(isStop)
	case isStop(info.signo) && s.term == nil:
		s.takeBack(isContinue)
	}
	s.queued = append(s.queued, arrival{info, s.phase(), s.exists && s.below(&info), s.round, s.reports})
}

func (s *supervisor) takeBack(which func(signo int32) bool) {
	s.queued = slices.DeleteFunc(s.queued, func(a arrival) bool { return which(a.signo) })
}

// arrival is a signal that this process got, and when: the program gets what
// its group gets only since it exists.
type arrival struct {
	siginfo
	phase phase
	below bool // it comes from the program or from what the program has started
	round uint64
	order uint64 // of its report in signalPipe
}

type phase uint8

const (
	beforeProgram phase = iota
	unwitnessed
	witnessed
)

func (s *supervisor) phase() phase {
	switch {
	case !s.exists:
		return beforeProgram
	case !s.witness.alive():
		return unwitnessed
	}
	return witnessed
}

// ours says whether a signal concerns this process only: a child changed, the
// runtime preempts, a write of ours met no reader, we hit a limit, the program
// goes on.
func (s *supervisor) ours(info *siginfo) bool {
	switch {
	case info.code > 0 && info.code != siKernel:
		return true // SIGCHLD, SIGIO, a fault
	case info.code == siKernel:
		sig := syscall.Signal(info.signo)
		return sig == syscall.SIGXCPU || sig == syscall.SIGXFSZ
	case isContinue(info.signo) && s.waker.sent(info):
		s.waker.woke = true
		return s.term == nil // a pty is to know who is in the foreground
	}
	return int(info.pid) == s.pid && (info.code == siUser || info.code == siTkill)
}

// forward passes on what this process got and the program did not. In each
// round the witness speaks for what came before, not for what comes meanwhile.
func (s *supervisor) forward() {
	for len(s.queued) > 0 {
		s.round++
		s.witness.sync(s)
		s.witness.settle(s)
		n := 0
		for n < len(s.queued) && s.queued[n].round < s.round {
			s.forwardOne(&s.queued[n])
			n++
		}
		s.queued = append(s.queued[:0], s.queued[n:]...)
	}
}

func (s *supervisor) forwardOne(a *arrival) {
	switch {
	case s.term != nil:
		s.passOnPTY(a)
	case s.groupWide(a):
		s.passed |= bit(int(a.signo)) // by the kernel
		switch {
		case s.apart():
			syscall.Kill(-s.child, syscall.Signal(a.signo))
		case isContinue(a.signo) && s.passedStop:
			s.pass(&a.siginfo) // our stop signal may have come after the kernel's SIGCONT
		case int(a.pid) == s.parent && s.left():
			s.pass(&a.siginfo) // may have been for the pid and for the group, and have become one here
		}
	case a.below:
		s.passUp(&a.siginfo)
	default:
		s.pass(&a.siginfo)
	}
}

// pass sends one signal on, with its value and its sender. The kernel lets
// nobody choose siUser or siKernel for another process.
func (s *supervisor) pass(info *siginfo) {
	s.passed |= bit(int(info.signo))
	if s.ended {
		return
	}
	if isStop(info.signo) {
		s.passedStop = true
	} else if isContinue(info.signo) {
		s.passedStop = false
	}
	out := *info
	if out.code >= 0 || out.code == siTkill {
		out.code = siQueue
		out.value = 0
	}
	if s.child > 0 && queue(s.child, &out) != nil {
		syscall.Kill(s.child, syscall.Signal(info.signo))
	}
}

// passUp sends on a signal that was meant for the program's parent: that is
// our parent, who knows the program by this process's id.
func (s *supervisor) passUp(info *siginfo) {
	if s.parent < 1 || syscall.Getppid() != s.parent {
		return // it has ended, or cannot be seen from here
	}
	out := *info
	out.pid = int32(s.pid)
	if out.code != siQueue || queue(s.parent, &out) != nil {
		syscall.Kill(s.parent, syscall.Signal(info.signo))
	}
}

// groupWide says whether the whole process group got the signal, and so the
// program as well.
func (s *supervisor) groupWide(a *arrival) bool {
	switch {
	case a.phase == beforeProgram:
		s.witness.saw(&a.siginfo) // nor does the sighting speak for a later one
		return false
	case a.phase == witnessed && s.witness.alive():
		return s.witness.saw(&a.siginfo)
	}
	return s.probablyGroupWide(&a.siginfo)
}

// probablyGroupWide decides without a witness: the terminal signals the whole
// group, except that a hangup goes to the session leader, and timers are
// private; a sender inside the group more likely used kill(0).
func (s *supervisor) probablyGroupWide(info *siginfo) bool {
	sig := syscall.Signal(info.signo)
	if info.code == siKernel {
		switch sig {
		case syscall.SIGALRM, syscall.SIGVTALRM, syscall.SIGPROF:
			return false
		case syscall.SIGHUP, syscall.SIGCONT:
			sid, _ := unix.Getsid(0)
			return sid != s.pid
		}
		return true
	}
	sender := int(info.pid)
	if sender == s.child {
		return true
	}
	if info.code != siUser || sender == 0 || sender == s.parent {
		return false
	}
	group, err := syscall.Getpgid(sender)
	return err == nil && group == s.group
}
