package history

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pi-track/internal/log"
	"pi-track/internal/log/segment"
)

// Each line is shown once: also when the log is sealed again while a rotation is
// dealt with, and when it has been compressed before the next look at it.
func TestFollowShowsLinesOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	add := func(line string) {
		t.Helper()
		if err := log.Append(path, []byte(line+"\n")); err != nil {
			t.Fatal(err)
		}
	}
	seal := func() {
		t.Helper()
		if name, err := log.Seal(path); err != nil || name == "" {
			t.Fatal(name, err)
		}
	}
	add("a")
	f := Follow(path)
	defer f.Close()
	var got []string
	yield := func(line []byte) bool {
		got = append(got, string(line))
		return true
	}
	f.poll(yield)
	seal()
	add("b")
	now := openGrowing(path)
	seal()
	add("c")
	f.rotated(now, yield)
	f.poll(yield)
	if want := []string{"a", "b", "c"}; !slices.Equal(got, want) {
		t.Fatalf("sealed in between: %q", got)
	}

	add("d")
	seal()
	if done, _, err := segment.Compress(path, time.Now().Add(time.Minute)); err != nil || len(done) != 3 {
		t.Fatal(done, err)
	}
	add("e")
	f.poll(yield)
	if want := []string{"a", "b", "c", "d", "e"}; !slices.Equal(got, want) {
		t.Fatalf("compressed in between: %q", got)
	}
}
