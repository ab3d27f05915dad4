//go:build linux && (amd64 || arm64)

package exec

import (
	"runtime"
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
			switch {
			case info.mark == markChild:
				s.exists = true
			case info.mark == markWitness:
				s.witness.record(info)
			case !s.ours(&info):
				s.queued = append(s.queued, arrival{info, s.phase()})
			}
		}
	}
}

// arrival is a signal that this process got, and when: the program gets what
// its group gets only since it exists.
type arrival struct {
	siginfo
	phase phase
}

type phase uint8

const (
	beforeProgram phase = iota
	beforeWitness
	witnessed
)

func (s *supervisor) phase() phase {
	switch {
	case !s.exists:
		return beforeProgram
	case !s.witness.alive():
		return beforeWitness
	}
	return witnessed
}

// ours says whether a signal concerns this process only: a child changed, the
// runtime preempts, a write of ours met no reader, we hit a limit.
func (s *supervisor) ours(info *siginfo) bool {
	switch {
	case info.code > 0 && info.code != siKernel:
		return true // SIGCHLD, SIGIO, a fault
	case info.code == siKernel:
		sig := syscall.Signal(info.signo)
		return sig == syscall.SIGXCPU || sig == syscall.SIGXFSZ
	}
	return int(info.pid) == s.pid && (info.code == siUser || info.code == siTkill)
}

// forward passes on what this process got and the program did not.
func (s *supervisor) forward() {
	if len(s.queued) == 0 {
		return
	}
	s.witness.sync(s)
	queued := s.queued
	s.queued = nil
	for i := range queued {
		info := &queued[i].siginfo
		switch {
		case s.groupWide(info, queued[i].phase):
		case int(info.pid) == s.child && info.code <= 0:
			// The program signals its parent: that is our parent to it.
			syscall.Kill(s.parent, syscall.Signal(info.signo))
		default:
			s.pass(info)
		}
	}
}

// pass sends one signal on, with its value and its sender. The kernel lets
// nobody choose siUser or siKernel for another process.
func (s *supervisor) pass(info *siginfo) {
	s.passed |= bit(int(info.signo))
	out := *info
	if out.code >= 0 || out.code == siTkill {
		out.code = siQueue
		out.value = 0
	}
	if s.child > 0 && queue(s.child, &out) != nil {
		syscall.Kill(s.child, syscall.Signal(info.signo))
	}
}

// groupWide says whether the whole process group got the signal, and so the
// program as well.
func (s *supervisor) groupWide(info *siginfo, p phase) bool {
	switch {
	case p == beforeProgram:
		return false
	case p == witnessed && s.witness.alive():
		return s.witness.saw(info)
	}
	return s.probablyGroupWide(info)
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

// stopLike stops this process by the signal that stopped the program, and
// returns when it has been continued. A SIGCONT that comes meanwhile cancels
// the stop: the kernel discards a pending stop signal then, and one that came
// before is in the pipe.
func (s *supervisor) stopLike(sig syscall.Signal) {
	if s.continued() {
		return
	}
	if sig == syscall.SIGSTOP {
		syscall.Kill(s.pid, sig)
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	old := setThreadMask(bit(int(sig)))
	setAction(int(sig), &defaultAction)
	unix.Tgkill(s.pid, syscall.Gettid(), sig)
	if s.continued() {
		a := ignoreAction
		setAction(int(sig), &a) // discards it
	}
	setThreadMask(old) // stops here
	catch(int(sig))
}

// continued says whether a SIGCONT is waiting to be passed on.
func (s *supervisor) continued() bool {
	s.readSignals()
	for i := range s.queued {
		if syscall.Signal(s.queued[i].signo) == syscall.SIGCONT {
			return true
		}
	}
	return false
}
