//go:build linux

package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

func inheritChecks() []Check {
	return []Check{
		{ID: "E1", Title: "ignored signals stay ignored, none added", Must: true, Run: checkE1},
		{ID: "E1b", Title: "SIGCHLD ignored at start", Run: checkE1b},
		{ID: "E1c", Title: "blocked mask and pending signals", Run: checkE1c},
		{ID: "E1d", Title: "umask, limits, nice, affinity, cgroup …", Must: true, Run: checkE1d},
		{ID: "E1e", Title: "environment byte for byte", Must: true, Run: checkE1e},
		{ID: "E1f", Title: "argv byte for byte", Must: true, Run: checkE1f},
	}
}

// dispositions runs the program after the given setup and returns what it
// inherited: "disposition N" lines, mask and pending set.
func (t *T) dispositions(setup ...string) (ignored []string, mask, pending string) {
	r := t.report()
	p := t.start(Start{Setup: setup, Command: t.program(r, "dispositions")})
	r.Line("end")
	p.exits(0)
	return r.Lines("disposition"), r.Line("mask"), r.Line("pending")
}

func checkE1(t *T) {
	expect := func(signals ...int) {
		var list, want []string
		for _, s := range signals {
			list = append(list, strconv.Itoa(s))
			want = append(want, fmt.Sprintf("disposition %d 1", s))
		}
		var setup []string
		if len(list) > 0 {
			setup = []string{"ign=" + strings.Join(list, ",")}
		}
		if got, _, _ := t.dispositions(setup...); !slices.Equal(got, want) {
			t.failf("ignored at start %v, the program has %q", signals, got)
		}
	}
	expect()
	var all []int
	for s := 1; s <= 64; s++ {
		// two cannot be ignored, 17 has a row of its own, 32 and 33 are the C library's
		if slices.Contains([]int{9, 17, 19, 32, 33}, s) {
			continue
		}
		all = append(all, s)
		expect(s)
	}
	expect(1, 2, 3)
	expect(all...)
}

func checkE1b(t *T) {
	if got, _, _ := t.dispositions("ign=17"); !slices.Equal(got, []string{"disposition 17 1"}) {
		t.failf("SIGCHLD ignored at start, the program has %q", got)
	}
	for range 3 {
		t.start(Start{Setup: []string{"ign=17"}, Command: t.program(t.report(), "exit", "5")}).exits(5)
		t.start(Start{Setup: []string{"ign=17"}, Command: t.program(t.report(), "die", "15")}).dies(syscall.SIGTERM)
	}
}

func checkE1c(t *T) {
	const kernelOnly = 1<<8 | 1<<18 // SIGKILL and SIGSTOP cannot be blocked
	for _, c := range []struct {
		block, pend string
		mask, wait  uint64
	}{
		{"", "", 0, 0},
		{"10", "", 1 << 9, 0},
		{"2,15,34,64", "", 1<<1 | 1<<14 | 1<<33 | 1<<63, 0},
		{"all", "", ^uint64(kernelOnly), 0},
		{"10", "10", 1 << 9, 1 << 9},
		{"1,2,12,15,40", "2,12,15,40", 1<<0 | 1<<1 | 1<<11 | 1<<14 | 1<<39, 1<<1 | 1<<11 | 1<<14 | 1<<39},
	} {
		var setup []string
		if c.block != "" {
			setup = append(setup, "block="+c.block)
		}
		if c.pend != "" {
			setup = append(setup, "pend="+c.pend)
		}
		_, mask, pending := t.dispositions(setup...)
		if want := fmt.Sprintf("%016x", c.mask); mask != want {
			t.failf("%v: mask %s, not %s", setup, mask, want)
		}
		if want := fmt.Sprintf("%016x", c.wait); pending != want {
			t.failf("%v: pending %s, not %s", setup, pending, want)
		}
	}
}

// attributes runs the program after the given setup and returns its report.
func (t *T) attributes(wrapped bool, setup ...string) []string {
	r := t.report()
	command := []string{t.probe, "-o", r.path, "attributes"}
	if wrapped {
		command = t.program(r, "attributes")
	}
	p := t.start(Start{Setup: setup, Command: command})
	r.Line("end")
	p.exits(0)
	text, err := os.ReadFile(r.path)
	t.must(err, "report")
	return strings.Split(string(text), "\n")
}

