//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"strconv"
	"syscall"

	"pi-track/internal/exec/script"

	"golang.org/x/sys/unix"
)

// waker continues this process when somebody continues or kills the program by
// its own pid, which helpers write to pid files: a stopped process cannot notice
// that. It is a process like the witness, with a group of its own, that looks at
// the program's state ten times a second as long as this process is stopped.
type waker struct {
	pid  int  // also of the last one
	stat int  // /proc/PID/stat of the program
	self int  // that of the thread that stops
	woke bool // it has continued this process
}

// What the waker's script points to.
var (
	wakerScript script.Script
	wakerState  uint64                     // of the program, one character
	wakerSelf   uint64                     // of the thread that stops
	wakerPause  = [2]int64{0, 100_000_000} // a timespec
)

// start starts the waker, before this process stops. Without /proc there is none.
func (w *waker) start(s *supervisor) {
	w.pid, w.woke = 0, false
	var state, own int
	if w.stat, state = openStat("/proc/" + strconv.Itoa(s.child)); w.stat < 0 {
		return
	}
	if w.self, own = openStat("/proc/thread-self"); w.self < 0 {
		syscall.Close(w.stat)
		return
	}
	if w.pid = w.script(s, uintptr(state), uintptr(own)).Clone(sharing); w.pid <= 0 {
		w.close()
	}
}

func (w *waker) close() {
	syscall.Close(w.stat)
	syscall.Close(w.self)
}

// script returns what the waker does; the states are at offsets of the files. It
// does not continue a process that goes on already and has had no turn yet: that
// would take back the stop signal that may have come since.
func (w *waker) script(s *supervisor, state, own uintptr) *script.Script {
	c := &wakerScript
	c.Reset()
	c.DieWithParent()
	c.Add(unix.SYS_SETPGID, 0, 0)
	again := c.Add(unix.SYS_NANOSLEEP, addr(&wakerPause), 0)
	c.Add(unix.SYS_PREAD64, uintptr(w.stat), addr(&wakerState), 1, state)
	gone := c.On(script.Failed(syscall.ESRCH)) // reaped by the monitor
	states := []uintptr{'T', 't'}
	if s.term != nil { // the monitor collects it: only its first thread has ended
		states = append(states, 'Z')
	}
	for _, stopped := range states {
		c.Equals(addr(&wakerState), stopped).Args[0] = addr(again)
	}
	c.Here(gone)
	c.Add(unix.SYS_PREAD64, uintptr(w.self), addr(&wakerSelf), 1, own)
	asleep, traced := c.Equals(addr(&wakerSelf), 'T'), c.Equals(addr(&wakerSelf), 't')
	c.Jump(again)
	c.Here(asleep)
	c.Here(traced)
	c.Add(unix.SYS_KILL, uintptr(s.pid), uintptr(syscall.SIGCONT))
	c.Jump(again) // this process may be about to stop only now
	return c
}

// sent says whether a SIGCONT is the waker's.
func (w *waker) sent(info *siginfo) bool {
	return w.pid > 0 && int(info.pid) == w.pid
}

// stop ends the waker, before a signal is passed on to the program.
func (w *waker) stop() {
	if w.pid > 0 {
		syscall.Kill(w.pid, syscall.SIGKILL)
		wait(w.pid, nil, unix.WALL, nil)
		w.close()
	}
}
