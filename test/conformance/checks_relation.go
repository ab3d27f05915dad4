//go:build linux

package main

import (
	"fmt"
	"strconv"
	"strings"
	"syscall"
)

// relationChecks are about signals between the program, its caller and the rest
// of the caller's group.
func relationChecks() []Check {
	return []Check{
		{ID: "B19", Title: "keys at a job signal the rest of its group", Must: true, PTY: true, Run: checkB19},
		{ID: "B20", Title: "the program's last signal to its parent arrives", Must: true, PTY: true, Run: checkB20},
		{ID: "B21", Title: "a signal to pid and group, for a program that left the group", Must: true, Run: checkB21},
		{ID: "B22", Title: "a signal before the reader goes away arrives before", Must: true, Run: checkB22},
	}
}

// around is the command line of a caller that reports what it gets itself.
func (t *T) around(r *Report, count int, command []string) []string {
	return append([]string{t.probe, "-o", r.path, "around", strconv.Itoa(count)}, command...)
}

// checkB19 presses keys at a program whose caller is in its group, as a script
// is; then lets the program signal the group itself, and read keys raw.
func checkB19(t *T) {
	term := t.terminal(24, 80)
	program, caller, end := t.report(), t.report(), t.path("end")
	p := t.start(term.on(t.around(caller, 1, t.program(program, "sigs", end, "7"))))
	program.Line("ready")
	both := func(name string, times int) {
		for who, r := range map[string]*Report{"the program": program, "its caller": caller} {
			t.until(name+" at "+who, func() bool { return len(r.Lines(name)) >= times })
		}
		settle()
		for who, r := range map[string]*Report{"the program": program, "its caller": caller} {
			if got := len(r.Lines(name)); got != times {
				t.failf("%s arrived %d times at %s, the key was pressed %d times", name, got, who, times)
			}
		}
	}
	for round := 1; round <= 3; round++ {
		for key, sig := range map[string]int{"\x03": 2, "\x1c": 3, "\x1a": 20} {
			term.send(key)
			both("sig "+strconv.Itoa(sig), round)
		}
	}
	t.touch(end)
	if got := caller.Num("status"); got != 7 {
		t.failf("the caller saw status %d, not 7", got)
	}
	p.exits(0)
	t.ownGroup()
	t.rawKeys()
	t.loopBreaks()
}

// ownGroup lets the program signal its group, which is the caller's as well.
func (t *T) ownGroup() {
	term := t.terminal(24, 80)
	program, caller, end, start := t.report(), t.report(), t.path("end-own"), t.path("go")
	p := t.start(term.on(t.around(caller, 1, t.program(program, "group", "10", "2", start, end))))
	program.Line("ready")
	for round := 1; round <= 2; round++ {
		t.touch(start + "." + strconv.Itoa(round))
		for _, r := range []*Report{program, caller} {
			t.until("SIGUSR1", func() bool { return len(r.Lines("sig 10")) >= round })
		}
		settle()
		if n, m := len(program.Lines("sig 10")), len(caller.Lines("sig 10")); n != round || m != round {
			t.failf("the program signalled its group %d times and got %d, its caller %d", round, n, m)
		}
	}
	t.touch(end)
	p.exits(0)
}

// rawKeys presses keys that are no signals.
func (t *T) rawKeys() {
	term := t.terminal(24, 80)
	program, caller, end := t.report(), t.report(), t.path("end-raw")
	p := t.start(term.on(t.around(caller, 1, t.program(program, "sigs", end, "0", "raw"))))
	program.Line("ready")
	term.send("\x03\x1c\x1a")
	settle()
	if n := len(program.Lines("sig")) + len(caller.Lines("sig")); n != 0 {
		t.failf("%d signals arrived of keys that the program reads raw", n)
	}
	t.touch(end)
	p.exits(0)
}

