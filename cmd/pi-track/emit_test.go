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

	"pi-track/internal/log"
)

// Of two processes that end a run at once the second sees the end of the first.
func TestEmitEndWaitsForAnother(t *testing.T) {
	bin := programs(t)
	home := t.TempDir()
	path := filepath.Join(home, "events.jsonl")
	emit := func(args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(bin, "pi-track"), append([]string{"emit"}, args...)...)
		cmd.Env = append(os.Environ(), "PI_TRACK_HOME="+home, "PI_TRACK_LOG="+path)
		return cmd
	}
	out, err := emit("start", "--name", "x").Output()
	if err != nil {
		t.Fatal(err)
	}
	start, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	release := log.Alone(path, time.Minute) // as the first does
	var text bytes.Buffer
	second := emit("end", strings.TrimSpace(string(out)), "--status", "failed", "--error", "x")
	second.Stderr = &text
	if err := second.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- second.Wait() }()
	select {
	case err := <-ended:
		t.Fatalf("did not wait: %v", err)
	case <-time.After(time.Second): // one that does not wait has ended by now
	}
	end := strings.Replace(string(start), `"status":"started"`, `"status":"succeeded","duration_ms":1`, 1)
	if err := log.Append(path, []byte(end)); err != nil {
		t.Fatal(err)
	}
	release()
	if err := <-ended; err == nil || !strings.Contains(text.String(), "has already ended: succeeded") {
		t.Errorf("%v: %s", err, &text)
	}
}
