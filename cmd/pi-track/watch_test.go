//go:build linux || darwin || freebsd || openbsd

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
)

// TestWatchEndsWithTheTerminal: it draws over itself, and when the terminal
// goes it ends, although the signal that says so is ignored.
func TestWatchEndsWithTheTerminal(t *testing.T) {
	bin := programs(t)
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

// TestKeysEndTheWatching: q and Ctrl-C end it and give the terminal back as it
// was; other keys do nothing.
func TestKeysEndTheWatching(t *testing.T) {
	for key, want := range map[string]string{"q": "ended with 0", "xyQ": "ended with 0", "\x03": "ended with 130"} {
		bin := programs(t)
		log := filepath.Join(t.TempDir(), "events.jsonl")
		if err := os.WriteFile(log, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		// An interactive shell has it in a job of its own, as users do.
		cmd := exec.Command("/bin/sh", "-c", `trap : INT; a=$(stty -g); "$0" report --watch 1h --log "$1"; code=$?; [ "$a" = "$(stty -g)" ] && echo "ended with $code"`,
			filepath.Join(bin, "pi-track"), log)
		cmd.Env = append(os.Environ(), "PI_TRACK_HOME="+filepath.Dir(log), "TERM=xterm")
		terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 10, Cols: 80})
		if err != nil {
			t.Fatal(err)
		}
		var seen bytes.Buffer
		buf := make([]byte, 4096)
		for pressed := false; ; {
			n, err := terminal.Read(buf)
			if err != nil {
				break // all of it has ended
			}
			if seen.Write(buf[:n]); !pressed && strings.Contains(seen.String(), "\x1b[J") {
				pressed = true
				if _, err := terminal.WriteString(key); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait()
		terminal.Close()
		if !strings.Contains(seen.String(), want) {
			t.Errorf("%q: %q", key, seen.String())
		}
	}
}
