//go:build linux && (amd64 || arm64) && !portable

package script

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Step is one system call.
type Step struct {
	NR   uintptr // its number, or JumpTo
	Args [5]uintptr
	Mode uintptr
	// Result, unless 0, is the address that receives what the call returned.
	Result uintptr
}

// The modes of a step. A process whose script has failed exits with 127.
const (
	IgnoreResult    = iota
	MustSucceed     // the script fails at an error
	MustEqual       // the script fails unless the result equals Args[4]
	SkipUnlessEqual // skips the next step unless the result equals Args[4]
)

// What stands in place of a call's number.
const (
	// JumpTo continues the script at the step whose address is in Args[0].
	JumpTo = ^uintptr(0)
	// SameResult makes no call: its mode looks at the last call's result again.
	SameResult = ^uintptr(0) - 1
)

// Script is a list of steps. It lives in one place: the new process reads it while
// this one may be elsewhere.
type Script struct {
	steps [128]Step
	n     int
	Keep  any // what the arguments point to, so that it is on the heap
}

func addr[T any](p *T) uintptr { return uintptr(unsafe.Pointer(p)) }

// Failed is the result of a call that has failed.
func Failed(e syscall.Errno) uintptr { return -uintptr(e) }

// Reset makes the script empty.
func (s *Script) Reset() { s.n = 0 }

// At is the step of a number, the first is 0.
func (s *Script) At(i int) *Step { return &s.steps[i] }

// Add adds a call.
func (s *Script) Add(nr uintptr, args ...uintptr) *Step {
	st := &s.steps[s.n]
	*st = Step{NR: nr}
	copy(st.Args[:], args)
	s.n++
	return st
}

// Jump continues the script at a step.
func (s *Script) Jump(to *Step) *Step { return s.Add(JumpTo, addr(to)) }

// On jumps when the last call's result is value; Here sets the target later.
func (s *Script) On(value uintptr) (jump *Step) {
	s.Add(SameResult, 0, 0, 0, 0, value).Mode = SkipUnlessEqual
	return s.Jump(nil)
}

// Here makes a jump lead to the next step to be added.
func (s *Script) Here(jump *Step) { jump.Args[0] = addr(&s.steps[s.n]) }

var (
	noTime [2]int64 // a timespec

	//lint:ignore U1000 used by clone
	allSignals = ^uint64(0)
	//lint:ignore U1000 used by clone
	cloneMask uint64
)

// Equals jumps when the word of 32 bits at an address has a value; Here sets the
// target later. It asks whether a futex would wait.
func (s *Script) Equals(word uintptr, value uintptr) (jump *Step) {
	const futexWait = 0x80 // FUTEX_WAIT_PRIVATE
	s.Add(unix.SYS_FUTEX, word, futexWait, value, addr(&noTime))
	return s.On(Failed(syscall.ETIMEDOUT))
}

// DieWithParent lets the process end with this one, which is its parent.
func (s *Script) DieWithParent() {
	s.Add(unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, uintptr(syscall.SIGKILL))
	s.Add(unix.SYS_GETPPID, 0, 0, 0, 0, uintptr(syscall.Getpid())).Mode = MustEqual
}

// Fork adds the making of a process that runs a script of its own.
func (s *Script) Fork(flags uintptr, child *Script) {
	s.Add(unix.SYS_CLONE, flags, 0, 0, 0, 0).Mode = SkipUnlessEqual // 0: in the new process
	s.Jump(&child.steps[0])
}

// Clone makes a process that runs the script from its first step on, and returns its
// id or a negative errno. The script must end by execve or exit.
func (s *Script) Clone(flags uintptr) (pid int) { return clone(flags, &s.steps[0]) }

// clone is in clone_linux_*.s.
func clone(flags uintptr, first *Step) (pid int)
