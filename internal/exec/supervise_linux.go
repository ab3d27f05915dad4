//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// supervisor is one run of one program.
type supervisor struct {
	spec       *Spec
	state      original
	pid        int // this process
	parent     int // its parent at start
	group      int
	child      int
	status     syscall.WaitStatus
	usage      syscall.Rusage
	signals    int // read end of signalPipe
	queued     []arrival
	reports    uint64 // read from signalPipe
	round      uint64 // of forward
	gate       gate
	waker      waker
	passedStop bool // a stop signal was passed on that has not stopped the program yet
	exists     bool // the program does
	ended      bool // and is no more
	stays      bool // stay has been called
	deaf       bool // and deafen once more
	witness    witness
	stderr     capture
	passed     uint64
	nextTick   time.Time
	nextLook   time.Time // of follow; zero: at the next tick
	lookAfter  time.Duration

	// On a pty only:
	term           *terminal
	inner          witness // in the program's group
	monitor        monitor
	programEnded   bool
	programStopped syscall.Signal // not yet acted upon
}

// Supervise runs the program and returns when it has ended. One call may be
// active at a time, and afterwards the process still ignores what signals it
// gets until Exit: it is about to end.
//
// From the start of the program on, descriptors 0 and 1 of this process are
// /dev/null, so that a peer notices when the program closes its own, and so
// are 2 and all inherited ones once nothing is left to relay.
func Supervise(spec Spec) Result {
	s := &supervisor{
		spec: &spec, state: startState(),
		pid: syscall.Getpid(), parent: syscall.Getppid(), group: syscall.Getpgrp(),
	}
	if spec.Ring == nil {
		spec.Ring = newRing()
	}
	var err error
	if s.signals, err = catchSignals(); err != nil {
		return s.replace() // no descriptor is left: without supervision then
	}
	receive()
	if spec.Capture == CapturePTY {
		s.stay()
		if r, ok := s.superviseOnPTY(); ok {
			return r
		}
	}
	s.stderr.open(&spec, &s.state)
	start := time.Now()
	if err := s.start(); err != nil {
		s.stderr.abandon()
		if err == syscall.EAGAIN || err == syscall.ENOMEM {
			return s.replace()
		}
		return failed(&spec, err, start)
	}
	s.run()
	duration := time.Since(start)
	s.witness.kill() // and reaped later: it dies meanwhile
	s.stderr.finish(s)
	return s.result(start, duration)
}

// start executes the program and lets go of its descriptors.
func (s *supervisor) start() error {
	p := newProgram(s.spec, s.state)
	p.fds = s.stderr.childFDs()
	p.announce = &childMark
	s.witness.start()
	pid, err := spawn(p)
	if err == syscall.ENOEXEC && p.useShell(s.spec) {
		s.forgetProgram()
		pid, err = spawn(p)
	}
	if err != nil {
		s.witness.kill()
		return err
	}
	s.child = pid
	s.stderr.started()
	if s.spec.Started != nil {
		s.spec.Started(pid)
	}
	return nil
}

// forgetProgram is called when the program could not be executed and another is to be:
// what it has got is to be passed on to the next.
func (s *supervisor) forgetProgram() {
	s.readSignals()
	s.exists, s.programEnded = false, false
	for i := range s.queued {
		s.queued[i].phase = beforeProgram
	}
}

// run serves signals, relay and program until the program has ended.
func (s *supervisor) run() {
	s.startTicks()
	for {
		s.forward()
		s.stopped()
		if len(s.queued) > 0 {
			continue
		}
		if s.reap() {
			s.account()
			return
		}
		s.poll()
	}
}

// poll waits for something to do and does it, signals first.
func (s *supervisor) poll() {
	var fds [5]unix.PollFd
	fds[0] = unix.PollFd{Fd: int32(s.signals), Events: unix.POLLIN}
	s.stderr.want(fds[1:])
	s.wait(fds[:])
	s.readSignals()
	s.forward()
	if s.passed != 0 && s.stderr.readerGone(fds[1:]) {
		s.taken() // what was sent first is to arrive first
	}
	s.follow()
	s.stderr.serve(fds[1:])
	s.tick()
}

