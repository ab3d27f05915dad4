package launch_test

import (
	"os"
	"strings"
	"testing"

	"pi-track/internal/log/reap"
)

// reaped ends the runs that were killed and returns the log.
func (w *world) reaped() string {
	w.t.Helper()
	_, err := reap.Boxes(w.home)
	w.must(err)
	data, err := os.ReadFile(w.path("home/events.jsonl"))
	w.must(err)
	return string(data)
}

// What a program writes to a file is found by a reaper, unless nothing is to be
// looked at.
func TestKilledRunWithStderrInAFile(t *testing.T) {
	for _, capture := range []string{"auto", "off"} {
		w := newWorld(t)
		w.script("real/tool", "#!/bin/sh\necho 'error: no luck' >&2\nkill -KILL 0\n")
		w.manifest.Shims[0].Capture = capture
		w.writeManifest()
		w.run(w.shimPath(), nil, "sh", "-c", "exec tool 2>errors")
		want := 1
		if capture == "off" {
			want = 0
		}
		if got := strings.Count(w.reaped(), "error: no luck"); got != want {
			t.Errorf("capture %s: %d times in %s", capture, got, w.reaped())
		}
	}
}