// checkE1d compares all that is inherited with a bare run after the same
// setup, and with the values themselves.
func checkE1d(t *T) {
	for _, c := range []struct {
		setup []string
		want  []string
	}{
		{nil, nil},
		{[]string{"umask=027"}, []string{"umask 27"}},
		{[]string{"umask=0"}, []string{"umask 0"}},
		{[]string{"rlimit=7:256:1000"}, []string{"rlimit 7 256 1000"}},
		{[]string{"rlimit=7:1024:4096", "rlimit=3:4194304:8388608", "rlimit=0:600:700", "rlimit=1:1073741824:-2", "rlimit=4:0:0"},
			[]string{"rlimit 7 1024 4096", "rlimit 3 4194304 8388608", "rlimit 0 600 700", "rlimit 4 0 0"}},
		{[]string{"rlimit=8:32768:65536", "rlimit=12:1000:2000", "rlimit=11:1000:2000", "rlimit=10:50:60"},
			[]string{"rlimit 8 32768 65536", "rlimit 12 1000 2000", "rlimit 11 1000 2000", "rlimit 10 50 60"}},
		{[]string{"nice=17"}, []string{"nice 17"}},
		{[]string{"onecpu"}, nil},
		{[]string{"ioprio=16388"}, []string{"ioprio 16388"}},
		{[]string{"batch"}, []string{"policy 3 0"}},
		{[]string{"slack=123456"}, []string{"slack 123456"}},
		{[]string{"nonewprivs"}, []string{"status NoNewPrivs:\t1"}},
		{[]string{"nothp"}, []string{"nothp 1"}},
		{[]string{"oom=300"}, []string{"oom 300 "}},
	} {
		bare, got := t.attributes(false, c.setup...), t.attributes(true, c.setup...)
		for _, want := range c.want {
			if !slices.Contains(got, want) {
				t.failf("%v: the program does not have %q", c.setup, want)
			}
		}
		for i := range max(len(bare), len(got)) {
			if i >= len(bare) || i >= len(got) || bare[i] != got[i] {
				t.failf("%v: bare %q, the program has %q", c.setup, at(bare, i), at(got, i))
			}
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// ours tells the variables that pi-track may add.
func ours(entry string) bool { return strings.HasPrefix(entry, "PI_TRACK_") }

func checkE1e(t *T) {
	env := append(t.env(), "A=1", "A=2", "NOVALUE", "=strange", "", "EMPTY=", "LATIN=caf\xe9", "BAD=\xff\xfe",
		"LINES=a\nb\n", "SPACE= x ", "QUOTE='\"`$HOME\\", "LONG="+strings.Repeat("x", 100_000), "A=3", "lower=1",
		"GODEBUG=x=1", "GOGC=50", "GOMAXPROCS=1", "GOTRACEBACK=crash", "_=/bin/odd", "LAST=1")
	p := t.start(Start{Env: env, Command: t.program(t.report(), "env")})
	p.exits(0)
	t.until("end of output", p.Out.EOF)
	got := strings.Split(strings.TrimSuffix(string(p.Out.Bytes()), "\x00"), "\x00")
	got = slices.DeleteFunc(got, ours)
	for i := range max(len(env), len(got)) {
		if i >= len(env) || i >= len(got) || env[i] != got[i] {
			t.failf("entry %d of the environment: %.60q, the program has %.60q", i, at(env, i), at(got, i))
		}
	}
}

func checkE1f(t *T) {
	for _, args := range [][]string{
		{},
		{""},
		{"", "", "a b", "a\nb", "'\"`$HOME\\*?[", "caf\xe9", "\xff\xfe", strings.Repeat("y", 100_000), "--", "-", "{}", "%s"},
		{"--help"}, {"--version"}, {"-h"}, {"-o", "x", "--", "-c"},
	} {
		p := t.start(Start{Command: t.program(t.report(), append([]string{"argv"}, args...)...)})
		p.exits(0)
		t.until("end of output", p.Out.EOF)
		want := ""
		for _, arg := range args {
			want += arg + "\x00"
		}
		if got := string(p.Out.Bytes()); got != want {
			t.failf("arguments %.100q, the program has %.100q", want, got)
		}
	}
	// a wrapper's private argument is the program's business too
	const private = "--pi-track-drain"
	p := t.start(Start{Command: t.col.Wrap(t.tool("cat"), private)})
	p.exits(1)
	t.until("end of output", p.Err.EOF)
	if got := string(p.Err.Bytes()); !strings.Contains(got, private) {
		t.failf("cat %s says %q", private, got)
	}
}
