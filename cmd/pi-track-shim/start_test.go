//go:build linux && (amd64 || arm64)

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// build builds both programs as a user would, without the Makefile.
func build(t *testing.T, flags ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	cmd := exec.Command("go", append(append([]string{"build"}, flags...), "-o", dir+"/", "./cmd/...")...)
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

func say(t *testing.T, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "PI_TRACK_HOME="+filepath.Dir(program)+"/home", "HOME="+filepath.Dir(program))
	out, err := cmd.Output()
	if err != nil && args[0] != "doctor" { // which may have warnings
		t.Fatalf("%s: %v", program, err)
	}
	return string(out)
}

// Any build gives the full programs. It fails with a Go version that the entry
// point does not take: see rt0_linux_amd64.s.
func TestPlainBuildHasTheFullStart(t *testing.T) {
	dir := build(t)
	for program, arg := range map[string]string{"pi-track-shim": "--version", "pi-track": "version"} {
		if got := say(t, dir+"/"+program, arg); !strings.HasSuffix(got, ", full start\n") {
			t.Errorf("%s: %q", program, got)
		}
	}
	ignoring := exec.Command("sh", "-c", "trap '' USR1; exec \"$@\"", "sh", dir+"/pi-track", "run", "--", "grep", "SigIgn", "/proc/self/status")
	ignoring.Env = append(os.Environ(), "PI_TRACK_HOME="+dir+"/home")
	out, err := ignoring.Output()
	_, mask, _ := strings.Cut(string(out), "SigIgn:\t") // nohup, for one, adds to it
	if ignored, bad := strconv.ParseUint(strings.TrimSpace(mask), 16, 64); err != nil || bad != nil || ignored&(1<<(syscall.SIGUSR1-1)) == 0 {
		t.Errorf("USR1 does not stay ignored: %s %v", out, err)
	}
}

// Where the entry point cannot be had, the programs say so.
func TestWeakerStartIsNamed(t *testing.T) {
	dir := build(t, "-tags", "noentry")
	for program, arg := range map[string]string{"pi-track-shim": "--version", "pi-track": "version"} {
		if got := say(t, dir+"/"+program, arg); !strings.HasSuffix(got, ", weaker start\n") {
			t.Errorf("%s: %q", program, got)
		}
	}
	say(t, dir+"/pi-track", "install", "--no-pi")
	if got := say(t, dir+"/pi-track", "doctor"); !strings.Contains(got, "the shims have the weaker start") {
		t.Errorf("doctor does not name it:\n%s", got)
	}
	full := build(t)
	say(t, full+"/pi-track", "install", "--no-pi")
	if got := say(t, full+"/pi-track", "doctor"); strings.Contains(got, "weaker start") {
		t.Errorf("doctor names what is not:\n%s", got)
	}
}
