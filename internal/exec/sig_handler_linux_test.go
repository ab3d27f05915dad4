package exec_test

import (
	"fmt"
	"io"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// counter is a shell script that says each signal it gets, once per signal.
const counter = `for s in HUP INT QUIT USR1 USR2 TERM; do trap "echo got-$s" $s; done
trap 'echo end; exit 0' ALRM
echo ready
while :; do sleep 0.05; done`

func TestSignalsArriveOnce(t *testing.T) {
	p := wrapped(t, "/bin/sh", "-c", counter)
	var out output
	p.Stdout = &out
	p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	out.waitFor(t, "ready")
	want := map[string]int{}
	for _, to := range []int{p.Process.Pid, -p.Process.Pid} {
		for sig, name := range map[syscall.Signal]string{
			syscall.SIGHUP: "HUP", syscall.SIGINT: "INT", syscall.SIGUSR1: "USR1", syscall.SIGTERM: "TERM",
		} {
			want[name]++
			if err := syscall.Kill(to, sig); err != nil {
				t.Fatal(err)
			}
			until(t, name, func() bool { return strings.Count(out.String(), "got-"+name) >= want[name] })
		}
	}
	syscall.Kill(p.Process.Pid, syscall.SIGALRM)
	if ws := p.result(); ws != 0 {
		t.Errorf("ended with %#x", ws)
	}
	for name, n := range want {
		if got := strings.Count(out.String(), "got-"+name); got != n {
			t.Errorf("%s arrived %d times, not %d", name, got, n)
		}
	}
}

// TestGroupOfItsOwn: a program that makes a process group of its own, as job
// control shells do, leads the caller's group already when it is run bare. With
// another leader it leaves that group either way.
func TestGroupOfItsOwn(t *testing.T) {
	const script = `exec perl -e 'setpgrp; $SIG{USR1} = sub { syswrite STDOUT, "got-USR1\n" };
		$SIG{TERM} = sub { exit 5 }; syswrite STDOUT, "apart\n"; sleep 1 while 1'`
	p := wrapped(t, "/bin/sh", "-c", script)
	p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var out output
	p.Stdout = &out
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	out.waitFor(t, "apart")
	syscall.Kill(-p.Process.Pid, syscall.SIGUSR1)
	out.waitFor(t, "got-USR1")
	syscall.Kill(-p.Process.Pid, syscall.SIGTSTP)
	var ws syscall.WaitStatus
	until(t, "the stop", func() bool {
		got, _ := syscall.Wait4(p.Process.Pid, &ws, syscall.WUNTRACED|syscall.WNOHANG, nil)
		return got == p.Process.Pid && ws.Stopped()
	})
	syscall.Kill(-p.Process.Pid, syscall.SIGCONT)
	syscall.Kill(-p.Process.Pid, syscall.SIGTERM)
	if ws := p.result(); ws.ExitStatus() != 5 {
		t.Errorf("ended with %#x: %q", ws, out.String())
	}
}

func TestStopAndContinue(t *testing.T) {
	p := wrapped(t, "/bin/sh", "-c", `kill -TSTP $$; exit 4`)
	p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	var ws syscall.WaitStatus
	if _, err := syscall.Wait4(p.Process.Pid, &ws, syscall.WUNTRACED, nil); err != nil {
		t.Fatal(err)
	}
	if !ws.Stopped() || ws.StopSignal() != syscall.SIGTSTP {
		t.Fatalf("waitpid saw %#x, not a stop by SIGTSTP", ws)
	}
	syscall.Kill(p.Process.Pid, syscall.SIGCONT)
	if ws := p.result(); ws.ExitStatus() != 4 {
		t.Errorf("ended with %#x", ws)
	}
}

// idle starts a program that waits, in a process group of its own, and
// returns its process and the witness's. The wrapper has the entry point: with
// it one thread takes all signals, so that they keep their order.
func idle(t *testing.T) (p *program, child, witness int) {
	t.Helper()
	p = wrapped(t, "/bin/sh", "-c", "echo ready; exec sleep 1000")
	p.Path = withEntry(t)
	var out output
	p.Stdout = &out
	p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Process.Kill() })
	out.waitFor(t, "ready")
	until(t, "program and witness", func() bool {
		child, witness = 0, 0
		for _, pid := range strings.Fields(children(p.Process.Pid)) {
			if comm, _ := os.ReadFile("/proc/" + pid + "/comm"); strings.TrimSpace(string(comm)) == "sleep" {
				child = atoi(t, pid)
			} else {
				witness = atoi(t, pid)
			}
		}
		return child != 0 && witness != 0
	})
	return p, child, witness
}

// waitStop returns the signal that has stopped a wrapper, once the witness has
// set the handler for the next one.
func waitStop(t *testing.T, pid int) syscall.Signal {
	t.Helper()
	var ws syscall.WaitStatus
	until(t, "the stop", func() bool {
		got, err := syscall.Wait4(pid, &ws, syscall.WUNTRACED|syscall.WNOHANG, nil)
		return err == nil && got == pid
	})
	until(t, "the handler", func() bool {
		b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		return caught(b, syscall.SIGTSTP)
	})
	return ws.StopSignal()
}

