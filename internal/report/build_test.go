package report

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/report/synth"
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

func build(t testing.TB, o query.Options) *section.Report {
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
	r := build(t, query.Options{Logs: []string{writeLog(t, events...)}})
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

// TestPlantedTroubles: the verdicts on a dirty log are those that were planted.
func TestPlantedTroubles(t *testing.T) {
	log := write(t, filepath.Join(t.TempDir(), "events.jsonl"), synthetic(t, 50000, 1))
	got := map[string]string{}
	for _, row := range build(t, query.Options{Logs: []string{log}, Sections: []query.Section{section.SectionFlaky}}).Flaky.Rows {
		got[row.Helper] = string(row.Verdict.Class)
	}
	if !maps.Equal(got, synth.Troubles) {
		t.Errorf("got %v, want %v", got, synth.Troubles)
	}
}
