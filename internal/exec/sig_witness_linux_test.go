package exec_test

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// queuedSignal is one that is counted: two of it that are pending stay two.
const queuedSignal = 40

// TestGroupSignalRightAtTheStart: a caller that sees the program at work may
// signal the group at once, and it arrives once.
func TestGroupSignalRightAtTheStart(t *testing.T) {
	runtime.LockOSThread()
	blocked, old := unix.Sigset_t{}, unix.Sigset_t{}
	blocked.Val[0] = 1<<(queuedSignal-1) | 1<<(unix.SIGUSR1-1)
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &blocked, &old); err != nil {
		t.Fatal(err)
	}
	defer unix.PthreadSigmask(unix.SIG_SETMASK, &old, nil)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	driver := withEntry(t)
	busy(t)
	for round := range 60 {
		p := wrapped(t, self)
		p.Path = driver
		p.Env = append(os.Environ(), "EXEC_COUNT=1")
		p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		var out output
		p.Stdout = &out
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(patience); !hasProgram(p.Process.Pid, driver); {
			if time.Now().After(end) {
				t.Fatal("no program")
			}
		}
		if err := syscall.Kill(-p.Process.Pid, queuedSignal); err != nil {
			t.Fatal(err)
		}
		out.waitFor(t, "ready")
		syscall.Kill(p.Process.Pid, syscall.SIGUSR1) // is passed on after what came before
		if ws := p.result(); ws != 0 || out.String() != "ready\n1\n" {
			t.Fatalf("round %d: ended with %#x: %q", round, ws, out.String())
		}
	}
}

// hasProgram says whether the wrapper has executed another program.
func hasProgram(wrapper int, driver string) bool {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", wrapper))
	for _, name := range tasks {
		b, _ := os.ReadFile(name)
		for _, pid := range strings.Fields(string(b)) {
			if exe, err := os.Readlink("/proc/" + pid + "/exe"); err == nil && exe != driver {
				return true
			}
		}
	}
	return false
}

// The program of TestGroupSignalRightAtTheStart.
func init() {
	if os.Getenv("EXEC_COUNT") == "" {
		return
	}
	fmt.Println("ready")
	waitFor(int(unix.SIGUSR1), nil)
	n := 0
	for waitFor(queuedSignal, &unix.Timespec{}) {
		n++
	}
	fmt.Println(n)
	os.Exit(0)
}

// waitFor takes a blocked signal that is pending, or comes before the timeout;
// nil waits for ever.
func waitFor(sig int, timeout *unix.Timespec) bool {
	set := uint64(1) << (sig - 1)
	for {
		_, _, e := syscall.Syscall6(unix.SYS_RT_SIGTIMEDWAIT, uintptr(unsafe.Pointer(&set)), 0, uintptr(unsafe.Pointer(timeout)), 8, 0, 0)
		if e != syscall.EINTR {
			return e == 0
		}
	}
}

// TestTwoGroupSignalsAreOneForTheWitness: it may be slow to run on a busy machine,
// and gets one of two then. Neither is taken for one to this process alone, which
// the program would have sent to its parent.
func TestTwoGroupSignalsAreOneForTheWitness(t *testing.T) {
	parent := make(chan os.Signal, 16)
	signal.Notify(parent, syscall.SIGUSR1, syscall.SIGUSR2)
	defer signal.Stop(parent)
	p := wrapped(t, "/bin/sh", "-c", `trap : USR1; echo $$.; read go; kill -USR1 0; sleep 0.03; kill -USR1 0; exit 3`)
	p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var out output
	p.Stdout = &out
	stdin, err := p.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	out.waitFor(t, ".")
	program, _, _ := strings.Cut(out.String(), ".")
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", p.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, child := range strings.Fields(string(children)) {
		if child != program {
			syscall.Kill(atoi(t, child), syscall.SIGSTOP)
		}
	}
	io.WriteString(stdin, "go\n")
	if ws := p.result(); ws.ExitStatus() != 3 {
		t.Errorf("ended with %#x", ws)
	}
	syscall.Kill(os.Getpid(), syscall.SIGUSR2)
	if got := <-parent; got != syscall.SIGUSR2 {
		t.Errorf("the parent got %v", got)
	}
}

// TestSignalForOneAsksNobody: a signal to the wrapper alone is passed on without a
// word from the witness, which sleeps. Who signals a program and then closes its
// input means the signal to come first, so there is no time to lose.
func TestSignalForOneAsksNobody(t *testing.T) {
	p := wrapped(t, "/usr/bin/perl", "-e", `$SIG{USR1} = sub { syswrite STDOUT, "got\n" }; syswrite STDOUT, "ready\n"; sleep 1 while 1`)
	p.Path = withEntry(t)
	var out output
	p.Stdout = &out
	p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Process.Kill(); p.Wait() })
	out.waitFor(t, "ready")
	witness := 0
	until(t, "the witness", func() bool {
		for _, pid := range strings.Fields(children(p.Process.Pid)) {
			if comm, _ := os.ReadFile("/proc/" + pid + "/comm"); strings.TrimSpace(string(comm)) == "driver" {
				witness = atoi(t, pid)
			}
		}
		return witness != 0 && processState(t, witness) == "S"
	})
	before := switches(t, witness)
	for i := range 20 {
		syscall.Kill(p.Process.Pid, syscall.SIGUSR1)
		until(t, "USR1", func() bool { return strings.Count(out.String(), "got") > i })
	}
	if now := switches(t, witness); now != before {
		t.Errorf("the witness ran %d times", now-before)
	}
	syscall.Kill(-p.Process.Pid, syscall.SIGUSR1)
	until(t, "USR1 to the group", func() bool { return strings.Count(out.String(), "got") > 20 })
	until(t, "the witness's turn", func() bool { return switches(t, witness) > before })
	if got := strings.Count(out.String(), "got"); got != 21 {
		t.Errorf("%d signals, not 21", got)
	}
}

// switches is how often a process has gone to sleep.
func switches(t *testing.T, pid int) int {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "\nvoluntary_ctxt_switches:")
	line, _, _ := strings.Cut(rest, "\n")
	return atoi(t, strings.TrimSpace(line))
}
