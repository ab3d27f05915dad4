package launch_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/log/reap"
	"pi-track/internal/testfuse"
)

func init() { testfuse.Main() }

// mountedWorld is a world with a mount that can hang.
func mountedWorld(t *testing.T) (*world, *testfuse.FS, string) {
	w := newWorld(t)
	dir := w.path("mount")
	w.must(os.Mkdir(dir, 0o700))
	fs, err := testfuse.Mount(dir)
	if err != nil {
		if os.Geteuid() != 0 {
			t.Skipf("mounting needs root: %v", err)
		}
		t.Fatal(err)
	}
	t.Cleanup(fs.Unmount)
	return w, fs, dir
}

// hungWorld is a world whose log lies on a mount that can hang.
func hungWorld(t *testing.T) (*world, *testfuse.FS, string) {
	w, fs, dir := mountedWorld(t)
	w.manifest.Log = filepath.Join(dir, "log.jsonl")
	w.writeManifest()
	return w, fs, w.manifest.Log
}

// statuses waits until the log has n lines and returns what they say.
func (w *world) statuses(file string, n int) []string {
	w.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		data, _ := os.ReadFile(file)
		var out []string
		for line := range strings.Lines(string(data)) {
			var e struct{ Status string }
			if json.Unmarshal([]byte(line), &e) == nil {
				out = append(out, e.Status)
			}
		}
		if len(out) >= n {
			return out
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("the log has %q", data)
		}
	}
}

// boxes waits until n runs have a box.
func (w *world) boxes(n int) {
	w.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		boxes, _ := filepath.Glob(w.path("home/open/[0-9a-f]*"))
		if len(boxes) == n {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("boxes: %v", boxes)
		}
	}
}

// await waits until something holds.
func (w *world) await(what string, holds func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.t.Fatal(what)
		}
	}
}

// begin starts the helper, which says "ready" and waits for its stdin to end.
func (w *world) begin() (cmd *exec.Cmd, stdin io.Closer) {
	w.t.Helper()
	w.script("real/tool", "#!/bin/sh\ntrap 'exit 5' TERM\necho ready\nread line\nexit 7\n")
	cmd = exec.Command(w.path("home/shims/tool"))
	cmd.Env = []string{"PATH=" + w.shimPath()}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	in, err := cmd.StdinPipe()
	w.must(err)
	out, err := cmd.StdoutPipe()
	w.must(err)
	w.must(cmd.Start())
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		w.t.Fatalf("%q %v", line, err)
	}
	return cmd, in
}

func TestLogElsewhereIsWritten(t *testing.T) {
	w, _, file := hungWorld(t)
	w.script("real/tool", "#!/bin/sh\nexit 7\n")
	for i := range 3 {
		if got := w.ends(w.shimPath(), nil, "sh", "-c", "tool"); got.code != 7 {
			t.Fatalf("%+v", got)
		}
		if s := w.statuses(file, 2*i+2); s[2*i] != "started" || s[2*i+1] != "failed" {
			t.Errorf("%v", s)
		}
	}
	w.boxes(0)
}

// The mount hangs all the time: the helper runs and ends as ever, and both lines
// are there when the mount has come back.
func TestLogHangsFromTheStart(t *testing.T) {
	w, fs, file := hungWorld(t)
	w.script("real/tool", "#!/bin/sh\necho out; echo err >&2; exit 7\n")
	fs.Hang()
	for range 3 {
		if got, want := w.ends(w.shimPath(), nil, "sh", "-c", "tool"), (result{"out\n", "err\n", 7}); got != want {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	}
	fs.AwaitRequest()
	w.boxes(3)
	if runs, err := reap.Running(w.home); err != nil || len(runs) != 0 {
		t.Errorf("runs that have ended go on: %v %v", runs, err)
	}
	if r, err := reap.Boxes(w.home); err != nil || r.Runs != 0 {
		t.Errorf("runs were taken from their scribes: %+v %v", r, err)
	}
	fs.Resume()
	starts, ends := 0, 0
	for _, s := range w.statuses(file, 6) {
		switch s {
		case "started":
			starts++
		case "failed":
			ends++
		}
	}
	if starts != 3 || ends != 3 {
		t.Errorf("%d starts, %d ends", starts, ends)
	}
	w.boxes(0)
}

// The mount hangs when the helper ends; until then, and afterwards, it works.
func TestLogHangsAtTheEnd(t *testing.T) {
	w, fs, file := hungWorld(t)
	cmd, stdin := w.begin()
	w.statuses(file, 1)
	fs.Hang()
	stdin.Close()
	w.must2(cmd.Wait(), 7)
	w.boxes(1)
	fs.Resume()
	if s := w.statuses(file, 2); s[0] != "started" || s[1] != "failed" {
		t.Errorf("%v", s)
	}
	w.boxes(0)
}

// A signal to the shim reaches the helper whatever the log does.
func TestSignalWhileTheLogHangs(t *testing.T) {
	w, fs, file := hungWorld(t)
	fs.Hang()
	cmd, _ := w.begin()
	fs.AwaitRequest()
	w.must(cmd.Process.Signal(syscall.SIGTERM))
	w.must2(cmd.Wait(), 5)
	fs.Resume()
	if s := w.statuses(file, 2); s[0] != "started" || s[1] != "failed" {
		t.Errorf("%v", s)
	}
}

// Killed with its group, as Pi does it, such a run is a reaper's like any other.
func TestKilledWhileTheLogHangs(t *testing.T) {
	w, fs, file := hungWorld(t)
	fs.Hang()
	cmd, _ := w.begin()
	fs.AwaitRequest()
	w.must(syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL))
	cmd.Wait()
	fs.Resume()
	// The scribe logs the start, unless it was killed before it had left the
	// group: then the reaper logs both.
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		_, err := reap.Boxes(w.home)
		if boxes, _ := filepath.Glob(w.path("home/open/[0-9a-f]*")); err == nil && len(boxes) == 0 {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("%v %v", boxes, err)
		}
	}
	if s := w.statuses(file, 2); s[0] != "started" || s[1] != "cancelled" {
		t.Errorf("%v", s)
	}
}

// The mount goes for good: the box keeps the end for a reaper.
func TestLogGoesWhileItHangs(t *testing.T) {
	w, fs, file := hungWorld(t)
	w.script("real/tool", "#!/bin/sh\nexit 7\n")
	fs.Hang()
	if got := w.ends(w.shimPath(), nil, "sh", "-c", "tool"); got.code != 7 {
		t.Fatalf("%+v", got)
	}
	fs.AwaitRequest()
	fs.Unmount()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		reap.Boxes(w.home)
		if boxes, _ := filepath.Glob(w.path("home/open/[0-9a-f]*")); len(boxes) == 0 {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("%v", boxes)
		}
	}
	if s := w.statuses(file, 2); s[0] != "started" || s[1] != "failed" {
		t.Errorf("%v", s)
	}
}

// must2 wants a command to have ended with a status.
func (w *world) must2(err error, code int) {
	w.t.Helper()
	if ee, ok := err.(*exec.ExitError); !ok || ee.ExitCode() != code {
		w.t.Fatalf("ended with %v, want %d", err, code)
	}
}
