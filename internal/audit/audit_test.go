package audit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pi-track/internal/event"
)

var base = time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)

// at is the event of a run called id, minutes after base.
func at(minutes int, id string, status event.Status, src string) string {
	e := event.Event{
		TS: base.Add(time.Duration(minutes) * time.Minute), ID: id, Kind: event.Script, Name: "helper",
		Status: status, Src: src,
	}
	return string(e.Append(nil))
}

func write(t *testing.T, name string, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// files opens the files with these names.
func files(t *testing.T, names ...string) (all []*os.File) {
	t.Helper()
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		all = append(all, f)
	}
	return all
}

func TestRunTellsRunsWithoutAnEndApart(t *testing.T) {
	file := write(t, "log.jsonl",
		at(0, "ended", event.Started, "shim"), at(1, "ended", event.Failed, "shim"),
		at(2, "lost", event.Started, "shim"),
		at(3, "runs", event.Started, "shim"),
		at(4, "old", event.Started, "emit"),
		at(60, "open", event.Started, "extension"),
		at(61, "alone", event.Succeeded, "shim"),
		at(90, "since", event.Started, "shim"), // began after the boxes had been looked at
	)
	r, err := Run(context.Background(), Options{
		Files: files(t, file), Running: map[string]bool{"runs": true},
		Began: base.Add(80 * time.Minute), OpenSince: base.Add(30 * time.Minute), MaxDefects: 10,
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Good != 8 || r.Running != 2 || r.Open != 1 || r.WithoutEnd != 2 || r.WithoutStart != 1 || r.EndsTwice != 0 || r.Duplicate != 0 {
		t.Errorf("%+v", r)
	}
	if !r.Last.Equal(base.Add(90 * time.Minute)) {
		t.Errorf("last event at %v", r.Last)
	}
	if len(r.Defects) != 2 || !strings.HasSuffix(r.Defects[0].Text, "helper lost") || !strings.HasSuffix(r.Defects[1].Text, "helper old") {
		t.Errorf("places: %+v", r.Defects)
	}
	if want := int64(len(at(0, "ended", event.Started, "shim")) + len(at(1, "ended", event.Failed, "shim"))); r.Defects[0].Offset != want || r.Defects[0].Line != 3 || r.Defects[1].Line != 5 {
		t.Errorf("%+v, want offset %d, lines 3 and 5", r.Defects, want)
	}
	if !r.Wrong() {
		t.Error("a run without an end is not wrong")
	}
}

func TestRunPairsAcrossSegments(t *testing.T) {
	first := write(t, "a.jsonl", at(0, "x", event.Started, "shim"), at(1, "y", event.Started, "shim"), at(1, "y", event.Started, "shim"))
	second := write(t, "b.jsonl", at(2, "x", event.Succeeded, "shim"), at(3, "y", event.Cancelled, "reaped"),
		at(3, "y", event.Cancelled, "reaped"), at(4, "x", event.Succeeded, "shim"))
	r, err := Run(context.Background(), Options{Files: files(t, first, second), MaxDefects: 10})
	if err != nil {
		t.Fatal(err)
	}
	if r.Wrong() || r.Good != 7 || r.Duplicate != 3 || len(r.Segments) != 2 {
		t.Errorf("%+v", r)
	}
	twice := write(t, "c.jsonl", at(5, "y", event.Succeeded, "shim"))
	r, err = Run(context.Background(), Options{Files: files(t, first, second, twice), MaxDefects: 10})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Wrong() || r.EndsTwice != 1 || len(r.Defects) != 1 || r.Defects[0].Path != twice {
		t.Errorf("%+v", r)
	}
}

// A run has a time before it has a black box: one that began just before the
// boxes were looked at is not without an end.
func TestRunThatIsJustBeginning(t *testing.T) {
	file := write(t, "log.jsonl", at(0, "x", event.Started, "shim"), at(1, "y", event.Started, "shim"))
	r, err := Run(context.Background(), Options{Files: files(t, file), Began: base.Add(time.Minute + time.Second)})
	if err != nil {
		t.Fatal(err)
	}
	if r.Running != 1 || r.WithoutEnd != 1 {
		t.Errorf("%d running, %d without an end", r.Running, r.WithoutEnd)
	}
}

func TestRunNamesAtMostAsManyPlacesAsAsked(t *testing.T) {
	var lines []string
	for i := range 20 {
		lines = append(lines, at(i, fmt.Sprint("run", i), event.Started, "shim"))
	}
	file := write(t, "log.jsonl", lines...)
	r, err := Run(context.Background(), Options{Files: files(t, file), MaxDefects: 3, Began: base.Add(24 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if r.WithoutEnd != 20 || len(r.Defects) != 3 || r.Omitted != 17 {
		t.Errorf("%d without an end, %d places, %d omitted", r.WithoutEnd, len(r.Defects), r.Omitted)
	}
}

func TestRunOfEmptyFile(t *testing.T) {
	r, err := Run(context.Background(), Options{Files: files(t, write(t, "empty.jsonl"))})
	if err != nil || r.Wrong() || r.Good != 0 || !r.Last.IsZero() {
		t.Errorf("%+v, %v", r, err)
	}
}

// A segment that cannot be unpacked is wrong, and all else is read.
func TestRunOfDamagedSegment(t *testing.T) {
	good := write(t, "log.jsonl", at(0, "x", event.Started, "shim"), at(1, "x", event.Failed, "shim"), "{\n")
	packed := write(t, "old.jsonl.zst", "\x28\xb5\x2f\xfdno zstd")
	r, err := Run(context.Background(), Options{Files: files(t, packed, good), MaxDefects: 10, Began: base.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if r.Good != 2 || r.Torn != 1 || !r.Wrong() || !r.Segments[0].Damaged || r.Segments[1].Damaged || len(r.Defects) != 2 ||
		r.Defects[0].Path != packed || r.Defects[0].Line != 1 || !strings.HasPrefix(r.Defects[0].Text, "from here on it cannot be unpacked: ") {
		t.Errorf("%+v", r)
	}
}

// The files may be renamed and removed once they are open.
func TestRunBesideRotation(t *testing.T) {
	name := write(t, "log.jsonl", at(0, "x", event.Started, "shim"), at(1, "x", event.Failed, "shim"), at(2, "y", event.Started, "shim"))
	open := files(t, name)
	if err := os.Rename(name, name+".away"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(at(9, "z", event.Started, "shim")), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Run(context.Background(), Options{Files: open, MaxDefects: 10, Began: base.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if r.Good != 3 || r.WithoutEnd != 1 || len(r.Defects) != 1 || r.Defects[0].Line != 3 || !strings.HasSuffix(r.Defects[0].Text, "helper y") {
		t.Errorf("%+v", r)
	}
}
