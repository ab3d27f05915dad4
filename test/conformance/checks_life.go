//go:build linux

package main

import (
	"strconv"
	"syscall"
	"time"
)

func lifeChecks() []Check {
	return []Check{
		{ID: "B12", Title: "a program signals its own group", Must: true, Run: checkB12},
		{ID: "B13", Title: "SIGKILL to the group kills the whole tree", Must: true, Run: checkB13},
		{ID: "B14", Title: "SIGKILL to the spawned pid kills the program", Must: true, Run: checkB14},
		{ID: "B15", Title: "the caller's death does not", Must: true, Run: checkB15},
		{ID: "B16", Title: "an alarm set before exec", Must: true, Run: checkB16},
		{ID: "B17", Title: "the caller's own parent-death signal", Run: checkB17},
		{ID: "B18", Title: "SIGTERM 0–40 ms after the start is never lost", Must: true, Run: checkB18},
	}
}

// checkB12 has a third process in the group: it must not get more either.
func checkB12(t *T) {
	const rounds = 8
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGUSR1, syscall.SIGHUP, syscall.SIGINT} {
		name := strconv.Itoa(int(sig))
		r, other := t.report(), t.report()
		end, start := t.path("end"+name), t.path("go"+name)
		p := t.start(Start{Command: t.program(r, "group", name, strconv.Itoa(rounds), start, end)})
		r.Line("ready")
		member := t.start(Start{Command: []string{t.probe, "-o", other.path, "sigs", end, "7"}, Direct: true,
			Attr: &syscall.SysProcAttr{Setpgid: true, Pgid: p.PID}})
		other.Line("ready")
		for round := 1; round <= rounds; round++ {
			t.touch(start + "." + strconv.Itoa(round))
			for who, seen := range map[string]*Report{"the program": r, "a member of the group": other} {
				got := func() int { return len(seen.Lines("sig " + name)) }
				if !within(patience, func() bool { return got() >= round }) || got() > round {
					t.failf("signal %s arrived %d times at %s, was sent %d times%s", name, got(), who, round, p.said())
				}
			}
		}
		settle()
		if n, m := len(r.Lines("sig "+name)), len(other.Lines("sig "+name)); n != rounds || m != rounds {
			t.failf("signal %s arrived %d times at the program and %d times at a member of the group, was sent %d times",
				name, n, m, rounds)
		}
		t.touch(end)
		p.exits(0)
		member.exits(7)
	}
}

func checkB13(t *T) {
	r := t.report()
	p := t.start(Start{Command: t.program(r, "tree", t.path("never"))})
	t.until("three members", func() bool { return len(r.Lines("member")) == 3 })
	t.must(syscall.Kill(-p.PID, syscall.SIGKILL), "kill the group")
	p.dies(syscall.SIGKILL)
	for _, line := range r.Lines("member") {
		pid, _ := strconv.Atoi(line[len("member "):])
		if !within(patience, func() bool { return gone(pid) }) {
			t.failf("process %d of the tree survived", pid)
		}
	}
}

func checkB14(t *T) {
	for range 3 {
		r := t.report()
		p := t.start(Start{Command: t.program(r, "idle", t.path("never"), "0")})
		program := r.Num("ready")
		p.kill(syscall.SIGKILL)
		p.dies(syscall.SIGKILL)
		if !within(patience, func() bool { return gone(program) }) {
			t.failf("the program survived")
		}
	}
}

func checkB15(t *T) {
	r, caller, end := t.report(), t.report(), t.path("end")
	command := append([]string{t.probe, "-o", caller.path, "orphan", t.path("die"), "--"}, t.program(r, "idle", end, "0")...)
	p := t.start(Start{Command: command, Direct: true})
	program := r.Num("ready")
	t.touch(t.path("die"))
	p.exits(0)
	settle()
	if gone(program) || gone(caller.Num("spawned")) {
		t.failf("the program died with its caller")
	}
	t.touch(end)
	r.Line("ended")
}

// checkB16 gives a wrapper a second to start: the alarm is the program's.
func checkB16(t *T) {
	r := t.report()
	l := t.listen(Start{Setup: []string{"alarm=1000"}})
	p := t.start(Start{Setup: []string{"alarm=1000"}, Command: t.program(r, "idle", t.path("never"), "0")})
	l.gets(syscall.SIGALRM, 1)
	p.dies(syscall.SIGALRM)
	if program := r.Num("ready"); !within(patience, func() bool { return gone(program) }) {
		t.failf("the program survived its alarm")
	}
	settle()
	l.exactly(syscall.SIGALRM, 1)
	l.finish()
}

// checkB17 lets the dead caller be a zombie in one run and gone in the next: a
// wrapper that asks the kernel about the sender finds one or nothing.
func checkB17(t *T) {
	for i, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGTERM, syscall.SIGUSR1} {
		name, zombie := strconv.Itoa(int(sig)), i > 0
		r, caller, end := t.report(), t.report(), t.path("end"+strconv.Itoa(i))
		die := t.path("die" + strconv.Itoa(i))
		command := append([]string{t.probe, "-o", caller.path, "orphan", die, "pdeath=" + name, "--"},
			t.program(r, "sigs", end, "0")...)
		p := t.start(Start{Command: command, Direct: true, Zombie: zombie})
		r.Line("ready")
		t.touch(die)
		if !zombie {
			p.exits(0)
		}
		r.Line("sig " + name)
		settle()
		if n := len(r.Lines("sig " + name)); n != 1 {
			t.failf("signal %s arrived %d times, not once", name, n)
		}
		if zombie {
			p.collect()
			p.exits(0)
		}
		t.touch(end)
	}
}

// checkB18 starts without "probe setup" in between: the wrapper itself has to
// be hit in every phase of its start.
func checkB18(t *T) {
	for step := range 81 {
		p := t.start(Start{Command: t.program(t.report(), "idle", t.path("never"), "0"), Direct: true})
		time.Sleep(time.Duration(step) * 500 * time.Microsecond)
		p.kill(syscall.SIGTERM)
		p.dies(syscall.SIGTERM)
	}
	if left := descendants(); len(left) > 0 {
		if !within(patience, func() bool { return len(descendants()) == 0 }) {
			t.failf("%d processes were left behind", len(left))
		}
	}
}
