package report

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"pi-track/internal/event"
	"pi-track/internal/report/hash"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// fakeEngine answers the queries of package engine from runs, as a ClickHouse does: what
// it is asked is compared with that by 'make fleet'.
type fakeEngine struct {
	q     *query.Plan
	runs  []event.Event
	asked []string
}

func (f *fakeEngine) Select(_ context.Context, sql string) (io.ReadCloser, error) {
	f.asked = append(f.asked, sql)
	answers := []struct {
		mark   string
		answer func() []any
	}{
		{"version()", func() []any { return []any{map[string]string{"version": "24.8.1"}} }},
		{"count() AS lines", func() []any { return []any{map[string]int{"lines": len(f.runs)}} }},
		{"AS sessions,", f.overview}, {"last_before", f.helpers}, {"AS since", f.latest}, {"t1 >= ", f.latest}, {"LIMIT 20000", f.failed},
		{"AS keys", f.groups}, {"is_current", f.trend}, {"name, kind, repo", f.contexts}, {" AS day, ", f.days}, {"AS found", f.units},
		{"experiment != ''", f.trials},
	}
	for _, a := range answers {
		if strings.Contains(sql, a.mark) {
			var out strings.Builder
			for _, row := range a.answer() {
				if e, ok := row.(event.Event); ok {
					out.Write(e.Append(nil))
				} else if err := json.NewEncoder(&out).Encode(row); err != nil {
					return nil, err
				}
			}
			return io.NopCloser(strings.NewReader(out.String())), nil
		}
	}
	return nil, errors.New("an unknown query: " + sql)
}

func startOf(e *event.Event) int64 { return e.TS.UnixMilli() - e.DurationMS }

func codeOf(e *event.Event) int {
	if e.Kind == event.Skill {
		return 0
	}
	return 1 + slices.Index([]event.Status{event.Started, event.Succeeded, event.Failed, event.Cancelled}, e.Status)
}

// ran are the runs but for those that an experiment switched off.
func (f *fakeEngine) ran() []event.Event {
	return slices.DeleteFunc(slices.Clone(f.runs), func(e event.Event) bool { return e.Trial.Arm == "off" })
}

// counted are the runs of helpers.
func (f *fakeEngine) counted() []event.Event {
	return slices.DeleteFunc(f.ran(), func(e event.Event) bool { return e.Src == "emit" && e.Name == "task" })
}

// grouped makes a row of the runs with one key each, in the order of the keys.
func grouped(runs []event.Event, key func(e *event.Event) string, row func(of []event.Event) any) (rows []any) {
	by := map[string][]event.Event{}
	for _, e := range runs {
		by[key(&e)] = append(by[key(&e)], e)
	}
	for _, k := range slices.Sorted(maps.Keys(by)) {
		if x := row(by[k]); x != nil {
			rows = append(rows, x)
		}
	}
	return rows
}

func oneOf(e *event.Event) string { return e.Name + "\x00" + string(query.SortOfKind([]byte(e.Kind))) }

// tally is what a query says of runs, with more columns.
func (f *fakeEngine) tally(runs []event.Event, more map[string]any) any {
	var counts [5]int64
	var spent [7]int64
	var consumed [4]int64
	var durations []int64
	var lastRun, lastFailure, current, previous int64
	for _, e := range runs {
		counts[codeOf(&e)]++
		lastRun = max(lastRun, startOf(&e))
		switch {
		case f.q.Current.Has(startOf(&e)):
			current++
		case f.q.Previous.Has(startOf(&e)):
			previous++
		}
		switch codeOf(&e) {
		case 2:
			durations = append(durations, e.DurationMS)
		case 3:
			lastFailure = max(lastFailure, e.TS.UnixMilli())
		}
		if u := e.Usage; u != nil {
			for i, n := range []int64{1, u.Tokens, u.Input, u.Output, u.CacheRead, u.CacheWrite, int64(u.Cost*1e9 + .5)} {
				spent[i] += n
			}
		}
		if u := e.Rusage; u != nil {
			consumed = [4]int64{consumed[0] + 1, consumed[1] + u.UserMS, consumed[2] + u.SysMS, max(consumed[3], u.MaxRSSKB)}
		}
	}
	out := map[string]any{
		"name": runs[0].Name, "kind": runs[len(runs)-1].Kind, "counts": counts, "last_run": lastRun, "last_failure": lastFailure,
		"current": current, "previous": previous, "durations": durations, "spent": spent, "consumed": consumed,
	}
	if len(durations) > 0 {
		out["min_ms"], out["max_ms"] = slices.Min(durations), slices.Max(durations)
	}
	maps.Copy(out, more)
	return out
}

