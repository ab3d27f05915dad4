//go:build !portable

package exec_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// awaitStop waits until the caller of a process sees it stopped.
func awaitStop(t *testing.T, pid int, what string) syscall.Signal {
	t.Helper()
	var ws syscall.WaitStatus
	for end := time.Now().Add(patience / 4); ; {
		got, err := syscall.Wait4(pid, &ws, syscall.WUNTRACED|syscall.WNOHANG, nil)
		if err == nil && got == pid {
			return ws.StopSignal()
		}
		if time.Now().After(end) {
			t.Fatalf("%s: no stop is seen", what)
		}
		time.Sleep(20 * time.Microsecond)
	}
}

// TestStopsAtOnce stops and continues wrapper or group in all orders, on a
// busy machine, and each time as soon as the caller has seen the last change.
// Whenever the wrapper is seen stopped, so is the program.
func TestStopsAtOnce(t *testing.T) {
	busy(t)
	p, child, _ := idle(t)
	pid := p.Process.Pid
	for i := range 400 {
		stop, cont := pid, pid
		if i&1 != 0 {
			stop = -pid
		}
		if i&2 != 0 {
			cont = -pid
		}
		sig := []syscall.Signal{syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU}[i/4%3]
		what := fmt.Sprintf("%d: %v to %d, before that SIGCONT", i, sig, stop)
		syscall.Kill(stop, sig)
		if got := awaitStop(t, pid, what); got != sig {
			t.Fatalf("%s: stopped by %v", what, got)
		}
		if s := processState(t, child); s != "T" {
			t.Fatalf("%s: the program is in state %s", what, s)
		}
		syscall.Kill(cont, syscall.SIGCONT)
		for end := time.Now().Add(patience / 4); processState(t, child) == "T"; time.Sleep(20 * time.Microsecond) {
			if time.Now().After(end) {
				t.Fatalf("%d: SIGCONT to %d does not reach the program", i, cont)
			}
		}
	}
}

// TestGateThatIsLate stops and continues a wrapper as fast as it can on a machine
// that lets the threads and processes behind its stops wait: the caller never sees
// one before the handler for the next stands.
func TestGateThatIsLate(t *testing.T) {
	p := wrapped(t, "/bin/sh", "-c", "echo ready; exec sleep 1000")
	p.Env = append(p.Env, "EXEC_LATE_GATE=1")
	var out output
	p.Stdout = &out
	p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Process.Kill(); p.Wait() })
	pid := p.Process.Pid
	out.waitFor(t, "ready")
	for i := range 12 {
		syscall.Kill(pid, syscall.SIGTSTP)
		if sig := awaitStop(t, pid, fmt.Sprint(i)); sig != syscall.SIGTSTP {
			t.Fatalf("%d: stopped by %v", i, sig)
		}
		if b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)); !caught(b, syscall.SIGTSTP) {
			t.Fatalf("%d: the wrapper has stopped, and no handler stands", i)
		}
		syscall.Kill(pid, syscall.SIGCONT)
	}
}

// TestLastOneCounts sends a stop and a SIGCONT without waiting in between, and
// from a stop a SIGCONT and the next stop: the last one decides, as for a bare
// program. There are two short windows in which it does not (package comment);
// they may be met in one turn of twenty, and a SIGCONT to the group ends what
// has become of it.
func TestLastOneCounts(t *testing.T) {
	busy(t)
	p := wrapped(t, "/bin/sh", "-c", `trap 'echo pong' USR1; sleep 1000 & echo $$; while :; do wait; done`)
	p.Path = withEntry(t)
	var out output
	p.Stdout = &out
	p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	pid := p.Process.Pid
	t.Cleanup(func() { syscall.Kill(-pid, syscall.SIGKILL); p.Wait() })
	until(t, "start", func() bool { return strings.Contains(out.String(), "\n") })
	child := atoi(t, strings.TrimSpace(out.String()))
	const turns = 200
	missed := 0
	answers := func(what string) {
		pongs := strings.Count(out.String(), "pong")
		syscall.Kill(pid, syscall.SIGUSR1)
		helped := false
		begin := time.Now()
		until(t, what+": answer", func() bool {
			if !helped && time.Since(begin) > patience/10 {
				helped = true
				missed++
				syscall.Kill(-pid, syscall.SIGCONT)
			}
			return strings.Count(out.String(), "pong") > pongs
		})
	}
	for i := range turns {
		stop, cont := pid, pid
		if i&1 != 0 {
			stop = -pid
		}
		if i&2 != 0 {
			cont = -pid
		}
		what := fmt.Sprintf("%d: SIGTSTP to %d, SIGCONT to %d", i, stop, cont)
		syscall.Kill(stop, syscall.SIGTSTP)
		if cont < 0 { // else the wrapper's own stop may discard it (package comment)
			pause(i)
			syscall.Kill(cont, syscall.SIGCONT)
			answers(what)
			syscall.Kill(stop, syscall.SIGTSTP)
		}
		awaitStop(t, pid, what)
		syscall.Kill(cont, syscall.SIGCONT)
		pause(i)
		syscall.Kill(stop, syscall.SIGTSTP)
		awaitStop(t, pid, what+", again")
		if processState(t, child) != "T" {
			missed++
		}
		syscall.Kill(cont, syscall.SIGCONT)
		answers(what + ", again")
	}
	if missed > turns/20 {
		t.Errorf("%d of %d", missed, turns)
	}
}

// TestEarlySignal sends signals while the runtime starts, which would take
// some: the program must die of them, as it does bare.
func TestEarlySignal(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGUSR1, syscall.SIGALRM, syscall.SIGVTALRM, syscall.SIGINT, syscall.SIGTERM} {
		t.Run(unix.SignalName(sig), func(t *testing.T) { earlySignal(t, sig) })
	}
}

func earlySignal(t *testing.T, sig syscall.Signal) {
	for i := range 100 {
		p := wrapped(t, "/bin/sleep", "1000")
		p.Path = withEntry(t)
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		pause(i)
		p.Process.Signal(sig)
		if ws := p.result(); ws.Signal() != sig {
			t.Fatalf("%d: ended with %#x", i, ws)
		}
	}
}

// TestEarlyGroupSignal is for a script without "#!", which takes two processes:
// what the first has got goes to the second. The tenth of a microsecond before
// each process (package comment) may be met.
func TestEarlyGroupSignal(t *testing.T) {
	script := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(script, []byte("exec sleep 1000\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	var missed atomic.Int32
	for i := 0; i < 400 && missed.Load() < 3; i++ {
		p := wrapped(t, script)
		p.Path = withEntry(t)
		p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		for range i % 100 * 200 {
			syscall.Getppid()
		}
		syscall.Kill(-p.Process.Pid, syscall.SIGTERM)
		again := time.AfterFunc(patience/10, func() {
			missed.Add(1)
			p.Process.Signal(syscall.SIGTERM)
		})
		if ws := p.result(); ws.Signal() != syscall.SIGTERM {
			t.Fatalf("%d: ended with %#x", i, ws)
		}
		again.Stop()
	}
	if n := missed.Load(); n > 2 {
		t.Errorf("%d were lost", n)
	}
}
