package view

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/report"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// now is when all reports of these tests are made.
var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// logWriter collects the lines of runs, ordered by time.
type logWriter struct {
	events []event.Event
	seq    int
	raw    bool // write the events in the order in which they were added
}

// keep leaves out the events that ok refuses.
func (l *logWriter) keep(ok func(*event.Event) bool) {
	l.events = slices.DeleteFunc(l.events, func(e event.Event) bool { return !ok(&e) })
}

// run adds the start and the end of a run; end is changed as the caller
// likes before it is written.
func (l *logWriter) run(at time.Time, name string, status event.Status, change func(*event.Event)) {
	l.seq++
	e := event.Event{
		TS: at, ID: fmt.Sprintf("01935000-0000-7000-8000-%012x", l.seq), Kind: event.Script,
		Name: name, Status: event.Started, CWD: "/home/user/src/web", Scope: "global", Repo: "/home/user/src/web",
		SessionID: "s1", Host: "h1", PID: 4711, Src: "shim",
	}
	if change != nil {
		change(&e)
	}
	duration := e.DurationMS
	if duration == 0 {
		duration = 1500
	}
	start := e
	start.DurationMS, start.Usage, start.Rusage, start.Error, start.ExitCode, start.Signal = 0, nil, nil, "", nil, ""
	l.events = append(l.events, start)
	if status == event.Started {
		return
	}
	e.Status, e.DurationMS = status, duration
	e.TS = at.Add(time.Duration(duration) * time.Millisecond)
	if status == event.Failed && e.ExitCode == nil && e.Signal == "" {
		e.ExitCode = new(1)
	}
	if status == event.Succeeded {
		e.ExitCode, e.Error, e.Signal = new(0), "", ""
	}
	l.events = append(l.events, e)
}

