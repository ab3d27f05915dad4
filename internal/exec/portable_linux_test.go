//go:build portable || !(amd64 || arm64)

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
	"time"

	"golang.org/x/sys/unix"
)

// The faults that a supervisor in plain Go has by nature, one test for each.

// TestCtrlZGivesThePrompt: a stopped program stops its supervisor, so that a shell
// notices; fg continues both.
func TestCtrlZGivesThePrompt(t *testing.T) {
	for _, sigaction := range []string{"", "no"} {
		p := wrapped(t, "/bin/sh", "-c", "echo ready; exec sleep 1000")
		args := p.Args
		p.Path, p.Args = "/bin/bash", []string{"bash", "--norc", "--noprofile", "-i"}
		p.Env = append(p.Env, "PS1=$ ", "WRAPPER="+args[0], "SCRIPT="+args[3])
		if sigaction != "" {
			p.Env = append(p.Env, "EXEC_NO_SIGACTION=1")
		}
		keyboard, screen := onTerminalWith(t, p, "auto")
		screen.waitFor(t, "$ ")
		keyboard.WriteString("\"$WRAPPER\" /bin/sh -c \"$SCRIPT\"\n")
		screen.waitFor(t, "ready")
		for i := 1; i <= 3; i++ {
			time.Sleep(20 * time.Millisecond) // the foreground again after fg
			until(t, "stop", func() bool {
				keyboard.WriteString("\x1a")
				return within(time.Second, func() bool { return strings.Count(screen.String(), "Stopped") >= i })
			})
			keyboard.WriteString("fg\n")
			until(t, "fg", func() bool { return strings.Count(screen.String(), "$SCRIPT") > i })
		}
		p.Process.Kill()
		p.result()
	}
}

// TestCtrlZRightAfterFg: a continuation that the supervisor is late to notice does not
// undo the stop that came after it, and a stop that is over stops nobody.
func TestCtrlZRightAfterFg(t *testing.T) {
	p := wrapped(t, "/bin/sh", "-c", "echo pid $$ done; exec sleep 1000")
	args := p.Args
	p.Path, p.Args = "/bin/bash", []string{"bash", "--norc", "--noprofile", "-i"}
	p.Env = append(p.Env, "PS1=$ ", "WRAPPER="+args[0], "SCRIPT="+args[3])
	keyboard, screen := onTerminalWith(t, p, "auto")
	screen.waitFor(t, "$ ")
	keyboard.WriteString("\"$WRAPPER\" /bin/sh -c \"$SCRIPT\"\n")
	screen.waitFor(t, "pid ")
	screen.waitFor(t, " done\r\n")
	pid := strings.Fields(screen.String()[strings.Index(screen.String(), "pid "):])[1]
	stat := "/proc/" + pid + "/stat"
	stopped := func() bool { b, _ := os.ReadFile(stat); return strings.Contains(string(b), ") T ") }
	group := func() int { g, _ := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPGRP); return g }
	job := group()
	for i := 1; i <= 25; i++ {
		keyboard.WriteString("\x1a")
		until(t, "the shell's word of stop "+fmt.Sprint(i), func() bool { return strings.Count(screen.String(), "Stopped") == i })
		if !stopped() {
			t.Fatalf("stop %d: the shell tells of it and the program runs", i)
		}
		until(t, "the prompt", func() bool { return strings.HasSuffix(screen.String(), "$ ") && group() != job })
		keyboard.WriteString("fg\n")
		until(t, "fg", func() bool { return group() == job && !stopped() })
	}
	p.Process.Kill()
	p.result()
}

// TestContinuedByPidAfterGroup: what was seen of a SIGCONT to the group does not stand
// for one to the supervisor alone that comes soon after.
func TestContinuedByPidAfterGroup(t *testing.T) {
	p := wrapped(t, "/bin/sh", "-c", "echo pid $$ done; exec sleep 1000")
	p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out := &output{}
	p.Stdout = out
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	out.waitFor(t, " done\n")
	waitForGuard(t, p)
	program := atoi(t, strings.Fields(out.String())[1])
	stopped := func(pid int) bool {
		b, _ := os.ReadFile("/proc/" + fmt.Sprint(pid) + "/stat")
		return strings.Contains(string(b), ") T ")
	}
	for range 5 {
		for _, target := range []int{-p.Process.Pid, p.Process.Pid} {
			syscall.Kill(program, syscall.SIGSTOP)
			until(t, "stop", func() bool { return stopped(program) && stopped(p.Process.Pid) })
			syscall.Kill(target, syscall.SIGCONT)
			until(t, fmt.Sprint("continuation of ", target), func() bool { return !stopped(program) && !stopped(p.Process.Pid) })
		}
	}
	p.Process.Kill()
	p.result()
}

