package log

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestRotated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	theirs := []string{
		"events-2026-11-30.jsonl", "events-20261130.jsonl.gz", "events.1.jsonl", "events.jsonl-20261130", "events.jsonl.0",
		"events.jsonl.1", "events.jsonl.12.xz", "events.jsonl.2.gz", "events.jsonl.2026-11-30T10:00:00Z", "events.jsonl.old", "events.jsonl.old.gz",
	}
	others := []string{
		"events.jsonl", "events-20261101T100130000Z.jsonl", "events-20261101T100130000Z.jsonl.zst", "events-20261101T100130000Z-import.jsonl",
		"damaged-events.txt", "events.jsonl.txt", "events.md", "events2.jsonl", "other.jsonl.1", "events.jsonl.", "events.jsonl.gz", "my-events.jsonl.1",
	}
	for _, name := range append(slices.Clone(theirs), others...) {
		os.WriteFile(filepath.Join(filepath.Dir(path), name), []byte("x"), 0o600)
	}
	os.Mkdir(path+".index", 0o700)
	os.Mkdir(path+".3", 0o700)
	got := Rotated(path)
	for i := range got {
		got[i] = filepath.Base(got[i])
	}
	slices.Sort(theirs)
	slices.Sort(got)
	if !slices.Equal(got, theirs) {
		t.Errorf("%q\nwant %q", got, theirs)
	}
	if got := Rotated("/nonexistent/events.jsonl"); got != nil {
		t.Errorf("%q", got)
	}
}
