package exec_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// TestSignalsOfTheCLibrary: 32 and 33 are the program's like all others; the
// runtime catches 33 for itself. What glibc's posix_spawn starts, make's commands
// for one, finds them ignored, which would not end the program.
func TestSignalsOfTheCLibrary(t *testing.T) {
	for _, sig := range []syscall.Signal{32, 33} {
		var byDefault [4]uint64 // struct sigaction of the kernel
		before := action(sig, &byDefault)
		t.Cleanup(func() { action(sig, &before) })
		p := wrapped(t, "/bin/sh", "-c", "echo ready; exec sleep 1000")
		p.Path = withEntry(t)
		p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		var out output
		p.Stdout = &out
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		out.waitFor(t, "ready")
		syscall.Kill(p.Process.Pid, sig)
		if ws := p.result(); ws.Signal() != sig {
			t.Errorf("signal %d: ended with %#x", sig, ws)
		}
		if want := fmt.Sprintf("signal=%d ", sig); !strings.Contains(p.reported(), want) {
			t.Errorf("signal %d: reported %q", sig, p.reported())
		}
	}
}

// action sets what this process does with a signal, and returns what it did.
func action(sig syscall.Signal, to *[4]uint64) (before [4]uint64) {
	syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(to)), uintptr(unsafe.Pointer(&before)), 8, 0, 0)
	return before
}