func within(limit time.Duration, done func() bool) bool {
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if done() {
			return true
		}
	}
	return done()
}

// TestNohupIsKept: what was ignored at start stays so, as far as the runtime has left
// it.
func TestNohupIsKept(t *testing.T) {
	for _, sig := range []string{"HUP", "INT", "TSTP", "TTIN", "TTOU"} {
		p := wrapped(t, "/bin/sh", "-c", "kill -"+sig+" $$; exit 6")
		p.Path, p.Args = "/bin/sh", append([]string{"sh", "-c", `trap "" ` + sig + `; exec "$@"`, "sh"}, p.Args...)
		if ws := p.run(); ws.ExitStatus() != 6 {
			t.Errorf("SIG%s: ended with %#x", sig, ws)
		}
	}
}

// TestDeathWithoutSigaction: where the default action cannot be set, kill(1) kills
// this process. Nothing is printed, whatever the signal.
func TestDeathWithoutSigaction(t *testing.T) {
	for _, no := range []string{"", "1"} {
		for sig := syscall.Signal(1); sig <= 31; sig++ {
			switch sig {
			case syscall.SIGCHLD, syscall.SIGCONT, syscall.SIGSTOP, syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU, syscall.SIGURG, syscall.SIGWINCH:
				continue
			}
			p := wrapped(t, "/bin/sh", "-c", fmt.Sprintf("ulimit -c 0; kill -%d $$; sleep 5", int(sig)))
			p.Env = append(p.Env, "EXEC_NO_SIGACTION="+no)
			var out output
			p.Stdout, p.Stderr = &out, &out
			if ws := p.run(); !ws.Signaled() || ws.Signal() != sig || out.String() != "" {
				t.Errorf("signal %d: ended with %#x, printed %q", sig, ws, out.String())
			}
		}
	}
}

// TestSignalsToTheSupervisorArrive: those too that a terminal sends to whole groups,
// and once where the whole group got them.
func TestSignalsToTheSupervisorArrive(t *testing.T) {
	const script = `$| = 1; for my $s (qw(HUP INT QUIT USR1 USR2 TERM WINCH PIPE TTIN)) { $SIG{$s} = sub { print "got-$s\n" } }
		$SIG{ALRM} = sub { exit 0 }; print "ready\n"; select undef, undef, undef, 0.05 while 1`
	for _, group := range []bool{false, true} {
		p := wrapped(t, "/usr/bin/perl", "-e", script)
		p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		var out output
		p.Stdout = &out
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		out.waitFor(t, "ready")
		waitForGuard(t, p)
		target := p.Process.Pid
		if group {
			target = -target
		}
		for name, sig := range map[string]syscall.Signal{"HUP": 1, "INT": 2, "QUIT": 3, "USR1": syscall.SIGUSR1, "USR2": syscall.SIGUSR2,
			"TERM": 15, "WINCH": syscall.SIGWINCH, "PIPE": 13, "TTIN": syscall.SIGTTIN} {
			syscall.Kill(target, sig)
			out.waitFor(t, "got-"+name+"\n")
		}
		syscall.Kill(p.Process.Pid, syscall.SIGALRM)
		if ws := p.result(); ws != 0 {
			t.Errorf("ended with %#x", ws)
		}
		for _, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
			if n := strings.Count(out.String(), line+"\n"); n != 1 {
				t.Errorf("group %v: %s %d times", group, line, n)
			}
		}
	}
}

// childrenOf are the processes that a process has started.
func childrenOf(t *testing.T, pid int) (list []int) {
	t.Helper()
	out, err := osexec.Command("ps", "-A", "-o", "pid=", "-o", "ppid=").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) == 2 && f[1] == fmt.Sprint(pid) {
			list = append(list, atoi(t, f[0]))
		}
	}
	return list
}

// waitForGuard waits until the guard is in the supervisor's group, which it joins
// when it sees signals.
func waitForGuard(t *testing.T, p *program) (guard int) {
	t.Helper()
	until(t, "the guard", func() bool {
		for _, child := range childrenOf(t, p.Process.Pid) {
			args, _ := osexec.Command("ps", "-o", "args=", "-p", fmt.Sprint(child)).Output()
			group, _ := syscall.Getpgid(child)
			own, _ := syscall.Getpgid(p.Process.Pid)
			if strings.Contains(string(args), "--pi-track-guard") && group == own {
				guard = child
			}
		}
		return guard != 0
	})
	time.Sleep(50 * time.Millisecond) // its report has been read
	return guard
}