// wait waits for descriptors, signals or the next tick.
func (s *supervisor) wait(fds []unix.PollFd) {
	if !s.stays {
		if pollBriefly(fds) == 0 {
			s.stay()
		}
		return
	}
	pollWait(fds, s.timeout())
	if !s.deaf { // the runtime has made a thread meanwhile
		s.deaf = true
		deafen()
	}
}

// timeout is how long wait may sleep: until the next tick or look, or for ever.
func (s *supervisor) timeout() time.Duration {
	now := time.Now()
	if !s.nextLook.IsZero() && !now.Before(s.nextLook) {
		s.lookAgain(now)
	}
	next := s.nextTick
	if !s.nextLook.IsZero() && (next.IsZero() || s.nextLook.Before(next)) {
		next = s.nextLook
	}
	if next.IsZero() {
		return -1
	}
	return max(0, next.Sub(now))
}

func (s *supervisor) startTicks() {
	if s.spec.Tick != nil {
		s.nextTick = time.Now().Add(time.Second)
	}
}

func (s *supervisor) tick() {
	if s.spec.Tick == nil || time.Now().Before(s.nextTick) {
		return
	}
	s.stderr.readBack(s.spec.Ring)
	s.spec.Tick()
	s.nextTick = time.Now().Add(time.Second)
}

// pollWait is ppoll; a negative timeout waits for ever.
func pollWait(fds []unix.PollFd, timeout time.Duration) {
	var ts *unix.Timespec
	if timeout >= 0 {
		t := unix.NsecToTimespec(int64(timeout))
		ts = &t
	}
	unix.Syscall6(unix.SYS_PPOLL, uintptr(unsafe.Pointer(unsafe.SliceData(fds))), uintptr(len(fds)),
		uintptr(unsafe.Pointer(ts)), 0, 0, 0)
}

// pollBriefly is pollWait for a brief time, and returns what ppoll does.
func pollBriefly(fds []unix.PollFd) uintptr {
	ts := unix.NsecToTimespec(int64(brief))
	n, _, _ := syscall.RawSyscall6(unix.SYS_PPOLL, uintptr(unsafe.Pointer(unsafe.SliceData(fds))), uintptr(len(fds)),
		uintptr(unsafe.Pointer(&ts)), 0, 0, 0)
	return n
}

// account forwards what came before the program's end: it may have ended
// because of that, and what it has sent to its parent is still to arrive.
func (s *supervisor) account() {
	s.ended = true
	s.readSignals()
	s.forward()
}

// reap collects the program's end if it has come.
func (s *supervisor) reap() (ended bool) {
	got, err := wait(s.child, &s.status, syscall.WNOHANG, &s.usage)
	return err == nil && got == s.child
}

func (s *supervisor) result(start time.Time, duration time.Duration) Result {
	r := Result{
		PID: s.child, Start: start, Duration: duration, Passed: s.passed,
		UserTime: time.Duration(s.usage.Utime.Nano()), SysTime: time.Duration(s.usage.Stime.Nano()),
		MaxRSSKB: s.usage.Maxrss, StderrEnd: s.spec.Ring.tail(), Terminal: s.stderr.tty,
	}
	if s.status.Signaled() {
		r.Signal = s.status.Signal()
	} else {
		r.Code = s.status.ExitStatus()
	}
	return r
}

// replace runs the program without supervision, in this process.
func (s *supervisor) replace() Result {
	if s.spec.Replacing != nil {
		s.spec.Replacing()
	}
	reapWitnesses()
	start := time.Now()
	return failed(s.spec, Replace(s.spec.Path, s.spec.Argv, s.spec.Env), start)
}
