//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Start says how a command is started.
type Start struct {
	Setup   []string    // options of "probe setup"
	Command []string    // as Column.Wrap made it
	Env     []string    // nil: the usual environment
	FDs     map[int]int // descriptor in the program → of the suite; -1: closed. Default: 0 /dev/null, 1 and 2 pipes
	Keep    bool        // do not close the suite's copies of FDs after the start
	Dir     string
	Attr    *syscall.SysProcAttr // nil: a process group of its own
	Direct  bool                 // without "probe setup" in between
	Zombie  bool                 // not waited for before Proc.collect
}

// An Event is one change of a process as waitpid reports it.
type Event struct {
	Status syscall.WaitStatus
	Usage  syscall.Rusage
}

// A Proc is a started command.
type Proc struct {
	t        *T
	PID      int
	events   chan Event
	Out, Err *Sink // nil where FDs names another descriptor
}

// start runs the command; every change of its state arrives as an event.
func (t *T) start(s Start) *Proc {
	p := &Proc{t: t, events: make(chan Event, 64)}
	fds := map[int]int{}
	for fd, own := range s.FDs {
		fds[fd] = own
	}
	if _, ok := fds[0]; !ok {
		null, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		t.must(err, "/dev/null")
		fds[0] = null
		defer unix.Close(null)
	}
	for fd, sink := range map[int]**Sink{1: &p.Out, 2: &p.Err} {
		if _, ok := fds[fd]; !ok {
			r, w := t.pipe(0)
			fds[fd] = w
			*sink = drain(r)
			defer unix.Close(w)
		}
	}
	p.PID = t.fork(s, fds)
	if !s.Keep {
		closed := map[int]bool{-1: true}
		for _, own := range s.FDs {
			if !closed[own] {
				unix.Close(own)
				closed[own] = true
			}
		}
	}
	if !s.Zombie {
		p.collect()
	}
	return p
}

// collect begins to wait for the process.
func (p *Proc) collect() { go p.watch() }

func (t *T) fork(s Start, fds map[int]int) int {
	highest := 2
	for fd := range fds {
		highest = max(highest, fd)
	}
	files := make([]uintptr, highest+1)
	for fd := range files {
		files[fd] = ^uintptr(0)
		if own, ok := fds[fd]; ok && own >= 0 {
			files[fd] = uintptr(own)
		}
	}
	attr := &syscall.ProcAttr{Dir: s.Dir, Env: s.Env, Files: files, Sys: s.Attr}
	if attr.Dir == "" {
		attr.Dir = t.dir
	}
	if attr.Env == nil {
		attr.Env = t.env()
	}
	if attr.Sys == nil {
		attr.Sys = &syscall.SysProcAttr{Setpgid: true}
	}
	argv := s.Command
	if !s.Direct {
		argv = append(append([]string{t.probe, "-o", t.path("setup"), "setup"}, s.Setup...), append([]string{"--"}, s.Command...)...)
	}
	pid, err := syscall.ForkExec(argv[0], argv, attr)
	t.must(err, "start "+argv[0])
	return pid
}

func (p *Proc) watch() {
	for {
		var e Event
		pid, err := syscall.Wait4(p.PID, &e.Status, syscall.WUNTRACED|syscall.WCONTINUED, &e.Usage)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || pid != p.PID {
			close(p.events)
			return
		}
		p.events <- e
		if e.Status.Exited() || e.Status.Signaled() {
			close(p.events)
			return
		}
	}
}

// next returns the next change, ok is false when none came in time.
func (p *Proc) next(limit time.Duration) (e Event, ok bool) {
	select {
	case e, ok = <-p.events:
	case <-time.After(limit):
	}
	return e, ok
}

// end waits for the end of the process.
func (p *Proc) end() Event {
	deadline := time.Now().Add(patience)
	for {
		e, ok := p.next(time.Until(deadline))
		if !ok {
			p.t.failf("waitpid: no end within %v", patience)
		}
		if e.Status.Exited() || e.Status.Signaled() {
			return e
		}
	}
}

