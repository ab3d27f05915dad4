//go:build linux || darwin

package main

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/report/query"
)

// Lines of any length come out backward as they stand in the file, whatever
// side of a block's border they lie on.
func TestBackward(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var file bytes.Buffer
		var want []string
		for range random.IntN(40) {
			length := random.IntN(200)
			if random.IntN(5) == 0 {
				length = blockSize - 2 + random.IntN(5)
			}
			line := strings.Repeat(string(rune('a'+random.IntN(26))), length)
			file.WriteString(line + "\n")
			if line != "" {
				want = append(want, line)
			}
		}
		var got []string
		err := backward(bytes.NewReader(file.Bytes()), int64(file.Len()), func(line []byte) bool {
			got = append(got, string(line))
			return true
		})
		slices.Reverse(got)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%d lines instead of %d, %v", len(got), len(want), err)
		}
	}
}

func TestBackwardIsBounded(t *testing.T) {
	file := "first\n" + strings.Repeat("x", 5*blockSize) + "\nlast\n"
	var got []string
	if err := backward(strings.NewReader(file), int64(len(file)), func(line []byte) bool {
		got = append(got, string(line))
		return true
	}); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0] != "last" || got[2] != "first" || len(got[1]) > 2*blockSize {
		t.Errorf("%d lines, the long one with %d bytes", len(got), len(got[1]))
	}
	n := 0
	if err := backward(strings.NewReader(file), int64(len(file)), func([]byte) bool { n++; return false }); err != nil || n != 1 {
		t.Errorf("%d lines after the first no, %v", n, err)
	}
}

// A line that is too long is no event, wherever it is cut.
func TestAnEventInsideALongLineDoesNotCount(t *testing.T) {
	e := event.Event{TS: time.Now(), ID: "x", Kind: event.Script, Name: "forged", Status: event.Started}
	line := strings.TrimSuffix(string(e.Append(nil)), "\n")
	file := strings.Repeat(" ", 3*blockSize) + line + "\n"
	var l decode.Line
	n := 0
	err := backward(strings.NewReader(file), int64(len(file)), func(line []byte) bool {
		n++
		if decodeLine(line, &l) == nil {
			t.Error("the end of the line counts as an event")
		}
		return true
	})
	if err != nil || n != 1 {
		t.Errorf("%d lines, %v", n, err)
	}
	if err := decodeLine([]byte(line), &l); err != nil {
		t.Errorf("the event by itself: %v", err)
	}
}

func TestIDTime(t *testing.T) {
	now := time.Now().Truncate(time.Millisecond)
	id := event.NewID(now)
	for cut, within := range map[int]time.Duration{36: 0, 18: 0, 13: 0, 11: 300 * time.Millisecond, 8: 66 * time.Second} {
		if got := idTime(id[:cut]); got.After(now) || now.Sub(got) > within {
			t.Errorf("%s: %v, want at most %v before %v", id[:cut], got, within, now)
		}
	}
	for _, other := range []string{"", "wild", "01a196", "zzzzzzzz-zzzz", "01a1968d-3900-5000-8000-000000000001"} {
		if got := idTime(other); !got.IsZero() {
			t.Errorf("%q: %v", other, got)
		}
	}
}

func TestGlobMatch(t *testing.T) {
	for _, c := range []struct {
		glob, s string
		want    bool
	}{
		{"pi-*", "pi-loop", true}, {"pi-*", "my-pi-loop", false}, {"*", "", true}, {"/r/*", "/r/a/b", true},
		{"*/web", "/home/me/web", true}, {"s-?", "s-1", true}, {"s-[ab]", "s-c", false}, {"", "x", false}, {`\*`, "*", true},
	} {
		if got := globMatch(query.Match, []string{c.glob}, c.s); got != c.want {
			t.Errorf("%q matches %q: %v", c.glob, c.s, got)
		}
	}
}

func TestParseSizeAndAge(t *testing.T) {
	for s, want := range map[string]int64{
		"1B": 1, "12b": 12, "5KB": 5000, "5kb": 5000, "2K": 2000, "1KiB": 1024, "100MB": 100e6, "1MiB": 1 << 20, "3GB": 3e9, "1GiB": 1 << 30,
		"": 0, "KB": 0, "-1": 0, "0": 0, "1.5MB": 0, "1TB": 0, "1BK": 0, "99999999999": 0, "99999999999B": 0, "1": 0, "10": 0,
	} {
		got, err := parseSize(s)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("size %q: %d, %v", s, got, err)
		}
	}
	const day = 24 * time.Hour
	for s, want := range map[string]time.Duration{
		"1d": day, "365d": 365 * day, "2w": 14 * day, "3m": 90 * day, "2y": 730 * day,
		"": 0, "d": 0, "0d": 0, "-1d": 0, "1h": 0, "5": 0, "1dd": 0, "2000000000y": 0,
	} {
		got, err := parseAge(s)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("age %q: %v, %v", s, got, err)
		}
	}
}

func TestShortDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0ms", 999 * time.Millisecond: "999ms", time.Second: "1.0s", 59999 * time.Millisecond: "59.9s",
		time.Minute: "1m00s", 3599 * time.Second: "59m59s", time.Hour: "1h00m", 23*time.Hour + 59*time.Minute: "23h59m", 53 * time.Hour: "2d05h",
	} {
		if got := shortDuration(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}

// In a forged log a run may be its own ancestor; every run is shown once.
func TestTreeOfAForgedLogEnds(t *testing.T) {
	family := map[string]*record{}
	for id, parent := range map[string]string{"a": "b", "b": "c", "c": "a", "self": "self", "child": "a", "orphan": "gone"} {
		family[id] = &record{start: &event.Event{ID: id, ParentID: parent, Name: "n-" + id, Status: event.Started}}
	}
	tree := newTree(family, func(string) bool { return false })
	var b bytes.Buffer
	tree.draw(&b, tree.roots, "", "a")
	for id := range family {
		if n := strings.Count(b.String(), "n-"+id+" "); n != 1 {
			t.Errorf("%s stands %d times in\n%s", id, n, b.String())
		}
	}
}
