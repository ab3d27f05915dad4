package report

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

var changeStart = time.Date(2026, 10, 20, 8, 0, 0, 0, time.UTC)

// plantedRuns writes the runs of helpers, of which fail says whether run i of n
// fails, and returns the log.
type plantedRuns struct {
	data []byte
	id   int
}

func (p *plantedRuns) add(name string, at time.Time, failed bool, change func(*event.Event)) {
	p.id++
	e := event.Event{
		TS: at, ID: fmt.Sprintf("01935000-0000-7000-8000-%012x", p.id), Kind: event.Script, Name: name, Status: event.Succeeded,
		DurationMS: 1000, Repo: "/r/web", SessionID: fmt.Sprintf("s-%d", p.id/3), Src: "shim",
	}
	if failed {
		e.Status, e.Error = event.Failed, "error: it failed"
	}
	if change != nil {
		change(&e)
	}
	p.data = e.Append(p.data)
}

func (p *plantedRuns) write(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "events.jsonl")
	if err := os.WriteFile(file, p.data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func reportOf(t *testing.T, o query.Options) *section.Report {
	t.Helper()
	o.Now, o.Location = changeStart.AddDate(0, 0, 40), time.UTC
	if o.Sections == nil {
		o.Sections = []query.Section{section.SectionHelpers, section.SectionFlaky}
	}
	r, err := Build(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func helperOf(t *testing.T, r *section.Report, name string) *section.Helper {
	t.Helper()
	for i := range r.Helpers.Rows {
		if r.Helpers.Rows[i].Name == name {
			return &r.Helpers.Rows[i]
		}
	}
	t.Fatalf("no helper %s", name)
	return nil
}

// fiveTroubles is a month of five helpers that changed in ways of their own,
// among twenty that did not.
func fiveTroubles(t *testing.T) string {
	p := &plantedRuns{}
	r := rand.New(rand.NewPCG(9, 0))
	repos := []string{"/r/web", "/r/api", "/r/infra"}
	rate := map[string]func(day int, repo string) float64{
		"pi-loop": func(day int, _ string) float64 {
			if day >= 28 {
				return .5
			}
			return .06
		},
		"publish": func(day int, _ string) float64 {
			if day >= 10 && day < 13 {
				return 1
			}
			return .02
		},
		"search": func(day int, _ string) float64 {
			if day < 20 {
				return .35
			}
			return .01
		},
		"plan": func(day int, repo string) float64 {
			if day >= 24 && repo == "/r/api" {
				return .7
			}
			return .02
		},
		"sync": func(day int, _ string) float64 {
			if day >= 31 {
				return 1
			}
			return 0
		},
	}
	for i := range 20 {
		rate[fmt.Sprint("steady-", i)] = func(int, string) float64 { return float64(i%5) / 20 }
	}
	for day := range 36 {
		for run := range 10 {
			for i := range 25 {
				name := fmt.Sprint("steady-", i-5)
				if i < 5 {
					name = []string{"pi-loop", "publish", "search", "plan", "sync"}[i]
				}
				repo := repos[r.IntN(3)]
				at := changeStart.AddDate(0, 0, day).Add(time.Duration(run*60+i) * time.Minute)
				p.add(name, at, r.Float64() < rate[name](day, repo), func(e *event.Event) {
					e.Repo, e.Rev = repo, "file-1"
					e.Agent, e.Model, e.DurationMS = "pi 1.5.2", "m-1", int64(2000*(1+r.ExpFloat64()))
					if name == "pi-loop" && day >= 28 {
						e.Rev, e.DurationMS = "file-2", 3*e.DurationMS
					}
					if name == "sync" && day >= 31 {
						e.Agent = "pi 1.6.0"
					}
				})
			}
		}
	}
	return p.write(t)
}

func TestChangesAreToldWithTheirDates(t *testing.T) {
	log := fiveTroubles(t)
	r := reportOf(t, query.Options{Logs: []string{log}})
	within := func(at *time.Time, day int) bool {
		want := changeStart.AddDate(0, 0, day)
		return at != nil && at.Sub(want).Abs() < 24*time.Hour
	}
	for _, v := range []struct {
		name     string
		class    stats.Class
		from, to int
		repo     string
	}{
		{"pi-loop", stats.WorseSince, 28, 0, ""},
		{"publish", stats.Outage, 10, 12, ""},
		{"search", stats.BetterSince, 20, 0, ""},
		{"plan", stats.WorseSince, 24, 0, "/r/api"},
		{"sync", stats.BrokenSince, 31, 0, ""},
	} {
		h := helperOf(t, r, v.name)
		if h.Verdict.Class != v.class || !within(h.Verdict.From, v.from) || v.to != 0 && !within(h.Verdict.To, v.to) {
			t.Errorf("%s: %s %v %v", v.name, h.Verdict.Class, h.Verdict.From, h.Verdict.To)
			continue
		}
		if c := h.Changes[0]; v.repo == "" && c.Repo != nil || v.repo != "" && (c.Repo == nil || *c.Repo != v.repo) {
			t.Errorf("%s: names the repo %v", v.name, c.Repo)
		}
	}
	for _, h := range r.Helpers.Rows {
		if h.Name[:3] == "ste" && len(h.Changes) > 0 {
			t.Errorf("%s did not change: %+v", h.Name, h.Changes[0])
		}
	}
	c := helperOf(t, r, "pi-loop").Changes[0]
	if c.P50Ratio == nil || c.P50Ratio.Low < 2 || c.P50Ratio.High > 4.5 {
		t.Errorf("durations: %+v", c.P50Ratio)
	}
	if len(c.Beside) != 1 || c.Beside[0].Key != "rev" || c.Beside[0].Since != "file-2" || !within(&c.Beside[0].First, 28) {
		t.Errorf("beside: %+v", c.Beside)
	}
	b := helperOf(t, r, "sync").Changes[0].Beside
	if len(b) != 1 || b[0].Key != "agent" || b[0].Before != "pi 1.5.2" || b[0].Since != "pi 1.6.0" {
		t.Errorf("beside: %+v", b)
	}
}

// TestWhyListsRevisions: with first and last run, and the rate of each.
func TestWhyListsRevisions(t *testing.T) {
	w := reportOf(t, query.Options{Logs: []string{fiveTroubles(t)}, Sections: []query.Section{section.SectionWhy}, Why: "pi-loop"}).Why
	if len(w.Revisions) != 2 || w.Revisions[0].Rev != "file-2" || w.Revisions[0].Success.N+w.Revisions[1].Success.N != 360 ||
		!w.Revisions[1].Last.Before(w.Revisions[0].First) || *w.Revisions[0].Success.Value > .7 || *w.Revisions[1].Success.Value < .85 {
		t.Errorf("%+v", w.Revisions)
	}
}

// TestChangesWithModelOnly: one of two models that are used side by side fails.
func TestChangesWithModelOnly(t *testing.T) {
	p := &plantedRuns{}
	for i := range 200 {
		model := []string{"m-1", "m-2"}[i%2]
		failed := i%40 == 7 || i >= 140 && model == "m-2" && i%3 > 0
		p.add("subagent", changeStart.Add(time.Duration(i)*time.Hour), failed, func(e *event.Event) { e.Model, e.SessionID = model, "" })
	}
	c := helperOf(t, reportOf(t, query.Options{Logs: []string{p.write(t)}}), "subagent").Changes
	if len(c) != 1 || len(c[0].Beside) != 1 || c[0].Beside[0] != (section.Beside{
		Key: "model", Since: "m-2", First: c[0].Beside[0].First, Only: true,
	}) {
		t.Errorf("%+v", c)
	}
}

// TestBetterIsWithNoModelOnly: what the failures that are left have in common is
// not why the rest ended.
func TestBetterIsWithNoModelOnly(t *testing.T) {
	p := &plantedRuns{}
	for i := range 240 {
		model := []string{"m-1", "m-2"}[i%2]
		failed := i < 120 && i%10 < 7 || i >= 120 && model == "m-2" && i%6 == 1
		p.add("subagent", changeStart.Add(time.Duration(i)*time.Hour), failed, func(e *event.Event) { e.Model, e.SessionID = model, "" })
	}
	c := helperOf(t, reportOf(t, query.Options{Logs: []string{p.write(t)}}), "subagent").Changes
	if len(c) != 1 || c[0].Class != stats.BetterSince || len(c[0].Beside) != 0 {
		t.Errorf("%+v", c)
	}
}

// TestChangesAreTheSameWithAnIndex: what is told does not depend on how the runs
// were added up, nor on which of them were read before.
func TestChangesAreTheSameWithAnIndex(t *testing.T) {
	log := fiveTroubles(t)
	data, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	want := reportOf(t, query.Options{Logs: []string{log}, NoIndex: true})
	if err := os.WriteFile(log, data[:len(data)*9/10], 0o600); err != nil {
		t.Fatal(err)
	}
	reportOf(t, query.Options{Logs: []string{log}}) // makes the index, if it is large enough
	f, err := os.OpenFile(log, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(data[len(data)*9/10:]); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if got := reportOf(t, query.Options{Logs: []string{log}}); !reflect.DeepEqual(got, want) {
		t.Error("the report differs with an index")
	}
}

// TestPeriodIsJudgedWhole: of a period more than the last 500 runs count.
func TestPeriodIsJudgedWhole(t *testing.T) {
	p := &plantedRuns{}
	for i := range 4400 {
		p.add("fetch", changeStart.Add(time.Duration(i)*20*time.Minute), i >= 400 && i < 450, nil)
	}
	log := []string{p.write(t)}
	r := reportOf(t, query.Options{Logs: log})
	// of the outage, a sample of the earlier runs tells
	if v := helperOf(t, r, "fetch").Verdict; v.Class != stats.Outage || v.N != 500 || v.Failures != 0 || r.Helpers.Recent != 500 {
		t.Errorf("the last 500 runs: %+v, recent %d", v, r.Helpers.Recent)
	}
	r = reportOf(t, query.Options{Logs: log, Since: changeStart.Add(-time.Hour)})
	if v := helperOf(t, r, "fetch").Verdict; v.Class != stats.Outage || v.N != 4400 || v.Failures != 50 || r.Helpers.Recent != 0 || r.Flaky.Recent != 0 {
		t.Errorf("the period: %+v, recent %d", v, r.Helpers.Recent)
	}
}

// TestChangesBeforeTheJudgedRuns: what changed in a busy helper before the last 500
// runs, which the verdict goes by, is dated all the same.
func TestChangesBeforeTheJudgedRuns(t *testing.T) {
	p := &plantedRuns{}
	for i := range 900 {
		at := changeStart.Add(time.Duration(i) * 40 * time.Minute)
		p.add("deploy", at, i >= 300, nil)
		p.add("search", at.Add(time.Second), i >= 300 && i%2 == 0, nil)
		for k := range 3 {
			p.add("busy", at.Add(time.Duration(1+10*k)*time.Minute), i >= 300 && (i+k)%3 == 0, nil)
		}
		p.add("fetch", at.Add(2*time.Second), i >= 200 && i < 260, nil)
		p.add("render", at.Add(3*time.Second), false, func(e *event.Event) {
			if e.DurationMS += int64(i*37) % 400; i >= 300 {
				e.DurationMS *= 3
			}
		})
	}
	r := reportOf(t, query.Options{
		Logs: []string{p.write(t)}, Sections: []query.Section{section.SectionHelpers, section.SectionFlaky, section.SectionDigest},
	})
	since := changeStart.Add(300 * 40 * time.Minute)
	for name, want := range map[string]stats.Class{"deploy": stats.BrokenSince, "search": stats.WorseSince, "busy": stats.WorseSince, "fetch": stats.Outage, "render": stats.SlowerSince} {
		from := since
		if want == stats.Outage {
			from = changeStart.Add(200 * 40 * time.Minute)
		}
		found := slices.ContainsFunc(r.Digest.Rows, func(x section.Sentence) bool {
			return x.Helper == name && x.Code == string(want) && x.From.Sub(from).Abs() < 24*time.Hour
		})
		if !found {
			t.Errorf("%s: the digest does not tell that it is %s %v", name, want, from)
		}
		if v := helperOf(t, r, name).Verdict; v.N != 500 {
			t.Errorf("%s: %+v", name, v)
		}
	}
	if c := helperOf(t, r, "deploy").Changes; len(c) != 1 || c[0].Since.N != 600 || c[0].Before.N != 300 {
		t.Errorf("%+v", c)
	}
}

func TestAlwaysCancelled(t *testing.T) {
	r := reportOf(t, query.Options{Logs: []string{"testdata/always-cancelled.jsonl"}, NoIndex: true})
	h := helperOf(t, r, "fetch-docs")
	if h.Verdict.Class != stats.AlwaysCancelled || h.Few || *h.Verdict.Cancelled != (stats.Cancelled{N: 60, Ended: 60, Signal: "TERM", TimeoutMS: 30000}) {
		t.Errorf("%+v %+v", h.Verdict, h.Verdict.Cancelled)
	}
	if len(r.Flaky.Rows) != 1 || len(r.Flaky.Few) != 0 {
		t.Errorf("flaky: %+v", r.Flaky)
	}
}

// TestDecidersAreNotCompared: every task ran train, whose end decides it.
func TestDecidersAreNotCompared(t *testing.T) {
	r := reportOf(t, query.Options{
		Logs: []string{"testdata/effect-deciders.jsonl"}, NoIndex: true, Sections: []query.Section{section.SectionEffect},
	})
	if e := r.Effect; len(e.Rows) != 0 || e.Compared != 0 || len(e.Deciders) != 2 || e.Deciders[1].Helper != "train" || e.Deciders[1].Tasks != 60 {
		t.Errorf("%+v", r.Effect)
	}
}

// TestEffectWithinSizes: a helper without effect that is used in long tasks,
// which fail more, within one repo.
func TestEffectWithinSizes(t *testing.T) {
	p := &plantedRuns{}
	r := rand.New(rand.NewPCG(3, 0))
	for task := range 300 {
		size := 1 + r.IntN(20)
		with := r.IntN(20) < size
		at := changeStart.Add(time.Duration(task) * time.Hour)
		in := func(e *event.Event) { e.TaskID, e.SessionID = fmt.Sprint("T-", task), "" }
		for i := range size {
			name := "grep"
			if with && i == 0 {
				name = "notes"
			}
			p.add(name, at.Add(time.Duration(i)*time.Minute), false, in)
		}
		p.add("task", at.Add(30*time.Minute), r.IntN(24) < size, func(e *event.Event) { in(e); e.Kind, e.Src = event.Job, "emit" })
	}
	e := reportOf(t, query.Options{Logs: []string{p.write(t)}, Sections: []query.Section{section.SectionEffect}}).Effect
	for _, x := range e.Rows {
		if x.Helper == "notes" && (x.Diff.High > 0 || x.Verdict != stats.EffectUnclear || x.Within != section.WithinSizes || x.Compared < 5) {
			t.Errorf("%+v %+v %+v", x, x.Diff, x.Stratified)
		}
	}
	if e.Compared == 0 {
		t.Errorf("%+v", e)
	}
}

// TestSwitchedOffIsNoRun: lines of an experiment in which nothing ran count in
// nothing.
func TestSwitchedOffIsNoRun(t *testing.T) {
	p := &plantedRuns{}
	for i := range 40 {
		p.add("notes", changeStart.Add(time.Duration(i)*time.Hour), i%4 == 0, func(e *event.Event) {
			e.Trial = event.Trial{Experiment: "x1", Arm: []string{"on", "off"}[i%2]}
		})
		p.add("subagent", changeStart.Add(time.Duration(i)*time.Hour), false, func(e *event.Event) {
			e.Kind, e.Trial = event.ExtensionTool, event.Trial{Experiment: "x2", Arm: "on"}
			if i%10 == 0 {
				e.CallID = "call" // a call, not an offer
			}
		})
	}
	r := reportOf(t, query.Options{Logs: []string{p.write(t)}, Sections: []query.Section{section.SectionOverview, section.SectionHelpers}})
	if r.Overview.Runs != 24 || helperOf(t, r, "notes").Runs != 20 || helperOf(t, r, "subagent").Runs != 4 {
		t.Errorf("%d runs, %+v", r.Overview.Runs, r.Helpers.Rows)
	}
}