func (f *fakeEngine) overview() []any {
	different := func(of func(e *event.Event) string) int {
		seen := map[string]bool{}
		for _, e := range f.counted() {
			seen[of(&e)] = true
		}
		delete(seen, "")
		return len(seen)
	}
	first, last := startOf(&f.runs[0]), startOf(&f.runs[0])
	for _, e := range f.counted() {
		first, last = min(first, startOf(&e)), max(last, startOf(&e))
	}
	units := map[string]bool{}
	for _, e := range f.ran() {
		units[cmp.Or(e.TaskID, "s "+e.SessionID)] = true
	}
	return []any{map[string]any{
		"First": first, "Last": last, "Running": 1, "Units": len(units),
		"Repos": different(func(e *event.Event) string { return e.Repo }), "Sessions": different(func(e *event.Event) string { return e.SessionID }),
		"Tasks": different(func(e *event.Event) string { return e.TaskID }), "Hosts": different(func(e *event.Event) string { return e.Host }),
	}}
}

func (f *fakeEngine) helpers() []any {
	return grouped(f.counted(), func(e *event.Event) string { return e.Name + string(e.Kind) }, func(of []event.Event) any {
		days := map[int64]int64{}
		for _, e := range of {
			days[startOf(&e)/86400000*8+int64(codeOf(&e))]++
		}
		keys := slices.Sorted(maps.Keys(days))
		var n []int64
		for _, k := range keys {
			n = append(n, days[k])
		}
		return f.tally(of, map[string]any{"days": keys, "day_runs": n, "last_before": 0, "number": hash.Of([]byte(oneOf(&of[0])))})
	})
}

func (f *fakeEngine) latest() (rows []any) {
	for _, e := range f.counted() {
		if codeOf(&e) > 1 {
			rows = append(rows, e)
		}
	}
	return rows
}

func (f *fakeEngine) failed() []any {
	return grouped(f.counted(), func(e *event.Event) string { return oneOf(e) + e.Error + string(e.Status) }, func(of []event.Event) any {
		if codeOf(&of[0]) != 3 {
			return nil
		}
		repos := map[string]int64{}
		first, last := of[0], of[0]
		for _, e := range of {
			repos[e.Repo]++
			if e.TS.Before(first.TS) {
				first = e
			}
			if e.TS.After(last.TS) {
				last = e
			}
		}
		names := slices.Sorted(maps.Keys(repos))
		var n []int64
		for _, r := range names {
			n = append(n, repos[r])
		}
		latest := [][2]any{{-last.TS.UnixMilli(), string(last.Append(nil))}, {-first.TS.UnixMilli(), string(first.Append(nil))}}
		return map[string]any{"count": len(of), "first": first.TS.UnixMilli(), "last": last.TS.UnixMilli(), "in_repo": names, "repo_runs": n, "latest": latest}
	})
}

func (f *fakeEngine) groups() []any {
	keys := func(e *event.Event) []string { return []string{e.Repo, fmt.Sprint(startOf(e) / 86400000)} }
	return grouped(f.counted(), func(e *event.Event) string { return fmt.Sprint(keys(e)) }, func(of []event.Event) any {
		return f.tally(of, map[string]any{"keys": keys(&of[0])})
	})
}

func (f *fakeEngine) trend() []any {
	when := func(e *event.Event) int {
		switch {
		case f.q.Current.Has(startOf(e)):
			return 1
		case f.q.Previous.Has(startOf(e)):
			return 0
		}
		return -1
	}
	return grouped(f.counted(), func(e *event.Event) string { return fmt.Sprint(e.Name, e.Kind, when(e)) }, func(of []event.Event) any {
		if when(&of[0]) < 0 {
			return nil
		}
		return f.tally(of, map[string]any{"is_current": when(&of[0])})
	})
}

