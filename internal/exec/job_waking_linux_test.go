//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"os"
	osexec "os/exec"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestWakerContinuesOnlyWhoIsStopped: a process that goes on already, and has had
// no turn yet, may have been sent the next stop signal, which a SIGCONT would take
// back. What the waker reads in /proc are files here.
func TestWakerContinuesOnlyWhoIsStopped(t *testing.T) {
	runtime.LockOSThread() // the waker ends with the thread that made it
	defer runtime.UnlockOSThread()
	dir := t.TempDir()
	stat := func(name string) *os.File {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	program, self := stat("program"), stat("self")
	set := func(f *os.File, state string) {
		if _, err := f.WriteAt([]byte(state), 0); err != nil {
			t.Fatal(err)
		}
	}
	stopped := osexec.Command("/bin/sleep", "1000")
	if err := stopped.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { stopped.Process.Kill(); stopped.Wait() }()
	pid := stopped.Process.Pid
	await := func(what string, holds func() bool) {
		t.Helper()
		for end := time.Now().Add(5 * time.Minute); !holds(); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal(what)
			}
		}
	}
	stop := func() {
		stopped.Process.Signal(syscall.SIGSTOP)
		await("no stop", func() bool { return stateOf(pid) == 'T' })
	}
	stop()
	set(program, "T")
	set(self, "R")
	s := &supervisor{pid: pid}
	w := waker{stat: int(program.Fd()), self: int(self.Fd())}
	w.pid = w.script(s, 0, 0).Clone(sharing)
	if w.pid <= 0 {
		t.Fatal("no waker")
	}
	defer func() { syscall.Kill(w.pid, syscall.SIGKILL); wait(w.pid, nil, unix.WALL, nil) }()
	// turns waits until the waker has looked, and looked again.
	turns := func(word *uint64, state uint64) {
		t.Helper()
		for range 2 {
			atomic.StoreUint64(word, 0)
			await("the waker does not look", func() bool { return atomic.LoadUint64(word) == state })
		}
	}
	turns(&wakerState, 'T')
	if stateOf(pid) != 'T' {
		t.Error("the program is stopped, and somebody was continued")
	}
	set(program, "S")
	turns(&wakerSelf, 'R')
	if stateOf(pid) != 'T' {
		t.Error("who goes on already was continued")
	}
	for _, state := range []string{"T", "t"} {
		set(self, state)
		await("who is stopped was not continued, in state "+state, func() bool { return stateOf(pid) != 'T' })
		set(self, "S")
		turns(&wakerSelf, 'S')
		stop()
	}
}
