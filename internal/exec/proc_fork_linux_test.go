package exec_test

import (
	"fmt"
	"os"
	osexec "os/exec"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// TestNoProcessLeft refuses new processes, as a full process table does, but
// not threads: a runtime that gets none gives up before main. Without a process
// for the program it runs in the wrapper's place; without a witness, as ever.
func TestNoProcessLeft(t *testing.T) {
	for _, c := range []struct {
		name     string
		refused  int // flags of the clone that is
		replaced bool
	}{
		{"for the program", unix.CLONE_VFORK, true},
		{"for the witness", unix.CLONE_SIGHAND, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := wrapped(t, withEntry(t), "/bin/sh", "-c", "echo $$; exit 3")
			p.Env = append(os.Environ(), "EXEC_REFUSE="+strconv.Itoa(c.refused))
			var out, errs output
			p.Stdout, p.Stderr = &out, &errs
			if ws := p.run(); ws.ExitStatus() != 3 || errs.String() != "" {
				t.Errorf("ended with %#x, stderr %q", ws, errs.String())
			}
			if replaced := out.String() == fmt.Sprintln(p.Process.Pid); replaced != c.replaced {
				t.Errorf("in the wrapper's place: %v", replaced)
			}
		})
	}
}

// TestTimerSlack: the program has its caller's, which is not the wrapper's, also
// in the wrapper's place.
func TestTimerSlack(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	usual, err := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(usual), 0, 0, 0)
	for _, slack := range []string{"1", "123456", "2000000000"} {
		ns, _ := strconv.Atoi(slack)
		if err := unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(ns), 0, 0, 0); err != nil {
			t.Fatal(err)
		}
		for _, refused := range []int{0, unix.CLONE_VFORK} {
			c := osexec.Command("/proc/self/exe", withEntry(t), "/bin/cat", "/proc/self/timerslack_ns")
			c.Env = append(os.Environ(), "EXEC_REFUSE="+strconv.Itoa(refused))
			if out, err := c.Output(); err != nil || string(out) != slack+"\n" {
				t.Errorf("%s ns, refused %#x: %q, %v", slack, refused, out, err)
			}
		}
	}
}

// TestProcessors: the program may use those that its caller may, also in the
// wrapper's place, where two more descriptors are not to be had.
func TestProcessors(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var all unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		t.Fatal(err)
	}
	defer unix.SchedSetaffinity(0, &all)
	sets := []unix.CPUSet{all}
	for cpu := range 1024 {
		if all.IsSet(cpu) {
			var one, others unix.CPUSet
			one.Set(cpu)
			others = all
			others.Clear(cpu)
			if sets = append(sets, one); all.Count() > 1 {
				sets = append(sets, others)
			}
			break
		}
	}
	for _, set := range sets {
		if err := unix.SchedSetaffinity(0, &set); err != nil {
			t.Fatal(err)
		}
		status := []string{"/bin/grep", "Cpus_allowed:", "/proc/self/status"}
		want, err := osexec.Command(status[0], status[1:]...).Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, limit := range []string{"64", "4"} {
			c := osexec.Command("/bin/sh", append([]string{"-c", `exec 3>&-; ulimit -n $0 && exec "$@"`, limit, withEntry(t)}, status...)...)
			if out, err := c.Output(); err != nil || string(out) != string(want) {
				t.Errorf("%s descriptors: %q, %v; want %q", limit, out, err, want)
			}
		}
	}
}

func init() {
	if what := os.Getenv("EXEC_REFUSE"); what != "" {
		os.Unsetenv("EXEC_REFUSE")
		if what == "pwritev2" {
			execFiltered(noPwritev2, os.Args[1:])
		}
		flags, err := strconv.Atoi(what)
		if err != nil {
			panic(err)
		}
		execFiltered(noClone(flags), os.Args[1:])
	}
}

// noClone lets clone fail with EAGAIN when its flags have some of the given
// ones, and are not for a thread.
func noClone(flags int) []unix.SockFilter {
	return []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}, // seccomp_data.nr
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_CLONE, Jf: 4},
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 16}, // the low half of args[0]
		{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, K: unix.CLONE_THREAD, Jt: 2},
		{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, K: uint32(flags), Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(syscall.EAGAIN)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
}

// noPwritev2 lets pwritev2 fail with EPERM, as sandboxes do with calls that they
// do not know.
var noPwritev2 = []unix.SockFilter{
	{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0},
	{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_PWRITEV2, Jf: 1},
	{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(syscall.EPERM)},
	{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
}

// execFiltered executes a program under a seccomp filter.
func execFiltered(filter []unix.SockFilter, argv []string) {
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	runtime.LockOSThread()
	err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	if err == nil {
		err = unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
	}
	if err == nil {
		err = syscall.Exec(argv[0], argv, os.Environ())
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(98)
}
