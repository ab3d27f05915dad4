package report

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/report/synth"
	"pi-track/internal/stats"
)

// writeLog writes events as a log and returns its path.
func writeLog(t testing.TB, events ...event.Event) string {
	t.Helper()
	var b []byte
	for i := range events {
		b = events[i].Append(b)
	}
	path := filepath.Join(t.TempDir(), "events.jsonl")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// pair is a run that starts at the time at.
func pair(at time.Time, id, name string, status event.Status, ms int64) []event.Event {
	e := event.Event{TS: at, ID: id, Kind: event.Script, Name: name, Status: event.Started, Repo: "/src/web", Src: "shim", Host: "h"}
	end := e
	end.TS, end.Status, end.DurationMS = at.Add(time.Duration(ms)*time.Millisecond), status, ms
	if status == event.Failed {
		one := 1
		end.ExitCode, end.Error = &one, "error: cannot open '/tmp/x' (try 17)"
	}
	return []event.Event{e, end}
}

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func build(t testing.TB, o Options) *Report {
	t.Helper()
	if o.Now.IsZero() {
		o.Now = noon.Add(time.Hour)
	}
	if o.Location == nil {
		o.Location = time.UTC
	}
	r, err := Build(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestBuildSmall(t *testing.T) {
	events := append(pair(noon, "a", "deploy", event.Succeeded, 100), pair(noon.Add(time.Minute), "b", "deploy", event.Failed, 7)...)
	events = append(events, pair(noon.Add(2*time.Minute), "c", "sync", event.Cancelled, 9)...)
	events = append(events, pair(noon.Add(3*time.Minute), "d", "sync", event.Succeeded, 9)[0]) // still open
	r := build(t, Options{Logs: []string{writeLog(t, events...)}})
	o := r.Overview
	if o.Runs != 4 || o.Succeeded != 1 || o.Failed != 1 || o.Cancelled != 1 || o.Open != 1 || o.Helpers != 2 || o.Repos != 1 || o.Lines != 7 {
		t.Errorf("overview %+v", o)
	}
	if len(r.Helpers.Rows) != 2 || len(r.Failures.Rows) != 1 {
		b, _ := json.MarshalIndent(r, "", " ")
		t.Fatalf("%s", b)
	}
	f := r.Failures.Rows[0]
	if f.Helper != "deploy" || f.ID != "b" || *f.ExitCode != 1 || f.Fingerprint != "error: cannot open … (try #)" || f.Count != 1 {
		t.Errorf("failure %+v", f)
	}
}

func TestEvidenceIsThatOfStats(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	s := &shared{}
	id := func(d *dict, text string) uint32 {
		c := newDictCache(d, 64)
		return c.id([]byte(text))
	}
	g := gatherer{shared: s}
	for range 50 {
		var o outcomes
		var runs []stats.Outcome
		for i := range 20 + rng.IntN(200) {
			repo, task := []string{"", "web", "api", "z"}[rng.IntN(4)], []string{"", "", "t1", "t2", "t3"}[rng.IntN(5)]
			failed := rng.IntN(3) == 0
			at := noon.UnixMilli() + int64(i)
			o.add(outcome{at, uint32(i), failed, id(&s.repos, repo), id(&s.tasks, task)})
			runs = append(runs, stats.Outcome{At: at, Repo: repo, Task: task, Failed: failed})
		}
		if got, want := g.evidence(&o), stats.Gather(runs); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v\nwant %+v", got, want)
		}
	}
}

func TestOutcomesKeepTheLatest(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var ordered, mixed outcomes
	for i := range 3000 {
		ordered.add(outcome{at: int64(i)})
	}
	for _, i := range rng.Perm(3000) {
		mixed.add(outcome{at: int64(i)})
	}
	if !reflect.DeepEqual(ordered.latest(), mixed.latest()) || len(mixed.latest()) != maxOutcomes || mixed.latest()[0].at != 3000-maxOutcomes {
		t.Errorf("%d kept, from %v", len(mixed.latest()), mixed.latest()[0])
	}
	for _, parts := range [][2]int{{0, 3000}, {3000, 0}, {2, 2}, {700, 1}, {1, 700}, {1500, 1500}, {400, 600}} {
		var want, a, b outcomes
		for n, i := range rng.Perm(parts[0] + parts[1]) {
			x := outcome{at: int64(i / 2), id: uint32(i)}
			want.add(x)
			if n < parts[0] {
				a.add(x)
			} else {
				b.add(x)
			}
		}
		if a.merge(&b); !slices.Equal(a.latest(), want.latest()) {
			t.Errorf("merged of %d: %d kept, want %d", parts, len(a.latest()), len(want.latest()))
		}
	}
}

// TestPlantedTroubles: the verdicts on a dirty log are those that were planted.
func TestPlantedTroubles(t *testing.T) {
	log := write(t, filepath.Join(t.TempDir(), "events.jsonl"), synthetic(t, 50000, 1))
	got := map[string]string{}
	for _, row := range build(t, Options{Logs: []string{log}, Sections: []Section{SectionFlaky}}).Flaky.Rows {
		got[row.Helper] = string(row.Verdict.Class)
	}
	if !maps.Equal(got, synth.Troubles) {
		t.Errorf("got %v, want %v", got, synth.Troubles)
	}
}
