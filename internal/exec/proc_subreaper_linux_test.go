//go:build !portable

package exec_test

import (
	"fmt"
	"os"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// TestSubreaper: a caller that adopts orphans and executes the wrapper then, as
// a small init does, makes the program one that does.
func TestSubreaper(t *testing.T) {
	for _, capture := range []string{"", "off"} {
		for _, adopts := range []string{"0", "1"} {
			p := wrapped(t, "/proc/self/exe")
			p.Env = append(p.Env, "EXEC_SUBREAPER="+adopts, "EXEC_CAPTURE="+capture)
			var out output
			p.Stdout = &out
			if ws := p.run(); ws != 0 || out.String() != adopts {
				t.Errorf("capture %q: ended with %#x: %q, want %s", capture, ws, out.String(), adopts)
			}
		}
	}
}

func init() {
	adopts := os.Getenv("EXEC_SUBREAPER")
	switch {
	case adopts == "":
	case os.Getenv("EXEC_WRAP") == "": // the program
		var is int32
		if err := unix.Prctl(unix.PR_GET_CHILD_SUBREAPER, uintptr(unsafe.Pointer(&is)), 0, 0, 0); err != nil {
			is = -1
		}
		fmt.Print(is)
		os.Exit(0)
	case adopts == "1":
		if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
			panic(err)
		}
	}
}
