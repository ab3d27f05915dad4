package segment

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pi-track/internal/log"
)

// When a log is due: at the size, not a byte before; in the month after its
// first line, not in the same one.
func TestDueBoundaries(t *testing.T) {
	const line = `{"ts":"2026-10-31T23:59:59.999Z","v":1}` + "\n"
	october, november := time.Date(2026, 10, 31, 23, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	path := t.TempDir() + "/e.jsonl"
	if due, err := (When{}).Due(path); due || err != nil {
		t.Error("a log that is missing", due, err)
	}
	for name, v := range map[string]struct {
		text string
		when When
		want bool
	}{
		"always":                  {line, When{}, true},
		"empty":                   {"", When{}, false},
		"as large":                {line, When{Size: int64(len(line))}, true},
		"a byte less":             {line, When{Size: int64(len(line)) + 1}, false},
		"the same month":          {line, When{Month: october}, false},
		"the next month":          {line, When{Month: november}, true},
		"in another zone":         {line, When{Month: november.In(time.FixedZone("", -7200))}, true},
		"either":                  {line, When{Size: 1000, Month: november}, true},
		"neither":                 {line, When{Size: 1000, Month: october}, false},
		"behind damage":           {"\n\x00\x00\nhalf\n" + line, When{Month: november}, true},
		"no line":                 {"half\n", When{Month: november}, false},
		"half a line":             {`{"ts":"2026-1`, When{Month: november}, false},
		"far behind":              {strings.Repeat("x", 64<<10) + "\n" + line, When{Month: november}, false},
		"a month, and it is less": {strings.Replace(line, "2026-10", "2025-12", 1), When{Month: october}, true},
	} {
		os.WriteFile(path, []byte(v.text), 0o600)
		if due, err := v.when.Due(path); due != v.want || err != nil {
			t.Errorf("%s: %t, %v", name, due, err)
		}
	}
	os.Remove(path)
	os.Mkdir(path, 0o700)
	if _, err := (When{}).Due(path); err == nil {
		t.Error("a directory is no log")
	}
}

// What is pruned was written before the moment, is not held, and the log stays.
func TestPruneBoundaries(t *testing.T) {
	dir := t.TempDir()
	path := dir + "/e.jsonl"
	at := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	files := map[string]string{path: "log", log.SealedName(path, at.Add(-time.Millisecond), ""): "before", log.SealedName(path, at, ""): "at", log.SealedName(path, at.Add(-time.Hour), "") + Ext: "zst", log.SealedName(path, at.Add(-2*time.Hour), ""): "held"}
	for name, text := range files {
		os.WriteFile(name, []byte(text), 0o600)
	}
	hold := func(name string) bool { return strings.Contains(name, "T220000") }
	for _, dry := range []bool{true, false} {
		pruned, err := Prune(path, at, dry, hold)
		if err != nil || len(pruned) != 2 || pruned[0].Size+pruned[1].Size != int64(len("before")+len("zst")) || !pruned[1].Last.Equal(at.Add(-time.Millisecond)) {
			t.Fatalf("dry %t: %+v %v", dry, pruned, err)
		}
		left, _ := os.ReadDir(dir)
		if want := map[bool]int{true: 5, false: 3}[dry]; len(left) != want {
			t.Errorf("dry %t: %d files left", dry, len(left))
		}
	}
	if pruned, err := Prune(filepath.Join(dir, "none.jsonl"), at, false, nil); err != nil || pruned != nil {
		t.Error(pruned, err)
	}
}
