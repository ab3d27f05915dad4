package schematest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pi-track/internal/event"
)

const good = `{"ts":"2026-11-22T05:06:33.072Z","v":1,"id":"01a201a2-77d0-7abc-8def-0123456789ab","kind":"script","name":"h","status":"started"}` + "\n"

// A line is one line that is no longer than lines may be.
func TestCheck(t *testing.T) {
	long := strings.Replace(good, `"h"`, `"`+strings.Repeat("h", event.MaxLine-len(good)+1)+`"`, 1)
	if err := Check([]byte(long)); err != nil || len(long) != event.MaxLine {
		t.Errorf("%d bytes: %v", len(long), err)
	}
	for _, bad := range []string{"", "\n", strings.TrimSuffix(good, "\n"), good + good, good + "\n", strings.Replace(long, "hh", "hhh", 1), "{\n", "{}\n"} {
		if Check([]byte(bad)) == nil {
			t.Errorf("allowed: %.200q", bad)
		}
	}
}

// A file is as good as its lines, blank ones apart.
func TestCheckFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events.jsonl")
	for text, want := range map[string]int{"": 0, good: 1, good + "\n" + good: 2, "\n\n": 0, good + "{}\n" + good: -2} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		n, err := CheckFile(file)
		if n != max(want, -want) || (err != nil) != (want < 0) {
			t.Errorf("%q: %d, %v", text, n, err)
		}
	}
	if _, err := CheckFile(file + "x"); err == nil {
		t.Error("a file that is not there is good")
	}
}
