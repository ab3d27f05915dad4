//go:build linux

package main

import (
	"fmt"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

func terminalChecks() []Check {
	return []Check{
		{ID: "C1", Title: "isatty, device, size, modes, foreground", PTY: true, Run: checkC1},
		{ID: "C2", Title: "any mix of terminal and pipe on 0, 1, 2", PTY: true, Run: checkC2},
	}
}

// settingChecks are those about the terminal's settings.
func settingChecks() []Check {
	return []Check{
		{ID: "C6", Title: "raw mode left behind by a crash", PTY: true, Run: checkC6},
		{ID: "C7", Title: "settings made by stty persist", PTY: true, Run: checkC7},
		{ID: "C8", Title: "a password prompt on /dev/tty", PTY: true, Run: checkC8},
	}
}

func checkC1(t *T) {
	term := t.terminal(31, 97)
	modes := term.modes()
	r := t.report()
	p := t.start(term.on(t.program(r, "tty")))
	r.Line("end")
	p.exits(0)
	t.sameTerminal(r, term, "31x97")
	want := fmt.Sprintf("%x %x %x %x %d %d", modes.Iflag, modes.Oflag, modes.Cflag, modes.Lflag, modes.Cc[unix.VMIN], modes.Cc[unix.VINTR])
	for fd := range 3 {
		if got := r.Line(fmt.Sprint("modes ", fd)); got != want {
			t.failf("modes of descriptor %d are %s, not %s", fd, got, want)
		}
	}
	sh := t.bash()
	r = t.report()
	sh.line("%s", quote(t.program(r, "tty")))
	r.Line("end")
	sh.expect(prompt)
	t.sameTerminal(r, sh.Terminal, "24x200")
	sh.leave()
}

func (t *T) sameTerminal(r *Report, term *Terminal, size string) {
	for fd := range 3 {
		if got, want := r.Line(fmt.Sprint("tty ", fd)), "1 "+term.Name; got != want {
			t.failf("descriptor %d: isatty and device %s, not %s", fd, got, want)
		}
		if got := r.Line(fmt.Sprint("size ", fd)); got != size {
			t.failf("size %s, not %s", got, size)
		}
	}
	for _, name := range []string{"controlling", "foreground", "session", "same"} {
		if r.Num(name) != 1 {
			t.failf("%s is not so", name)
		}
	}
}

// checkC2 runs the eight mixes as session leader of a terminal.
func checkC2(t *T) {
	for set := range 8 {
		t.mix(set)
	}
}

func (t *T) mix(set int) {
	term := t.terminal(24, 80)
	onTerminal := func(fd int) bool { return set>>fd&1 != 0 }
	input, in := t.input()
	// descriptor 3 carries the controlling terminal to "probe setup" only
	fds := map[int]int{0: in, 3: term.slave}
	for fd := range 3 {
		if onTerminal(fd) {
			fds[fd] = term.slave
		}
	}
	r := t.report()
	p := t.start(Start{Setup: []string{"close=3"}, FDs: fds, Keep: true, Command: t.program(r, "mix"),
		Attr: &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}})
	unix.Close(in)
	name := fmt.Sprintf("%03b", set)
	flag := func(fd int) string { return strconv.Itoa(set >> fd & 1) }
	if got, want := r.Line("terminals"), flag(0)+flag(1)+flag(2)+" controlling 1 foreground 1"; got != want {
		t.failf("mix %s: the program sees %s, not %s", name, got, want)
	}
	if onTerminal(0) {
		term.send("typed\n")
	} else {
		_, err := input.Write([]byte("typed\n"))
		t.must(err, "input")
	}
	input.Close()
	if got := r.Line("line"); got != "typed" {
		t.failf("mix %s: the program read %q", name, got)
	}
	p.exits(0)
	for fd, text := range map[int]string{1: "to-out", 2: "to-err"} {
		if onTerminal(fd) {
			t.until(name+": "+text, func() bool { return strings.Count(term.shown(), text+"\r\n") == 1 })
			continue
		}
		sink := map[int]*Sink{1: p.Out, 2: p.Err}[fd]
		t.until(name+": end of output", sink.EOF)
		if got := string(sink.Bytes()); got != text+"\n" {
			t.failf("mix %s: %q arrived on %d", name, got, fd)
		}
	}
	term.hangup()
}

func checkC6(t *T) {
	for _, sig := range []syscall.Signal{syscall.SIGKILL, syscall.SIGSEGV, syscall.SIGTERM} {
		term := t.terminal(24, 80)
		s := term.on(t.program(t.report(), "rawdie", strconv.Itoa(int(sig))))
		s.Setup = []string{"rlimit=4:0:-2"}
		t.start(s).dies(sig)
		if modes := term.modes(); modes.Lflag&(unix.ICANON|unix.ECHO|unix.ISIG) != 0 || modes.Oflag&unix.OPOST != 0 {
			t.failf("the program died of signal %d in raw mode, the terminal is not raw", sig)
		}
		term.hangup()
	}
}

func checkC7(t *T) {
	term := t.terminal(24, 80)
	t.start(term.on(t.program(t.report(), "settings"))).exits(0)
	if modes := term.modes(); modes.Lflag&unix.ECHO != 0 || modes.Cc[unix.VERASE] != 'X' {
		t.failf("the settings of the program are lost")
	}
	sh := t.bash()
	out := t.path("stty")
	sh.line("%s", quote(t.col.Wrap(t.tool("stty"), "erase", "X", "-ixon")))
	sh.expect(prompt)
	r := t.report()
	sh.line("stty -a > '%s'; echo end >> '%s'", out, r.path)
	r.Line("end")
	text := t.read(out)
	if !strings.Contains(text, "erase = X;") || !strings.Contains(text, "-ixon") {
		t.failf("stty's settings are lost: %s", text)
	}
	sh.leave()
}

func checkC8(t *T) {
	sh := t.bash()
	r, errs := t.report(), t.path("stderr")
	sh.line("echo from-pipe | %s 2> '%s'; echo status $? >> '%s'", quote(t.program(r, "password")), errs, r.path)
	sh.expect("Password: ")
	sh.send("s3cret\n")
	if got := r.Line("secret"); got != "s3cret" {
		t.failf("the password read is %q", got)
	}
	if got := r.Line("data"); got != "from-pipe" {
		t.failf("stdin is %q", got)
	}
	if r.Num("status") != 0 {
		t.failf("the prompt ended with %s", r.Line("status"))
	}
	sh.expect(prompt)
	if got := t.read(errs); got != "on-stderr\n" {
		t.failf("stderr is %q", got)
	}
	if strings.Contains(sh.shown(), "s3cret") {
		t.failf("the password was shown")
	}
	sh.leave()
}
