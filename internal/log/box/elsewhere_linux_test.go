package box

import (
	"os"
	"testing"
)

// TestElsewhere: a log beside the state, or on its file system, can hang no more than that.
func TestElsewhere(t *testing.T) {
	home := t.TempDir()
	if err := os.MkdirAll(home+"/sub/deep", 0o700); err != nil {
		t.Fatal(err)
	}
	beside := t.TempDir()
	for path, want := range map[string]bool{
		home + "/events.jsonl": false, home + "/sub/deep/events.jsonl": false, beside + "/events.jsonl": false, "/dev/null": false,
		"/proc/self/events.jsonl": true, "/proc/version": true, home + "/missing/events.jsonl": true,
	} {
		if got := Elsewhere(home, path); got != want {
			t.Errorf("%s: %t", path, got)
		}
	}
	if !Elsewhere(home+"/missing", home+"/events.jsonl") {
		t.Error("there is no state to lie beside")
	}
	if Elsewhere("/proc/self", "/proc/self/events.jsonl") {
		t.Error("beside the state, whatever that lies on")
	}
}
