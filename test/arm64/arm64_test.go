//go:build linux

package arm64

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"pi-track/internal/testbin"
	"pi-track/internal/testkeep"
)

// programs is the directory of the programs for arm64.
var programs string

func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		return // builds every package for the other architecture
	}
	os.Exit(testkeep.Main(func() int {
		done, code, err := testbin.Emulate("arm64")
		if err != nil {
			fmt.Fprintln(os.Stderr, "no arm64 programs run here:", err)
			return 1
		}
		if !done {
			code = run(m)
		}
		return code
	}))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "pi-track-arm64-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := testbin.Other(dir, "arm64", ""); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	programs, home = dir, filepath.Join(dir, "home")
	if err := install(home); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// home has shims in front of the helpers; all tests share it, each with a log of
// its own.
var home string

// helpers are the shell scripts behind the shims.
var helpers = map[string]string{
	"x":       `eval "$1"`,
	"pi-loop": `echo real "$@"; exit 4`,
	"gone":    ``,
	"forever": `trap 'echo got HUP; exit 5' HUP; trap 'echo got INT; exit 5' INT; trap 'echo got QUIT; exit 5' QUIT
trap 'echo got TERM; exit 5' TERM; trap 'echo got USR1; exit 5' USR1; echo ready; while :; do sleep 0.05; done`,
	"plain": `echo ready; while :; do sleep 0.05; done`,
	"ask":   `test -t 0 && test -t 1 && test -t 2 && stty size; read line; echo got:$line`,
}

// install makes a home in dir, as a user's.
func install(dir string) error {
	config := "version = 1\n"
	if err := os.MkdirAll(dir+"/helpers", 0o755); err != nil {
		return err
	}
	for name, text := range helpers {
		kind := map[bool]string{true: "job", false: "script"}[name == "ask"]
		config += fmt.Sprintf("\n[[shim]]\nname = %q\nkind = %q\n", name, kind)
		if err := os.WriteFile(dir+"/helpers/"+name, []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			return err
		}
	}
	if err := os.WriteFile(dir+"/shims.toml", []byte(config), 0o644); err != nil {
		return err
	}
	c := exec.Command(filepath.Join(programs, "pi-track"), "install", "--no-pi", "--config", dir+"/shims.toml")
	c.Env = environment(dir)
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("install: %v\n%s", err, out)
	}
	return os.Remove(dir + "/helpers/gone")
}

func environment(home string) []string {
	return []string{
		"HOME=" + home, "PI_TRACK_HOME=" + home + "/track", "LANG=C.UTF-8", "TERM=dumb",
		"PATH=" + home + "/track/shims:" + home + "/helpers:/usr/bin:/bin",
	}
}

// A world is the home with a log of its own.
type world struct {
	t   *testing.T
	log string
	env []string
}

func newWorld(t *testing.T) *world {
	log := t.TempDir() + "/events.jsonl"
	return &world{t: t, log: log, env: append(environment(home), "PI_TRACK_LOG="+log)}
}

// track is a call of pi-track.
func (w *world) track(args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(programs, "pi-track"), args...)
	c.Env = w.env
	return c
}

// shell is a script in which helpers are found on PATH.
func (w *world) shell(script string, args ...string) *exec.Cmd {
	c := exec.Command("/bin/sh", append([]string{"-c", script, "sh"}, args...)...)
	c.Env = w.env
	return c
}

// start starts a script whose helper says "ready", in a process group of its own,
// and returns once it has; read returns what else comes on stdout, to the end.
func (w *world) start(script string) (c *exec.Cmd, read func() string) {
	w.t.Helper()
	c = w.shell(script)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := c.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		w.t.Fatal(err)
	}
	out := bufio.NewReader(pipe)
	if line, err := out.ReadString('\n'); line != "ready\n" {
		w.t.Fatalf("%q, %v", line, err)
	}
	return c, func() string {
		rest, _ := io.ReadAll(out)
		return string(rest)
	}
}

