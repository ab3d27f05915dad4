package history

import (
	"path/filepath"
	"slices"
	"strings"
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

	add("f")
	seal()
	add("g") // into a file that is never seen as the log
	seal()
	if done, _, err := segment.Compress(path, time.Now().Add(time.Minute)); err != nil || len(done) != 2 {
		t.Fatal(done, err)
	}
	add("h")
	f.poll(yield)
	if want := []string{"a", "b", "c", "d", "e", "f", "g", "h"}; !slices.Equal(got, want) {
		t.Fatalf("sealed twice and compressed in between: %q", got)
	}
}

// TestFollowStops: whatever the line comes from, none follows the one that was enough.
func TestFollowStops(t *testing.T) {
	for _, last := range []string{"a", "b", "c", "d"} {
		path := filepath.Join(t.TempDir(), "events.jsonl")
		add := func(line string, seal bool) {
			t.Helper()
			if err := log.Append(path, []byte(line+"\n")); err != nil {
				t.Fatal(err)
			}
			if name, err := "", error(nil); seal {
				if name, err = log.Seal(path); err != nil || name == "" {
					t.Fatal(name, err)
				}
			}
		}
		add("0", false)
		f := Follow(path)
		f.Begin(func([]byte) bool { return true })
		add("a", true)
		add("b", true)
		add("c", true)
		add("d", false)
		got := ""
		f.Next(func() {}, func(line []byte) bool {
			got += string(line)
			return string(line) != last
		})
		if want := "abcd"[:strings.Index("abcd", last)+1]; got != want {
			t.Errorf("up to %s: %q", last, got)
		}
		f.Close()
	}
}
