//go:build linux

package main

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// A Terminal is a pseudo terminal whose user is the suite.
type Terminal struct {
	t      *T
	Name   string // of the slave
	master int
	slave  int

	mu   sync.Mutex
	text []byte // all that was shown
	seen int    // how much of it expect has passed
	stop bool
	done chan struct{}
}

// terminal opens a terminal of the given size and collects what it shows.
func (t *T) terminal(rows, cols int) *Terminal {
	master, slave, err := pty.Open()
	t.must(err, "pty")
	term := &Terminal{t: t, Name: slave.Name(), done: make(chan struct{})}
	term.master, err = unix.FcntlInt(master.Fd(), unix.F_DUPFD_CLOEXEC, 100)
	t.must(err, "pty")
	term.slave, err = unix.FcntlInt(slave.Fd(), unix.F_DUPFD_CLOEXEC, 100)
	t.must(err, "pty")
	master.Close()
	slave.Close()
	term.resize(rows, cols)
	go term.read()
	return term
}

func (m *Terminal) read() {
	defer close(m.done)
	buf := make([]byte, 1<<14)
	for {
		fds := []unix.PollFd{{Fd: int32(m.master), Events: unix.POLLIN}}
		unix.Poll(fds, 20)
		m.mu.Lock()
		stop := m.stop
		m.mu.Unlock()
		if stop {
			return
		}
		if fds[0].Revents&unix.POLLIN == 0 {
			continue
		}
		n, err := unix.Read(m.master, buf)
		if err != nil || n <= 0 {
			continue
		}
		m.mu.Lock()
		m.text = append(m.text, buf[:n]...)
		m.mu.Unlock()
	}
}

// hangup closes the master, as a terminal emulator does when its window is closed.
func (m *Terminal) hangup() {
	m.mu.Lock()
	m.stop = true
	m.mu.Unlock()
	<-m.done
	unix.Close(m.master)
	unix.Close(m.slave)
}

func (m *Terminal) resize(rows, cols int) {
	size := &unix.Winsize{Row: uint16(rows), Col: uint16(cols)}
	m.t.must(unix.IoctlSetWinsize(m.master, unix.TIOCSWINSZ, size), "TIOCSWINSZ")
}

// modes returns the terminal's settings.
func (m *Terminal) modes() unix.Termios {
	modes, err := unix.IoctlGetTermios(m.slave, unix.TCGETS)
	m.t.must(err, "TCGETS")
	return *modes
}

// foreground returns the process group that the terminal belongs to.
func (m *Terminal) foreground() int {
	group, err := unix.IoctlGetInt(m.master, unix.TIOCGPGRP)
	m.t.must(err, "TIOCGPGRP")
	return group
}

// send types text.
func (m *Terminal) send(text string) {
	_, err := unix.Write(m.master, []byte(text))
	m.t.must(err, "type")
}

// shown returns all that the terminal has shown.
func (m *Terminal) shown() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return string(m.text)
}

// expect waits for text that appears after the text expected last.
func (m *Terminal) expect(text string) {
	if !within(patience, func() bool { return m.pass(text) }) {
		m.t.failf("the terminal did not show %q within %v, but %.300q", text, patience, m.rest())
	}
}

// urge types keys again and again until the text is shown: the shell tells of
// its jobs, and vim its size, only when asked, and may not know at first.
func (m *Terminal) urge(keys, text string) {
	for end := time.Now().Add(patience); time.Now().Before(end); {
		m.send(keys)
		if within(500*time.Millisecond, func() bool { return m.pass(text) }) {
			return
		}
	}
	m.t.failf("the terminal did not show %q within %v, but %.300q", text, patience, m.rest())
}

// pass looks for text and moves behind it.
func (m *Terminal) pass(text string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := bytes.Index(m.text[m.seen:], []byte(text))
	if at >= 0 {
		m.seen += at + len(text)
	}
	return at >= 0
}

func (m *Terminal) rest() []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return bytes.Clone(m.text[m.seen:])
}

// on returns the start of a command as session leader with this terminal.
func (m *Terminal) on(command []string) Start {
	return Start{Command: command, FDs: map[int]int{0: m.slave, 1: m.slave, 2: m.slave}, Keep: true,
		Attr: &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}}
}

const prompt = "ready> "

// A Shell is an interactive bash on a terminal.
type Shell struct {
	*Terminal
	*Proc
}

// bash starts an interactive shell and waits for its prompt.
func (t *T) bash() *Shell {
	term := t.terminal(24, 200)
	s := term.on([]string{t.tool("bash"), "--norc", "--noprofile", "-i"})
	s.Env = append(t.env(), "PS1="+prompt, "HISTFILE=")
	shell := &Shell{term, t.start(s)}
	term.expect(prompt)
	return shell
}

// quote makes one line for the shell of a command line.
func quote(command []string) string {
	var words []string
	for _, word := range command {
		words = append(words, "'"+strings.ReplaceAll(word, "'", `'\''`)+"'")
	}
	return strings.Join(words, " ")
}

// line types a line.
func (s *Shell) line(format string, args ...any) {
	s.send(fmt.Sprintf(format, args...) + "\n")
}

// marks has the shell write to the report what a parameter expands to.
func (s *Shell) marks(r *Report, word, value string) {
	s.line("echo %s %s >> '%s'", word, value, r.path)
}

// leave ends the shell.
func (s *Shell) leave() {
	s.line("exit 0")
	s.exits(0)
}
