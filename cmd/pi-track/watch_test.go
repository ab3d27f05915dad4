//go:build linux || darwin

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"pi-track/internal/testbin"
)

// TestWatchEndsWithTheTerminal: it draws over itself, and when the terminal
// goes it ends, although the signal that says so is ignored.
func TestWatchEndsWithTheTerminal(t *testing.T) {
	bin, err := testbin.Dir()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	log := filepath.Join(dir, "events.jsonl")
	if err := os.WriteFile(log, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/bin/sh", "-c", `trap "" HUP; exec "$0" report --watch 100ms --log "$1"`, filepath.Join(bin, "pi-track"), log)
	cmd.Env = append(os.Environ(), "PI_TRACK_HOME="+dir, "TERM=xterm")
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 10, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	defer cmd.Process.Kill()

	var seen bytes.Buffer
	buf := make([]byte, 4096)
	for strings.Count(seen.String(), "\x1b[H") < 4 {
		n, err := terminal.Read(buf)
		if err != nil {
			t.Fatalf("%v after %q", err, seen.String())
		}
		seen.Write(buf[:n])
	}
	frames := strings.Split(seen.String(), "\x1b[H")
	frame := frames[2]
	if lines := strings.Count(frame, "\n"); lines > 9 {
		t.Errorf("a frame of %d lines scrolls a terminal of 10", lines)
	}
	if !strings.Contains(frame, "pi-track report") || !strings.HasSuffix(frame, "\x1b[J") {
		t.Errorf("a frame is %q", frame)
	}
	terminal.Close()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Fatal("still running a minute after its terminal has gone")
	}
}
