//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/jedib0t/go-pretty/v6/text"

	"pi-track/internal/event"
)

// TestNarrowTerminal: on a terminal no line of ps is wider than it, and ids and
// tasks stay as long as they can; a pipe gets everything.
func TestNarrowTerminal(t *testing.T) {
	bin := programs(t)
	home := t.TempDir()
	var log []byte
	for _, name := range []string{"questionnaire", "a-helper-with-a-rather-long-name-生命"} {
		e := event.Event{
			TS: time.Now().Add(-time.Minute), ID: event.NewID(time.Now()), Kind: event.ExtensionTool, Name: name, Status: event.Started,
			Repo: "/src/web", TaskID: "TASK-17", SessionID: event.NewID(time.Now()), Src: "extension",
		}
		log = append(log, e.Append(nil)...)
	}
	if err := os.WriteFile(filepath.Join(home, "events.jsonl"), log, 0o600); err != nil {
		t.Fatal(err)
	}
	command := func() *exec.Cmd {
		cmd := exec.Command(filepath.Join(bin, "pi-track"), "ps")
		cmd.Env = append(os.Environ(), "PI_TRACK_HOME="+home, "TERM=xterm")
		return cmd
	}
	piped, err := command().Output()
	if err != nil || bytes.Count(piped, []byte("…")) != 2 || !bytes.Contains(piped, []byte("SINCE")) {
		t.Errorf("in a pipe: %v\n%s", err, piped)
	}
	for columns, want := range map[int]string{40: "NAME", 60: "REPO", 80: "TASK ID …", 200: "SINCE TASK SESSION ID"} {
		shown := shownOn(t, command(), columns)
		lines := strings.Split(strings.TrimSpace(shown), "\r\n")
		if len(lines) != 3 {
			t.Errorf("%d lines at %d columns:\n%s", len(lines), columns, shown)
		}
		for _, line := range lines {
			if w := text.StringWidth(line); w > columns {
				t.Errorf("a line of %d at %d columns:\n%s", w, columns, line)
			}
		}
		for _, word := range strings.Fields(want) {
			if !strings.Contains(shown, word) {
				t.Errorf("no %q at %d columns:\n%s", word, columns, shown)
			}
		}
	}
}

// shownOn is what a command prints on a terminal of so many columns.
func shownOn(t *testing.T, cmd *exec.Cmd, columns int) string {
	t.Helper()
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: uint16(columns)})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	shown, _ := io.ReadAll(terminal) // ends with EIO
	return string(shown)
}
