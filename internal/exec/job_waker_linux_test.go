package exec_test

import (
	"bytes"
	"fmt"
	"os"
	osexec "os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestContinuedByItsOwnPID: who has the program's pid, out of a file that it has
// written, stops and continues the program, or kills it while it is stopped. The
// caller sees that.
func TestContinuedByItsOwnPID(t *testing.T) {
	for _, capture := range []string{"auto", "pty"} {
		p := wrapped(t, "/bin/sh", "-c", `echo "pid=$$."; exec sleep 1000`)
		_, screen := onTerminalWith(t, p, capture)
		screen.waitFor(t, ".")
		_, text, _ := strings.Cut(screen.String(), "pid=")
		text, _, _ = strings.Cut(text, ".")
		program := atoi(t, text)
		change := func(sig syscall.Signal, seen func(syscall.WaitStatus) bool) {
			t.Helper()
			syscall.Kill(program, sig)
			until(t, sig.String(), func() bool {
				var ws syscall.WaitStatus
				got, _ := syscall.Wait4(p.Process.Pid, &ws, syscall.WUNTRACED|syscall.WCONTINUED|syscall.WNOHANG, nil)
				return got == p.Process.Pid && seen(ws)
			})
		}
		change(syscall.SIGSTOP, syscall.WaitStatus.Stopped)
		change(syscall.SIGCONT, syscall.WaitStatus.Continued)
		change(syscall.SIGSTOP, syscall.WaitStatus.Stopped)
		time.Sleep(300 * time.Millisecond) // it has been looked at
		syscall.Kill(program, syscall.SIGKILL)
		if ws := p.result(); ws.Signal() != syscall.SIGKILL {
			t.Errorf("capture %s: ended with %#x", capture, ws)
		}
	}
}

// busy keeps all processors busy until the test ends.
func busy(t *testing.T) {
	t.Helper()
	for range 4 {
		c := osexec.Command("/bin/sh", "-c", "while :; do :; done")
		c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	}
}

// pause lets a while pass that differs from call to call.
func pause(i int) {
	for range i * 37 % 400 {
		syscall.Getppid()
	}
}

// caught says whether a process's status tells of a handler.
func caught(status []byte, sig syscall.Signal) bool {
	_, rest, _ := bytes.Cut(status, []byte("SigCgt:"))
	var set uint64
	fmt.Sscanf(strings.TrimSpace(string(rest)), "%x", &set)
	return set&(1<<(sig-1)) != 0
}

// processState is the letter of /proc/PID/stat.
func processState(t *testing.T, pid int) string {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	return string(b[bytes.LastIndexByte(b, ')')+2:][:1])
}
