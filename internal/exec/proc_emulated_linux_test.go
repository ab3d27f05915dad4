package exec_test

import (
	"bytes"
	"os"
	osexec "os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// TestOtherArchitecture runs the assembly of the architecture that this machine
// is not, in QEMU's user emulation. What QEMU does not emulate (a second process
// in the same memory) the supervisor has to do without.
func TestOtherArchitecture(t *testing.T) {
	other, qemu := "arm64", "qemu-aarch64"
	if runtime.GOARCH == other {
		other, qemu = "amd64", "qemu-x86_64"
	}
	driver := filepath.Join(t.TempDir(), "driver")
	build := osexec.Command("go", "build", "-o", driver, "./testdata/driver")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOARCH="+other)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, tc := range []struct{ name, script, stdout, stderr, end string }{
		{"streams and status", `echo out; echo err >&2; exit 7`, "out\n", "err\n", "exit status 7"},
		{"signal", `kill -TERM $$`, "", "", "signal: terminated"},
		{"ignored signal", `kill -USR2 $$; echo alive`, "alive\n", "", "exit status 0"},
		{"environment", `tr '\0' '\n' </proc/$$/environ`, "GODEBUG=inittrace=1\n", "", "exit status 0"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := osexec.Command("/bin/sh", "-c", `trap "" USR2; exec "$@"`, "sh", qemu, driver, "/bin/sh", "-c", tc.script)
			if tc.name == "environment" {
				path, err := osexec.LookPath(qemu)
				if err != nil {
					t.Fatal(err)
				}
				c = osexec.Command(path, c.Args[5:]...)
				c.Env = []string{"GODEBUG=inittrace=1"} // QEMU does not keep the order of several
			}
			var stdout, stderr bytes.Buffer
			c.Stdout, c.Stderr = &stdout, &stderr
			c.Run()
			if c.ProcessState == nil || c.ProcessState.String() != tc.end || stdout.String() != tc.stdout || stderr.String() != tc.stderr {
				t.Errorf("%v, stdout %q, stderr %q", c.ProcessState, stdout.String(), stderr.String())
			}
		})
	}
}
