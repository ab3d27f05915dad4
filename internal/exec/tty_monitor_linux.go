//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"syscall"
	"unsafe"

	"pi-track/internal/exec/script"

	"golang.org/x/sys/unix"
)

// A program on a pty needs a session of its own, and its leader cannot be the
// program: the kernel never stops a group whose members all have their parent
// in the group or outside the session. So, as with sudo's use_pty, a monitor
// leads the session, and the program is its child in a group of its own.
//
// The monitor is a script in this memory, all signals
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
	restore   *script.Step
}

// What the monitor's script points to.
var (
	monitorScript script.Script
	monitorTaker  taker
	terminalGroup int // of the program, and its pid
	monitorGroup  int
	statusRecord  = siginfo{mark: markStatus}
	startedRecord = siginfo{mark: markStarted}
	switchRecord  = siginfo{mark: markSwitch}
	monitorModes  unix.Termios

	innerScript script.Script
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
	inner.Reset()
	join := addInner(inner)
	prog := &spawnScript
	prog.Reset()
	p.join = join
	p.addTo(prog)
	spawnErrno = 0

	s := &monitorScript
	s.Reset()
	s.Add(unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, uintptr(syscall.SIGTERM))
	s.Add(unix.SYS_GETPPID, 0, 0, 0, 0, uintptr(syscall.Getpid())).Mode = script.MustEqual
	s.Add(unix.SYS_SETSID).Result = addr(&monitorGroup)
	s.Add(unix.SYS_IOCTL, uintptr(slave), unix.TIOCSCTTY, 0)
	s.Fork(sharing|unix.CLONE_PARENT, inner)
	s.Fork(unix.CLONE_VM|unix.CLONE_VFORK|uintptr(syscall.SIGCHLD), prog)
	report(s, &startedRecord)
	m.addLoop(s, slave)

	m.pid = s.Clone(sharing&^unix.CLONE_SIGHAND | uintptr(syscall.SIGCHLD))
	if m.pid < 0 {
		err := syscall.Errno(-m.pid)
		m.pid = 0
		return err
	}
	return nil
}

// addInner adds what the witness in the program's group does, and returns the step
// by which it joins that group, before the program is executed. Its parent is in
// another session, so the group is as orphaned as it would be without it.
func addInner(s *script.Script) (join *script.Step) {
	s.DieWithParent()
	s.Add(unix.SYS_GETPID).Result = addr(&innerPID)
	s.Add(unix.SYS_FUTEX, addr(&innerAsked), futexWait, 0, addr(&innerWait))
	join = s.Add(unix.SYS_SETPGID, 0, 0)
	s.Add(unix.SYS_GETPID).Result = addr(&innerJoined)
	s.Add(unix.SYS_FUTEX, addr(&innerJoined), futexWake, 1)
	again := take(s, &innerTaker)
	tell(s, &innerTaker, markInner)
	s.Jump(again)
	return join
}

// awaitInner adds to the program's script that the witness joins its group, whose
// number is that of the program.
func awaitInner(s *script.Script, join *script.Step) {
	s.Add(unix.SYS_GETPID).Result = addr(&join.Args[1])
	s.Add(unix.SYS_GETPID).Result = addr(&innerAsked)
	s.Add(unix.SYS_FUTEX, addr(&innerAsked), futexWake, 1)
	s.Add(unix.SYS_FUTEX, addr(&innerJoined), futexWait, 0, addr(&innerWait))
}

// addLoop adds what the monitor does from the program's start to its end.
func (m *monitor) addLoop(s *script.Script, slave int) {
	fd, us := uintptr(slave), uintptr(syscall.Getpid())
	signal := addr(&monitorTaker.info.signo)
	again := take(s, &monitorTaker)
	changed := s.On(uintptr(syscall.SIGCHLD))
	ordered := s.Equals(addr(&monitorTaker.info.pid), us)
	tell(s, &monitorTaker, markMonitor)
	s.Jump(again)

	s.Here(ordered)
	toProgram := s.Equals(signal, uintptr(syscall.SIGUSR1))
	toMonitor := s.Equals(signal, uintptr(syscall.SIGUSR2))
	orphaned := s.Equals(signal, uintptr(syscall.SIGTERM))
	s.Jump(again)

	s.Here(changed)
	reap := s.Add(unix.SYS_WAIT4, ^uintptr(0), addr(&statusRecord.value), unix.WUNTRACED|unix.WNOHANG, 0)
	s.On(0).Args[0] = addr(again)
	noChild := s.On(script.Failed(syscall.ECHILD))
	report(s, &statusRecord)
	s.Jump(reap)

	s.Here(toProgram)
	s.Add(unix.SYS_IOCTL, fd, unix.TIOCSPGRP, addr(&terminalGroup))
	report(s, &switchRecord)
	s.Jump(reap)

	s.Here(toMonitor)
	s.Add(unix.SYS_IOCTL, fd, unix.TIOCSPGRP, addr(&monitorGroup))
	report(s, &switchRecord)
	s.Jump(reap)

	s.Here(orphaned)
	m.restore = s.Add(unix.SYS_IOCTL, noDescriptor, unix.TCSETS, addr(&monitorModes))
	s.Add(unix.SYS_EXIT_GROUP, 0)

	s.Here(noChild) // a hangup at the leader's end is for its own group
	s.Add(unix.SYS_IOCTL, fd, unix.TIOCSPGRP, addr(&monitorGroup))
	last := take(s, &monitorTaker)
	last.Args[2] = addr(&noTime)
	done := s.On(script.Failed(syscall.EAGAIN))
	tell(s, &monitorTaker, markMonitor)
	s.Jump(last)
	s.Here(done)
	s.Add(unix.SYS_EXIT_GROUP, 0)
}

const noDescriptor = ^uintptr(0)

// report adds the writing of a report to signalPipe.
func report(s *script.Script, info *siginfo) {
	s.Add(unix.SYS_WRITE, uintptr(signalPipe), addr(info), unsafe.Sizeof(*info))
}

// guard lets the monitor give the terminal tty these modes when this process
// dies; -1 lets it leave the terminal alone.
func (m *monitor) guard(tty int, modes *unix.Termios) {
	m.restore.Args[0] = noDescriptor
	if tty >= 0 {
		monitorModes = *modes
		m.restore.Args[0] = uintptr(tty)
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