// TestStopThatMetOurOwn: a signal to the group reaches the witness and the
// program; the wrapper's turn comes when it stops already, by its own signal.
// The next SIGTSTP is for the wrapper alone and must reach the program.
func TestStopThatMetOurOwn(t *testing.T) {
	for range 5 {
		p, child, witness := idle(t)
		syscall.Kill(witness, syscall.SIGTSTP)
		syscall.Kill(child, syscall.SIGTSTP)
		for range 3 {
			if sig := waitStop(t, p.Process.Pid); sig != syscall.SIGTSTP {
				t.Fatalf("stopped by %v", sig)
			}
			syscall.Kill(-p.Process.Pid, syscall.SIGCONT)
			until(t, "the wrapper's continue", func() bool {
				b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Process.Pid))
				return strings.Contains(string(b), ") S ")
			})
			syscall.Kill(p.Process.Pid, syscall.SIGTSTP)
		}
		waitStop(t, p.Process.Pid)
		p.Process.Kill()
		p.result()
	}
}

// TestKilledWrapper kills the wrapper at many moments; the program must be
// gone afterwards and the reader of its stderr must find an end.
func TestKilledWrapper(t *testing.T) {
	for i := range 60 {
		p := wrapped(t, "/bin/sh", "-c", "exec sleep 1000")
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		p.Stderr = w
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		w.Close()
		for range i * 2000 { // no sleep: the moments before the program runs count
			syscall.Getppid()
		}
		p.Process.Kill()
		if ws := p.result(); ws.Signal() != syscall.SIGKILL {
			t.Errorf("ended with %#x", ws)
		}
		gone := make(chan struct{})
		go func() { io.Copy(io.Discard, r); close(gone) }()
		until(t, "the end of stderr", func() bool {
			select {
			case <-gone:
				return true
			default:
				return false
			}
		})
		r.Close()
	}
}

// state runs grep over /proc/self/status through the wrapper, with some
// signals ignored and blocked and descriptor 0 closed at start.
func state(t *testing.T, wrapper ...string) string {
	t.Helper()
	script := `trap '' USR2 HUP; exec 0<&-; exec "$@"`
	argv := append([]string{"-c", script, "sh"}, wrapper...)
	argv = append(argv, "/bin/sh", "-c", `grep SigIgn /proc/$$/status; [ -e /proc/$$/fd/0 ] && echo fd0 open; ulimit -Sn; env -0 | tr '\0' '\n' | grep -c ^DOUBLE`)
	c := osexec.Command("/bin/sh", argv...)
	c.Env = append(os.Environ(), "EXEC_WRAP=1", "DOUBLE=1")
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// TestWhatTheEntryPointBuys compares the state of the program bare, with the
// entry point and without it. Without, everything works, but the runtime has
// reset ignored signals other than HUP and INT, and has opened descriptor 0.
func TestWhatTheEntryPointBuys(t *testing.T) {
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &old); err != nil {
		t.Fatal(err)
	}
	bare := state(t)
	if got := state(t, withEntry(t)); got != bare {
		t.Errorf("with the entry point:\n%s\nbare:\n%s", got, bare)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	without := state(t, self)
	if without == bare || !strings.Contains(without, "fd0 open") {
		t.Errorf("without the entry point the state is the same; is it still needed?\n%s", without)
	}
	const ignoredUsr2 = 1 << 11
	if mask := ignored(t, without); mask&ignoredUsr2 != 0 || mask&1 == 0 {
		t.Errorf("without the entry point SIGHUP alone stays ignored, found %#x", mask)
	}
}

func ignored(t *testing.T, status string) (mask uint64) {
	t.Helper()
	_, rest, _ := strings.Cut(status, "SigIgn:")
	if _, err := fmt.Sscanf(strings.TrimSpace(rest), "%x", &mask); err != nil {
		t.Fatalf("%v: %q", err, status)
	}
	return mask
}

func TestEnvironmentByteForByte(t *testing.T) {
	dump := filepath.Join(t.TempDir(), "environ")
	env := []string{"A=1", "A=2", "no equals sign", "EMPTY=", "=odd", "BYTES=\xff\xfe"}
	c := &osexec.Cmd{Path: withEntry(t), Args: []string{"driver", "/bin/sh", "-c", `cat /proc/$$/environ > "$0"`, dump}}
	pid, err := syscall.ForkExec(c.Path, c.Args, &syscall.ProcAttr{Env: env, Files: []uintptr{0, 1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	var ws syscall.WaitStatus
	if _, err := syscall.Wait4(pid, &ws, 0, nil); err != nil || ws != 0 {
		t.Fatalf("%v, status %#x", err, ws)
	}
	got, err := os.ReadFile(dump)
	if want := strings.Join(env, "\x00") + "\x00"; err != nil || string(got) != want {
		t.Errorf("%v: environment %q, not %q", err, got, want)
	}
}
