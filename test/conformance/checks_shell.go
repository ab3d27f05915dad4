//go:build linux

package main

import "strings"

func shellChecks() []Check {
	return []Check{
		{ID: "C9", Title: "a background job that reads is stopped, fg resumes", PTY: true, Run: checkC9},
		{ID: "C10", Title: "cmd & does not steal the terminal", PTY: true, Run: checkC10},
		{ID: "C11", Title: "keys typed ahead reach the shell", PTY: true, Run: checkC11},
		{ID: "C12", Title: "other jobs' output keeps its line ends", PTY: true, Run: checkC12},
	}
}

func checkC9(t *T) {
	sh := t.bash()
	r := t.report()
	sh.line("%s &", quote(t.program(r, "ask", "7")))
	program := r.Num("ready")
	t.until("the program's stop", func() bool { return state(program) == "T" })
	sh.urge("\n", "Stopped") // told before the first prompt or later
	sh.line("fg")
	t.until("the program's continue", func() bool { return runs(program) })
	sh.send("answer\n")
	if got := r.Line("line"); got != "answer" {
		t.failf("the program read %q", got)
	}
	sh.marks(r, "status", "$?")
	if got := r.Num("status"); got != 7 {
		t.failf("$? is %d, not 7", got)
	}
	sh.leave()
}

func checkC10(t *T) {
	sh := t.bash()
	r, end := t.report(), t.path("end")
	sh.line("%s &", quote(t.program(r, "shout", end)))
	program := r.Num("ready")
	sh.expect(prompt)
	settle()
	if got := sh.foreground(); got != sh.PID {
		t.failf("the terminal belongs to group %d, not to the shell's, %d", got, sh.PID)
	}
	sh.line("echo still-$((20+1))")
	sh.expect("still-21")
	if !runs(program) {
		t.failf("the job is in state %q", state(program))
	}
	t.touch(end)
	sh.expect("alpha\r\nbeta\r\n")
	t.until("end of the job", func() bool { return gone(program) })
	sh.line("wait; echo status $? >> '%s'", r.path)
	if got := r.Num("status"); got != 0 {
		t.failf("$? is %d, not 0", got)
	}
	sh.leave()
}

// checkC11 types a line, then half a line, while the program runs.
func checkC11(t *T) {
	sh := t.bash()
	for _, keys := range []struct{ ahead, after, want string }{
		{"echo typed-$((40+2))\n", "", "typed-42"},
		{"echo one-$((1+1))\necho two-$((1+1))\n", "", "two-2"},
		{"echo half", "-$((2+2))\n", "half-4"},
	} {
		r := t.report()
		end := r.path + ".end"
		sh.line("%s", quote(t.program(r, "idle", end, "0")))
		r.Line("ready")
		sh.send(keys.ahead)
		settle() // give a wrapper time to swallow it
		t.touch(end)
		sh.expect(prompt)
		if keys.after != "" {
			sh.send(keys.after)
		}
		sh.expect(keys.want + "\r\n")
		sh.line("")
		sh.expect(prompt)
	}
	sh.leave()
}

func checkC12(t *T) {
	sh := t.bash()
	other, start := t.report(), t.path("start")
	sh.line("%s &", quote([]string{t.probe, "-o", other.path, "shout", start}))
	other.Line("ready")
	r, end := t.report(), t.path("end")
	sh.line("%s", quote(t.program(r, "idle", end, "0")))
	r.Line("ready")
	settle() // a wrapper may only now prepare the terminal
	t.touch(start)
	sh.expect("beta")
	settle()
	t.touch(end)
	sh.expect(prompt)
	if !strings.Contains(sh.shown(), "alpha\r\nbeta\r\n") {
		t.failf("another job's lines were shown as %q", sh.shown()[strings.Index(sh.shown(), "alpha"):])
	}
	sh.leave()
}
