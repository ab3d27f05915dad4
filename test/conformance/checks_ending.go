//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

func endingChecks() []Check {
	return []Check{
		{ID: "A1", Title: "exit status 0–255", Must: true, Run: checkA1},
		{ID: "A2", Title: "death by a signal is seen by waitpid", Must: true, Run: checkA2},
		{ID: "A3", Title: "core flag, and one core file", Run: checkA3},
		{ID: "A4", Title: "the program's rusage reaches the caller", Must: true, Run: checkA4},
		{ID: "A5", Title: "a program that stops itself is seen as stopped", Run: checkA5},
	}
}

func checkA1(t *T) {
	for code := range 256 {
		t.start(Start{Command: t.program(t.report(), "exit", strconv.Itoa(code))}).exits(code)
	}
}

// deadly are the signals whose default action ends a process.
var deadly = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 24, 25, 26, 27, 29, 30, 31, 34, 64}

func checkA2(t *T) {
	for _, sig := range deadly {
		p := t.start(Start{Setup: []string{"rlimit=4:0:-2"}, Command: t.program(t.report(), "die", strconv.Itoa(sig))})
		p.dies(syscall.Signal(sig))
	}
	t.start(Start{Setup: []string{"rlimit=4:0:-2"}, Command: t.program(t.report(), "crash")}).dies(syscall.SIGSEGV)
}

// checkA3 counts core files only where the kernel writes them into the working
// directory; a handler of the system's own may take them instead.
func checkA3(t *T) {
	pattern, err := os.ReadFile("/proc/sys/kernel/core_pattern")
	t.must(err, "core_pattern")
	for _, how := range [][]string{{"die", "6"}, {"die", "11"}, {"crash"}} {
		dir, err := os.MkdirTemp(t.dir, "core")
		t.must(err, "directory")
		p := t.start(Start{Setup: []string{"rlimit=4:-1:-2"}, Dir: dir, Command: t.program(t.report(), how...)})
		e := p.end()
		if !e.Status.Signaled() || !e.Status.CoreDump() {
			t.failf("%v: %s without the core flag", how, describe(e.Status))
		}
		if strings.ContainsAny(string(pattern), "|/") {
			continue
		}
		if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 1 {
			t.failf("%v: %d core files, not 1", how, len(files))
		}
	}
}

func checkA4(t *T) {
	for _, sig := range []syscall.Signal{0, syscall.SIGTERM} {
		r := t.report()
		args := []string{"burn", "250", "64"}
		if sig != 0 {
			args = append(args, strconv.Itoa(int(sig)))
		}
		p := t.start(Start{Command: t.program(r, args...)})
		e := p.end()
		var user, rss int64
		if _, err := fmt.Sscan(r.Line("rusage"), &user, &rss); err != nil {
			t.failf("rusage: %v", err)
		}
		seen := e.Usage.Utime.Nano() / 1000
		if seen < user || seen > user+1_000_000 {
			t.failf("user time %d µs, the program used %d µs", seen, user)
		}
		if e.Usage.Maxrss < rss || e.Usage.Maxrss > rss+64<<10 {
			t.failf("peak memory %d KiB, the program used %d KiB", e.Usage.Maxrss, rss)
		}
	}
}

func checkA5(t *T) {
	for _, sig := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU} {
		r := t.report()
		end := t.path("end" + strconv.Itoa(int(sig)))
		p := t.start(Start{Command: t.program(r, "stopself", strconv.Itoa(int(sig)), "7", end)})
		program := r.Num("ready")
		e, ok := p.next(patience)
		if !ok || !e.Status.Stopped() || e.Status.StopSignal() != sig {
			t.failf("signal %d: waitpid saw %s, not a stop by it", sig, describe(e.Status))
		}
		if state(program) != "T" {
			t.failf("signal %d: the program is not stopped", sig)
		}
		if len(r.Lines("continued")) > 0 {
			t.failf("signal %d: the program went on before SIGCONT", sig)
		}
		p.kill(syscall.SIGCONT)
		r.Line("continued")
		e, ok = p.next(patience)
		if !ok || !e.Status.Continued() {
			t.failf("signal %d: waitpid saw %s, not a continue", sig, describe(e.Status))
		}
		t.touch(end)
		p.exits(7)
	}
}
