//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A program on a pty needs a session of its own, and its leader cannot be the
// program: the kernel never stops a group whose members all have their parent
// in the group or outside the session. So, as with sudo's use_pty, a monitor
// leads the session, and the program is its child in a group of its own.
//
// The monitor is a script (proc_spawn_linux.go) in this memory, all signals
// blocked. It becomes the leader, starts the program and, as a child of this
// process, the witness in the program's group. Then
//
//	SIGCHLD  reports each change of the program in signalPipe
//
// and from this process
//
//	SIGUSR1  gives the pty to the program and continues it
//	SIGUSR2  takes the pty to itself and continues the program
//	SIGTERM  is its parent-death signal: it restores the terminal
//
// until the program has ended. To the program, which knows no other parent, the
// monitor stands for the caller: what else it gets it reports as well.
type monitor struct {
	pid       int
	switching bool // a switch of the foreground is under way
	next      bool // and after it, one more
	toProgram bool // is the last one
	goOn      bool // the program is to be continued after the last one
	restore   *step
}

// What the monitor's script points to.
var (
	monitorScript script
	monitorTaker  taker
	terminalGroup int // of the program, and its pid
	monitorGroup  int
	statusRecord  = siginfo{mark: markStatus}
	startedRecord = siginfo{mark: markStarted}
	switchRecord  = siginfo{mark: markSwitch}
	monitorModes  unix.Termios

	innerScript script
	innerTaker  taker
	innerPID    int
	innerAsked  uint64           // not 0: the program has a group for the witness to join
	innerJoined uint64           // not 0: it has
	innerWait   = [2]int64{1, 0} // a timespec: nobody waits for ever
)

// start starts the monitor, which starts the program with the pty's slave as
// its terminal.
func (m *monitor) start(p *program, slave int) error {
	terminalGroup, innerPID, innerAsked, innerJoined = 0, 0, 0, 0
	inner := &innerScript
	inner.n = 0
	join := addInner(inner)
	prog := &spawnScript
	prog.n = 0
	p.join = join
	p.addTo(prog)
	spawnErrno = 0

	s := &monitorScript
	s.n = 0
	s.add(unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, uintptr(syscall.SIGTERM))
	s.add(unix.SYS_GETPPID, 0, 0, 0, 0, uintptr(syscall.Getpid())).mode = mustEqual
	s.add(unix.SYS_SETSID).result = addr(&monitorGroup)
	s.add(unix.SYS_IOCTL, uintptr(slave), unix.TIOCSCTTY, 0)
	s.fork(sharing|unix.CLONE_PARENT, inner)
	s.fork(unix.CLONE_VM|unix.CLONE_VFORK|uintptr(syscall.SIGCHLD), prog)
	s.report(&startedRecord)
	m.addLoop(s, slave)

	m.pid = cloneScript(sharing&^unix.CLONE_SIGHAND|uintptr(syscall.SIGCHLD), &s.steps[0])
	if m.pid < 0 {
		err := syscall.Errno(-m.pid)
		m.pid = 0
		return err
	}
	return nil
}

// fork adds a step that makes a process with a script of its own.
func (s *script) fork(flags uintptr, child *script) {
	s.add(unix.SYS_CLONE, flags, 0, 0, 0, 0).mode = skipUnlessEqual // 0: in the new process
	s.jump(&child.steps[0])
}

// addInner adds what the witness in the program's group does, and returns the step
// by which it joins that group, before the program is executed. Its parent is in
// another session, so the group is as orphaned as it would be without it.
func addInner(s *script) (join *step) {
	s.dieWithUs()
	s.add(unix.SYS_GETPID).result = addr(&innerPID)
	s.add(unix.SYS_FUTEX, addr(&innerAsked), futexWait, 0, addr(&innerWait))
	join = s.add(unix.SYS_SETPGID, 0, 0)
	s.add(unix.SYS_GETPID).result = addr(&innerJoined)
	s.add(unix.SYS_FUTEX, addr(&innerJoined), futexWake, 1)
	again := s.take(&innerTaker)
	s.tell(&innerTaker, markInner)
	s.jump(again)
	return join
}

