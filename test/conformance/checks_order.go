//go:build linux

package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

func orderChecks() []Check {
	return []Check{
		{ID: "D3", Title: "order: stdout and stderr are one pipe", Must: true, Run: checkD3},
		{ID: "D4", Title: "order: stdout and stderr are one socket", Must: true, Run: checkD4},
		{ID: "D5", Title: "order: stdout and stderr are one file", Must: true, Run: checkD5},
		{ID: "D6", Title: "order: stdout and stderr append to one file", Must: true, Run: checkD6},
		{ID: "D7", Title: "order on a terminal, no doubled CR", Must: true, Run: checkD7},
		{ID: "D8", Title: "two pipes, one reader: arrival order", Run: checkD8},
	}
}

const turns = 5000

// inTurns is what "probe turns" writes.
func inTurns(count int, end string) string {
	var text strings.Builder
	for i := range count {
		fmt.Fprintf(&text, "o%d%se%d%s", i, end, i, end)
	}
	return text.String()
}

// sameOrder fails at the first difference.
func (t *T) sameOrder(what, got, want string) {
	if got == want {
		return
	}
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	t.failf("%s: %d bytes instead of %d, after byte %d %.30q instead of %.30q", what, len(got), len(want), i,
		got[i:], want[i:])
}

// streamOrder checks the order with 1 and 2 on the given descriptors.
func (t *T) streamOrder(what string, out, err int, r *os.File) {
	sink := drain(r)
	p := t.start(Start{FDs: map[int]int{1: out, 2: err}, Command: t.program(t.report(), "turns", strconv.Itoa(turns), "0")})
	p.exits(0)
	t.until(what+": end of output", sink.EOF)
	t.sameOrder(what, string(sink.Bytes()), inTurns(turns, "\n"))
}

// checkD3 has the same pipe as one open file, as a shell's 2>&1 gives it, and
// opened twice.
func checkD3(t *T) {
	r, w := t.pipe(0)
	t.streamOrder("2>&1", w, w, r)
	r, w = t.pipe(0)
	again, err := unix.Open(fmt.Sprintf("/proc/self/fd/%d", w), unix.O_WRONLY|unix.O_CLOEXEC, 0)
	t.must(err, "open the pipe again")
	t.streamOrder("opened twice", w, again, r)
}

func checkD4(t *T) {
	mine, theirs := t.socket(0)
	t.streamOrder("2>&1", theirs, theirs, mine)
}

// fileOrder checks the order in a file, and that it begins where it stood.
func (t *T) fileOrder(what string, flags int, twice bool) {
	path := t.path(strings.ReplaceAll(what, " ", "-"))
	t.must(os.WriteFile(path, []byte("before\n"), 0o600), "file")
	fd, err := unix.Open(path, unix.O_WRONLY|unix.O_CLOEXEC|flags, 0)
	t.must(err, "file")
	other := fd
	if twice {
		other, err = unix.Open(path, unix.O_WRONLY|unix.O_CLOEXEC|flags, 0)
		t.must(err, "file")
	}
	_, err = unix.Seek(fd, 7, 0)
	t.must(err, "seek")
	p := t.start(Start{FDs: map[int]int{1: fd, 2: other}, Command: t.program(t.report(), "turns", strconv.Itoa(turns), "0")})
	p.exits(0)
	text, err := os.ReadFile(path)
	t.must(err, "file")
	t.sameOrder(what, string(text), "before\n"+inTurns(turns, "\n"))
}

func checkD5(t *T) { t.fileOrder("file", 0, false) }

func checkD6(t *T) {
	t.fileOrder("append", unix.O_APPEND, false)
	t.fileOrder("append twice", unix.O_APPEND, true)
}

func checkD7(t *T) {
	const lines = 500
	term := t.terminal(24, 80)
	p := t.start(term.on(t.program(t.report(), "turns", strconv.Itoa(lines), "0")))
	p.exits(0)
	want := inTurns(lines, "\r\n")
	within(patience, func() bool { return len(term.shown()) >= len(want) })
	t.sameOrder("terminal", term.shown(), want)
}

// checkD8 counts lines that arrive clearly too early: a line is seen in one
// round of poll although its predecessor on the other pipe comes in a later one.
func checkD8(t *T) {
	const lines = 200
	out, outFD := t.pipe(0)
	errs, errFD := t.pipe(0)
	p := t.start(Start{FDs: map[int]int{1: outFD, 2: errFD}, Command: t.program(t.report(), "turns", strconv.Itoa(lines), "2000")})
	fds := []unix.PollFd{{Fd: int32(out.Fd()), Events: unix.POLLIN}, {Fd: int32(errs.Fd()), Events: unix.POLLIN}}
	counts, early := [2]int{}, 0
	buf := make([]byte, 1<<12)
	for fds[0].Fd >= 0 || fds[1].Fd >= 0 {
		if n, err := unix.Poll(fds, int(patience.Milliseconds())); n == 0 && err == nil {
			t.failf("nothing arrived within %v", patience)
		}
		for i := range fds {
			if fds[i].Revents == 0 || fds[i].Fd < 0 {
				continue
			}
			n, _ := unix.Read(int(fds[i].Fd), buf)
			counts[i] += strings.Count(string(buf[:max(n, 0)]), "\n")
			if n <= 0 {
				fds[i].Fd = -1
			}
		}
		if counts[1] > counts[0] || counts[0] > counts[1]+1 {
			early++
		}
	}
	p.exits(0)
	if counts != [2]int{lines, lines} {
		t.failf("%v lines arrived, not %d of each", counts, lines)
	}
	if early > lines/10 {
		t.failf("%d of %d lines arrived before their predecessor", early, 2*lines)
	}
}
