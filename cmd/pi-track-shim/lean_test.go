package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pi-track/internal/testbin"
)

func TestMain(m *testing.M) {
	code := m.Run()
	testbin.Remove()
	os.Exit(code)
}

func program(t *testing.T) string {
	t.Helper()
	dir, err := testbin.Dir()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "pi-track-shim")
}

func TestSize(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("make", "-s", "-C", testbin.Root(), "build", "BINDIR="+dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	st, err := os.Stat(filepath.Join(dir, "pi-track-shim"))
	if err != nil {
		t.Fatal(err)
	}
	if const3MB := int64(3_200_000); st.Size() > const3MB {
		t.Errorf("the stripped shim program has %d bytes", st.Size())
	}
}

func TestModules(t *testing.T) {
	out, err := exec.Command("go", "version", "-m", program(t)).Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) > 1 && f[0] == "dep" && f[1] != "golang.org/x/sys" && f[1] != "github.com/creack/pty" {
			t.Errorf("linked: %s", f[1])
		}
	}
}

// A caller's GODEBUG is meant for the helper, which may be a Go program too: the
// runtime of the shim must neither print nor die of what it cannot read.
func TestDeafToTheCallersSettings(t *testing.T) {
	for _, setting := range []string{"inittrace=1", "gctrace=1,schedtrace=1"} {
		cmd := exec.Command(program(t), "--no-such-helper")
		cmd.Env = []string{"GODEBUG=" + setting, "GOMEMLIMIT=malformed", "GOGC=malformed", "GOMAXPROCS=4", "PATH="}
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		cmd.Run()
		if got := stderr.String(); !strings.HasPrefix(got, "pi-track: error: pi-track-shim: command not found\npi-track: hint: ") {
			t.Errorf("GODEBUG=%s: %q", setting, got)
		}
	}
}

// What packages do at init happens on every call of every helper. The runtime
// prints one line per package; the clock and allocations stand in it, and the
// allocations are the same on every machine.
func TestInits(t *testing.T) {
	home := t.TempDir()
	plain := filepath.Join(home, "pi-track-shim") // its runtime listens to GODEBUG
	if out, err := exec.Command("go", "build", "-tags", "noentry", "-o", plain, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command(plain)
	cmd.Env = []string{"GODEBUG=inittrace=1", "PATH=", "HOME=" + home}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.Run() // there is no such helper: it ends at once with 127
	inits, bytesTotal := 0, 0
	for sc := bufio.NewScanner(&stderr); sc.Scan(); {
		f := strings.Fields(sc.Text())
		if len(f) < 8 || f[0] != "init" {
			continue
		}
		inits++
		for i, word := range f {
			if word == "bytes," && i > 0 {
				n, err := strconv.Atoi(f[i-1])
				if err != nil {
					t.Fatal(err)
				}
				bytesTotal += n
			}
		}
	}
	if inits == 0 {
		t.Fatalf("no init trace in %q", stderr.String())
	}
	if inits > 24 || bytesTotal > 6<<10 {
		t.Errorf("%d packages allocate %d bytes at init:\n%s", inits, bytesTotal, stderr.String())
	}
	t.Logf("%d packages, %d bytes", inits, bytesTotal)
}
