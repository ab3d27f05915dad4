//go:build linux

package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

func descriptorChecks() []Check {
	return []Check{
		{ID: "D12", Title: "0, 1, 2 or 3 closed early: the peer notices", Must: true, Run: checkD12},
		{ID: "D13", Title: "descriptors closed at start stay closed", Must: true, Run: checkD13},
		{ID: "D14", Title: "inherited descriptors: the same set", Must: true, Run: checkD14},
		{ID: "D15", Title: "kind and flags of descriptor 2", Must: true, Run: checkD15},
		{ID: "D15b", Title: "… where stderr alone is /dev/null", Run: checkD15b},
	}
}

// hungUp reports whether the other side of a pipe or socket is gone.
func hungUp(fd int) bool {
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN | unix.POLLRDHUP}}
	unix.Poll(fds, 0)
	return fds[0].Revents&(unix.POLLHUP|unix.POLLERR|unix.POLLRDHUP) != 0
}

// checkD12 closes while the program runs on: a wrapper that keeps a copy of
// the descriptor keeps the peer waiting.
func checkD12(t *T) {
	for _, kind := range []string{"pipe", "socket"} {
		for fd := range 4 {
			name := fmt.Sprintf("%s on %d", kind, fd)
			var peer *os.File
			var theirs int
			switch {
			case kind == "socket":
				peer, theirs = t.socket(0)
			case fd == 0:
				peer, theirs = t.input()
			default:
				peer, theirs = t.pipe(0)
			}
			r, end := t.report(), t.path(strings.ReplaceAll(name, " ", ""))
			p := t.start(Start{FDs: map[int]int{fd: theirs}, Command: t.program(r, "close", fmt.Sprint(fd), end)})
			raw := int(peer.Fd())
			r.Line("closed")
			if !within(patience/4, func() bool { return hungUp(raw) }) {
				t.failf("%s: the peer does not notice while the program runs", name)
			}
			if len(r.Lines("ended")) > 0 {
				t.failf("%s: the program ended", name)
			}
			t.touch(end)
			p.exits(0)
			peer.Close()
		}
	}
}

// descriptors runs "probe fds" and returns the text after "fd N" by number.
func (t *T) descriptors(s Start) map[int]string {
	r := t.report()
	s.Command = t.program(r, "fds")
	p := t.start(s)
	r.Line("end")
	p.exits(0)
	found := map[int]string{}
	for _, line := range r.Lines("fd") {
		var fd int
		if _, err := fmt.Sscanf(line, "fd %d", &fd); err != nil {
			t.failf("report %q", line)
		}
		_, rest, _ := strings.Cut(line[3:], " ")
		found[fd] = rest
	}
	return found
}

func numbers(found map[int]string) []int {
	var list []int
	for fd := range found {
		list = append(list, fd)
	}
	slices.Sort(list)
	return list
}

func checkD13(t *T) {
	for set := range 8 {
		closed, want := map[int]int{}, []int{}
		for fd := range 3 {
			if set>>fd&1 != 0 {
				closed[fd] = -1
			} else {
				want = append(want, fd)
			}
		}
		if got := numbers(t.descriptors(Start{FDs: closed})); !slices.Equal(got, want) {
			t.failf("open at start %v, the program has %v", want, got)
		}
	}
}

// describeFD is what "probe fds" says of a descriptor.
func (t *T) describeFD(fd int) string {
	var st unix.Stat_t
	t.must(unix.Fstat(fd, &st), "fstat")
	return fmt.Sprintf("kind %o ino %d flags %o cloexec 0", st.Mode&unix.S_IFMT, st.Ino, t.flags(fd))
}

func (t *T) flags(fd int) int {
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	t.must(err, "F_GETFL")
	return flags
}

func checkD14(t *T) {
	for _, extra := range [][]int{{}, {3}, {3, 10, 200}, {5, 63, 64, 255, 300}} {
		fds, want := map[int]int{}, []int{0, 1, 2}
		for _, fd := range extra {
			r, w := t.pipe(0)
			defer r.Close()
			fds[fd] = w
			want = append(want, fd)
		}
		got := t.descriptors(Start{FDs: fds, Keep: true})
		if !slices.Equal(numbers(got), want) {
			t.failf("descriptors %v, the program has %v", want, numbers(got))
		}
		for fd, own := range fds {
			if text := t.describeFD(own); got[fd] != text {
				t.failf("descriptor %d is %q, the program has %q", fd, text, got[fd])
			}
			unix.Close(own)
		}
	}
}

func checkD15(t *T) {
	open := func(path string, flags int) int {
		fd, err := unix.Open(path, flags|unix.O_CLOEXEC|unix.O_CREAT, 0o600)
		t.must(err, path)
		return fd
	}
	_, pipe := t.pipe(0)
	_, pipeNonblock := t.pipe(unix.O_NONBLOCK)
	_, socket := t.socket(0)
	_, socketNonblock := t.socket(unix.O_NONBLOCK)
	term := t.terminal(24, 80)
	null := open("/dev/null", unix.O_RDWR)
	for name, fd := range map[string]int{
		"pipe": pipe, "non-blocking pipe": pipeNonblock, "socket": socket, "non-blocking socket": socketNonblock,
		"file": open(t.path("file"), unix.O_WRONLY), "append file": open(t.path("append"), unix.O_WRONLY|unix.O_APPEND),
		"read-write file": open(t.path("both"), unix.O_RDWR), "terminal": term.slave, "/dev/null": null,
	} {
		before := t.flags(fd)
		for _, both := range []bool{false, true} { // the second time as 2>&1
			fds := map[int]int{2: fd}
			if fd == null && !both {
				continue // see D15b
			}
			if both {
				fds[1] = fd
			}
			got := t.descriptors(Start{FDs: fds, Keep: true})
			for n := range fds {
				if !sameKind(got[n], t.describeFD(fd)) {
					t.failf("%s: descriptor %d is %q, the program has %q", name, n, t.describeFD(fd), got[n])
				}
			}
		}
		if after := t.flags(fd); after != before {
			t.failf("%s: the caller's flags changed from %o to %o", name, before, after)
		}
	}
}

// checkD15b is apart: the shim keeps the error text of what is sent to /dev/null.
func checkD15b(t *T) {
	fd, err := unix.Open("/dev/null", unix.O_WRONLY|unix.O_CLOEXEC, 0)
	t.must(err, "/dev/null")
	if got, want := t.descriptors(Start{FDs: map[int]int{2: fd}, Keep: true})[2], t.describeFD(fd); !sameKind(got, want) {
		t.failf("/dev/null is %q, the program has %q", want, got)
	}
}

// sameKind compares what two descriptors are, not which: a relay has another inode.
func sameKind(a, b string) bool {
	drop := func(text string) string {
		words := strings.Fields(text)
		return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "ino" || len(w) > 0 && len(words) > 3 && w == words[3] }), " ")
	}
	return drop(a) == drop(b)
}