// loopBreaks presses Ctrl-C at a program in a script's loop.
func (t *T) loopBreaks() {
	term := t.terminal(24, 80)
	r := t.report()
	script := fmt.Sprintf("for i in 1 2 3; do %s; echo after >> '%s'; done", quote(t.program(r, "idle", t.path("never"), "0")), r.path)
	p := t.start(term.on([]string{t.tool("bash"), "--norc", "-c", script}))
	r.Line("ready")
	term.send("\x03")
	p.dies(syscall.SIGINT)
	if n := len(r.Lines("ready")) + len(r.Lines("after")); n != 1 {
		t.failf("the script went on after Ctrl-C")
	}
}

// checkB20 has many short programs signal their parent as the last thing they do,
// and one whose child does.
func checkB20(t *T) {
	term := t.terminal(24, 80)
	const rounds = 25
	for _, sig := range []string{"10", "15", "2", "1", "40"} {
		caller := t.report()
		t.start(term.on(t.around(caller, rounds, t.program(t.report(), "tell", sig)))).exits(0)
		got := caller.Lines("sig " + sig)
		if len(got) != rounds || len(caller.Lines("status 0")) != rounds {
			t.failf("signal %s arrived %d times at the parent of %d programs that sent it and ended", sig, len(got), rounds)
		}
		for i, line := range caller.Lines("child") {
			if sender := " pid " + strings.TrimPrefix(line, "child ") + " "; !strings.Contains(got[i], sender) {
				t.failf("signal %s: %q, the program is known as%s", sig, got[i], sender)
			}
		}
	}
	caller, end := t.report(), t.path("end")
	p := t.start(term.on(t.around(caller, 1, t.program(t.report(), "tell", "12", end))))
	caller.Line("sig 12")
	t.touch(end)
	p.exits(0)
}

// checkB21 starts the program in a group that another process leads, as timeout
// does with what it runs, and lets it leave the group.
func checkB21(t *T) {
	for _, how := range []string{"setpgid", "setsid"} {
		holder := t.listen(Start{})
		r, end := t.report(), t.path("end-"+how)
		p := t.start(Start{Command: t.program(r, "sigs", end, "7", how), Direct: true,
			Attr: &syscall.SysProcAttr{Setpgid: true, Pgid: holder.PID}})
		l := &listener{Proc: p, Report: r, t: t, end: end}
		r.Line("ready")
		both := func(sig syscall.Signal) {
			t.must(syscall.Kill(p.PID, sig), "kill")
			t.must(syscall.Kill(-holder.PID, sig), "kill the group")
		}
		both(syscall.SIGTERM) // at once: twice is better than never
		l.gets(syscall.SIGTERM, 1)
		t.until("a group of its own", func() bool { group, _ := syscall.Getpgid(p.PID); return group == p.PID })
		for round := 1; round <= 4; round++ {
			both(syscall.SIGHUP)
			l.gets(syscall.SIGHUP, round)
			t.must(syscall.Kill(-holder.PID, syscall.SIGUSR2), "kill the old group")
			t.must(syscall.Kill(-p.PID, syscall.SIGINT), "kill the new group")
			l.gets(syscall.SIGINT, round)
			settle()
			l.exactly(syscall.SIGHUP, round)
			l.exactly(syscall.SIGINT, round)
			l.exactly(syscall.SIGUSR2, 0)
		}
		l.finish()
		holder.finish()
	}
}

// checkB22 signals the program and then closes what it writes to, as spawnSync of
// Node.js does when it has read enough. The program waits for just that.
func checkB22(t *T) {
	const rounds = 10
	for _, c := range []struct {
		kind string
		fd   int
	}{{"socket", 1}, {"socket", 2}, {"pipe", 2}} {
		for range rounds {
			reader, fd := t.outlet(c.kind, 0)
			r := t.report()
			p := t.start(Start{FDs: map[int]int{c.fd: fd}, Command: t.program(r, "hup", strconv.Itoa(c.fd))})
			r.Line("ready")
			p.kill(syscall.SIGTERM)
			reader.Close()
			p.dies(syscall.SIGTERM)
		}
	}
}
