//go:build (amd64 || arm64) && !portable

package exec_test

import (
	"bufio"
	"os"
	osexec "os/exec"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"pi-track/internal/exec"
)

// A supervisor that is killed takes its program along: the parent-death signal.
func TestKilledSupervisorTakesTheProgramAlong(t *testing.T) {
	p := wrapped(t, "/bin/sh", "-c", "echo $$; exec sleep 1000")
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid := atoi(t, strings.TrimSpace(line))
	if pid == p.Process.Pid {
		t.Fatal("the program runs in the supervisor's process")
	}
	p.Process.Kill()
	p.Wait()
	until(t, "the program's end", func() bool { return syscall.Kill(pid, 0) != nil || zombie(pid) })
}

// makeLate does what TestGateThatIsLate asks of its wrapper.
func makeLate() {
	if os.Getenv("EXEC_LATE_GATE") != "" {
		exec.LateGate()
	}
}

// zombie says that a process has ended and waits for its parent.
func zombie(pid int) bool {
	b, err := os.ReadFile("/proc/" + itoa(pid) + "/stat")
	return err != nil || strings.Contains(string(b), ") Z ")
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

// What a program sends to its parent goes to the supervisor's parent.
func TestSignalToTheParent(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	caller := osexec.Command("/bin/sh", "-c", `
		trap 'echo received; trap "" USR1' USR1
		EXEC_WRAP=1 "$0" /bin/sh -c 'kill -USR1 $PPID; exec sleep 1000' &
		wait
		echo waited
		kill $!`, self)
	out := &output{}
	caller.Stdout, caller.Stderr = out, out
	if err := caller.Start(); err != nil {
		t.Fatal(err)
	}
	defer caller.Wait()
	defer caller.Process.Kill()
	out.waitFor(t, "received")
	out.waitFor(t, "waited")
}

// Where a core is written by a program (core_pattern with a pipe), a limit of
// 0 does not keep a second one from being written: the supervisor ends
// undumpable.
func TestEndsUndumpable(t *testing.T) {
	for _, refuse := range []string{"", "1"} {
		p := wrapped(t, "/bin/sh", "-c", "kill -QUIT $$")
		p.Env = append(p.Env, "EXEC_UNDUMPABLE="+refuse)
		want := syscall.SIGQUIT
		if refuse != "" {
			want = syscall.SIGSYS // the system call was made
		}
		if ws := p.run(); ws.Signal() != want {
			t.Errorf("%q refused: ended with %v, not %v", refuse, ws.Signal(), want)
		}
	}
}

// killUndumpable makes the kernel kill this process when it asks to be undumpable.
func killUndumpable() error {
	if os.Getenv("EXEC_UNDUMPABLE") == "" {
		return nil
	}
	os.Unsetenv("EXEC_UNDUMPABLE")
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}, // the number of the system call
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_PRCTL, Jf: 3},
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 16}, // its first argument
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.PR_SET_DUMPABLE, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_KILL_PROCESS},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	_, _, e := syscall.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program)))
	if e != 0 {
		return e
	}
	return nil
}
