//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"strconv"
	"syscall"

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
	wakerScript script
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
	if w.pid = cloneScript(sharing, w.script(s, uintptr(state), uintptr(own))); w.pid <= 0 {
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
func (w *waker) script(s *supervisor, state, own uintptr) *step {
	c := &wakerScript
	c.n = 0
	c.dieWithUs()
	c.add(unix.SYS_SETPGID, 0, 0)
	again := c.add(unix.SYS_NANOSLEEP, addr(&wakerPause), 0)
	c.add(unix.SYS_PREAD64, uintptr(w.stat), addr(&wakerState), 1, state)
	gone := c.on(negative(syscall.ESRCH)) // reaped by the monitor
	states := []uintptr{'T', 't'}
	if s.term != nil { // the monitor collects it: only its first thread has ended
		states = append(states, 'Z')
	}
	for _, stopped := range states {
		c.equals(addr(&wakerState), stopped).args[0] = addr(again)
	}
	c.here(gone)
	c.add(unix.SYS_PREAD64, uintptr(w.self), addr(&wakerSelf), 1, own)
	asleep, traced := c.equals(addr(&wakerSelf), 'T'), c.equals(addr(&wakerSelf), 't')
	c.jump(again)
	c.here(asleep)
	c.here(traced)
	c.add(unix.SYS_KILL, uintptr(s.pid), uintptr(syscall.SIGCONT))
	c.jump(again) // this process may be about to stop only now
	return &c.steps[0]
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
