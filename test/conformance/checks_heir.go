//go:build linux

package main

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func heirChecks() []Check {
	return []Check{
		{ID: "D16", Title: "a grandchild keeps 1 and 2: the wrapper returns", Must: true, Run: func(t *T) { checkHeir(t, false) }},
		{ID: "D16b", Title: "… and the late output still arrives", Must: true, Run: func(t *T) { checkHeir(t, true) }},
		{ID: "D17", Title: "the reader goes away: SIGPIPE at once", Must: true, Run: checkD17},
		{ID: "D17b", Title: "… or EPIPE where SIGPIPE is ignored", Must: true, Run: checkD17b},
		{ID: "D18", Title: "non-blocking stderr with a slow reader", Must: true, Run: checkD18},
		{ID: "D19", Title: "all stderr is delivered when waitpid returns", Must: true, Run: checkD19},
		{ID: "D20", Title: "a grandchild writes on to /dev/null", Must: true, Run: checkD20},
	}
}

// outlet is a pipe or a socket for the program's output.
func (t *T) outlet(kind string, flags int) (*os.File, int) {
	if kind == "socket" {
		return t.socket(flags)
	}
	return t.pipe(flags)
}

// checkHeir runs a program that ends and leaves its output to a grandchild,
// with a pipe, a socket, and the same pipe for both. Late output is written
// when the wrapper has long returned.
func checkHeir(t *T, late bool) {
	const size = 300_000
	for _, kind := range []string{"pipe", "socket", "2>&1"} {
		r, start := t.report(), t.path("start-"+strings.Trim(kind, ">&"))
		out, outFD := t.outlet(kind, 0)
		errs, errFD := out, outFD
		sinks := []*Sink{drain(out)}
		want := []string{strings.Repeat("o", size), "early\n" + strings.Repeat("e", size)}
		if kind == "2>&1" {
			want = []string{"early\n" + strings.Repeat("o", size) + strings.Repeat("e", size)}
		} else {
			errs, errFD = t.outlet(kind, 0)
			sinks = append(sinks, drain(errs))
		}
		p := t.start(Start{FDs: map[int]int{1: outFD, 2: errFD}, Command: t.program(r, "heir", start, strconv.Itoa(size), "3")})
		heir := r.Num("heir")
		if late { // whenever it returns
			p.endsOr(start)
		} else if e, ok := p.next(patience / 4); !ok || !e.Status.Exited() || e.Status.ExitStatus() != 3 {
			t.failf("%s: no end with status 3 within %v, but %s", kind, patience/4, describe(e.Status))
		}
		if gone(heir) && !late {
			t.failf("%s: the grandchild is gone", kind)
		}
		t.touch(start)
		for i, sink := range sinks {
			if late {
				t.until(kind+": end of output", sink.EOF)
				t.sameOrder(kind, string(sink.Bytes()), want[i])
			}
		}
	}
}

// endsOr waits for the end; a wrapper that waits for the grandchild instead
// is given what it waits for.
func (p *Proc) endsOr(start string) {
	if e, ok := p.next(patience / 4); !ok {
		p.t.touch(start)
	} else if !e.Status.Exited() || e.Status.ExitStatus() != 3 {
		p.t.failf("ended with %s", describe(e.Status))
	}
}

// readerGone starts a program that will write once, closes the reader of that
// descriptor and lets the wrapper notice.
func (t *T) readerGone(kind string, fd int, setup ...string) (*Proc, *Report) {
	r := t.report()
	start := r.path + ".go"
	reader, w := t.outlet(kind, 0)
	p := t.start(Start{Setup: setup, FDs: map[int]int{fd: w}, Command: t.program(r, "late", strconv.Itoa(fd), start)})
	r.Line("ready")
	reader.Close()
	time.Sleep(300 * time.Millisecond) // "at once", but not at the same instant
	t.touch(start)
	return p, r
}

// tries repeats what depends on the wrapper's being scheduled in time.
func (t *T) tries(n int, try func() (reason string)) {
	reason := ""
	for range n {
		if reason = try(); reason == "" {
			return
		}
	}
	t.failf("%s", reason)
}

