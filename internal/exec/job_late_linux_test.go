//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"runtime"
	"unsafe"

	"pi-track/internal/exec/script"

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
	pauseBefore(s, s.At(0), &beforeKeeper)
	pauseBefore(s, s.At(2), &afterKeeper) // steps[1] is the keeper's
}

// pauseBefore lets a script sleep before one of its steps.
func pauseBefore(s *script.Script, at *script.Step, pause *[2]int64) {
	tail := s.Add(unix.SYS_NANOSLEEP, addr(pause), 0)
	*s.Add(0) = *at
	s.Jump(at).Args[0] += unsafe.Sizeof(*at)
	*at = script.Step{NR: script.JumpTo, Args: [5]uintptr{addr(tail)}}
}
