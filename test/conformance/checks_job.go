//go:build linux

package main

import (
	"strconv"
	"strings"
	"syscall"
)

func jobChecks() []Check {
	return []Check{
		{ID: "B5", Title: "Ctrl-C and Ctrl-\\ as session leader: once", Must: true, PTY: true, Run: checkB5},
		{ID: "B6", Title: "Ctrl-C and Ctrl-\\ as a shell's foreground job: once", Must: true, PTY: true, Run: checkB6},
		{ID: "B6b", Title: "death by Ctrl-C breaks off a shell loop", Run: checkB6b},
		{ID: "B7", Title: "a hangup reaches the program", Must: true, Run: checkB7},
		{ID: "B8", Title: "window size at start, one SIGWINCH per resize", Must: true, PTY: true, Run: checkB8},
		{ID: "B9", Title: "SIGSTOP stops the program", Run: checkB9},
		{ID: "B10", Title: "SIGTSTP stops the program, SIGCONT resumes it", Must: true, PTY: true, Run: checkB10},
		{ID: "B11", Title: "Ctrl-Z, jobs, fg, bg, fg, $?", Must: true, PTY: true, Run: checkB11},
	}
}

// listenOn is listen on a terminal, as session leader.
func (t *T) listenOn(term *Terminal) *listener {
	r := t.report()
	l := &listener{Report: r, t: t, end: r.path + ".end"}
	l.Proc = t.start(term.on(t.program(r, "sigs", l.end, "7")))
	l.program = r.Num("ready")
	return l
}

// presses types control characters and counts the signals.
func presses(t *T, term *Terminal, r *Report) {
	const rounds = 4
	for round := 1; round <= rounds; round++ {
		for key, sig := range map[string]int{"\x03": 2, "\x1c": 3} {
			name := "sig " + strconv.Itoa(sig)
			term.send(key)
			t.until("signal "+strconv.Itoa(sig), func() bool { return len(r.Lines(name)) >= round })
			settle()
			if got := len(r.Lines(name)); got != round {
				t.failf("signal %d arrived %d times, the key was pressed %d times", sig, got, round)
			}
		}
	}
}

func checkB5(t *T) {
	term := t.terminal(24, 80)
	l := t.listenOn(term)
	presses(t, term, l.Report)
	l.finish()
}

func checkB6(t *T) {
	r, end := t.report(), t.path("end")
	sh := t.bash()
	sh.line("%s; echo status $? >> '%s'", quote(t.program(r, "sigs", end, "7")), r.path)
	r.Line("ready")
	presses(t, sh.Terminal, r)
	t.touch(end)
	if got := r.Num("status"); got != 7 {
		t.failf("$? is %d, not 7", got)
	}
	sh.leave()
}

// checkB6b: the shell goes on after a program that handles Ctrl-C, and breaks
// off after one that dies of it; an interactive shell and a script alike.
func checkB6b(t *T) {
	sh := t.bash()
	r := t.report()
	idle := quote(t.program(r, "idle", t.path("never"), "0"))
	sh.line("for i in 1 2 3; do %s; done", idle)
	r.Line("ready")
	sh.send("\x03")
	sh.expect("^C")
	sh.expect(prompt)
	sh.marks(r, "status", "$?")
	if got := r.Num("status"); got != 130 {
		t.failf("$? is %d, not 130", got)
	}
	if got := len(r.Lines("ready")); got != 1 {
		t.failf("the loop ran %d times, not once", got)
	}
	script := t.report()
	sh.line("bash --norc -c '%s'", strings.ReplaceAll("for i in 1 2 3; do "+quote(t.program(script, "idle", t.path("never"), "0"))+
		"; done; echo after >> "+script.path, "'", `'\''`))
	script.Line("ready")
	sh.send("\x03")
	sh.expect(prompt)
	handled, end := t.report(), t.path("end")
	sh.line("for i in 1 2; do %s; done; echo after >> '%s'", quote(t.program(handled, "sigs", end, "0")), handled.path)
	handled.Line("ready")
	sh.send("\x03")
	handled.Line("sig 2")
	t.touch(end)
	handled.Line("after")
	if got := len(script.Lines("ready")) + len(script.Lines("after")); got != 1 {
		t.failf("a script went on after its program had died of Ctrl-C")
	}
	if got := len(handled.Lines("ready")); got != 2 {
		t.failf("a loop over a program that handles Ctrl-C ran %d times, not twice", got)
	}
	sh.leave()
}

func checkB7(t *T) {
	term := t.terminal(24, 80)
	l := t.listenOn(term)
	term.hangup()
	l.gets(syscall.SIGHUP, 1)
	settle()
	l.exactly(syscall.SIGHUP, 1)
	if gone(l.program) {
		t.failf("the program did not survive the SIGHUP that it handles")
	}
	l.finish()
}

