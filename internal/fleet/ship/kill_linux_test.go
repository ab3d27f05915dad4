package ship

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/sys/unix"

	"pi-track/internal/fleet"
	"pi-track/internal/fleet/sink"
)

// The environment by which this test's program is a sender that will be killed.
const (
	victimHome = "PI_TRACK_TEST_VICTIM_HOME"
	victimTo   = "PI_TRACK_TEST_VICTIM_TO"
)

func TestMain(m *testing.M) {
	home, to := os.Getenv(victimHome), os.Getenv(victimTo)
	if home == "" {
		os.Exit(m.Run())
	}
	o, err := optionsTo(home, to)
	if err == nil {
		_, err = Run(context.Background(), o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// optionsTo ship the log of a home, all keys kept.
func optionsTo(home, address string) (Options, error) {
	to, err := fleet.ParseAddress(address)
	s := &fleet.Sink{Name: "team", To: to, Fields: map[string]fleet.Mode{}, Batch: 16 << 10}
	for _, f := range fleet.Fields {
		s.Fields[f.Key] = fleet.Keep
	}
	return Options{Home: home, Log: filepath.Join(home, "events.jsonl"), Sink: s, Until: time.Now().Add(time.Minute),
		Open: func() (sink.Sink, error) { return sink.Open(to, fleet.Access{}, sink.Options{}) }}, err
}

// quiet are the system calls that change nothing outside of the process.
var quiet = map[uint64]bool{
	unix.SYS_FUTEX: true, unix.SYS_NANOSLEEP: true, unix.SYS_EPOLL_PWAIT: true, unix.SYS_SCHED_YIELD: true, unix.SYS_MMAP: true, unix.SYS_MUNMAP: true,
	unix.SYS_MADVISE: true, unix.SYS_RT_SIGACTION: true, unix.SYS_RT_SIGPROCMASK: true, unix.SYS_RT_SIGRETURN: true, unix.SYS_SIGALTSTACK: true,
	unix.SYS_GETTID: true, unix.SYS_TGKILL: true, unix.SYS_CLONE: true, unix.SYS_GETPID: true, unix.SYS_FCNTL: true, unix.SYS_NEWFSTATAT: true, unix.SYS_FSTAT: true,
}

// runKilledAt runs a program and kills it as its nth system call, by whichever thread, is about to begin;
// what is quiet and what comes before the first mkdirat is not counted. It returns the name of
// the call, 0 where there were fewer.
func runKilledAt(cmd *exec.Cmd, nth int) (call uint64, err error) {
	runtime.LockOSThread() // who traces is a thread
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	pid := cmd.Process.Pid
	var ws unix.WaitStatus
	if _, err := unix.Wait4(pid, &ws, 0, nil); err != nil {
		return 0, err
	}
	const exitKill = 0x100000
	if err := unix.PtraceSetOptions(pid, unix.PTRACE_O_TRACECLONE|unix.PTRACE_O_TRACESYSGOOD|exitKill); err != nil {
		_ = cmd.Process.Kill()
		return 0, err
	}
	if err := unix.PtraceSyscall(pid, 0); err != nil {
		return 0, err
	}
	for n := 0; ; {
		tid, err := unix.Wait4(-1, &ws, unix.WALL, nil)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return call, err
		}
		if ws.Exited() || ws.Signaled() {
			if tid == pid {
				if call == 0 && (!ws.Exited() || ws.ExitStatus() != 0) {
					return 0, fmt.Errorf("the sender ended with %#x", ws)
				}
				return call, nil
			}
			continue
		}
		signal := 0
		switch stop := ws.StopSignal(); {
		case stop == unix.SIGTRAP|0x80:
			var info struct {
				op   uint8
				_    [3]uint8
				arch uint32
				ip   uint64
				sp   uint64
				nr   uint64
				args [6]uint64
			}
			const getSyscallInfo, entry = 0x420e, 1
			_, _, e := unix.Syscall6(unix.SYS_PTRACE, getSyscallInfo, uintptr(tid), unsafe.Sizeof(info), uintptr(unsafe.Pointer(&info)), 0, 0)
			if e == 0 && info.op == entry && call == 0 && !quiet[info.nr] && (n > 0 || info.nr == unix.SYS_MKDIRAT) {
				if n++; n == nth {
					call = info.nr + 1
					_ = unix.Kill(pid, unix.SIGKILL)
				}
			}
		case stop == unix.SIGTRAP, stop == unix.SIGSTOP: // a new thread
		default:
			signal = int(stop)
		}
		_ = unix.PtraceSyscall(tid, signal) // it may be dead
	}
}

// A target is where the victim sends to, and what has arrived there.
type target struct {
	to    string
	lines func() map[string]bool
}

// wireTarget takes whole batches, as a ClickHouse does.
func wireTarget(t *testing.T) target {
	var mu sync.Mutex
	got := map[string]bool{}
	z, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // it was cut off
		}
		text, err := z.DecodeAll(body, nil)
		if err != nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		for line := range strings.Lines(string(text)) {
			got[line] = true
		}
	}))
	t.Cleanup(func() { srv.Close(); z.Close() })
	return target{"clickhouse+" + srv.URL + "/pitrack", func() map[string]bool { mu.Lock(); defer mu.Unlock(); return got }}
}

// Killed with SIGKILL at the first, the second, … of all system calls of all threads, until a
// run meets none any more: the next run finishes, and what was sent to holds the set of
// lines, each object whole.
func TestKilledAtAnyCallOfAnyThread(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts hundreds of processes")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.write(80)
	for _, kind := range []string{"dir", "clickhouse"} {
		t.Run(kind, func(t *testing.T) {
			calls := map[uint64]int{}
			for n := 1; ; n++ {
				if n == 3000 {
					t.Fatal("it does not come to an end")
				}
				home, share := filepath.Join(t.TempDir(), "home"), t.TempDir()
				if err := os.CopyFS(home, os.DirFS(w.home)); err != nil {
					t.Fatal(err)
				}
				to := target{"dir:" + share, func() map[string]bool { return objectLines(t, share) }}
				if kind == "clickhouse" {
					to = wireTarget(t)
				}
				cmd := exec.Command(self)
				cmd.Env = append(os.Environ(), victimHome+"="+home, victimTo+"="+to.to, "GOMAXPROCS=2")
				call, err := runKilledAt(cmd, n)
				if n == 1 && errors.Is(err, unix.EPERM) {
					t.Skipf("nothing can be traced here: %v", err)
				}
				if err != nil {
					t.Fatalf("run %d: %v", n, err)
				}
				calls[call]++
				o, err := optionsTo(home, to.to)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := Run(context.Background(), o); err != nil {
					t.Fatalf("after a kill at call %d: %v", n, err)
				}
				sameSet(t, w.expect, to.lines())
				if r, err := Run(context.Background(), o); err != nil || r.Batches > 0 || len(r.Notes) > 0 {
					t.Errorf("it does not end: %+v %v", r, err)
				}
				if t.Failed() {
					t.Fatalf("after a kill at call %d, %d", n, call)
				}
				if call == 0 {
					if n < 60 || len(calls) < 8 {
						t.Errorf("only %d kills at %d kinds of calls: this shows nothing", n-1, len(calls))
					}
					t.Logf("%d kills at %d kinds of calls", n-1, len(calls))
					break
				}
			}
		})
	}
}