// events are the lines of the log, in order, once every run has its end there.
// A log elsewhere than the state, as these may be, gets the last lines from a
// process that no caller waits for: a run has a box until then.
func (w *world) events() (lines []map[string]any) {
	w.t.Helper()
	for end := time.Now().Add(5 * time.Minute); ; time.Sleep(time.Millisecond) {
		boxes, err := os.ReadDir(home + "/track/open")
		if err != nil {
			w.t.Fatal(err)
		}
		if !slices.ContainsFunc(boxes, func(box os.DirEntry) bool { return !strings.HasPrefix(box.Name(), ".") }) {
			break
		}
		w.track("reap").Run() // that process may have been killed with its terminal
		if time.Now().After(end) {
			w.t.Fatalf("a run has no end: %v", boxes)
		}
	}
	text, err := os.ReadFile(w.log)
	if err != nil {
		w.t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		event := map[string]any{}
		if err := json.Unmarshal(line, &event); err != nil {
			w.t.Fatalf("%q: %v", line, err)
		}
		lines = append(lines, event)
	}
	return lines
}

// TestCalls runs helpers through shims.
func TestCalls(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("x", 300_000)
	for _, tc := range []struct{ name, script, stdin, stdout, stderr, end string }{
		{"streams and status", `exec x 'echo out; echo err >&2; exit 7'`, "", "out\n", "err\n", "exit status 7"},
		{"arguments", `exec pi-loop a "b c" ""`, "", "real a b c \n", "", "exit status 4"},
		{"300 kB of stdin", `exec x cat`, long, long, "", "exit status 0"},
		{"3 MB of stderr", `exec x 'head -c 3000000 /dev/zero >&2'`, "", "", strings.Repeat("\x00", 3_000_000), "exit status 0"},
		{"death by TERM", `exec x 'kill -TERM $$'`, "", "", "", "signal: terminated"},
		{"death by KILL", `exec x 'kill -KILL $$'`, "", "", "", "signal: killed"},
		{"a pipe in the helper", `exec x 'echo a | head -1'`, "", "a\n", "", "exit status 0"},
		{"the reader goes away", `x 'exec seq 1 1000000' | head -1`, "", "1\n", "", "exit status 0"},
		{"127 of the helper", `exec x 'exec no-such-command 2>/dev/null'`, "", "", "", "exit status 127"},
		{"an ignored signal stays ignored", `trap "" USR2; exec x 'kill -USR2 $$; echo alive'`, "", "alive\n", "", "exit status 0"},
		{"nohup is kept", `trap "" HUP; exec x 'kill -HUP $$; echo alive'`, "", "alive\n", "", "exit status 0"},
		{"a closed descriptor stays closed", `exec x '[ -e /proc/self/fd/0 ] || echo closed' <&-`, "", "closed\n", "", "exit status 0"},
		{"limits too narrow for a runtime", `ulimit -Sv 1200000; exec pi-loop a b`, "", "real a b\n", "", "exit status 4"},
		{"limits, and no such helper", `ulimit -Sv 1200000; exec gone`, "", "", "pi-track: error: gone: command not found\n", "exit status 127"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := w.shell(tc.script)
			var stdout, stderr bytes.Buffer
			c.Stdin, c.Stdout, c.Stderr = strings.NewReader(tc.stdin), &stdout, &stderr
			c.Run()
			if c.ProcessState == nil || c.ProcessState.String() != tc.end || stdout.String() != tc.stdout || stderr.String() != tc.stderr {
				t.Errorf("%v, stdout (%d) %.200q, stderr (%d) %.200q", c.ProcessState, stdout.Len(), stdout.String(), stderr.Len(), stderr.String())
			}
		})
	}
	starts, ends := 0, map[any]int{}
	for _, e := range w.events() {
		if e["status"] == "started" {
			starts++
		} else {
			ends[e["exit_code"]]++
		}
	}
	// All but the two that the narrow limits let through unrecorded.
	if starts != 12 || ends[7.0] != 1 || ends[4.0] != 1 || ends[127.0] != 1 {
		t.Errorf("%d starts, ends by exit code %v", starts, ends)
	}
}