// exits fails unless the process ends with the given exit status.
func (p *Proc) exits(code int) Event {
	e := p.end()
	if !e.Status.Exited() || e.Status.ExitStatus() != code {
		p.t.failf("ended with %s, not with exit status %d%s", describe(e.Status), code, p.said())
	}
	return e
}

// dies fails unless the process dies of the given signal.
func (p *Proc) dies(sig syscall.Signal) Event {
	e := p.end()
	if !e.Status.Signaled() || e.Status.Signal() != sig {
		p.t.failf("ended with %s, not by signal %d%s", describe(e.Status), sig, p.said())
	}
	return e
}

func (p *Proc) said() string {
	if p.Err == nil || p.Err.Len() == 0 {
		return ""
	}
	return fmt.Sprintf(": %.300s", strings.TrimSpace(string(p.Err.Bytes())))
}

func describe(s syscall.WaitStatus) string {
	switch {
	case s.Exited():
		return "exit status " + strconv.Itoa(s.ExitStatus())
	case s.Signaled():
		return "death by signal " + strconv.Itoa(int(s.Signal()))
	case s.Stopped():
		return "stop by signal " + strconv.Itoa(int(s.StopSignal()))
	}
	return "a continue"
}

// kill sends a signal to the spawned process.
func (p *Proc) kill(sig syscall.Signal) { p.t.must(syscall.Kill(p.PID, sig), "kill") }

// state returns the letter of /proc/PID/stat, "" when there is no such process.
func state(pid int) string {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(text[bytes.LastIndexByte(text, ')'):]), " ")
	return rest[:1]
}

// runs reports whether a process exists and is not stopped.
func runs(pid int) bool { s := state(pid); return s == "R" || s == "S" || s == "D" }

// gone reports whether a process has ended (a zombie has).
func gone(pid int) bool {
	s := state(pid)
	return s == "" || s == "Z" || s == "X"
}

// A Sink collects what arrives on a descriptor.
type Sink struct {
	mu   sync.Mutex
	data []byte
	eof  bool
}

func drain(r *os.File) *Sink {
	s := &Sink{}
	go func() {
		buf := make([]byte, 1<<16)
		for {
			n, err := r.Read(buf)
			s.mu.Lock()
			s.data = append(s.data, buf[:n]...)
			s.eof = err != nil
			s.mu.Unlock()
			if err != nil {
				r.Close()
				return
			}
		}
	}()
	return s
}

// Bytes returns a copy of what has arrived.
func (s *Sink) Bytes() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.data)
}

// Len returns how much has arrived.
func (s *Sink) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.data)
}

// EOF reports whether the other side has closed.
func (s *Sink) EOF() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.eof
}

// pipe returns a pipe: the read end pollable, the write end as the program
// gets it with the given extra flags.
func (t *T) pipe(flags int) (*os.File, int) {
	var fd [2]int
	t.must(unix.Pipe2(fd[:], unix.O_CLOEXEC), "pipe")
	t.must(unix.SetNonblock(fd[0], true), "pipe")
	if flags&unix.O_NONBLOCK != 0 {
		t.must(unix.SetNonblock(fd[1], true), "pipe")
	}
	return os.NewFile(uintptr(fd[0]), "pipe"), fd[1]
}

// socket returns a connected pair of stream sockets, as Node.js gives its children.
func (t *T) socket(flags int) (*os.File, int) {
	fd, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	t.must(err, "socketpair")
	t.must(unix.SetNonblock(fd[0], true), "socketpair")
	if flags&unix.O_NONBLOCK != 0 {
		t.must(unix.SetNonblock(fd[1], true), "socketpair")
	}
	return os.NewFile(uintptr(fd[0]), "socket"), fd[1]
}