// awaitInner adds to the program's script that the witness joins its group, whose
// number is that of the program.
func (s *script) awaitInner(join *step) {
	s.add(unix.SYS_GETPID).result = addr(&join.args[1])
	s.add(unix.SYS_GETPID).result = addr(&innerAsked)
	s.add(unix.SYS_FUTEX, addr(&innerAsked), futexWake, 1)
	s.add(unix.SYS_FUTEX, addr(&innerJoined), futexWait, 0, addr(&innerWait))
}

// addLoop adds what the monitor does from the program's start to its end.
func (m *monitor) addLoop(s *script, slave int) {
	fd, us := uintptr(slave), uintptr(syscall.Getpid())
	signal := addr(&monitorTaker.info.signo)
	again := s.take(&monitorTaker)
	changed := s.on(uintptr(syscall.SIGCHLD))
	ordered := s.equals(addr(&monitorTaker.info.pid), us)
	s.tell(&monitorTaker, markMonitor)
	s.jump(again)

	s.here(ordered)
	toProgram := s.equals(signal, uintptr(syscall.SIGUSR1))
	toMonitor := s.equals(signal, uintptr(syscall.SIGUSR2))
	orphaned := s.equals(signal, uintptr(syscall.SIGTERM))
	s.jump(again)

	s.here(changed)
	reap := s.add(unix.SYS_WAIT4, ^uintptr(0), addr(&statusRecord.value), unix.WUNTRACED|unix.WNOHANG, 0)
	s.on(0).args[0] = addr(again)
	noChild := s.on(negative(syscall.ECHILD))
	s.report(&statusRecord)
	s.jump(reap)

	s.here(toProgram)
	s.add(unix.SYS_IOCTL, fd, unix.TIOCSPGRP, addr(&terminalGroup))
	s.report(&switchRecord)
	s.jump(reap)

	s.here(toMonitor)
	s.add(unix.SYS_IOCTL, fd, unix.TIOCSPGRP, addr(&monitorGroup))
	s.report(&switchRecord)
	s.jump(reap)

	s.here(orphaned)
	m.restore = s.add(unix.SYS_IOCTL, noDescriptor, unix.TCSETS, addr(&monitorModes))
	s.add(unix.SYS_EXIT_GROUP, 0)

	s.here(noChild) // a hangup at the leader's end is for its own group
	s.add(unix.SYS_IOCTL, fd, unix.TIOCSPGRP, addr(&monitorGroup))
	last := s.take(&monitorTaker)
	last.args[2] = addr(&noTime)
	done := s.on(negative(syscall.EAGAIN))
	s.tell(&monitorTaker, markMonitor)
	s.jump(last)
	s.here(done)
	s.add(unix.SYS_EXIT_GROUP, 0)
}

const noDescriptor = ^uintptr(0)

// negative is what a system call returns for an error.
func negative(e syscall.Errno) uintptr { return -uintptr(e) }

// report adds the writing of a report to signalPipe.
func (s *script) report(info *siginfo) {
	s.add(unix.SYS_WRITE, uintptr(signalPipe), addr(info), unsafe.Sizeof(*info))
}

// guard lets the monitor give the terminal tty these modes when this process
// dies; -1 lets it leave the terminal alone.
func (m *monitor) guard(tty int, modes *unix.Termios) {
	m.restore.args[0] = noDescriptor
	if tty >= 0 {
		monitorModes = *modes
		m.restore.args[0] = uintptr(tty)
	}
}

// give makes the program (or else the monitor) the pty's foreground. If goOn, the
// program is continued when the monitor has reported it. One at a time: of two
// signals that are pending one is left.
func (m *monitor) give(toProgram, goOn bool) {
	m.toProgram = toProgram
	m.goOn = m.goOn || goOn
	if m.next = m.switching; m.next {
		return
	}
	m.switching = true
	sig := syscall.SIGUSR2
	if toProgram {
		sig = syscall.SIGUSR1
	}
	syscall.Kill(m.pid, sig)
}

// switched takes the report of a switch, and says whether the program is to be
// continued now.
func (m *monitor) switched() (goOn bool) {
	m.switching = false
	if m.next {
		m.give(m.toProgram, false)
		return false
	}
	goOn, m.goOn = m.goOn, false
	return goOn
}