// TestSignals: what the shim gets the helper gets, once.
func TestSignals(t *testing.T) {
	w := newWorld(t)
	for _, sig := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGUSR1} {
		t.Run(sig.String(), func(t *testing.T) {
			c, read := w.start("exec forever")
			c.Process.Signal(sig)
			out := read()
			c.Wait()
			name := map[syscall.Signal]string{1: "HUP", 2: "INT", 3: "QUIT", 15: "TERM", 10: "USR1"}[sig]
			if out != "got "+name+"\n" || c.ProcessState.ExitCode() != 5 {
				t.Errorf("%q, %v", out, c.ProcessState)
			}
		})
	}
	t.Run("the group stops, continues and ends", func(t *testing.T) {
		c, _ := w.start("exec plain")
		syscall.Kill(-c.Process.Pid, syscall.SIGSTOP)
		for _, next := range []struct {
			sig   syscall.Signal
			after func(syscall.WaitStatus) bool
		}{{syscall.SIGCONT, syscall.WaitStatus.Stopped}, {syscall.SIGTERM, syscall.WaitStatus.Continued}} {
			var status syscall.WaitStatus
			if _, err := syscall.Wait4(c.Process.Pid, &status, syscall.WUNTRACED|syscall.WCONTINUED, nil); err != nil {
				t.Fatal(err)
			}
			if !next.after(status) {
				t.Errorf("before %v: %#x", next.sig, status)
			}
			syscall.Kill(-c.Process.Pid, next.sig)
		}
		c.Wait()
		if c.ProcessState.String() != "signal: terminated" {
			t.Error(c.ProcessState)
		}
	})
}

// TestTerminal: a helper on a terminal of its own reads it and knows its size.
func TestTerminal(t *testing.T) {
	w := newWorld(t)
	c := w.shell("exec ask")
	master, err := pty.StartWithSize(c, &pty.Winsize{Rows: 30, Cols: 90})
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	io.WriteString(master, "hello\n")
	out, _ := io.ReadAll(master) // ends in EIO
	c.Wait()                     // or the terminal goes away under the shim
	for _, want := range []string{"30 90", "got:hello"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in %q", want, out)
		}
	}
}

// TestReport: what was recorded is whole, and is reported.
func TestReport(t *testing.T) {
	w := newWorld(t)
	w.shell("for i in 1 2 3; do pi-loop; x 'exit 0'; done").Run()
	if n := len(w.events()); n != 12 {
		t.Errorf("%d lines", n)
	}
	if out, err := w.track("verify").CombinedOutput(); err != nil {
		t.Errorf("verify: %v\n%s", err, out)
	}
	out, err := w.track("report", "--json").Output()
	var report struct {
		Overview struct{ Runs, Failed int }
	}
	if err == nil {
		err = json.Unmarshal(out, &report)
	}
	if err != nil || report.Overview.Runs != 6 || report.Overview.Failed != 3 {
		t.Errorf("%v, %+v in %.300s", err, report, out)
	}
}

// TestUninstall: nothing is left.
func TestUninstall(t *testing.T) {
	dir := t.TempDir()
	if err := install(dir); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(filepath.Join(programs, "pi-track"), "uninstall", "--purge", "--yes")
	c.Env = environment(dir)
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("uninstall: %v\n%s", err, out)
	}
	if _, err := os.Stat(dir + "/track"); !os.IsNotExist(err) {
		t.Errorf("left behind: %v", err)
	}
}

// TestRun: a program without a shim, and one that is not there.
func TestRun(t *testing.T) {
	w := newWorld(t)
	c := w.track("run", "--", "/no/such/program")
	if err := c.Run(); c.ProcessState == nil || c.ProcessState.ExitCode() != 127 {
		t.Errorf("%v", err)
	}
	if out, err := w.track("version").Output(); err != nil || !strings.Contains(string(out), "linux/arm64, full start") {
		t.Errorf("%v, %s", err, out)
	}
}
