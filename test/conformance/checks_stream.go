//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

func streamChecks() []Check {
	return []Check{
		{ID: "D1", Title: "100 MB on stdout, byte for byte", Must: true, Run: func(t *T) { checkBulk(t, 1) }},
		{ID: "D2", Title: "100 MB on stderr, byte for byte", Must: true, Run: func(t *T) { checkBulk(t, 2) }},
		{ID: "D2b", Title: "stdout and stderr are never mixed", Run: checkD2b},
	}
}

func flowChecks() []Check {
	return []Check{
		{ID: "D9", Title: "stderr latency: median below 1 ms", Must: true, Alone: true, Run: checkD9},
		{ID: "D10", Title: "10 MB on stdin, and its end", Must: true, Run: checkD10},
		{ID: "D11", Title: "unread stdin is left for the next reader", Must: true, Run: checkD11},
	}
}

// A pattern produces the probe's pseudo-random bytes (xorshift64*).
type pattern uint64

func (p *pattern) fill(out []byte) {
	x := uint64(*p)
	for i := range out {
		x ^= x >> 12
		x ^= x << 25
		x ^= x >> 27
		out[i] = byte((x * 0x2545F4914F6CDD1D) >> 56)
	}
	*p = pattern(x)
}

// match reads to the end and compares with the first n bytes of a pattern.
func match(r io.Reader, seed uint64, n int) error {
	p := pattern(seed)
	got, want := make([]byte, 1<<16), make([]byte, 1<<16)
	for at := 0; ; {
		k, err := r.Read(got)
		if at+k > n {
			return fmt.Errorf("more than %d bytes", n)
		}
		p.fill(want[:k])
		if !bytes.Equal(got[:k], want[:k]) {
			return fmt.Errorf("wrong bytes after byte %d", at)
		}
		at += k
		if err == io.EOF && at == n {
			return nil
		}
		if err != nil {
			return fmt.Errorf("after %d of %d bytes: %v", at, n, err)
		}
	}
}

func checkBulk(t *T, fd int) {
	const size = 100 << 20
	seed := uint64(0x9E3779B97F4A7C15 + uint64(fd))
	r, w := t.pipe(0)
	p := t.start(Start{FDs: map[int]int{fd: w},
		Command: t.program(t.report(), "blast", strconv.Itoa(fd), strconv.Itoa(size), strconv.FormatUint(seed, 10))})
	r.SetReadDeadline(time.Now().Add(4 * patience))
	if err := match(r, seed, size); err != nil {
		t.failf("descriptor %d: %v%s", fd, err, p.said())
	}
	p.exits(0)
}

func checkD2b(t *T) {
	const size = 20 << 20
	p := t.start(Start{Command: t.program(t.report(), "both", strconv.Itoa(size))})
	p.exits(0)
	t.until("end of output", func() bool { return p.Out.EOF() && p.Err.EOF() })
	for want, got := range map[string][]byte{"o": p.Out.Bytes(), "e": p.Err.Bytes()} {
		if n := bytes.Count(got, []byte(want)); len(got) != size || n != size {
			t.failf("of %d bytes %q arrived %d, with %d others between", size, want, n, len(got)-n)
		}
	}
}

// checkD9 takes the best of a few batches: another process that happens to
// hold the processor is not the wrapper's delay.
func checkD9(t *T) {
	const samples, batches = 200, 5
	var medians []time.Duration
	for range batches {
		r, w := t.pipe(0)
		p := t.start(Start{FDs: map[int]int{2: w}, Command: t.program(t.report(), "stamps", strconv.Itoa(samples), "2000")})
		delays := t.latencies(r, samples)
		p.exits(0)
		slices.Sort(delays)
		medians = append(medians, delays[len(delays)/2])
		if medians[len(medians)-1] < time.Millisecond {
			return
		}
	}
	t.failf("medians %v", medians)
}

// latencies reads time stamps and returns how old each was.
func (t *T) latencies(r *os.File, samples int) []time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	fd := int(r.Fd()) // now blocking: no poller between the data and the clock
	defer r.Close()
	var delays []time.Duration
	var buf [8]byte
	for range samples {
		for at := 0; at < len(buf); {
			fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
			if n, _ := unix.Poll(fds, int(patience/time.Millisecond)); n == 0 {
				t.failf("nothing arrived within %v", patience)
			}
			n, err := unix.Read(fd, buf[at:])
			if err == unix.EINTR || err == unix.EAGAIN {
				continue
			}
			if err != nil || n == 0 {
				t.failf("%d of %d stamps arrived: %v", len(delays), samples, err)
			}
			at += n
		}
		var now unix.Timespec
		t.must(unix.ClockGettime(unix.CLOCK_MONOTONIC, &now), "clock")
		delays = append(delays, time.Duration(now.Nano()-int64(binary.LittleEndian.Uint64(buf[:]))))
	}
	return delays
}

// input returns a pipe for the program's stdin: its read end, and the write
// end for the suite.
func (t *T) input() (w *os.File, r int) {
	var fd [2]int
	t.must(unix.Pipe2(fd[:], unix.O_CLOEXEC), "pipe")
	t.must(unix.SetNonblock(fd[1], true), "pipe")
	return os.NewFile(uintptr(fd[1]), "pipe"), fd[0]
}

func checkD10(t *T) {
	data := make([]byte, 10<<20)
	p := pattern(42)
	p.fill(data)
	sum := fnv.New64a()
	sum.Write(data)
	want := fmt.Sprintf("%d %016x", len(data), sum.Sum64())
	for _, kind := range []string{"pipe", "socket"} {
		w, r := t.input()
		if kind == "socket" {
			w.Close()
			unix.Close(r)
			w, r = t.socket(0)
		}
		report := t.report()
		proc := t.start(Start{FDs: map[int]int{0: r}, Command: t.program(report, "eat", "-1")})
		w.SetWriteDeadline(time.Now().Add(2 * patience))
		_, err := w.Write(data)
		t.must(err, kind)
		w.Close()
		if got := report.Line("ate"); got != want {
			t.failf("%s: the program read %s, not %s", kind, got, want)
		}
		proc.exits(0)
	}
}

func checkD11(t *T) {
	const text = "first\nsecond\nthird\n"
	w, r := t.input()
	_, err := w.Write([]byte(text))
	t.must(err, "pipe")
	w.Close()
	path := t.path("input")
	t.must(os.WriteFile(path, []byte(text), 0o600), "file")
	file, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	t.must(err, "file")
	for kind, fd := range map[string]int{"pipe": r, "file": file} {
		report := t.report()
		p := t.start(Start{FDs: map[int]int{0: fd}, Keep: true, Command: t.program(report, "eat", "6")})
		p.exits(0)
		report.Line("ate")
		rest := make([]byte, 100)
		n, err := unix.Read(fd, rest)
		t.must(err, kind)
		if string(rest[:n]) != text[6:] {
			t.failf("%s: %q was left, not %q", kind, rest[:n], text[6:])
		}
	}
}