func (f *fakeEngine) contexts() []any {
	return grouped(f.counted(), func(e *event.Event) string { return fmt.Sprint(e.Name, e.Kind, e.Repo) }, func(of []event.Event) any {
		return f.tally(of, map[string]any{"repo": of[0].Repo})
	})
}

func (f *fakeEngine) days() []any {
	return grouped(f.counted(), func(e *event.Event) string { return fmt.Sprint(e.Name, e.Kind, startOf(e)/86400000) }, func(of []event.Event) any {
		if of[0].Name != f.q.Why {
			return nil
		}
		return f.tally(of, map[string]any{"day": startOf(&of[0]) / 86400000})
	})
}

func (f *fakeEngine) units() []any {
	return grouped(f.ran(), func(e *event.Event) string { return cmp.Or(e.TaskID, "s "+e.SessionID) }, func(of []event.Event) any {
		var top [][]any
		at := int64(0)
		for _, e := range of {
			if e.Kind == event.Job && codeOf(&e) > 1 && codeOf(&e) < 4 {
				at = e.TS.UnixMilli()
				is := map[bool]int{true: 1}
				top = append(top, []any{-at, e.ID, startOf(&e), is[codeOf(&e) == 2], e.Repo, e.Name, e.Kind, 1, is[e.Src == "emit"]})
			}
		}
		if top == nil {
			return nil
		}
		before, used := 0, []uint64{}
		for _, e := range of {
			if e.Src != "emit" && startOf(&e) < at {
				before++
				used = append(used, hash.Of([]byte(oneOf(&e))))
			}
		}
		session := of[0].SessionID
		if of[0].TaskID != "" {
			session = ""
		}
		return map[string]any{"task": of[0].TaskID, "session": session, "found": top, "before": before, "used": used}
	})
}

func (f *fakeEngine) trials() (rows []any) {
	for _, e := range f.runs {
		if e.TaskID != "" {
			rows = append(rows, e)
		}
	}
	return rows
}

// engineRuns are twenty days of what sections can tell apart.
func engineRuns() (runs []event.Event) {
	add := func(at time.Time, name string, status event.Status, change func(e *event.Event)) {
		e := event.Event{
			TS: at, ID: fmt.Sprintf("01935000-0000-7000-8000-%012x", len(runs)), Kind: event.Script, Name: name, Status: status,
			DurationMS: int64(300 + len(runs)*7%900), Repo: []string{"/r/web", "/r/api"}[len(runs)%2], SessionID: fmt.Sprint("s-", len(runs)/9), Host: "h", Src: "shim",
		}
		if status == event.Failed {
			e.ExitCode, e.Error = new(2), "error: it failed"
		}
		if change != nil {
			change(&e)
		}
		runs = append(runs, e)
	}
	for i := range 60 {
		at := noon.Add(time.Duration(i-60) * 8 * time.Hour)
		status := event.Succeeded
		if i > 44 {
			status = event.Failed
		}
		add(at, "deploy", status, func(e *event.Event) {
			e.Agent, e.Model, e.Rev = "pi 1.6.0", fmt.Sprint("model-", i%2), fmt.Sprint("rev-", i/45)
			e.Rusage = &event.Rusage{UserMS: 40, SysMS: 3, MaxRSSKB: int64(9000 + i)}
		})
		add(at.Add(time.Minute), "lookup", []event.Status{event.Succeeded, event.Failed}[i%5/4], func(e *event.Event) {
			e.Kind, e.CallID, e.ExitCode = event.ExtensionTool, "c", nil
			e.Usage = &event.Usage{Tokens: 100 + int64(i), Input: 70, Output: 30 + int64(i), CacheRead: 5, CacheWrite: 2, Cost: .25, Model: "m"}
		})
		if i%3 == 0 {
			add(at.Add(2*time.Minute), "wait", event.Cancelled, func(e *event.Event) { e.Signal = "TERM" })
			add(at.Add(3*time.Minute), "review", event.Succeeded, func(e *event.Event) { e.Kind, e.DurationMS = event.Skill, 0 })
		}
		task := fmt.Sprint("T-", i)
		in := func(e *event.Event) { e.TaskID, e.SessionID, e.Repo = task, "", "/r/web" }
		if i%2 == 0 {
			add(at.Add(4*time.Minute), "notes", event.Succeeded, func(e *event.Event) {
				in(e)
				e.Trial = event.Trial{Experiment: "x1", Arm: []string{"on", "off"}[i/2%2]}
			})
		}
		add(at.Add(5*time.Minute), "task", []event.Status{event.Succeeded, event.Failed}[i*7%4/2], func(e *event.Event) { in(e); e.Kind, e.Src = event.Job, "emit" })
	}
	add(noon, "open", event.Started, func(e *event.Event) { e.DurationMS = 0 })
	return runs
}

