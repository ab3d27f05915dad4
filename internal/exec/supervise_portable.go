//go:build unix && (portable || !linux || !(amd64 || arm64))

package exec

import (
	"os"
	"syscall"
	"time"
)

// supervisor is one run of one program.
type supervisor struct {
	spec    *Spec
	child   int
	signals chan os.Signal
	caught  uint64           // what signals is notified of, bit n-1 for signal n
	queue   []syscall.Signal // taken from signals and not yet judged
	own     uint64           // on their way from this process to its group
	sent    uint64           // passed to the program's group on a pty
	changes chan change      // of the program
	passed  uint64
	stderr  capture
	guard   guard
	guards  chan guard // gets it

	missed   syscall.Signal // the program may be stopped by it
	recheck  <-chan time.Time
	stopping bool // this process is, or has been and does not know yet
	settled  <-chan time.Time
	changed  bool             // the program, since this process stopped
	resume   <-chan time.Time // when to pass on a SIGCONT

	stopUnderWay bool // a stop signal was passed on, and has not stopped the program yet

	term      *terminal // on a pty only
	poller    *poller
	leader    leader
	suspended time.Time // when a key last sent SIGTSTP to both groups
}

// change is what wait4 has told of the program.
type change struct {
	status syscall.WaitStatus
	usage  syscall.Rusage
	lost   bool // nobody can tell any more
}

// over says whether it is the last one.
func (c *change) over() bool { return c.lost || ended(c.status) }

// Supervise runs the program and returns when it has ended. One call may be
// active at a time; afterwards the process is about to end.
//
// From the start of the program on, descriptors 0 and 1 of this process are
// /dev/null, so that a peer notices when the program closes its own, and so
// are 2 and all inherited ones once nothing is left to relay.
func Supervise(spec Spec) Result {
	if spec.Ring == nil {
		spec.Ring = newRing()
	}
	s := &supervisor{spec: &spec, signals: make(chan os.Signal, 256), changes: make(chan change, 16)}
	s.catch(beforeStart)
	if spec.Capture == CapturePTY {
		if r, ok := s.superviseOnPTY(); ok {
			return r
		}
	}
	s.stderr.open(&spec)
	start := time.Now()
	if err := s.start(); err != nil {
		s.stderr.abandon()
		if noRoom(err) {
			return s.replace()
		}
		return failed(&spec, err, start)
	}
	last := s.run()
	duration := time.Since(start)
	s.dismissGuard()
	s.stderr.finish(s)
	return s.result(&last, start, duration)
}

// noRoom says whether the machine has no process or descriptor left.
func noRoom(err error) bool {
	return err == syscall.EAGAIN || err == syscall.ENOMEM || err == syscall.EMFILE || err == syscall.ENFILE
}

// start executes the program and lets go of its descriptors.
func (s *supervisor) start() (err error) {
	s.child, err = forkExec(s.spec.Path, s.spec.Argv, &syscall.ProcAttr{Env: s.spec.Env, Files: s.stderr.files()})
	if err != nil {
		return err
	}
	go watchChild(s.child, s.changes)
	s.catch(afterStart)
	s.stderr.started()
	if s.spec.Started != nil {
		s.spec.Started(s.child)
	}
	s.stderr.relay()
	return nil
}

// forkExec starts a program, a script without "#!" in the shell.
func forkExec(path string, argv []string, attr *syscall.ProcAttr) (pid int, err error) {
	pid, err = syscall.ForkExec(path, argv, attr)
	if err == syscall.ENOEXEC && path != shell && isScript(path) {
		pid, err = syscall.ForkExec(shell, scriptArgv(path, argv), attr)
	}
	return pid, err
}

// watchChild sends every change of a child until it has ended. It has a thread
// of its own in wait4, so nothing depends on SIGCHLD, which may be blocked.
func watchChild(pid int, changes chan<- change) {
	for {
		var c change
		_, err := syscall.Wait4(pid, &c.status, syscall.WUNTRACED|syscall.WCONTINUED, &c.usage)
		if err == syscall.EINTR {
			continue
		}
		c.lost = err != nil
		changes <- c
		if c.over() {
			return
		}
	}
}

// stopSignal is the signal that stopped a program with this status, 0 for none.
// The methods of package syscall do not tell on macOS and the BSDs: there Stopped
// denies a stop by SIGSTOP and affirms a continuation.
func stopSignal(w syscall.WaitStatus) syscall.Signal {
	if sig := syscall.Signal(w >> 8 & 0xff); w&0xff == 0x7f && sig != syscall.SIGCONT {
		return sig
	}
	return 0
}

// ended says whether a wait status is a program's last. Linux and FreeBSD have
// 0xffff for a continuation, macOS and OpenBSD a stop by SIGCONT or 0xffff.
func ended(w syscall.WaitStatus) bool { return w&0xff != 0x7f && w != 0xffff }

// guardAfter is how long a program runs before it gets a guard: most end sooner.
const guardAfter = 5 * time.Millisecond

// run serves signals, changes and the terminal until the program has ended.
func (s *supervisor) run() (last change) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	young := time.NewTimer(guardAfter)
	defer young.Stop()
	for {
		s.forward()
		select {
		case sig := <-s.signals:
			s.queue = append(s.queue, sig.(syscall.Signal))
		case c := <-s.changes:
			s.missed, s.resume, s.changed = 0, nil, true
			if c.over() {
				return c
			}
			if sig := stopSignal(c.status); sig != 0 {
				s.stopped(sig)
			}
		case <-s.recheck:
			if sig := s.missed; sig != 0 {
				s.missed = 0
				s.stopped(sig)
			}
		case <-s.resume:
			s.resume = nil
			syscall.Kill(s.child, syscall.SIGCONT)
		case <-s.settled:
			if !s.takeContinuation() { // a stop has let the time pass at once
				s.continued()
			}
		case g := <-s.guards:
			s.guard, s.guards = g, nil
		case report, ok := <-s.guard.reports:
			s.guard.take(report, ok)
		case <-young.C:
			if s.term == nil && s.guard.pid == 0 {
				s.startGuard()
			}
			s.catch(otherSignals())
		case ready := <-s.poller.events():
			s.serveTerminal(ready)
		case <-tick.C:
			s.tick()
		}
	}
}

func (s *supervisor) tick() {
	s.stderr.lock.Lock()
	defer s.stderr.lock.Unlock()
	s.stderr.readBack(s.spec.Ring)
	if s.spec.Tick != nil {
		s.spec.Tick()
	}
}

func (s *supervisor) result(last *change, start time.Time, duration time.Duration) Result {
	s.takeSignals() // it may have ended because its group got them
	for _, sig := range s.queue {
		s.passed |= bit(sig)
	}
	r := Result{
		PID: s.child, Start: start, Duration: duration, Passed: s.passed,
		UserTime: time.Duration(last.usage.Utime.Nano()), SysTime: time.Duration(last.usage.Stime.Nano()),
		MaxRSSKB: maxRSSKB(&last.usage), StderrEnd: s.spec.Ring.tail(), Terminal: s.stderr.tty,
	}
	if last.status.Signaled() {
		r.Signal = last.status.Signal()
	} else {
		r.Code = last.status.ExitStatus()
	}
	return r
}

// replace runs the program without supervision, in this process.
func (s *supervisor) replace() Result {
	if s.spec.Replacing != nil {
		s.spec.Replacing()
	}
	start := time.Now()
	return failed(s.spec, Replace(s.spec.Path, s.spec.Argv, s.spec.Env), start)
}
