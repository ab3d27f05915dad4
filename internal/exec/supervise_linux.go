//go:build linux && (amd64 || arm64)

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
	records    uint64 // read from signalPipe
	round      uint64 // of forward
	gate       gate
	waker      waker
	passedStop bool // a stop signal was passed on that has not stopped the program yet
	exists     bool // the program does
	witness    witness
	stderr     capture
	passed     uint64

	// On a pty only:
	term           *terminal
	monitor        monitor
	programEnded   bool
	programStopped syscall.Signal // not yet acted upon
	stopAlone      bool           // the stop was not the whole group's
	nextTick       time.Time
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
		stay()
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
		s.readSignals()
		s.exists = false // and what it has got is to be passed on to the next
		for i := range s.queued {
			s.queued[i].phase = beforeProgram
		}
		pid, err = spawn(p)
	}
	if err != nil {
		s.witness.kill()
		return err
	}
	s.child = pid
	stay()
	s.stderr.started()
	if s.spec.Started != nil {
		s.spec.Started(pid)
	}
	return nil
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
	var fds [3]unix.PollFd
	fds[0] = unix.PollFd{Fd: int32(s.signals), Events: unix.POLLIN}
	s.stderr.relay.want(fds[1:3])
	pollWait(fds[:], s.timeout())
	if fds[0].Revents != 0 {
		s.readSignals()
	}
	s.stderr.relay.serve(fds[1:3])
	s.tick()
}

// timeout is how long poll may sleep: until the next tick, or for ever.
func (s *supervisor) timeout() time.Duration {
	if s.spec.Tick == nil {
		return -1
	}
	return max(0, time.Until(s.nextTick))
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
	unix.Syscall6(unix.SYS_PPOLL, uintptr(unsafe.Pointer(&fds[0])), uintptr(len(fds)),
		uintptr(unsafe.Pointer(ts)), 0, 0, 0)
}

// account counts signals that came just before the program's end: it may have
// ended because its group got them.
func (s *supervisor) account() {
	s.readSignals()
	for i := range s.queued {
		s.passed |= bit(int(s.queued[i].signo))
	}
	s.queued = nil
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
		MaxRSSKB: s.usage.Maxrss, StderrEnd: s.spec.Ring.tail(),
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
	reapWitness()
	start := time.Now()
	return failed(s.spec, Replace(s.spec.Path, s.spec.Argv, s.spec.Env), start)
}
