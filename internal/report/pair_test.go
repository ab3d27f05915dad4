package report

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/report/sum"
	"pi-track/internal/report/synth"
)

// synthetic is a log of synth, in memory.
func synthetic(t testing.TB, runs, dirty int) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := synth.Write(&b, synth.Options{Seed: 3, Runs: runs, Start: noon.AddDate(0, -2, 0), Span: 50 * 24 * time.Hour, Dirty: dirty}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// figures is a report as JSON without what depends on the shape of the log.
func figures(t testing.TB, o query.Options) string {
	t.Helper()
	r := build(t, o)
	r.Query.Logs, r.Warnings = nil, nil
	r.Overview.Lines, r.Overview.BadLines, r.Overview.Bytes = 0, 0, 0
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func write(t testing.TB, path string, parts ...[]byte) string {
	t.Helper()
	if err := os.WriteFile(path, bytes.Join(parts, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var everything = []query.Section{section.SectionOverview, section.SectionHelpers, section.SectionFlaky, section.SectionFailures, section.SectionEffect, section.SectionTrend, section.SectionContext}

func TestFiguresDoNotDependOnOrderCopiesAndSegments(t *testing.T) {
	b := synthetic(t, 6000, 20)
	lines := bytes.SplitAfter(b, []byte("\n"))
	dir := t.TempDir()
	o := func(logs ...string) query.Options {
		return query.Options{Logs: logs, Sections: everything, NoIndex: true}
	}
	want := figures(t, o(write(t, filepath.Join(dir, "all.jsonl"), b)))

	shuffled := append([][]byte(nil), lines...)
	rand.New(rand.NewPCG(5, 6)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	write(t, filepath.Join(dir, "cut-20261001T000000000Z.jsonl"), lines[:4000]...)
	write(t, filepath.Join(dir, "cut.jsonl"), lines[4000:]...)
	for name, logs := range map[string][]string{
		"shuffled":       {write(t, filepath.Join(dir, "shuffled.jsonl"), shuffled...)},
		"appended again": {write(t, filepath.Join(dir, "again.jsonl"), append(append([][]byte(nil), lines...), lines[3000:5000]...)...)},
		"all twice":      {write(t, filepath.Join(dir, "twice.jsonl"), b, b)},
		"segments":       {filepath.Join(dir, "cut.jsonl")},
		"two logs":       {write(t, filepath.Join(dir, "one.jsonl"), lines[:8000]...), write(t, filepath.Join(dir, "two.jsonl"), lines[5000:]...)},
	} {
		if got := figures(t, o(logs...)); got != want {
			t.Errorf("%s: %s", name, firstDifference(got, want))
		}
	}
}

func firstDifference(got, want string) string {
	a, b := bytes.Split([]byte(got), []byte("\n")), bytes.Split([]byte(want), []byte("\n"))
	for i := range min(len(a), len(b)) {
		if !bytes.Equal(a[i], b[i]) {
			return "got " + string(a[i]) + ", want " + string(b[i])
		}
	}
	return "one is longer"
}

// The real end of a run counts, whether the reaper came before or after it,
// and however far away in the log.
func TestReapedEndsLose(t *testing.T) {
	filler := synthetic(t, 2000, 0)
	run := pair(noon, "01990000-0000-7000-8000-000000000001", "deploy", event.Failed, 5000)
	reaped := run[1]
	reaped.Status, reaped.Src, reaped.ExitCode, reaped.Error = event.Cancelled, "reaped", nil, ""
	line := func(e event.Event) []byte { return e.Append(nil) }
	for name, parts := range map[string][][]byte{
		"first, near":   {line(run[0]), line(reaped), line(run[1]), filler},
		"first, far":    {line(run[0]), line(reaped), filler, line(run[1])},
		"last, far":     {line(run[0]), line(run[1]), filler, line(reaped)},
		"without start": {line(reaped), filler, line(run[1])},
		"all orders":    {line(run[1]), filler, line(reaped), filler, line(run[0])},
	} {
		r := build(t, query.Options{Logs: []string{write(t, filepath.Join(t.TempDir(), "x.jsonl"), parts...)}, Filter: query.Filter{Name: []string{"deploy"}}})
		if c := r.Overview.Counts; c != (sum.Counts{Runs: 1, Failed: 1}) {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func TestSinceReadsTheRunsOfThePeriod(t *testing.T) {
	path := write(t, filepath.Join(t.TempDir(), "x.jsonl"), synthetic(t, 20000, 5))
	for _, days := range []int{1, 3, 9, 30} {
		since := noon.AddDate(0, 0, -days)
		var lines int64
		o := query.Options{Logs: []string{path}, Since: since, Location: time.UTC, Now: noon, NoIndex: true, Sections: []query.Section{section.SectionOverview}}
		r := build(t, o)
		lines = r.Overview.Lines
		o.Sections = []query.Section{section.SectionOverview, section.SectionUnused} // needs the whole log
		all := build(t, o)
		if r.Overview.Counts != all.Overview.Counts || r.Overview.Runs == 0 && days > 9 {
			t.Errorf("%d days: %+v, whole log %+v", days, r.Overview.Counts, all.Overview.Counts)
		}
		if lines >= all.Overview.Lines {
			t.Errorf("%d days: read %d of %d lines", days, lines, all.Overview.Lines)
		}
		o.Now = noon.AddDate(-1, 0, 0) // the log's clock was fast
		o.Sections = []query.Section{section.SectionOverview}
		fast := build(t, o)
		if fast.Overview.Counts != all.Overview.Counts {
			t.Errorf("%d days before a year from now: %+v, want %+v", days, fast.Overview.Counts, all.Overview.Counts)
		}
		if c := fast.Query.Compared; c.Current.Until.Before(*c.Current.Since) || c.Previous.Until.Before(*c.Previous.Since) {
			t.Errorf("compared periods end before they begin: %+v", c)
		}
	}
}

// A log that somebody put together of several by hand, one behind the other, has all runs of a period.
func TestSinceReadsALogPutTogetherByHand(t *testing.T) {
	b := synthetic(t, 6000, 0)
	lines := bytes.SplitAfter(b, []byte("\n"))
	rng := rand.New(rand.NewPCG(3, 4))
	logs := make([][][]byte, 4)
	for i := 0; i+2 <= len(lines); i += 2 {
		n := []int{0, 0, 0, 0, 0, 1, 1, 1, 2, 3}[rng.IntN(10)]
		logs[n] = append(logs[n], lines[i], lines[i+1])
	}
	ordered := write(t, filepath.Join(t.TempDir(), "ordered.jsonl"), b)
	for _, order := range [][]int{{0, 1, 2, 3}, {0, 3, 1, 2}, {2, 3, 0, 1}, {3, 2, 1, 0}, {1, 0, 3, 2}} {
		var parts [][]byte
		for _, n := range order {
			parts = append(parts, logs[n]...)
		}
		merged := write(t, filepath.Join(t.TempDir(), "merged.jsonl"), parts...)
		for days := 12; days < 60; days += 5 {
			o := func(log string) query.Options {
				return query.Options{Logs: []string{log}, Sections: everything, NoIndex: true, Since: noon.AddDate(0, 0, -days), Now: noon}
			}
			if got, want := figures(t, o(merged)), figures(t, o(ordered)); got != want {
				t.Errorf("%v, the last %d days: %s", order, days, firstDifference(got, want))
			}
		}
	}
}