var update = flag.Bool("update", false, "write testdata/queries.txtar anew")

var longLists = regexp.MustCompile(`\[[0-9,]{300,}\]`) // sum.DurationBounds

// lines are those of a report's JSON, without what only a log has.
func lines(t *testing.T, r *section.Report) []string {
	t.Helper()
	o := *r.Overview
	o.Lines, o.Bytes, o.BadLines = 0, 0, 0
	r.Overview, r.Warnings = &o, nil
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(text), "\n")
}

// TestEngineAnswersAsALog: what an engine has added up comes to the report that the runs
// themselves come to, and it is asked what it was asked when 'make fleet' compared it.
func TestEngineAnswersAsALog(t *testing.T) {
	runs := engineRuns()
	log := writeLog(t, runs...)
	all := append(slices.Clone(everything), section.SectionDigest, section.SectionWhy, section.SectionUnused, section.SectionExperiment)
	archive := &txtar.Archive{Comment: []byte("What a ClickHouse is asked; go test -update writes it anew.\n")}
	for name, o := range map[string]query.Options{
		"everything": {Sections: all, Why: "deploy"},
		"groups":     {By: []query.Key{query.ByRepo, query.ByDay}},
		"period":     {Since: noon.AddDate(0, 0, -40), Until: noon.AddDate(0, 0, 2), Sections: all, Location: time.FixedZone("east", 3600)},
		"filter": {Sections: all, Why: "it's", Running: []string{"a'b", "c"}, Location: time.FixedZone("", -3*3600), Filter: query.Filter{
			Name: []string{"d*", "[a-c]?"}, Kind: []string{"extension_tool", "script"}, Ext: []string{"e"}, Repo: []string{"*a*", "w"}, Task: []string{"t"},
			Session: []string{"s*"}, Scope: []string{"global"}, Host: []string{"h"}, Status: []string{"failed", "started"}}},
	} {
		o.Now = noon.Add(time.Hour)
		if o.Location == nil {
			o.Location = time.UTC
		}
		if o.Running == nil {
			o.Running = []string{runs[len(runs)-1].ID}
		}
		o.Experiments = []query.Experiment{{ID: "x1", Unit: "task", Share: 50}}
		q, err := query.New(o)
		if err != nil {
			t.Fatal(err)
		}
		f := &fakeEngine{q: q, runs: runs}
		o.Engine, o.Logs, o.NoIndex = &query.Engine{Database: "team", Select: f.Select}, []string{log}, true
		got, err := Build(t.Context(), o)
		if err != nil {
			t.Fatal(name, err)
		}
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(longLists.ReplaceAllString(strings.Join(f.asked, "\n\n"), "[…]") + "\n")})
		if o.Filter.Any() || !o.Since.IsZero() {
			continue // the fake one takes all runs
		}
		o.Engine = nil
		want, err := Build(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		is, was := lines(t, got), lines(t, want)
		for i := range min(len(is), len(was)) {
			if is[i] != was[i] {
				t.Fatalf("%s: the engine's report differs in line %d:\n%s\nthe log's says\n%s", name, i, strings.Join(is[max(0, i-12):i+1], "\n"), was[i])
			}
		}
	}
	slices.SortFunc(archive.Files, func(a, b txtar.File) int { return strings.Compare(a.Name, b.Name) })
	const file = "testdata/queries.txtar"
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	is, was := strings.Split(string(txtar.Format(archive)), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(is), len(was)) {
		if i >= len(is) || i >= len(was) || is[i] != was[i] {
			t.Fatalf("%s differs from line %d on: %d lines, want %d", file, i+1, len(is), len(was))
		}
	}
}
