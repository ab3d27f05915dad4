//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

func startChecks() []Check {
	return []Check{
		{ID: "E2", Title: "pid, ppid, pgid, sid, no children", Run: checkE2},
		{ID: "E3", Title: "argv[0], comm, exe", Must: true, Run: checkE3},
		{ID: "E4", Title: "no extra processes, threads, memory", Run: checkE4},
		{ID: "E5", Title: "odd starts", Run: checkE5},
	}
}

func checkE2(t *T) {
	r, end := t.report(), t.path("end")
	p := t.start(Start{Command: t.program(r, "ids", end)})
	r.Line("ready")
	sid, err := unix.Getsid(0)
	t.must(err, "getsid")
	for _, want := range []string{"children 0", fmt.Sprint("pgid ", p.PID), fmt.Sprint("sid ", sid),
		fmt.Sprint("pid ", p.PID), fmt.Sprint("ppid ", os.Getpid())} {
		name, value, _ := strings.Cut(want, " ")
		if got := r.Line(name); got != value {
			t.failf("%s %s, the program has %s", name, value, got)
		}
	}
	t.touch(end)
	p.exits(0)
}

func checkE3(t *T) {
	r := t.report()
	p := t.start(Start{Command: t.program(r, "names")})
	r.Line("end")
	p.exits(0)
	for name, want := range map[string]string{"argv0": t.probe, "comm": filepath.Base(t.probe), "exe": t.probe} {
		if got := r.Line(name); got != want {
			t.failf("%s is %q, not %q", name, got, want)
		}
	}
}

// checkE4 counts what runs while the program runs: one process of one thread,
// and not more memory than a small C program needs.
func checkE4(t *T) {
	r, end := t.report(), t.path("end")
	p := t.start(Start{Command: t.program(r, "idle", end, "0")})
	r.Line("ready")
	all := descendants()
	threads, memory := 0, 0
	for _, pid := range all {
		tasks, _ := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*")
		threads += len(tasks)
		text, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
		for line := range strings.Lines(string(text)) {
			if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
				kib, _ := strconv.Atoi(strings.Fields(rest)[0])
				memory += kib
			}
		}
	}
	if len(all) != 1 || threads != 1 || memory > 2048 {
		t.failf("%d processes, %d threads, %d KiB instead of 1 process and 1 thread below 2048 KiB", len(all), threads, memory)
	}
	t.touch(end)
	p.exits(0)
}

const odd = 7 // the exit status of the runs of E5

// An oddStart is one way of E5 to start the program, and what it then sees.
type oddStart struct {
	name  string
	setup []string
	args  []string
	want  string // in its one line of output
}

func checkE5(t *T) {
	var files syscall.Rlimit
	t.must(syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files), "getrlimit")
	var long []string
	for range 15 {
		long = append(long, strings.Repeat("z", 126_000))
	}
	for _, o := range []oddStart{
		{"ordinary", nil, nil, "links 2 "},
		{"deleted working directory", []string{"gone=" + t.path("gone")}, nil, "links 0 "},
		{"RLIMIT_NOFILE 8", []string{"rlimit=7:8:8"}, nil, "nofile 8 8 "},
		{"RLIMIT_FSIZE 0", []string{"rlimit=1:0:0"}, nil, "fsize 0 "},
		{"1.9 MB of arguments", nil, long, fmt.Sprintf("args %d ", len("odd")+1+len("7")+1+15*126_001)},
		{"RLIMIT_AS 256 MB", []string{"rlimit=9:268435456:268435456"}, nil, "as 268435456 "},
	} {
		command := t.col.Wrap(t.probe, append([]string{"odd", strconv.Itoa(odd)}, o.args...)...)
		p := t.start(Start{Setup: o.setup, Command: command})
		e := p.end()
		if !e.Status.Exited() || e.Status.ExitStatus() != odd {
			t.failf("%s: %s%s", o.name, describe(e.Status), p.said())
		}
		t.until(o.name+": end of output", func() bool { return p.Out.EOF() && p.Err.EOF() })
		if got := string(p.Out.Bytes()); !strings.Contains(got, o.want) {
			t.failf("%s: the program says %q, not %q", o.name, got, o.want)
		}
		if got := string(p.Err.Bytes()); got != "on-stderr\n" {
			t.failf("%s: stderr is %.200q", o.name, got)
		}
	}
	emptyEnvironment(t)
}

// emptyEnvironment uses programs of the system: without PATH only the
// directories that exec(3) looks in by default can be searched.
func emptyEnvironment(t *T) {
	p := t.start(Start{Setup: []string{"noenv"}, Command: t.col.Wrap(t.tool("cat"), "/proc/self/environ")})
	p.exits(0)
	t.until("end of output", p.Out.EOF)
	for _, entry := range strings.Split(strings.TrimSuffix(string(p.Out.Bytes()), "\x00"), "\x00") {
		if entry != "" && !ours(entry) {
			t.failf("empty environment: the program has %.60q", entry)
		}
	}
	p = t.start(Start{Setup: []string{"noenv"}, Command: t.col.Wrap(t.tool("sh"), "-c", "echo out; echo err >&2; exit 7")})
	p.exits(odd)
	t.until("end of output", func() bool { return p.Out.EOF() && p.Err.EOF() })
	if out, err := string(p.Out.Bytes()), string(p.Err.Bytes()); out != "out\n" || err != "err\n" {
		t.failf("empty environment: output %q and %q", out, err)
	}
}