func checkD17(t *T) {
	for _, kind := range []string{"pipe", "socket"} {
		for _, fd := range []int{1, 2} {
			t.tries(3, func() string {
				p, r := t.readerGone(kind, fd)
				if e := p.end(); e.Status.Signaled() && e.Status.Signal() == syscall.SIGPIPE {
					return ""
				}
				return kind + " on " + strconv.Itoa(fd) + ": the first write after the reader had gone: " + r.Line("write")
			})
		}
		reader, w := t.outlet(kind, 0)
		p := t.start(Start{FDs: map[int]int{2: w}, Command: t.program(t.report(), "blast", "2", "2000000000", "1")})
		buf := make([]byte, 1<<20)
		reader.SetReadDeadline(time.Now().Add(patience))
		_, err := reader.Read(buf)
		t.must(err, kind)
		reader.Close()
		p.dies(syscall.SIGPIPE)
	}
}

func checkD17b(t *T) {
	for _, kind := range []string{"pipe", "socket"} {
		for _, fd := range []int{1, 2} {
			t.tries(3, func() string {
				p, r := t.readerGone(kind, fd, "ign=13")
				p.exits(0)
				if got := r.Line("write"); got != "Broken pipe" {
					return kind + " on " + strconv.Itoa(fd) + ": the first write after the reader had gone: " + got
				}
				return ""
			})
		}
	}
}

func checkD18(t *T) {
	const size, seed = 1 << 20, 77
	for _, kind := range []string{"pipe", "socket"} {
		reader, w := t.outlet(kind, unix.O_NONBLOCK)
		p := t.start(Start{FDs: map[int]int{2: w}, Command: t.program(t.report(), "patient", "2", strconv.Itoa(size), strconv.Itoa(seed))})
		settle() // the program has filled the pipe by now
		reader.SetReadDeadline(time.Now().Add(2 * patience))
		if err := match(&slowly{reader}, seed, size); err != nil {
			t.failf("%s: %v%s", kind, err, p.said())
		}
		p.exits(0)
	}
}

// slowly reads a little at a time.
type slowly struct{ *os.File }

func (s *slowly) Read(buf []byte) (int, error) {
	time.Sleep(time.Millisecond)
	return s.File.Read(buf[:min(len(buf), 6000)])
}

// checkD19 does not read before waitpid has returned; all must be there then.
func checkD19(t *T) {
	for _, kind := range []string{"pipe", "socket"} {
		for i := range 25 {
			size := 60_000
			if i%2 == 0 {
				size = 1 + i
			}
			reader, w := t.outlet(kind, 0)
			p := t.start(Start{FDs: map[int]int{2: w}, Command: t.program(t.report(), "blast", "2", strconv.Itoa(size), "5")})
			p.exits(0)
			fd, got := int(reader.Fd()), 0
			t.must(unix.SetNonblock(fd, true), "fcntl")
			buf := make([]byte, 1<<16)
			for got < size {
				n, err := unix.Read(fd, buf)
				if n <= 0 {
					t.failf("%s: %d of %d bytes had been delivered: %v", kind, got, size, err)
				}
				got += n
			}
			reader.Close()
		}
	}
}

// checkD20: stderr is /dev/null, and a grandchild writes much to it when the program
// and the wrapper have long ended. Nobody may take the reader away from it.
func checkD20(t *T) {
	null, err := unix.Open("/dev/null", unix.O_WRONLY|unix.O_CLOEXEC, 0)
	t.must(err, "/dev/null")
	r, start := t.report(), t.path("start")
	p := t.start(Start{FDs: map[int]int{2: null}, Command: t.program(r, "heir", start, "3000000", "3")})
	heir := r.Num("heir")
	p.exits(3)
	t.touch(start)
	r.Line("heir-end")
	t.until("the grandchild's end", func() bool { return gone(heir) })
	t.until("the end of stdout", p.Out.EOF)
	if got := p.Out.Len(); got != 3000000 {
		t.failf("%d bytes arrived on stdout", got)
	}
}
