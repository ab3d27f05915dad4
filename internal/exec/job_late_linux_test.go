//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

var (
	beforeKeeper = [2]int64{0, 30_000_000} // timespecs
	afterKeeper  = [2]int64{0, 10_000_000}
)

// LateGate makes this goroutine's thread the one that supervises, and the gate's
// thread as slow as a busy machine may before and after its keeper.
func LateGate() {
	runtime.LockOSThread()
	if !openGate() {
		return
	}
	s := &gateScript
	pauseBefore(s, &s.steps[0], &beforeKeeper)
	pauseBefore(s, &s.steps[2], &afterKeeper) // steps[1] is the keeper's
}

// pauseBefore lets a script sleep before one of its steps.
func pauseBefore(s *script, at *step, pause *[2]int64) {
	tail := s.add(unix.SYS_NANOSLEEP, addr(pause), 0)
	s.steps[s.n] = *at
	s.n++
	s.jump(at).args[0] += unsafe.Sizeof(*at)
	*at = step{nr: jumpStep, args: [5]uintptr{addr(tail)}}
}
