package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pi-track/internal/event"
)

// On a terminal a line of tail is broken between words; in a pipe it is whole.
func TestTailOnATerminal(t *testing.T) {
	bin := programs(t)
	home := t.TempDir()
	const why = "error: the preview service wants a token, which the configuration of the project does not have"
	e := event.Event{
		TS: time.Now().Add(-time.Minute), ID: event.NewID(time.Now()), Kind: event.Script, Name: "deploy-preview", Status: event.Failed,
		Repo: "/src/web", TaskID: "TASK-17", Error: why, DurationMS: 1200,
	}
	if err := os.WriteFile(filepath.Join(home, "events.jsonl"), e.Append(nil), 0o600); err != nil {
		t.Fatal(err)
	}
	command := func() *exec.Cmd {
		cmd := exec.Command(filepath.Join(bin, "pi-track"), "tail")
		cmd.Env = append(os.Environ(), "PI_TRACK_HOME="+home, "TERM=xterm")
		return cmd
	}
	piped, err := command().Output()
	if err != nil || strings.Count(string(piped), "\n") != 1 {
		t.Fatalf("in a pipe: %v\n%s", err, piped)
	}
	for _, columns := range []int{60, 80, 400} {
		shown := shownOn(t, command(), columns)
		lines := strings.Split(strings.TrimRight(shown, "\r\n"), "\r\n")
		for _, line := range lines {
			if len(line) > columns {
				t.Errorf("a line of %d at %d columns:\n%s", len(line), columns, line)
			}
		}
		if got, want := strings.Fields(shown), strings.Fields(string(piped)); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("at %d columns other words:\n%s\nin a pipe:\n%s", columns, shown, piped)
		}
		if whole := columns == 400; whole != (len(lines) == 1) {
			t.Errorf("%d lines at %d columns", len(lines), columns)
		}
	}
}
