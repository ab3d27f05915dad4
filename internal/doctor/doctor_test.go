package doctor

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/piext"
	"pi-track/internal/redact"
)

// texts are the findings as lines: level, check, text.
func (fs findings) texts() string {
	var b strings.Builder
	for _, f := range fs {
		b.WriteString(f.Level.String() + " " + f.Check + " " + f.Text + "\n")
	}
	return b.String()
}

func script(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOutput(t *testing.T) {
	dir := t.TempDir()
	const long = time.Minute
	text, err := output(long, []string{"A=b"}, script(t, dir+"/plain", `echo "$1 $A"; echo noise >&2`), "arg")
	if text != "arg b\n" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := output(long, nil, script(t, dir+"/fails", "exit 3")); err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("a failure is reported as %v", err)
	}
	if _, err := output(long, nil, dir+"/missing"); err == nil {
		t.Error("a missing program is no error")
	}
	// What the program leaves behind does not hold us up.
	text, err = output(long, os.Environ(), script(t, dir+"/leaves", "sleep 30 & echo done"))
	if text != "done\n" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	// A program that hangs is killed with what it started.
	pidFile := dir + "/pid"
	hangs := script(t, dir+"/hangs", `sleep 1000 & echo $! >"`+pidFile+`"; wait`)
	var data []byte
	for patience := 2 * time.Second; len(data) == 0; patience *= 2 { // a loaded machine may not have begun by then
		_, err = output(patience, os.Environ(), hangs)
		if err == nil || !strings.Contains(err.Error(), "no answer") {
			t.Fatalf("a program that hangs: %v", err)
		}
		if data, err = os.ReadFile(pidFile); err != nil && patience > time.Minute {
			t.Fatal(err)
		}
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); alive(pid); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("process %d, which a hanging program started, lives on", pid)
		}
	}
}

// alive says whether a process runs; one that nobody has waited for does not.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || !strings.Contains(string(stat), ") Z ")
}

func TestCheckRedactorSeesWhatGetsThrough(t *testing.T) {
	var fs findings
	fs.checkRedactor(redact.Text, redact.Summary)
	if Worst(fs) != OK {
		t.Errorf("the redactor: %s", fs.texts())
	}
	for _, c := range canaries() {
		leaky := func(s string) string {
			if strings.Contains(s, c.secret) {
				return s
			}
			return redact.Text(s)
		}
		fs = nil
		fs.checkRedactor(leaky, redact.Summary)
		if Worst(fs) != Broken || !strings.Contains(fs.texts(), c.kind) {
			t.Errorf("%s gets through unseen: %s", c.kind, fs.texts())
		}
	}
	fs = nil
	fs.checkRedactor(redact.Text, func(tail []byte, _ []string) string { return redact.Text(string(tail)) })
	if !strings.Contains(fs.texts(), "secret variable") {
		t.Errorf("a value of the environment gets through unseen: %s", fs.texts())
	}
	fs = nil
	fs.checkRedactor(func(s string) string { return s }, redact.Summary)
	if !strings.Contains(fs.texts(), "terminal escape") {
		t.Errorf("a terminal escape gets through unseen: %s", fs.texts())
	}
}

func TestCheckExtension(t *testing.T) {
	agent := filepath.Join(t.TempDir(), "agent")
	check := func() string {
		var fs findings
		fs.checkExtension(agent)
		return fs.texts()
	}
	if got := check(); !strings.HasPrefix(got, "warning extension it is not in ") {
		t.Error(got)
	}
	if _, err := piext.Install(piext.Options{AgentDir: agent, Home: agent, Log: agent + "/log", Bin: agent + "/bin"}); err != nil {
		t.Fatal(err)
	}
	if got := check(); !strings.HasPrefix(got, "ok extension ") {
		t.Error(got)
	}
	entry := filepath.Join(piext.Dir(agent), "index.ts")
	if err := os.WriteFile(entry, []byte("export default () => {};\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := check(); !strings.HasPrefix(got, "note extension changed by hand: ") {
		t.Error(got)
	}
}

func TestShellPathPassesOverWhatRcFilesPrint(t *testing.T) {
	dir := t.TempDir()
	shell := script(t, dir+"/shell", `echo pi-track-path=/nowhere; echo motd; PATH=/a:/b\ c; eval "$2"; echo bye`)
	c := Config{Getenv: func(string) string { return "" }}
	list, err := shellPath(c, shell, "-lic")
	if err != nil || strings.Join(list, "|") != "/a|/b c" {
		t.Errorf("%q, %v", list, err)
	}
	if _, err := shellPath(c, script(t, dir+"/mute", "exit 1"), "-lic"); err == nil {
		t.Error("a shell that says nothing is no error")
	}
}

func TestDirIndexComparesDirectories(t *testing.T) {
	dir := t.TempDir()
	shims := filepath.Join(dir, "shims")
	if err := os.Mkdir(shims, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(dir, filepath.Join(dir, "alias")); err != nil {
		t.Fatal(err)
	}
	for entry, want := range map[string]int{
		shims: 1, shims + "/": 1, dir + "/alias/shims": 1, dir + "/./shims": 1, dir + "/other": -1, dir: -1,
	} {
		if got := dirIndex([]string{"/none", entry}, shims); got != want {
			t.Errorf("%s: %d, want %d", entry, got, want)
		}
	}
}

func TestSizeText(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 999: "999 bytes", 1000: "1.0 KB", 123456: "123 KB", 3_700_000_000: "3.7 GB"} {
		if got := sizeText(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
