package scan

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
)

// What was an event once, or never, is damaged; what a later version wrote, and
// what is blank, is not.
func TestDamagedLines(t *testing.T) {
	good := strings.TrimSuffix(line(1, ""), "\n")
	long := func(n int) string { return strings.Replace(good, `"x"`, `"x`+strings.Repeat("x", n-len(good))+`"`, 1) }
	for text, want := range map[string]bool{
		"": false, " \t\r": false, good: false, good + "\r": false, strings.Replace(good, `"v":1`, `"v":2`, 1): false, strings.Replace(good, `"v":1`, `"v":2`, 1) + "\x00": true,
		good[:20]: true, "x": true, "{}": true, "\x00": true, long(event.MaxLine - 1): false, long(event.MaxLine): true,
	} {
		if Damaged([]byte(text)) != want {
			t.Errorf("%.60q of %d bytes: %t", text, len(text), !want)
		}
	}
}

// Nothing that was written since is passed over, and little of what was before is
// read: for every moment in a log of many probes.
func TestSinceFindsTheMoment(t *testing.T) {
	var b strings.Builder
	const n = 6000
	starts := make([]int64, n)
	for i := range n {
		starts[i] = int64(b.Len())
		b.WriteString(line(i*2, strings.Repeat("y", 100)))
	}
	f, err := os.Open(file(t, "x.jsonl", b.String()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const first = int64(1.7e12)
	for _, i := range []int{0, 1, 299, 300, 301, 302, 1000, 2999, 3000, 5000, n - 1} {
		ms := first + int64(i)*2000
		at, err := Since(f, int64(b.Len()), ms)
		if err != nil {
			t.Fatal(err)
		}
		// Slack is ten minutes, so that the lines of 300 steps before may be of it.
		earliest := starts[max(0, i-int(Slack/2000))]
		if at > earliest || earliest-at > 3*probe || at > 0 && b.String()[at-1] != '\n' {
			t.Errorf("line %d: from %d on, at most %d and not much before", i, at, earliest)
		}
	}
	if at, err := Since(f, int64(b.Len()), first+3*n*2000); err != nil || at < int64(b.Len())-3*probe {
		t.Error("long after the last line", at, err)
	}
	if at, err := Since(f, 0, first); at != 0 || err != nil {
		t.Error("an empty segment", at, err)
	}
	from, to, ok := Bounds(Part{Path: f.Name(), File: f, To: int64(b.Len())})
	if !ok || from != first+2000 || to < first+(n-700)*2000 || to > first+n*2000 {
		t.Error("its bounds", from-first, to-first, ok)
	}
	if _, _, ok := Bounds(Part{Path: "x.zst", File: f, To: 100}); ok {
		t.Error("a compressed one has none")
	}
	if _, _, ok := Bounds(Part{Path: "x"}); ok {
		t.Error("a file that is not open has none")
	}
}

// TestSinceBesideGarbage: stretches that hold no line hide none behind them or before.
func TestSinceBesideGarbage(t *testing.T) {
	garbage := strings.Repeat("g", 3*probe+99)
	for _, at := range []int{0, 1, 700, 1400, 2999} {
		var b strings.Builder
		starts := map[int]int64{}
		for i := range 3000 {
			if i == at {
				b.WriteString(garbage + "\n")
			}
			starts[i] = int64(b.Len())
			b.WriteString(line(i*2, strings.Repeat("y", 100)))
			b.WriteString("no line\n\n")
		}
		b.WriteString(garbage)
		f, err := os.Open(file(t, "x.jsonl", b.String()))
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range []int{0, 5, 400, 800, 1200, 1500, 2000, 2998, 2999} {
			got, err := Since(f, int64(b.Len()), int64(1.7e12)+int64(i)*2000)
			if err != nil || got > starts[max(0, i-int(Slack/2000))] || got > 0 && !strings.HasPrefix(b.String()[got:], "{") {
				t.Errorf("garbage at %d: line %d is looked for from %d on, and stands at %d: %v", at, i, got, starts[i], err)
			}
		}
		f.Close()
	}
}

// TestFetchOne: single places, of one part and of several, in any order.
func TestFetchOne(t *testing.T) {
	var parts []Part
	for i := range 3 {
		parts = append(parts, Part{Path: file(t, "x.jsonl", line(10*i, "")+line(10*i+1, "")), To: -1})
	}
	second := func(part int) Place { return Place{Part: part, Off: int64(len(line(10*part, "")))} }
	for _, places := range [][]Place{{{Part: 1}}, {second(2), {Part: 0}, second(1), second(0)}, {second(1), {Part: 1}}, {}} {
		places = places[:len(places):len(places)]
		var got []Place
		err := Fetch(t.Context(), parts, places, func(l *decode.Line, at Place) {
			if want := line(10*at.Part+int(min(at.Off, 1)), ""); !strings.Contains(want, l.String(l.ID)) {
				t.Errorf("%v is %s", at, l.String(l.ID))
			}
			got = append(got, at)
		})
		if err != nil || len(got) != len(places) {
			t.Errorf("%d of %d places, %v", len(got), len(places), err)
		}
		for i := 1; i < len(got); i++ {
			if a, b := got[i-1], got[i]; a.Part > b.Part || a.Part == b.Part && a.Off >= b.Off {
				t.Errorf("%v comes behind %v", b, a)
			}
		}
	}
}

// TestPlaceOfSlowLines: what the fast decoder does not read has its place all the same.
func TestPlaceOfSlowLines(t *testing.T) {
	slow := strings.Replace(line(2, ""), `"name"`, `"n\u0061me"`, 1)
	b := line(1, "") + slow + line(3, "")
	_, got := run(t, file(t, "x.jsonl", b))
	if len(got) != 3 {
		t.Fatalf("%v", got)
	}
	for id, at := range got {
		if i := strings.Index(b, id); len(at) != 1 || at[0].Off != int64(strings.LastIndexByte(b[:i], '\n')+1) {
			t.Errorf("%s at %v", id, at)
		}
	}
}

// TestObjectsAndOpenFiles: objects are read when it is their turn, and whatever becomes of a
// scan, no file stays open.
func TestObjectsAndOpenFiles(t *testing.T) {
	open := func() int {
		files, err := os.ReadDir("/dev/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	var parts, objects []Part
	for i := range 4 {
		path := file(t, []string{"x.jsonl", "x.jsonl.zst"}[i%2], line(2*i, "")+line(2*i+1, ""))
		parts = append(parts, Part{Path: path, To: -1})
		if i%2 == 1 {
			st, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			objects = append(objects, Part{Path: path, To: st.Size(), Object: true})
		}
	}
	fifo := Part{Path: t.TempDir() + "/fifo", To: -1}
	if err := syscall.Mkfifo(fifo.Path, 0o600); err != nil {
		t.Fatal(err)
	}
	garbage := Part{Path: file(t, "y.jsonl", "no zstd"), To: -1}
	if err := os.Rename(garbage.Path, garbage.Path+".zst"); err != nil {
		t.Fatal(err)
	}
	garbage.Path += ".zst"
	before := open()
	for name, v := range map[string]struct {
		parts []Part
		lines int
		bad   bool
	}{
		"parts": {parts, 8, false}, "objects": {objects, 4, false}, "one that is gone": {append(parts[:3:3], Part{Path: t.TempDir() + "/gone", To: -1}), 0, true},
		"a fifo": {append(parts[:3:3], fifo), 0, true}, "no archive": {append(parts[:2:2], garbage), 0, true},
		"an object that is gone": {append(objects[:1:1], Part{Path: t.TempDir() + "/gone.zst", To: 9, Object: true}), 0, true},
	} {
		w := &counter{}
		_, err := (&Scan{Parts: v.parts, Workers: []Worker{w}}).Run(t.Context())
		if (err != nil) != v.bad || !v.bad && w.n != v.lines {
			t.Errorf("%s: %d lines, %v", name, w.n, err)
		}
		if n := open(); n != before {
			t.Errorf("%s: %d files are open, and were %d", name, n, before)
		}
	}
}

type counter struct{ n int }

func (w *counter) Begin(*Chunk)             {}
func (w *counter) End(*Chunk)               {}
func (w *counter) Line(*decode.Line, Place) { w.n++ }

// TestResultsOfTwoScans: what was counted of the beginning comes first.
func TestResultsOfTwoScans(t *testing.T) {
	r := Result{Parts: make([]Counts, 1), Rows: []int64{5}}
	now := &r.Parts[0]
	now.Lines, now.Bytes = 4, 400
	now.Bad[Torn], now.First[Torn], now.FirstN[Torn] = 2, Place{0, 30}, 3
	now.Bad[Nul], now.First[Nul], now.FirstN[Nul] = 1, Place{0, 40}, 4
	var c Counts
	c.Lines, c.Bytes = 6, 600
	c.Bad[Torn], c.First[Torn], c.FirstN[Torn] = 1, Place{0, 7}, 2
	c.Bad[TooLong], c.First[TooLong], c.FirstN[TooLong] = 3, Place{0, 9}, 1
	r.Continue(0, c, 10)
	if now.Lines != 10 || now.Bytes != 1000 || r.Rows[0] != 15 || now.Bad[Torn] != 3 || now.Bad[Nul] != 1 || now.Bad[TooLong] != 3 {
		t.Errorf("%+v", r)
	}
	if now.FirstN[Torn] != 2 || now.First[Torn].Off != 7 || now.FirstN[Nul] != 14 || now.First[Nul].Off != 40 || now.FirstN[TooLong] != 1 || now.First[TooLong].Off != 9 {
		t.Errorf("%+v %+v", now.First, now.FirstN)
	}
}

// TestBoundsBesideGarbage: lines that are no events stand before the first event of a
// part and before the last.
func TestBoundsBesideGarbage(t *testing.T) {
	text := line(1, "") + "no line\n\nnor this\n" + line(2, "") + line(3, "") + "no line\n"
	f, err := os.Open(file(t, "x.jsonl", text))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	first, _, ok := Bounds(Part{Path: f.Name(), File: f, To: int64(len(text))})
	if !ok || first != 1.7e12+2000 { // of the first line behind the beginning
		t.Errorf("from %d on, %t", first, ok)
	}
	for name, text := range map[string]string{"at its end": text + strings.Repeat("g", 3*probe), "everywhere": strings.Repeat("g", 3*probe)} {
		f, err := os.Open(file(t, "garbage.jsonl", text))
		if err != nil {
			t.Fatal(err)
		}
		if first, last, ok := Bounds(Part{Path: f.Name(), File: f, To: int64(len(text))}); ok {
			t.Errorf("with garbage %s from %d to %d", name, first, last)
		}
		f.Close()
	}
	text = strings.Repeat("g", 2*shortProbe) + "\n" + line(2, "") + line(3, "")
	if f, err = os.Open(file(t, "long.jsonl", text)); err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if first, last, ok := Bounds(Part{Path: f.Name(), File: f, To: int64(len(text))}); !ok || first != 1.7e12+2000 || last != first {
		t.Errorf("behind a long line from %d to %d, %t", first, last, ok)
	}
}
