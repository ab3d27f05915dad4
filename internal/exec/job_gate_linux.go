//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"sync/atomic"
	"syscall"

	"pi-track/internal/exec/script"

	"golang.org/x/sys/unix"
)

// A process stops by SIGTSTP only while the signal has its default action, and
// once the caller has seen the stop, the next signals may follow at any time,
// before this process has run at all: the handler must be back by then. No
// thread of a stopping process can see to that, but the stop is not complete,
// and nobody sees it, before every thread takes part, and one that waits for
// its vfork child takes no part. So the gate is a thread that makes such a
// child, the keeper, a process in this memory with these handlers:
//
//	the keeper waits until the stopping thread is in state T (or is back: a
//	SIGCONT has come first), sets the handler, and ends;
//	now the thread stops as well, and that completes the stop.
//
// Both are scripts. The keeper has a group of its own, so
// that a SIGSTOP to ours cannot keep the gate closed.
type gate struct {
	closed bool
}

// What the gate's scripts point to.
var (
	gateScript script.Script
	gateCatch  *script.Step // sets the handler for the signal in its first argument
	gateStat   = -1         // /proc/…/stat of the stopping thread
	gateThread int          // its id
	gateState  uint64       // its state, one character
	gateReady  uint64       // not 0: the keeper runs, or could not be made
	gateKeeper uint64       // its pid
	gateBack   uint64       // not 0: the stopping thread goes on
	gateLeft   uint64       // not 0: the gate's thread touches none of these any more
	noTime     [2]int64     // timespecs
	someTime   = [2]int64{0, 50_000}
)

const (
	futexWait = 0x80 // FUTEX_WAIT_PRIVATE
	futexWake = 0x81
)

// close makes the gate before this thread stops by sig. Where that is not
// possible (no /proc, no process left) there is none, and a signal that comes
// right after the SIGCONT meets the default action.
func (g *gate) close(sig syscall.Signal) {
	if gateThread != syscall.Gettid() && !openGate() {
		return
	}
	gateCatch.Args[0] = uintptr(sig)
	gateReady, gateKeeper, gateBack, gateState, gateLeft = 0, 0, 0, 0, 0
	const thread = sharing | unix.CLONE_THREAD | unix.CLONE_SYSVSEM
	if gateScript.Clone(thread) < 0 {
		return
	}
	await(&gateReady)
	if g.closed = atomic.LoadUint64(&gateKeeper) != 0; !g.closed {
		await(&gateLeft)
	}
}

// await waits until another thread has set a word.
func await(word *uint64) {
	for atomic.LoadUint64(word) == 0 {
		syscall.RawSyscall6(unix.SYS_FUTEX, addr(word), futexWait, 0, 0, 0, 0)
	}
}

// opened ends what close has begun, after the stop. It waits for the gate's
// thread too: a late one would tell the next close that its keeper was there.
func (g *gate) opened() {
	if g.closed {
		atomic.StoreUint64(&gateBack, 1)
		syscall.RawSyscall(unix.SYS_FUTEX, addr(&gateBack), futexWake, 1)
		wait(int(gateKeeper), nil, unix.WALL, nil)
		await(&gateLeft)
		g.closed = false
	}
}

// openGate opens the state of this thread and writes the scripts.
func openGate() bool {
	fd, state := openStat("/proc/thread-self")
	if fd < 0 {
		return false
	}
	if gateStat >= 0 { // of an earlier run
		syscall.Close(gateStat)
	}
	gateStat, gateThread = fd, syscall.Gettid()
	s := &gateScript
	s.Reset()
	const child = sharing | unix.CLONE_VFORK
	s.Add(unix.SYS_CLONE, child, 0, 0, 0, 0).Mode = script.SkipUnlessEqual // 0: in the keeper
	keeper := s.Jump(nil)
	s.Add(unix.SYS_GETTID).Result = addr(&gateReady)
	s.Add(unix.SYS_FUTEX, addr(&gateReady), futexWake, 1)
	s.Add(unix.SYS_GETTID).Result = addr(&gateLeft)
	s.Add(unix.SYS_FUTEX, addr(&gateLeft), futexWake, 1)
	s.Add(unix.SYS_EXIT, 0)
	s.Here(keeper)
	addKeeper(s, uintptr(state))
	return true
}

// addKeeper adds what the keeper does; the state is at an offset of the file.
func addKeeper(s *script.Script, state uintptr) {
	s.DieWithParent()
	s.Add(unix.SYS_SETPGID, 0, 0)
	s.Add(unix.SYS_GETPID).Result = addr(&gateKeeper)
	s.Add(unix.SYS_GETPID).Result = addr(&gateReady)
	s.Add(unix.SYS_FUTEX, addr(&gateReady), futexWake, 1)

	again := s.Add(unix.SYS_PREAD64, uintptr(gateStat), addr(&gateState), 1, state)
	stopped := s.Equals(addr(&gateState), 'T')
	traced := s.Equals(addr(&gateState), 't')
	s.Add(unix.SYS_FUTEX, addr(&gateBack), futexWait, 0, addr(&someTime))
	back := s.On(script.Failed(syscall.EAGAIN))
	s.Jump(again)

	s.Here(stopped)
	s.Here(traced)
	s.Here(back)
	gateCatch = s.Add(unix.SYS_RT_SIGACTION, 0, addr(&handlerAction), 0, 8)
	s.Add(unix.SYS_EXIT_GROUP, 0)
}
