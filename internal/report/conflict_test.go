package report

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/report/query"
)

// conflicting are runs of which a second start or end says something else: with the same id, status and
// time, sometimes the same duration, next to the first one or far from it.
func conflicting(rng *rand.Rand) (lines [][]byte) {
	for i := range 3000 {
		at := noon.Add(-time.Duration(3000-i) * time.Minute)
		e := event.Event{TS: at, ID: event.NewID(at), Kind: event.Script, Name: fmt.Sprintf("h%d", i%5), Status: event.Started, Repo: "/srv/web", TaskID: fmt.Sprint("t", i/9), Src: "shim"}
		run := []event.Event{e}
		if i%4 > 0 {
			end := e
			end.TS, end.DurationMS, end.Status = at.Add(time.Second), 1000, []event.Status{event.Succeeded, event.Failed}[rng.IntN(2)]
			run = append(run, end)
		}
		other := run[len(run)-1]
		switch i % 7 {
		case 0:
			other.Name = "other"
		case 1:
			other.Model, other.Usage = "m", &event.Usage{Tokens: 7, Cost: float64(i)}
		case 2:
			other.Repo = "/srv/api"
		case 3:
			other.Src = "reaped"
		case 4:
			other.TS = other.TS.Add(-time.Millisecond)
		case 5:
			other.Kind, other.Rusage = event.Job, &event.Rusage{UserMS: 5}
		}
		for _, x := range append(run, other) {
			lines = append(lines, x.Append(nil))
		}
		if i%3 == 0 { // the second one stands far from the first
			j := rng.IntN(len(lines))
			lines[j], lines[len(lines)-1] = lines[len(lines)-1], lines[j]
		}
	}
	return lines
}

// Where lines of one id and status differ, the same one counts whatever the order of the lines and logs,
// whether few such runs are settled one by one or all by the exact passes.
func TestTheSameOfConflictingLinesCounts(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	lines := conflicting(rng)
	dir := t.TempDir()
	o := func(logs ...string) query.Options {
		return query.Options{Logs: logs, Sections: everything, NoIndex: true}
	}
	reversed := make([][]byte, 0, len(lines))
	for i := range lines {
		reversed = append(reversed, lines[len(lines)-1-i])
	}
	shuffled := append([][]byte(nil), lines...)
	rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	want := figures(t, o(write(t, filepath.Join(dir, "all.jsonl"), lines...)))
	for name, logs := range map[string][]string{
		"reversed": {write(t, filepath.Join(dir, "reversed.jsonl"), reversed...)},
		"shuffled": {write(t, filepath.Join(dir, "shuffled.jsonl"), shuffled...)},
		"two logs": {write(t, filepath.Join(dir, "b.jsonl"), lines[2000:]...), write(t, filepath.Join(dir, "a.jsonl"), lines[:4000]...)},
	} {
		if got := figures(t, o(logs...)); got != want {
			t.Errorf("%s: %s", name, firstDifference(got, want))
		}
	}
	// Lines that stand next to each other, at any place of a chunk and across the border of two.
	var pairs [][]byte
	for i := range 2000 {
		at := noon.Add(-time.Duration(3000-i) * time.Minute)
		e := event.Event{TS: at, ID: event.NewID(at), Kind: event.Script, Name: "pair", Status: event.Failed, DurationMS: 5, Repo: "/srv/web", Src: "shim", Error: "error: one"}
		a := e.Append(nil)
		e.Error, e.Repo = "error: two", "/srv/api"
		b := e.Append(nil)
		if bytes.Compare(a, b) > 0 != (i%2 == 0) {
			a, b = b, a
		}
		pairs = append(pairs, a, b)
	}
	want = figures(t, o(write(t, filepath.Join(dir, "pairs.jsonl"), pairs...)))
	for i := 0; i < len(pairs); i += 2 {
		pairs[i], pairs[i+1] = pairs[i+1], pairs[i]
	}
	if got := figures(t, o(write(t, filepath.Join(dir, "swapped.jsonl"), pairs...))); got != want {
		t.Errorf("swapped: %s", firstDifference(got, want))
	}
}
