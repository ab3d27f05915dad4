//go:build linux && (amd64 || arm64)

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
// The monitor is a script (spawn_linux.go) in this memory, all signals
// blocked. It becomes the leader, starts the program, and then
//
//	SIGCHLD  reports each change of the program in signalPipe
//	SIGUSR1  gives the pty to the program and continues it
//	SIGUSR2  takes the pty to itself and continues the program
//	SIGTERM  is its parent-death signal: it restores the terminal
//
// until the program has ended.
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
	terminalGroup int // of the program, and its pid
	monitorGroup  int
	monitorSet    = bit(int(syscall.SIGCHLD)) | bit(int(syscall.SIGUSR1)) | bit(int(syscall.SIGUSR2)) | bit(int(syscall.SIGTERM))
	statusRecord  = siginfo{mark: markStatus}
	startedRecord = siginfo{mark: markStarted}
	switchRecord  = siginfo{mark: markSwitch}
	monitorModes  unix.Termios
)

// start starts the monitor, which starts the program with the pty's slave as
// its terminal.
func (m *monitor) start(p *program, slave int) error {
	prog := &spawnScript
	prog.n = 0
	p.addTo(prog)
	spawnErrno = 0

	s := &monitorScript
	s.n = 0
	s.add(unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, uintptr(syscall.SIGTERM))
	s.add(unix.SYS_GETPPID, 0, 0, 0, 0, uintptr(syscall.Getpid())).mode = mustEqual
	s.add(unix.SYS_SETSID).result = addr(&monitorGroup)
	s.add(unix.SYS_IOCTL, uintptr(slave), unix.TIOCSCTTY, 0)
	clone := s.add(unix.SYS_CLONE, unix.CLONE_VM|unix.CLONE_VFORK|uintptr(syscall.SIGCHLD), 0, 0, 0, 0)
	clone.mode = skipUnlessEqual // 0: in the new process
	s.jump(&prog.steps[0])
	s.report(&startedRecord)
	m.addLoop(s, slave)

	m.pid = cloneScript(unix.CLONE_VM|unix.CLONE_FS|unix.CLONE_FILES|uintptr(syscall.SIGCHLD), &s.steps[0])
	if m.pid < 0 {
		err := syscall.Errno(-m.pid)
		m.pid = 0
		return err
	}
	return nil
}

// addLoop adds what the monitor does from the program's start to its end.
func (m *monitor) addLoop(s *script, slave int) {
	fd := uintptr(slave)
	again := s.add(unix.SYS_RT_SIGTIMEDWAIT, addr(&monitorSet), 0, 0, 8)
	toProgram := s.on(uintptr(syscall.SIGUSR1))
	toMonitor := s.on(uintptr(syscall.SIGUSR2))
	orphaned := s.on(uintptr(syscall.SIGTERM))

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
	s.add(unix.SYS_EXIT_GROUP, 0)
}

const noDescriptor = ^uintptr(0)

// negative is what a system call returns for an error.
func negative(e syscall.Errno) uintptr { return -uintptr(e) }

// report adds the writing of a record to signalPipe.
func (s *script) report(record *siginfo) {
	s.add(unix.SYS_WRITE, uintptr(signalPipe), addr(record), unsafe.Sizeof(*record))
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
