package testkeep

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain is a program that keeps, when it is asked to be.
func TestMain(m *testing.M) {
	if script := os.Getenv("KEEP_SCRIPT"); script != "" {
		if os.Getenv("KEEP_IMPATIENT") != "" {
			grace = 0
		}
		code, left := Run([]string{"/bin/sh", "-c", script})
		os.Stdout.WriteString(strings.Join(left, "; ") + "\n")
		os.Exit(code)
	}
	os.Exit(m.Run())
}

func keeper(script string) (*exec.Cmd, *bytes.Buffer) {
	var out bytes.Buffer
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), "KEEP_SCRIPT="+script)
	cmd.Stdout = &out
	return cmd, &out
}

func TestStatus(t *testing.T) {
	for script, code := range map[string]int{"exit 0": 0, "exit 7": 7, "kill -KILL $$": 2, "sleep 0.05 & exit 3": 3} {
		cmd, out := keeper(script)
		cmd.Run()
		if got := cmd.ProcessState.ExitCode(); got != code || out.String() != "\n" {
			t.Errorf("%s: status %d, left %q", script, got, out)
		}
	}
}

// A background job of a shell and nohup ignore signals that tests send.
func TestIgnoredSignalsActAgain(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"HUP", "INT", "QUIT", "TSTP", "TTIN", "TTOU", "34"} {
		cmd, out := keeper(`exit $((0x$(sed -n 's/^SigIgn:[[:space:]]*//p' /proc/self/status) != 0))`)
		cmd.Path, cmd.Args = "/bin/sh", []string{"sh", "-c", "trap '' " + name + `; exec "$0"`, self}
		if err := cmd.Run(); err != nil {
			t.Errorf("%s stays ignored: %v, left %q", name, err, out)
		}
	}
}

// Whatever umask the tests are started with, they have the usual one.
func TestUsualUmask(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, mask := range []string{"0", "077"} {
		cmd, out := keeper(`[ "$(umask)" = 0022 ] || { umask; exit 1; }`)
		cmd.Path, cmd.Args = "/bin/sh", []string{"sh", "-c", "umask " + mask + `; exec "$0"`, self}
		if err := cmd.Run(); err != nil {
			t.Errorf("below %s: %v %q", mask, err, out)
		}
	}
}

// What goes on is named and ended.
func TestNamesWhatIsLeft(t *testing.T) {
	cmd, out := keeper(`sleep 1000 & until [ "$(cat /proc/$!/comm)" = sleep ]; do :; done; exit 3`)
	cmd.Env = append(cmd.Env, "KEEP_IMPATIENT=1")
	cmd.Run()
	if got := cmd.ProcessState.ExitCode(); got != 3 || out.String() != "sleep 1000\n" {
		t.Errorf("status %d, left %q", got, out)
	}
}

// What is left is ended with all below it, as soon as the keeper is told to end.
func TestEndsWhatIsLeft(t *testing.T) {
	cmd, _ := keeper(`(sleep 1000 & setsid sleep 1000 & echo begun; wait) & exit 0`)
	cmd.Stdout = nil
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if b := make([]byte, 6); readAll(pipe.Read, b) != "begun\n" {
		t.Fatalf("%q", b)
	}
	cmd.Process.Signal(syscall.SIGTERM)
	ended := make(chan error, 1)
	go func() { // the sleeps have the pipe
		rest := make([]byte, 1)
		_, err := pipe.Read(rest)
		ended <- err
	}()
	select {
	case <-ended:
	case <-time.After(5 * time.Minute):
		t.Error("something goes on")
	}
	cmd.Wait()
}

func readAll(read func([]byte) (int, error), b []byte) string {
	n := 0
	for n < len(b) {
		k, err := read(b[n:])
		n += k
		if err != nil {
			break
		}
	}
	return string(b[:n])
}
