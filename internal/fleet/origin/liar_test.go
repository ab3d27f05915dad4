package origin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/event"
	"pi-track/internal/fleet"
	"pi-track/internal/fleet/sink"
	"pi-track/internal/report"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// share is a directory that hosts send to.
type share struct {
	t    *testing.T
	root string
	sink sink.Sink
	now  time.Time
}

func newShare(t *testing.T) *share {
	root := t.TempDir()
	to, err := fleet.ParseAddress("dir:" + root)
	if err != nil {
		t.Fatal(err)
	}
	s, err := sink.Open(to, fleet.Access{}, sink.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &share{t, root, s, time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)}
}

func (s *share) put(host string, lines []byte) {
	s.t.Helper()
	if err := s.sink.Put(context.Background(), sink.Batch{Host: host, Lines: lines}); err != nil {
		s.t.Fatal(err)
	}
}

// runs are n ended runs of a helper, the last at the given time.
func runs(n int, host, name string, at time.Time, status event.Status) (lines []byte) {
	for i := range n {
		ts := at.Add(-time.Duration(i) * time.Minute)
		e := event.Event{TS: ts, ID: event.NewID(at.Add(-time.Duration(i) * time.Minute)), Kind: event.Script, Name: name, Status: status, DurationMS: int64(100 + i), Host: host, Repo: "web"}
		lines = e.Append(lines)
	}
	return lines
}

// honest are the figures of the honest helpers, without risk: the mean of all helpers
// is in it.
func (s *share) honest(f query.Filter) (string, []Unread) {
	s.t.Helper()
	objects, unread, err := Objects(context.Background(), s.root, math.MinInt64)
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := report.Build(context.Background(), query.Options{Logs: []string{"dir:" + s.root}, Objects: objects, NoIndex: true, Filter: f, Now: s.now, Location: time.UTC,
		Sections: []query.Section{section.SectionHelpers}})
	if err != nil {
		s.t.Fatal(err)
	}
	var out bytes.Buffer
	for _, h := range r.Helpers.Rows {
		if strings.HasPrefix(h.Name, "good-") {
			h.Risk = 0
			if err := json.NewEncoder(&out).Encode(h); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	return out.String(), unread
}

// A host that lies damages only its own rows: the figures of the others stay as they are.
func TestALiarDamagesOnlyItsOwnRows(t *testing.T) {
	s := newShare(t)
	for i, host := range []string{"h-one", "h-two"} {
		for j := range 4 {
			at := s.now.Add(-time.Duration(i*7+j) * time.Hour)
			s.put(host, append(runs(20, host, fmt.Sprintf("good-%d", j), at, event.Succeeded), runs(j, host, fmt.Sprintf("good-%d", j), at.Add(-time.Minute/2), event.Failed)...))
		}
	}
	before, unread := s.honest(query.Filter{})
	if len(unread) > 0 || strings.Count(before, "\n") != 4 {
		t.Fatal(before, unread)
	}
	var names []byte
	for i := range 10000 {
		names = append(names, runs(1, "h-liar", fmt.Sprintf("bad-%d", i), s.now, event.Failed)...)
	}
	for what, lie := range map[string][]byte{
		"10 000 names":        names,
		"another's name":      runs(50, "h-one", "bad", s.now, event.Failed),
		"a clock of 1996":     runs(50, "h-liar", "bad", s.now.AddDate(-30, 0, 0), event.Failed),
		"a clock of 2056":     runs(50, "h-liar", "bad", s.now.AddDate(30, 0, 0), event.Failed),
		"no lines":            []byte("\x00\xff\n{}\n[\n\n"),
		"a line that is long": bytes.Repeat([]byte("x"), 1<<20),
	} {
		s.put("h-liar", lie)
		if after, _ := s.honest(query.Filter{}); after != before {
			t.Fatalf("%s:\n%s\nwas\n%s", what, after, before)
		}
	}
	// Of a gigabyte that is packed into some kilobytes nothing is taken.
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var bomb []byte
	for piece := make([]byte, 16<<20); len(bomb) < 1<<14; {
		bomb = z.EncodeAll(piece, bomb)
	}
	for range 60 {
		bomb = z.EncodeAll(make([]byte, 1<<20), bomb)
	}
	at := filepath.Join(s.root, "host=h-liar", "2026-11", "20261130T115900000Z-20261130T115900000Z-0123456789abcdef0123456789abcdef"+sink.ObjectExt)
	if err := os.WriteFile(at, bomb, 0o644); err != nil {
		t.Fatal(err)
	}
	after, unread := s.honest(query.Filter{})
	if after != before || len(unread) != 1 || unread[0].Path != at {
		t.Errorf("unread %v, and\n%s\nwas\n%s", unread, after, before)
	}
	// Who asks for the honest hosts alone sees nothing of the rest.
	only, _ := s.honest(query.Filter{Host: []string{"h-one", "h-two"}, Name: []string{"good-*"}})
	if only != before {
		t.Errorf("by host:\n%s\nwas\n%s", only, before)
	}
}

// Whatever is done to an object, it is noticed, and nothing of it is counted.
func TestAChangedObjectIsNoticed(t *testing.T) {
	for what, change := range map[string]func(name string, data []byte) error{
		"a byte":      func(name string, data []byte) error { data[len(data)/2] ^= 1; return os.WriteFile(name, data, 0o644) },
		"cut short":   func(name string, data []byte) error { return os.WriteFile(name, data[:len(data)-5], 0o644) },
		"empty":       func(name string, _ []byte) error { return os.WriteFile(name, nil, 0o644) },
		"more at end": func(name string, data []byte) error { return os.WriteFile(name, append(data, data...), 0o644) },
		"garbage":     func(name string, data []byte) error { return os.WriteFile(name, append(data, "garbage"...), 0o644) },
		"another name": func(name string, data []byte) error {
			at := len(name) - len("00000000"+sink.ObjectExt)
			return os.WriteFile(name[:at]+"00000000"+sink.ObjectExt, data, 0o644)
		},
		"a link": func(name string, data []byte) error {
			return errors.Join(os.WriteFile(name+".x", data, 0o644), os.Symlink(name+".x", name))
		},
	} {
		t.Run(what, func(t *testing.T) {
			s := newShare(t)
			s.put("h", runs(20, "h", "good-1", s.now, event.Failed))
			names, _ := filepath.Glob(filepath.Join(s.root, "*", "*", "*"+sink.ObjectExt))
			data, err := os.ReadFile(names[0])
			if err != nil {
				t.Fatal(err)
			}
			os.Remove(names[0])
			if err := change(names[0], data); err != nil {
				t.Fatal(err)
			}
			objects, unread, err := Objects(context.Background(), s.root, math.MinInt64)
			if err != nil || len(objects) > 0 || len(unread) != 1 && what != "a link" {
				t.Errorf("%d objects, unread %v, %v", len(objects), unread, err)
			}
		})
	}
}
