package scan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
)

// lister notes the ids and places of all lines.
type lister struct {
	mu     *sync.Mutex
	places map[string][]Place
}

func (w lister) Begin(*Chunk) {}
func (w lister) End(*Chunk)   {}
func (w lister) Line(l *decode.Line, at Place) {
	w.mu.Lock()
	defer w.mu.Unlock()
	id := l.String(l.ID)
	w.places[id] = append(w.places[id], at)
}

// run scans files with two workers.
func run(t *testing.T, paths ...string) (*Result, map[string][]Place) {
	t.Helper()
	w := lister{&sync.Mutex{}, map[string][]Place{}}
	s := Scan{Workers: []Worker{w, w}}
	for _, p := range paths {
		s.Parts = append(s.Parts, Part{Path: p, To: -1})
	}
	var last int64 = -1
	s.Done = func(c *Chunk) {
		if c.Seq != last+1 {
			t.Errorf("chunk %d after %d", c.Seq, last)
		}
		last = c.Seq
	}
	r, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r, w.places
}

func line(i int, extra string) string {
	e := event.Event{
		TS: time.UnixMilli(1.7e12 + int64(i)*1000), ID: fmt.Sprint("id-", i), Kind: event.Script, Name: "x" + extra, Status: event.Started,
	}
	return string(e.Append(nil))
}