// write makes the file.
func (l *logWriter) write(t testing.TB) string {
	t.Helper()
	if !l.raw {
		slices.SortStableFunc(l.events, func(a, b event.Event) int { return a.TS.Compare(b.TS) })
	}
	var data []byte
	for i := range l.events {
		data = l.events[i].Append(data)
	}
	file := filepath.Join(t.TempDir(), "events.jsonl")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const home = "/home/user/src/"

// plantedLog is 40 days of helpers whose right verdicts are known, among
// solid ones, and of tasks where one helper's effect turns its sign.
func plantedLog(t testing.TB) string {
	l := &logWriter{}
	planted(l)
	return l.write(t)
}

func planted(l *logWriter) {
	r := rand.New(rand.NewPCG(7, 0))
	start := now.AddDate(0, 0, -40)
	repos := []string{"web", "api", "infra"}
	each := func(name string, n int, fails func(i int, repo string) string) {
		for i := range n {
			at := start.Add(time.Duration((float64(i) + r.Float64()*.6) / float64(n) * float64(40*24*time.Hour)))
			repo := repos[(i+i/7)%3]
			text := fails(i, repo)
			status := event.Succeeded
			if text != "" {
				status = event.Failed
			}
			if text == "" && r.IntN(40) == 0 {
				status = event.Cancelled
			}
			duration := int64(400 + 3000*r.ExpFloat64())
			l.run(at, name, status, func(e *event.Event) {
				e.Repo, e.CWD, e.Error, e.DurationMS = home+repo, home+repo, text, duration
				e.SessionID = fmt.Sprintf("session-%d", at.YearDay()/2)
				e.Rusage = &event.Rusage{UserMS: duration / 2, SysMS: duration / 9, MaxRSSKB: 30000 + duration}
			})
		}
	}
	never := func(int, string) string { return "" }
	each("format", 420, never)
	each("search-code", 260, func(i int, _ string) string {
		if i%90 == 50 {
			return "fatal: index is locked"
		}
		return ""
	})
	each("old-deploy", 30, func(int, string) string { return "error: host deploy-1.example.net not found" })
	each("fetch-fixtures", 120, func(_ int, repo string) string {
		if repo == "web" && r.Float64() < .4 {
			return fmt.Sprintf("error: connect to 10.0.0.%d:443 timed out", r.IntN(200))
		}
		return ""
	})
	each("plan-infra", 90, func(_ int, repo string) string {
		if repo == "infra" {
			return "Error: state file is locked by run 8812"
		}
		return ""
	})
	each("publish", 100, func(i int, _ string) string {
		if i >= 50 && i < 62 {
			return "error: registry returned 503"
		}
		return ""
	})
	each("run-tests", 150, func(i int, _ string) string {
		if i >= 128 {
			return "panic: assignment to entry in nil map"
		}
		return ""
	})
	each("rare-tool", 3, func(i int, _ string) string {
		if i == 1 {
			return "permission denied"
		}
		return ""
	})
	plantTasks(l)
}

// plantTasks makes 200 tasks: in repo mono-a 18 of 20 with and 64 of 80
// without use-notes were completed, in mono-b 48 of 80 and 8 of 20.
func plantTasks(l *logWriter) {
	n := 0
	for _, arm := range []struct {
		repo      string
		with      bool
		ok, tasks int
	}{{"mono-a", true, 18, 20}, {"mono-a", false, 64, 80}, {"mono-b", true, 48, 80}, {"mono-b", false, 8, 20}} {
		for i := range arm.tasks {
			n++
			at := now.Add(-time.Duration(n)*4*time.Hour - time.Hour)
			task := fmt.Sprintf("task-%03d", n)
			in := func(e *event.Event) { e.Repo, e.CWD, e.TaskID = home+arm.repo, home+arm.repo, task }
			if arm.with {
				l.run(at, "use-notes", event.Succeeded, in)
			}
			status := event.Succeeded
			if i >= arm.ok {
				status = event.Failed
			}
			l.run(at.Add(20*time.Minute), "task", status, func(e *event.Event) { in(e); e.Kind, e.Src = event.Job, "emit" })
		}
	}
}

func build(t testing.TB, o query.Options) *section.Report {
	t.Helper()
	o.Now, o.Location = now, time.UTC
	r, err := report.Build(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestPlantedLog: a reader of the default report finds each helper with its
// right verdict within the first 40 lines of an 80 column terminal.
func TestPlantedLog(t *testing.T) {
	r := build(t, query.Options{Logs: []string{plantedLog(t)}, Limit: 15})
	var out strings.Builder
	if err := Render(&out, r, Options{Width: 80}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	head := lines[:min(40, len(lines))]
	for helper, verdict := range map[string]string{
		"old-deploy":     "broken",
		"fetch-fixtures": "flaky (web)",
		"plan-infra":     "only in infra",
		"publish":        "outage Nov 2–7",
		"run-tests":      "broken since Nov 16",
		"search-code":    "solid",
		"format":         "solid",
	} {
		found := slices.ContainsFunc(head, func(line string) bool {
			fields := strings.Fields(line)
			return len(fields) > 0 && fields[0] == helper && strings.HasSuffix(line, "  "+verdict)
		})
		if !found {
			t.Errorf("%s: no line says %q", helper, verdict)
		}
	}
	if !slices.Contains(head, "  few data: rare-tool (1 of 3 failed)") {
		t.Error("rare-tool does not stand on a line for few data")
	}
	if t.Failed() {
		t.Log("\n" + out.String())
	}
}

// TestWhatChanceWouldShow: of 40 helpers that are used in every second task,
// none with any effect, the report tells none, and says how it chose.
func TestWhatChanceWouldShow(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	l := &logWriter{}
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for i := range 60 {
		inTask := func(e *event.Event) { e.Kind, e.TaskID = event.Job, fmt.Sprintf("T-%d", i) }
		for h := range 40 {
			if rng.IntN(2) == 0 {
				at = at.Add(time.Minute)
				l.run(at, fmt.Sprintf("helper-%02d", h), event.Succeeded, inTask)
			}
		}
		at = at.Add(time.Minute)
		l.run(at, "last", []event.Status{event.Succeeded, event.Failed}[i%3/2], inTask)
	}
	r := build(t, query.Options{Logs: []string{l.write(t)}, Sections: []query.Section{section.SectionEffect}})
	for _, x := range r.Effect.Rows {
		if x.Verdict != stats.EffectUnclear {
			t.Errorf("%s: %s, from nothing", x.Helper, x.Verdict)
		}
	}
	const want = "strata: repo and task size; of verdicts on 40 helpers 1 in 20 is chance: docs/report.md#effect"
	for _, format := range []Format{Table, HTML} {
		if out := renderString(t, r, Options{Format: format, Width: 120}); !strings.Contains(out, want) {
			t.Errorf("%s lacks %q:\n%s", format, want, out)
		}
	}
}

// TestTrendPutsSmallCountsLast: what changed for certain comes first, however
// far the rate of a few runs fell.
func TestTrendPutsSmallCountsLast(t *testing.T) {
	l := &logWriter{}
	since := now.AddDate(0, 0, -10)
	runs := func(name string, n, failedBefore, failedNow int) {
		for i := range n {
			for _, x := range []struct {
				days, failed int
			}{{-5, failedBefore}, {5, failedNow}} {
				status := event.Succeeded
				if i < x.failed {
					status = event.Failed
				}
				l.run(since.AddDate(0, 0, x.days).Add(time.Duration(i)*time.Minute), name, status, nil)
			}
		}
	}
	runs("busy", 100, 2, 20)
	runs("noisy", 10, 1, 4)
	runs("rare", 4, 0, 4)
	runs("steady", 100, 5, 4)
	r := build(t, query.Options{Logs: []string{l.write(t)}, Sections: []query.Section{section.SectionTrend}, Since: since, Until: now})
	var got []string
	for _, x := range r.Trend.Rows {
		got = append(got, x.Helper)
	}
	if want := []string{"busy", "steady", "noisy", "rare"}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}

// TestEffectTurnsItsSign: over all tasks use-notes looks harmful, within the
// repos it helps; both lines and the caveat are printed.
func TestEffectTurnsItsSign(t *testing.T) {
	r := build(t, query.Options{Logs: []string{plantedLog(t)}, Sections: []query.Section{section.SectionEffect}})
	out := renderString(t, r, Options{Width: 120})
	for _, want := range []string{
		"200 tasks and 0 sessions with a recorded outcome, 69.0% of 200 completed",
		"use-notes  66.0%  100    72.0%  100  -6.0 [-18.5, +6.8]  +15.0 [+0.8, +29.2]  higher   sign turns",
		"use-notes  mono-a  90.0%  20    80.0%  80       +10.0",
		"use-notes  mono-b  60.0%  80    40.0%  20       +20.0",
		"association, not cause",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the report lacks %q:\n%s", want, out)
		}
	}
}