func checkB8(t *T) {
	term := t.terminal(37, 111)
	r, end := t.report(), t.path("end")
	p := t.start(term.on(t.program(r, "resize", end)))
	r.Line("ready")
	for _, line := range r.Lines("start") {
		if line != "start 37x111" {
			t.failf("size at start: %s, not 37x111", line)
		}
	}
	for i := 1; i <= 5; i++ {
		term.resize(37+i, 111+i)
		want := strconv.Itoa(37+i) + "x" + strconv.Itoa(111+i)
		t.until("SIGWINCH", func() bool { return len(r.Lines("resized")) >= i })
		settle()
		got := r.Lines("resized")
		if len(got) != i || !strings.HasSuffix(got[i-1], want) {
			t.failf("resize %d to %s: the program saw %v", i, want, got)
		}
	}
	t.touch(end)
	p.exits(0)
}

func checkB9(t *T) {
	r, end := t.report(), t.path("end")
	p := t.start(Start{Command: t.program(r, "idle", end, "7")})
	program := r.Num("ready")
	p.kill(syscall.SIGSTOP)
	p.stops(syscall.SIGSTOP)
	if !within(patience/6, func() bool { return state(program) == "T" }) {
		t.failf("the program runs on")
	}
	p.kill(syscall.SIGCONT)
	t.until("continue", func() bool { return state(program) != "T" })
	t.touch(end)
	p.exits(7)
}

// stops fails unless the next change is a stop by the given signal.
func (p *Proc) stops(sig syscall.Signal) {
	e, ok := p.next(patience)
	for ok && e.Status.Continued() {
		e, ok = p.next(patience)
	}
	if !ok {
		p.t.failf("waitpid saw no stop within %v", patience)
	}
	if !e.Status.Stopped() || e.Status.StopSignal() != sig {
		p.t.failf("waitpid saw %s, not a stop by signal %d", describe(e.Status), sig)
	}
}

// checkB10 stops the spawned process, then the group; several times, for a
// stop that works only once is a common mistake. In PTY mode the program runs
// on the terminal of a shell.
func checkB10(t *T) {
	r, end := t.report(), t.path("end")
	if t.col.PTY {
		checkB10Terminal(t)
		return
	}
	p := t.start(Start{Command: t.program(r, "idle", end, "7")})
	program := r.Num("ready")
	for i, to := range []int{p.PID, -p.PID, p.PID, -p.PID} {
		t.must(syscall.Kill(to, syscall.SIGTSTP), "kill")
		p.stops(syscall.SIGTSTP)
		if s := state(program); s != "T" {
			t.failf("kill(%s, SIGTSTP), stop %d: the caller saw it, the program is in state %s", whom(to), i+1, s)
		}
		t.must(syscall.Kill(to, syscall.SIGCONT), "kill")
		t.until("the program's continue", func() bool { return runs(program) })
		if e, ok := p.next(patience); !ok || !e.Status.Continued() {
			t.failf("waitpid saw %s, not a continue", describe(e.Status))
		}
	}
	t.touch(end)
	p.exits(7)
}

func whom(to int) string {
	if to < 0 {
		return "-group"
	}
	return "pid"
}

// checkB10Terminal stops the job by kill from outside, on a terminal: bash has
// to see it and get the terminal back.
func checkB10Terminal(t *T) {
	r, end := t.report(), t.path("end")
	sh := t.bash()
	sh.line("%s; echo status $? >> '%s'", quote(t.program(r, "idle", end, "7")), r.path)
	program := r.Num("ready")
	group := sh.foreground()
	t.must(syscall.Kill(group, syscall.SIGTSTP), "kill")
	t.until("the program's stop", func() bool { return state(program) == "T" })
	sh.expect("Stopped")
	sh.expect(prompt)
	sh.line("fg; echo again $? >> '%s'", r.path)
	t.until("the program's continue", func() bool { return runs(program) })
	t.touch(end)
	if got := r.Num("again"); got != 7 {
		t.failf("$? is %d, not 7", got)
	}
	sh.leave()
}

func checkB11(t *T) {
	r, end := t.report(), t.path("end")
	sh := t.bash()
	sh.line("%s", quote(t.program(r, "idle", end, "7")))
	program := r.Num("ready")
	job := sh.foreground()
	for range 2 {
		sh.send("\x1a")
		t.until("the program's stop", func() bool { return state(program) == "T" })
		sh.expect("Stopped")
		sh.expect(prompt)
		sh.line("jobs")
		sh.expect("[1]+  Stopped")
		sh.expect(prompt)
		sh.line("fg")
		t.until("the program's continue", func() bool { return runs(program) && sh.foreground() == job })
	}
	sh.send("\x1a")
	t.until("the program's stop", func() bool { return state(program) == "T" })
	sh.expect("Stopped")
	sh.expect(prompt)
	sh.line("bg")
	sh.expect(prompt)
	t.until("the program's continue", func() bool { return runs(program) })
	sh.line("jobs")
	sh.expect("[1]+  Running")
	sh.expect(prompt)
	sh.line("fg")
	t.until("foreground", func() bool { return sh.foreground() == job })
	t.touch(end)
	sh.expect(prompt)
	sh.marks(r, "status", "$?")
	if got := r.Num("status"); got != 7 {
		t.failf("$? is %d, not 7", got)
	}
	sh.leave()
}
