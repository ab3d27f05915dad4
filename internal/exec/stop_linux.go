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
	for s.tryStop(sig) {
	}
}

// tryStop stops by the default action of sig. While this process is stopped
// the witness sets the handler again, so that the next sig after the SIGCONT
// is not taken for ours. If it does so too early, the handler gets our own
// signal: again is true.
func (s *supervisor) tryStop(sig syscall.Signal) (again bool) {
	s.stopMissed = false
	old := setThreadMask(bit(int(sig)))
	setAction(int(sig), &defaultAction)
	unix.Tgkill(s.pid, syscall.Gettid(), sig)
	if s.continued() {
		setAction(int(sig), &ignoreAction) // discards it
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
		if syscall.Signal(s.queued[i].signo) == syscall.SIGCONT {
			return true
		}
	}
	return false
}
