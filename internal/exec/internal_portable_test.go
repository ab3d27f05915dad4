//go:build unix && (portable || !linux || !(amd64 || arm64))

package exec

import (
	"os"
	"reflect"
	"syscall"
	"testing"
)

// TestWaitStatus decodes the numbers of Linux and of macOS, whose methods in
// package syscall are wrong about stops.
func TestWaitStatus(t *testing.T) {
	for status, want := range map[syscall.WaitStatus]struct {
		stop syscall.Signal
		over bool
	}{
		0x0000: {0, true}, 0x0700: {0, true}, 0xff00: {0, true}, // exited
		0x000f: {0, true}, 0x008b: {0, true}, // killed, with a core file
		0x117f: {0x11, false}, 0x127f: {0x12, false}, 0x147f: {0x14, false}, 0x157f: {0x15, false}, // stopped
		0xffff: {0, false}, // continued, Linux
	} {
		if got := stopSignal(status); got != want.stop && status != syscall.WaitStatus(syscall.SIGCONT)<<8|0x7f {
			t.Errorf("%#x: stopped by %d, not %d", status, got, want.stop)
		}
		if got := ended(status); got != want.over {
			t.Errorf("%#x: ended is %v", status, got)
		}
	}
	if continued := syscall.WaitStatus(syscall.SIGCONT)<<8 | 0x7f; stopSignal(continued) != 0 || ended(continued) { // macOS
		t.Error("a continuation is taken for a stop or an end")
	}
}

// TestJob sends a program to the leader: any bytes but NUL are kept.
func TestJob(t *testing.T) {
	for _, spec := range []Spec{
		{Path: "/bin/true", Argv: []string{"true"}, Env: []string{"A=1", "A=2", "", "no equals", "\xff=\n"}},
		{Path: "/x", Argv: []string{"", "", "a b"}},
		{Path: "/x", Argv: []string{"x"}, Env: []string{""}},
	} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		go func() { sendJob(plainFile(w.Fd()), &spec); w.Close() }()
		path, argv, env, ok := receiveJob(plainFile(r.Fd()))
		if !ok || path != spec.Path || !reflect.DeepEqual(argv, spec.Argv) || len(env) != len(spec.Env) || len(env) > 0 && !reflect.DeepEqual(env, spec.Env) {
			t.Errorf("%+v became %q %q %q %v", spec, path, argv, env, ok)
		}
		r.Close()
	}
}

func TestSightings(t *testing.T) {
	g := guard{pid: 1}
	if g.stands() {
		t.Error("a guard stands that has not reported")
	}
	g.take(markSync, true)
	if !g.stands() || !g.isNew() {
		t.Error("a guard has reported and does not stand")
	}
	g.take(byte(syscall.SIGTERM), true)
	if g.seen[syscall.SIGTERM].at.IsZero() || !g.seen[syscall.SIGINT].at.IsZero() {
		t.Error("the wrong signal was seen")
	}
	g.control = -1
	g.take(0, false)
	if g.stands() {
		t.Error("a killed guard stands")
	}
}