// TestKilledSupervisorLeavesNobody: the guard kills the program, and ends.
func TestKilledSupervisorLeavesNobody(t *testing.T) {
	p := wrapped(t, "/bin/sh", "-c", "exec sleep 1000")
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	waitForGuard(t, p)
	left := childrenOf(t, p.Process.Pid)
	p.Process.Kill()
	p.result()
	for _, pid := range left {
		until(t, "the end of all", func() bool {
			out, _ := osexec.Command("ps", "-o", "stat=", "-p", fmt.Sprint(pid)).Output()
			return len(out) == 0 || out[0] == 'Z'
		})
	}
	if len(left) != 2 {
		t.Errorf("%d processes, not the program and the guard", len(left))
	}
}

// TestGuardKilled: the supervisor guesses then, and nothing hangs.
func TestGuardKilled(t *testing.T) {
	p := wrapped(t, "/bin/sh", "-c", `trap 'exit 9' USR1; while :; do sleep 0.05; done`)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	syscall.Kill(waitForGuard(t, p), syscall.SIGKILL)
	syscall.Kill(p.Process.Pid, syscall.SIGUSR1)
	if ws := p.result(); ws.ExitStatus() != 9 {
		t.Errorf("ended with %#x", ws)
	}
}

// TestPeerSeesTheEnd: this process holds no copy of the program's descriptors.
func TestPeerSeesTheEnd(t *testing.T) {
	p := wrapped(t, "/bin/sh", "-c", "exec >&- 2>&- 3>&-; exec sleep 1000")
	for i := range 3 {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		switch i {
		case 0:
			p.Stdout = w
		case 1:
			p.Stderr = w
		default:
			p.ExtraFiles = []*os.File{w}
		}
		defer func() {
			w.Close()
			if b, err := io.ReadAll(r); err != nil || len(b) > 0 {
				t.Errorf("descriptor %d: %q, %v", i+1, b, err)
			}
			if i == 0 {
				p.Process.Kill()
			}
		}()
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	waitForGuard(t, p) // which kills the program with the supervisor
}

// TestTailOfASocket: Node.js gives its children such, also one for both.
func TestTailOfASocket(t *testing.T) {
	for _, both := range []bool{false, true} {
		pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
		if err != nil {
			t.Fatal(err)
		}
		ours, theirs := os.NewFile(uintptr(pair[0]), "ours"), os.NewFile(uintptr(pair[1]), "theirs")
		p := wrapped(t, "/bin/sh", "-c", "echo bad >&2; exit 3")
		p.Stderr = theirs
		if both {
			p.Stdout = theirs
		}
		ws := p.run()
		theirs.Close()
		text, _ := io.ReadAll(ours)
		ours.Close()
		if ws.ExitStatus() != 3 || string(text) != "bad\n" || !strings.Contains(p.reported(), `tail="bad\n"`) {
			t.Errorf("both %v: ended with %#x, %q, reported %q", both, ws, text, p.reported())
		}
	}
}

// TestTailOfOneFile: 2>&1 into a file.
func TestTailOfOneFile(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := wrapped(t, "/bin/sh", "-c", "echo out; echo bad >&2; exit 3")
	p.Stdout, p.Stderr = f, f
	p.run()
	if b, _ := os.ReadFile(f.Name()); string(b) != "out\nbad\n" || !strings.Contains(p.reported(), `tail="out\nbad\n"`) {
		t.Errorf("file %q, reported %q", b, p.reported())
	}
}

// TestGrandchildKeepsThePipe: the caller sees the program's end at once, and reads
// what the grandchild writes later.
func TestGrandchildKeepsThePipe(t *testing.T) {
	dir := t.TempDir()
	p := wrapped(t, "/bin/sh", "-c", `(while [ ! -e "$0/go" ]; do sleep 0.02; done; echo late >&2) & echo early >&2; exit 4`, dir)
	r := stderrPipe(t, p.Cmd)
	if ws := p.run(); ws.ExitStatus() != 4 {
		t.Errorf("ended with %#x", ws)
	}
	if err := os.WriteFile(filepath.Join(dir, "go"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := afterTheEnd(t, p, r); got != "early\nlate\n" {
		t.Errorf("%q", got)
	}
}

// TestDescendantWritesOnAPTY: it goes on after the program's end, and keeps nobody.
func TestDescendantWritesOnAPTY(t *testing.T) {
	p := wrapped(t, "/bin/sh", "-c", `trap "" HUP; (while :; do echo on || exit; done) & exit 4`)
	onTerminal(t, p)
	if ws := p.result(); ws.ExitStatus() != 4 {
		t.Errorf("ended with %#x", ws)
	}
}
