//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// superviseOnPTY runs the program on a pty in front of the terminal. It says
// no when it has done nothing, because that is not possible.
func (s *supervisor) superviseOnPTY() (r Result, ok bool) {
	t := openTerminal(s.state.closed, s.spec.Ring)
	if t == nil {
		return Result{}, false
	}
	s.term = t
	setAction(int(syscall.SIGTTIN), &ignoreAction)
	setAction(int(syscall.SIGTTOU), &ignoreAction)
	if !t.take() {
		t.close()
		return Result{}, false
	}
	start := time.Now()
	if err := s.startOnPTY(); err != nil {
		s.witness.kill()
		t.giveBack(false)
		t.close()
		if s.monitor.pid == 0 {
			catch(int(syscall.SIGTTIN))
			catch(int(syscall.SIGTTOU))
			s.term = nil
			return Result{}, false // no process: try without
		}
		return failed(s.spec, err, start), true
	}
	s.runOnPTY()
	duration := time.Since(start)
	s.witness.kill()
	s.inner.kill()
	t.drain(s)
	t.unread()
	t.giveBack(!s.status.Signaled())
	t.close()
	return s.result(start, duration), true
}

// startOnPTY starts monitor and program and waits until it is executed.
func (s *supervisor) startOnPTY() error {
	slave := s.term.slave
	p := newProgram(s.spec, s.state)
	p.fds = [3]int{slave, slave, slave}
	p.terminal = slave
	s.witness.start()
	for {
		err := s.monitor.start(p, slave)
		if err != nil {
			return err
		}
		s.monitor.guard(s.term.tty, &s.term.saved)
		for !s.exists && s.monitorLives() {
			fds := [...]unix.PollFd{{Fd: int32(s.signals), Events: unix.POLLIN}}
			pollWait(fds[:], time.Second)
			s.readSignals()
		}
		s.inner.pid = innerPID
		if s.exists && spawnErrno == 0 && terminalGroup != 0 {
			break
		}
		wait(s.monitor.pid, nil, 0, nil)
		s.inner.kill()
		if terminalGroup == 0 { // no process for it
			s.monitor.pid = 0
			return syscall.EAGAIN
		}
		failure := syscall.Errno(-spawnErrno)
		if failure != syscall.ENOEXEC || !p.useShell(s.spec) {
			return failure
		}
		s.forgetProgram()
	}
	s.child = terminalGroup
	letGoInherited()
	if s.spec.Started != nil {
		s.spec.Started(s.child)
	}
	return nil
}

// monitorLives says whether the monitor can still report.
func (s *supervisor) monitorLives() bool {
	return syscall.Kill(s.monitor.pid, 0) == nil && !s.programEnded
}

// runOnPTY serves signals, terminal and program until the program has ended.
func (s *supervisor) runOnPTY() {
	s.startTicks()
	for {
		s.forward()
		s.changes()
		if s.programEnded {
			s.inner.sync(s)
			wait(s.monitor.pid, nil, 0, &s.usage) // it has told all then
			s.account()
			return
		}
		if len(s.queued) > 0 {
			continue // the SIGCONT that ended a stop
		}
		var fds [3]unix.PollFd
		fds[0] = unix.PollFd{Fd: int32(s.signals), Events: unix.POLLIN}
		s.term.want(fds[1:])
		if s.monitor.switching {
			fds[1].Events &^= unix.POLLIN // the SIGCONT to come would undo a stop that is typed
		}
		if s.term.eof {
			fds[2].Fd = -1
		}
		s.wait(fds[:])
		s.readSignals()
		s.term.serve(fds[1:])
		s.tick()
	}
}

// note takes a report of the monitor from signalPipe.
func (s *supervisor) note(report *siginfo) {
	switch report.mark {
	case markStarted:
		s.exists = true
	case markSwitch:
		if s.monitor.switched() {
			syscall.Kill(-s.child, syscall.SIGCONT)
		}
	case markStatus:
		status := syscall.WaitStatus(uint32(report.value))
		if status.Stopped() {
			s.programStopped = status.StopSignal()
			return
		}
		s.status, s.programEnded = status, true
	}
}

// changes stops this process when the program has stopped.
func (s *supervisor) changes() {
	sig := s.programStopped
	if sig == 0 {
		return
	}
	if s.continued() {
		return // resume comes first
	}
	s.programStopped = 0
	s.term.drain(s)
	if s.term.raw {
		s.term.giveBack(true)
	}
	s.monitor.guard(-1, nil)
	s.inner.sync(s) // a stop of the program's group is one of the caller's
	s.stopBy(sig)
	if s.stayed(sig) {
		s.resume(true)
	}
}

// resume is called for a SIGCONT: the job is in the foreground or in the
// background, and so is the program on its pty. Without goOn the program runs
// already, or has stopped since.
func (s *supervisor) resume(goOn bool) {
	if goOn {
		s.programStopped = 0
	}
	front := foreground(s.term.tty)
	if front && !s.term.raw {
		s.term.resize()
		s.term.first = s.term.modes()
		s.term.take()
	}
	if s.term.raw {
		s.monitor.guard(s.term.tty, &s.term.saved)
	}
	s.monitor.give(front, goOn)
}
