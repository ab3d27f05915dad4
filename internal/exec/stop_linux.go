//go:build linux && (amd64 || arm64)

package exec

import (
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// stopped stops this process if the program has stopped, by the same signal,
// and returns when both go on. A SIGCONT that waits is passed on first. The
// kernel withdraws the report of a stop when the program is continued; taking
// it here could take that of a later stop.
func (s *supervisor) stopped() bool {
	sig := s.stopSignal(unix.WNOWAIT)
	if sig == 0 {
		return false
	}
	if !s.continued() {
		s.stopBy(sig)
		if !s.continued() { // nothing stops an orphaned group; do not try for ever
			s.stopSignal(0)
		}
	}
	return true
}

// stopSignal returns the signal that has stopped the program, 0 for none.
func (s *supervisor) stopSignal(options uintptr) syscall.Signal {
	var info siginfo
	_, _, e := syscall.Syscall6(unix.SYS_WAITID, unix.P_PID, uintptr(s.child), uintptr(unsafe.Pointer(&info)),
		unix.WSTOPPED|unix.WNOHANG|options, 0, 0)
	if e != 0 || info.signo == 0 {
		return 0
	}
	return syscall.Signal(int32(info.value)) // si_status
}

// stopBy stops this process by sig. A SIGCONT cancels the stop whenever it
// comes: the kernel discards a pending stop signal then, and one that came
// before is in the pipe.
func (s *supervisor) stopBy(sig syscall.Signal) {
	if sig == syscall.SIGSTOP {
		syscall.Kill(s.pid, sig)
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	s.witness.sync(s)
	if s.continued() {
		return
	}
	queued, seen := len(s.queued), len(s.witness.seen)
	for s.tryStop(sig) {
	}
	if !s.stopCancelled {
		s.stopsServed(queued, seen)
	}
}

// stopsServed forgets the stop signals that came before a SIGCONT, as the
// kernel does: those among the first arrivals and sightings, and what arrived
// late. A signal to the group that met the default action has left no arrival
// here, and its sighting must not speak for the next one, which may be for
// this process alone; nor must that of a SIGCONT which the stop discarded.
func (s *supervisor) stopsServed(arrivals, sightings int) {
	for i := range s.queued {
		if isContinue(s.queued[i].signo) {
			arrivals = max(arrivals, i)
			break
		}
	}
	queued := s.queued[:0]
	for i, a := range s.queued {
		if i >= arrivals || !isStop(a.signo) {
			queued = append(queued, a)
		}
	}
	s.queued = queued
	seen := s.witness.seen[:0]
	for i, w := range s.witness.seen {
		if i >= sightings || !isStop(w.info.signo) && !isContinue(w.info.signo) {
			seen = append(seen, w)
		}
	}
	s.witness.seen = seen
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

// tryStop stops by the default action of sig. While this process is stopped
// the witness sets the handler again, so that the next sig after the SIGCONT
// is not taken for ours. If it does so too early, the handler gets our own
// signal: again is true.
func (s *supervisor) tryStop(sig syscall.Signal) (again bool) {
	s.stopMissed, s.stopCancelled = false, false
	old := setThreadMask(bit(int(sig)))
	setAction(int(sig), &defaultAction)
	unix.Tgkill(s.pid, syscall.Gettid(), sig)
	if s.continued() {
		setAction(int(sig), &ignoreAction) // discards it
		s.stopCancelled = true
	}
	s.witness.catchLater(sig)
	setThreadMask(old) // stops here
	catch(int(sig))
	s.readSignals()
	return s.stopMissed && !s.continued()
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
