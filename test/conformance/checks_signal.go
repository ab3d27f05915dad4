//go:build linux

package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

func signalChecks() []Check {
	return []Check{
		{ID: "B1", Title: "each signal reaches the program exactly once", Must: true, Run: checkB1},
		{ID: "B2", Title: "queued signals keep order and values", Run: checkB2},
		{ID: "B3", Title: "a signal to the process group arrives once", Run: checkB3},
		{ID: "B4", Title: "si_pid is the sender's", Run: checkB4},
	}
}

// sent are the signals of B1: all that kill(2) sends, save those that cannot
// be caught, the four of a processor fault and SIGCHLD.
var sent = []syscall.Signal{1, 2, 3, 5, 6, 10, 12, 13, 14, 15, 16, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31}

// A listener is a program that reports the signals it gets.
type listener struct {
	*Proc
	*Report
	t       *T
	end     string
	program int // its process id
}

func (t *T) listen(s Start) *listener {
	r := t.report()
	l := &listener{Report: r, t: t, end: r.path + ".end"}
	s.Command = t.program(r, "sigs", l.end, "7")
	l.Proc = t.start(s)
	l.program = r.Num("ready")
	return l
}

func (l *listener) count(sig syscall.Signal) int {
	return len(l.Lines("sig " + strconv.Itoa(int(sig))))
}

// gets waits until the program has got a signal n times.
func (l *listener) gets(sig syscall.Signal, n int) {
	if !within(patience, func() bool { return l.count(sig) >= n }) {
		l.t.failf("signal %d arrived %d times, not %d%s", sig, l.count(sig), n, l.said())
	}
}

// exactly fails when the program got the signal more or less than n times.
func (l *listener) exactly(sig syscall.Signal, n int) {
	if got := l.count(sig); got != n {
		l.t.failf("signal %d arrived %d times, not %d", sig, got, n)
	}
}

// finish ends the program, which must end as it was told.
func (l *listener) finish() {
	l.t.touch(l.end)
	l.exits(7)
}

func checkB1(t *T) {
	l := t.listen(Start{})
	const rounds = 3
	for round := 1; round <= rounds; round++ {
		for _, sig := range sent {
			l.kill(sig)
			l.gets(sig, round)
		}
	}
	settle()
	for _, sig := range sent {
		l.exactly(sig, rounds)
	}
	if all := len(l.Lines("sig")); all != rounds*len(sent) {
		t.failf("%d signals arrived, %d were sent", all, rounds*len(sent))
	}
	l.finish()
}

// queue is rt_sigqueueinfo(2) with SI_QUEUE.
func queue(pid int, sig syscall.Signal, value int) error {
	var info struct {
		signo, errno, code, _ int32
		pid                   int32
		uid                   uint32
		value                 int64
		_                     [96]byte
	}
	info.signo, info.code, info.pid, info.value = int32(sig), -1, int32(os.Getpid()), int64(value)
	info.uid = uint32(os.Getuid())
	_, _, errno := syscall.RawSyscall(unix.SYS_RT_SIGQUEUEINFO, uintptr(pid), uintptr(sig), uintptr(unsafe.Pointer(&info)))
	if errno != 0 {
		return errno
	}
	return nil
}

// checkB2 repeats: two threads of a wrapper that race for the signals keep
// their order by luck most of the time.
func checkB2(t *T) {
	const count, rounds = 50, 10
	l := t.listen(Start{})
	for round := range rounds {
		for _, sig := range []syscall.Signal{37, 60} {
			for value := range count {
				t.must(queue(l.PID, sig, round*count+value), "rt_sigqueueinfo")
			}
			l.gets(sig, (round+1)*count)
		}
	}
	settle()
	for _, sig := range []syscall.Signal{37, 60} {
		l.exactly(sig, rounds*count)
		for i, line := range l.Lines("sig " + strconv.Itoa(int(sig))) {
			if want := fmt.Sprintf("code -1 pid %d uid %d value %d", os.Getpid(), os.Getuid(), i); !strings.HasSuffix(line, want) {
				t.failf("signal %d, number %d of %d: got %q, want %q", sig, i, rounds*count, line, want)
			}
		}
	}
	t.must(queue(l.PID, syscall.SIGUSR1, 4711), "rt_sigqueueinfo")
	l.gets(syscall.SIGUSR1, 1)
	if line := l.Lines("sig 10")[0]; !strings.HasSuffix(line, "value 4711") {
		t.failf("SIGUSR1 lost its value: %s", line)
	}
	l.finish()
}

// checkB3 repeats each signal: one that is sent twice in quick succession may
// be merged by the kernel and then looks right by luck.
func checkB3(t *T) {
	l := t.listen(Start{})
	const rounds = 5
	signals := []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1,
		syscall.SIGUSR2, syscall.SIGWINCH, syscall.SIGCONT, syscall.SIGALRM, syscall.Signal(40)}
	for round := 1; round <= rounds; round++ {
		for _, sig := range signals {
			t.must(syscall.Kill(-l.PID, sig), "kill the group")
			l.gets(sig, round)
		}
		settle()
		for _, sig := range signals {
			l.exactly(sig, round)
		}
	}
	l.finish()
}

func checkB4(t *T) {
	l := t.listen(Start{})
	for i, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGUSR1, syscall.SIGHUP, syscall.SIGINT} {
		l.kill(sig) // from the caller
		l.gets(sig, 1)
		r := t.report()
		t.start(Start{Command: []string{t.probe, "-o", r.path, "send", strconv.Itoa(l.PID), strconv.Itoa(int(sig))}}).exits(0)
		l.gets(sig, 2)
		lines := l.Lines("sig " + strconv.Itoa(int(sig)))
		for n, sender := range []int{os.Getpid(), r.Num("sender")} {
			if want := fmt.Sprintf(" pid %d uid %d ", sender, os.Getuid()); !strings.Contains(lines[n], want) {
				t.failf("signal %d (%d): got %q, want%s", sig, i, lines[n], want)
			}
		}
	}
	l.finish()
}
