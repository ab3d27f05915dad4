//go:build unix && (portable || !linux || !(amd64 || arm64))

package exec

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A program on a pty needs a session of its own, and its leader cannot be the
// program: the kernel does not stop an orphaned group. So the leader is a process
// of ours that starts the program as a job of the session. Its descriptors are
//
//	0, 1, 2  the pty
//	3        a job, then requests of the supervisor; its end is the supervisor's
//	4        a started report and one change for each that wait4 tells
//	5        the real terminal, whose modes it restores when the supervisor is killed
type leader struct {
	pid     int
	control plainFile
	reports plainFile
}

// Requests to the leader. askModes is followed by the modes.
const (
	askFront = 'f' // give the pty to the program
	askBack  = 'b' // take the pty from it
	askGoOn  = 'c' // continue it
	askModes = 'm' // what to restore
	askLeave = 'l' // restore nothing
)

// started is the first report.
type started struct {
	pid   int64
	errno syscall.Errno
}

// memory is v as it lies in memory: both ends of the pipe are the same program.
func memory[T any](v *T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v))
}

func receive[T any](from plainFile, v *T) error {
	_, err := io.ReadFull(from, memory(v))
	return err
}

// start starts the leader with the pty's slave as its terminal, and it the program.
func (l *leader) start(t *terminal, spec *Spec) (first started, err error) {
	requests, control, err := pipe()
	if err != nil {
		return first, err
	}
	defer syscall.Close(requests)
	reports, w, err := pipe()
	if err != nil {
		syscall.Close(control)
		return first, err
	}
	slave := uintptr(t.slave)
	l.control, l.reports = plainFile(control), plainFile(reports)
	l.pid, err = startOwn(&syscall.ProcAttr{
		Files: []uintptr{slave, slave, slave, uintptr(requests), uintptr(w), uintptr(t.tty)},
		Sys:   &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0},
	}, leaderArg)
	syscall.Close(w) // the leader's end would not be seen otherwise
	if err != nil {
		l.close()
		return first, err
	}
	if err = sendJob(l.control, spec); err == nil {
		err = receive(l.reports, &first)
	}
	if err != nil {
		l.close()
		reap(l.pid)
	}
	return first, err
}

func (l *leader) close() {
	syscall.Close(int(l.control))
	syscall.Close(int(l.reports))
}

// watch sends what the leader tells of the program.
func (l *leader) watch(changes chan<- change) {
	for {
		var c change
		if receive(l.reports, &c) != nil {
			c = change{lost: true}
		}
		changes <- c
		if c.over() {
			return
		}
	}
}

// goOn continues the program's group.
func (l *leader) goOn() { l.control.Write([]byte{askGoOn}) }

// give makes the program the pty's foreground, or the leader.
func (l *leader) give(toProgram bool) {
	request := byte(askBack)
	if toProgram {
		request = askFront
	}
	l.control.Write([]byte{request})
}

// guard tells which modes the real terminal is to have if this process is killed,
// nil for those that it has then.
func (l *leader) guard(modes *unix.Termios) {
	if modes == nil {
		l.control.Write([]byte{askLeave})
		return
	}
	l.control.Write(append([]byte{askModes}, memory(modes)...))
}

// sendJob sends a program: the length, then its path, the length of argv, argv and
// environment, each with a NUL behind it.
func sendJob(to plainFile, spec *Spec) error {
	list := append([]string{spec.Path, strconv.Itoa(len(spec.Argv))}, spec.Argv...)
	text := strings.Join(append(list, spec.Env...), "\x00")
	length := int64(len(text))
	_, err := to.Write(append(memory(&length), text...))
	return err
}

func receiveJob(from plainFile) (path string, argv, env []string, ok bool) {
	var length int64
	if receive(from, &length) != nil || length < 0 {
		return "", nil, nil, false
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(from, text); err != nil {
		return "", nil, nil, false
	}
	var list []string
	for part := range bytes.SplitSeq(text, []byte{0}) {
		list = append(list, string(part))
	}
	if len(list) < 2 {
		return "", nil, nil, false
	}
	n, err := strconv.Atoi(list[1])
	if err != nil || n < 0 || n > len(list)-2 {
		return "", nil, nil, false
	}
	return list[0], list[2 : 2+n], list[2+n:], true
}

// leadSession is the work of the leader.
func leadSession() {
	signals := catchAll() // a hangup is for the program, which gets its own
	const terminal, requests, reports, real = 0, plainFile(3), plainFile(4), 5
	for fd := 3; fd <= real; fd++ {
		syscall.CloseOnExec(fd)
	}
	path, argv, env, ok := receiveJob(requests)
	if !ok {
		return
	}
	pid, err := forkExec(path, argv, &syscall.ProcAttr{
		Env: env, Files: []uintptr{0, 1, 2},
		Sys: &syscall.SysProcAttr{Setpgid: true, Foreground: true, Ctty: terminal},
	})
	ignoreStops() // it changes the foreground from the background
	first := started{pid: int64(pid)}
	if err != nil {
		first.errno, _ = err.(syscall.Errno)
	}
	reports.Write(memory(&first))
	if err != nil {
		return
	}
	changes := make(chan change)
	go watchChild(pid, changes)
	orders := make(chan order)
	go readOrders(requests, orders)
	look := time.NewTicker(time.Second / 10)
	defer look.Stop()
	var restore *unix.Termios
	var over bool
	var looks int // how often the supervisor is still to be looked at
	for {
		select {
		case <-signals:
		case o, ok := <-orders:
			switch {
			case !ok && over: // it has read the pty
				return
			case !ok: // the supervisor has been killed
				syscall.Kill(-pid, syscall.SIGKILL)
				if restore != nil {
					unix.IoctlSetTermios(real, setTermios, restore)
				}
				return
			case o.request == askModes:
				restore = &o.modes
			case o.request == askLeave:
				restore = nil
			case o.request == askGoOn:
				syscall.Kill(-pid, syscall.SIGCONT)
			default:
				front := pid
				if o.request == askBack {
					front = syscall.Getpid()
				}
				unix.IoctlSetPointerInt(terminal, unix.TIOCSPGRP, front)
			}
		case c := <-changes:
			if c.over() { // a hangup at the leader's end is for its own group
				unix.IoctlSetPointerInt(terminal, unix.TIOCSPGRP, syscall.Getpid())
			}
			reports.Write(memory(&c))
			over = c.over()
			if looks = 0; stopSignal(c.status) == 0 {
				looks = 10
			}
		case <-look.C: // it may have been about to stop only then
			if looks > 0 {
				looks--
				wakeSupervisor()
			}
		}
	}
}

// wakeSupervisor continues the supervisor if it is stopped, because somebody has
// continued or killed the program by its own pid.
func wakeSupervisor() {
	supervisor := syscall.Getppid()
	if running, known := isRunning(supervisor); known && !running {
		syscall.Kill(supervisor, syscall.SIGCONT)
	}
}

// order is a request as the leader gets it.
type order struct {
	request byte
	modes   unix.Termios
}

func readOrders(from plainFile, to chan<- order) {
	defer close(to)
	for {
		var o order
		if receive(from, &o.request) != nil || o.request == askModes && receive(from, &o.modes) != nil {
			return
		}
		to <- o
	}
}