func file(t *testing.T, name string, parts ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	b := []byte(strings.Join(parts, ""))
	if strings.HasSuffix(name, ".zst") {
		w, err := zstd.NewWriter(nil)
		if err != nil {
			t.Fatal(err)
		}
		b = w.EncodeAll(b, nil)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEveryLineOnceWhereverChunksEnd(t *testing.T) {
	const n = 20000
	var b strings.Builder
	offsets := map[string]int64{}
	for i := range n {
		offsets[fmt.Sprint("id-", i)] = int64(b.Len())
		b.WriteString(line(i, strings.Repeat("y", i*37%900)))
	}
	for _, name := range []string{"x.jsonl", "x.jsonl.zst"} {
		path := file(t, name, b.String())
		r, got := run(t, path)
		if total := r.Total(); total.Lines != n || total.Bytes != int64(b.Len()) || len(got) != n {
			t.Errorf("%s: %d lines, %d ids, %d of %d bytes", name, total.Lines, len(got), total.Bytes, b.Len())
		}
		var places []Place
		for id, at := range got {
			if len(at) != 1 || at[0].Off != offsets[id] {
				t.Fatalf("%s: %s at %v, want %d", name, id, at, offsets[id])
			}
			if len(places) < 50 {
				places = append(places, at[0])
			}
		}
		fetched := 0
		err := Fetch(t.Context(), []Part{{Path: path, To: -1}}, places, func(l *decode.Line, at Place) {
			if offsets[l.String(l.ID)] != at.Off {
				t.Errorf("%s: fetched %s from %v", name, l.String(l.ID), at)
			}
			fetched++
		})
		if err != nil || fetched != len(places) {
			t.Errorf("%s: fetched %d, %v", name, fetched, err)
		}
	}
}

func TestBadLinesAreCountedWithTheirPlace(t *testing.T) {
	good := line(1, "")
	newer := strings.Replace(line(2, ""), `"v":1`, `"v":2`, 1)
	long := strings.Replace(line(3, ""), `"name":"x"`, `"name":"`+strings.Repeat("z", 3*ChunkSize)+`"`, 1)
	twice := strings.Replace(line(4, ""), `"v":1`, `"v":1,"v":1`, 1)
	b := good + "\n  \n" + good[:40] + "\n" + "hello\n" + newer + long + twice + "\x00\x00\x00\n" + line(5, "") + good[:30]
	for _, name := range []string{"x.jsonl", "x.jsonl.zst"} {
		path := file(t, name, b)
		r, got := run(t, path)
		c := r.Total()
		want := [NumBad]int64{Torn: 1, NotJSON: 1, NotEvent: 1, Newer: 1, TooLong: 1, Nul: 1, Unfinished: 1}
		lines := int64(8)
		if name != "x.jsonl" { // nobody will finish the last line of a sealed segment
			want[Torn], want[Unfinished], lines = 2, 0, 9
		}
		if c.Bad != want || c.Lines != lines || len(got) != 2 {
			t.Errorf("%s: bad %v, lines %d, good %v", name, c.Bad, c.Lines, got)
		}
		for bad, text := range map[Bad]string{Torn: good[:40] + "\n", NotJSON: "hello", Newer: newer, TooLong: long, NotEvent: twice, Nul: "\x00"} {
			if at := c.First[bad].Off; at != int64(strings.Index(b, text)) {
				t.Errorf("%s: first %s at %d", name, Codes[bad], at)
			}
			if n := 1 + strings.Count(b[:c.First[bad].Off], "\n"); c.FirstN[bad] != int64(n) {
				t.Errorf("%s: first %s on line %d, want %d", name, Codes[bad], c.FirstN[bad], n)
			}
		}
		if name == "x.jsonl" && r.Ends[0] != int64(len(b)-30) {
			t.Errorf("ends at %d of %d", r.Ends[0], len(b))
		}
	}
}

func TestSince(t *testing.T) {
	var b strings.Builder
	var starts []int64
	for i := range 30000 {
		starts = append(starts, int64(b.Len()))
		b.WriteString(line(i, strings.Repeat("y", i%300)))
		if i == 9000 {
			b.WriteString(strings.Repeat("not one of ours ", 20000) + "\n")
		}
	}
	f, err := os.Open(file(t, "x.jsonl", b.String()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, i := range []int{0, 1, 700, 5000, 9000, 9001, 15000, 29999, 40000} {
		at, err := Since(f, int64(b.Len()), 1.7e12+int64(i)*1000)
		if err != nil {
			t.Fatal(err)
		}
		first := max(0, min(i-600, 30000)) // ten minutes of slack are 600 lines
		k, exact := slices.BinarySearch(starts, at)
		if !exact || k > first || first-k > 1000 {
			t.Errorf("line %d: starts at line %d (%v), want at most %d", i, k, exact, first)
		}
	}
}

// A clock that was wrong for a while, or an older log appended to a newer one,
// hides no line of the period.
func TestSinceOfAWrongClock(t *testing.T) {
	const n = 30000
	ahead := func(i int) int {
		if i > n/3 && i < n/3+50 {
			return i + 1e8
		}
		return i
	}
	for name, wrong := range map[string]func(i int) int{
		"began at 1970": func(i int) int {
			if i > n/3 && i < n*9/10 {
				return i - 1.6e9
			}
			return i
		},
		"was years ahead": func(i int) int {
			if i > n/3 && i < n*2/3 {
				return i + 1e8
			}
			return i
		},
		"was ahead for a minute":                   ahead,
		"was ahead for a minute of another writer": ahead,
		"an older log behind": func(i int) int {
			if i > n/2 {
				return i - n
			}
			return i
		},
		"two days back": func(i int) int {
			if i > n/3 && i < n*9/10 {
				return i - n/4
			}
			return i
		},
	} {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(wrong(i), strings.Repeat("y", i%300)))
		}
		text := b.String()
		if strings.HasSuffix(name, "of another writer") {
			text = strings.ReplaceAll(text, `{"ts"`, `{ "ts"`)
		}
		f, err := os.Open(file(t, "x.jsonl", text))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for _, since := range []int{n / 4, n * 2 / 5, n * 3 / 5, n * 19 / 20} {
			at, err := Since(f, int64(len(text)), 1.7e12+int64(since)*1000)
			if err != nil {
				t.Fatal(err)
			}
			var l decode.Line
			for line := range strings.Lines(text[:at]) {
				if l.Decode([]byte(line)) == nil && l.TS >= 1.7e12+int64(since)*1000 {
					t.Fatalf("the clock %s: since line %d a line before the begin is passed over", name, since)
				}
			}
		}
	}
}

func TestErrorsAndCancelling(t *testing.T) {
	s := Scan{Parts: []Part{{Path: t.TempDir(), To: -1}}, Workers: []Worker{lister{&sync.Mutex{}, map[string][]Place{}}}}
	if _, err := s.Run(t.Context()); err == nil {
		t.Error("a directory was scanned")
	}
	s.Parts[0].Path = file(t, "x.jsonl.zst", "")
	if err := os.WriteFile(s.Parts[0].Path, bytes.Repeat([]byte("no zstd"), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Run(t.Context()); err == nil {
		t.Error("garbage was decompressed")
	}
	var many strings.Builder
	for i := range 20000 {
		many.WriteString(line(i, ""))
	}
	s.Parts[0].Path = file(t, "x.jsonl.zst", many.String())
	whole, err := os.ReadFile(s.Parts[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{len(whole) / 2, len(whole) - 1} {
		if err := os.WriteFile(s.Parts[0].Path, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Run(t.Context()); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%d of %d bytes of a compressed segment: %v", n, len(whole), err)
		}
		var damaged []int
		both := Scan{
			Parts:   []Part{s.Parts[0], {Path: file(t, "y.jsonl", line(1, "")), To: -1}},
			Workers: s.Workers,
			Damaged: func(part int, err error) { damaged = append(damaged, part) },
		}
		r, err := both.Run(t.Context())
		if err != nil || !slices.Equal(damaged, []int{0}) || r.Parts[0].Lines == 0 || r.Parts[0].Lines >= 20000 || r.Parts[1].Lines != 1 {
			t.Errorf("%d of %d bytes of a compressed segment: damaged %v, %+v, %v", n, len(whole), damaged, r, err)
		}
	}
	s.Parts[0].Path = file(t, "x.jsonl", line(1, ""))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
