package report

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// effectRun is a run of a task: it ends at the hour and takes a minute.
type effectRun struct {
	name, task string
	kind       event.Kind
	src        string
	hour       int
	status     event.Status
}

func effectOf(t *testing.T, runs []effectRun) *section.Report {
	t.Helper()
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	var data []byte
	for i, r := range runs {
		e := event.Event{
			TS: start.Add(time.Duration(r.hour) * time.Hour), ID: fmt.Sprintf("01935000-0000-7000-8000-%012x", i+1),
			Kind: r.kind, Name: r.name, Status: r.status, DurationMS: 60_000, Repo: "/r", TaskID: r.task, Src: r.src,
		}
		data = e.Append(data)
	}
	file := filepath.Join(t.TempDir(), "events.jsonl")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := Build(t.Context(), query.Options{Logs: []string{file}, Now: start.AddDate(0, 0, 20), Location: time.UTC,
		Sections: []query.Section{section.SectionOverview, section.SectionHelpers, section.SectionEffect}})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestRecordedOutcomeIsNoHelper: pi-track task done states an outcome, later
// than and so instead of the job's own, and is counted nowhere else.
func TestRecordedOutcomeIsNoHelper(t *testing.T) {
	r := effectOf(t, []effectRun{
		{"search", "t1", event.Script, "shim", 1, event.Succeeded},
		{"runner", "t1", event.Job, "shim", 2, event.Succeeded},
		{"task", "t1", event.Job, "emit", 3, event.Failed},
		{"task", "t2", event.Job, "emit", 3, event.Succeeded},
	})
	if r.Overview.Runs != 2 || r.Overview.Helpers != 2 {
		t.Errorf("%d runs of %d helpers, want 2 of 2", r.Overview.Runs, r.Overview.Helpers)
	}
	e := r.Effect
	if e.Tasks != 2 || e.Success.K != 1 {
		t.Errorf("%d tasks, %d completed; want 2 and 1", e.Tasks, e.Success.K)
	}
	for _, row := range e.Rows {
		if row.Helper == "task" || row.With.N != 1 || row.With.K != 0 || row.Without.K != 1 {
			t.Errorf("%+v", row)
		}
	}
	if len(e.Rows) != 2 {
		t.Errorf("%d helpers compared, want search and runner", len(e.Rows))
	}
}

// TestExposure: a helper counts when it was used before the outcome; the run
// that states the outcome does not expose the task to itself.
func TestExposure(t *testing.T) {
	r := effectOf(t, []effectRun{
		{"runner", "once", event.Job, "shim", 2, event.Succeeded},
		{"runner", "twice", event.Job, "shim", 2, event.Failed},
		{"runner", "twice", event.Job, "shim", 4, event.Succeeded},
		{"late", "once", event.Script, "shim", 5, event.Succeeded},
		{"early", "once", event.Script, "shim", 1, event.Failed},
	})
	got := map[string]int64{}
	for _, row := range r.Effect.Rows {
		got[row.Helper] = row.With.N
	}
	if len(got) != 1 || got["early"] != 1 {
		t.Errorf("exposed tasks %v, want one of early", got)
	}
	if d := r.Effect.Deciders; len(d) != 1 || d[0].Helper != "runner" || d[0].Decided != 2 || d[0].Tasks != 2 {
		t.Errorf("deciders %+v, want runner in both tasks", d)
	}
}
