package report

import (
	"slices"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// TestWhyNamesFailuresInARow: each row of failures with its time, its number and its own
// repos, the latest first; a single failure is none, and the last one is open.
func TestWhyNamesFailuresInARow(t *testing.T) {
	p := &plantedRuns{}
	at := func(i int) time.Time { return changeStart.Add(time.Duration(i) * time.Hour) }
	for i, repo := range []string{"/r/a", "-/r/b", "-/r/a", "-/r/b", "/r/a", "-/r/a", "/r/a", "-/r/c", "-/r/c", "/r/a", "-/r/d", "-/r/a"} {
		failed := repo[0] == '-'
		p.add("deploy", at(i), failed, func(e *event.Event) { e.Repo = repo[len(repo)-len("/r/a"):] })
	}
	w := reportOf(t, query.Options{Logs: []string{p.write(t)}, Sections: []query.Section{section.SectionWhy}, Why: "deploy"}).Why
	want := []section.Block{
		{From: at(10), To: at(11), Failures: 2, Repos: []string{"/r/a", "/r/d"}, Open: true},
		{From: at(7), To: at(8), Failures: 2, Repos: []string{"/r/c"}},
		{From: at(1), To: at(3), Failures: 3, Repos: []string{"/r/a", "/r/b"}},
	}
	if !slices.EqualFunc(w.Blocks, want, func(a, b section.Block) bool {
		return a.From.Equal(b.From) && a.To.Equal(b.To) && a.Failures == b.Failures && a.Open == b.Open && slices.Equal(a.Repos, b.Repos)
	}) {
		t.Errorf("%+v", w.Blocks)
	}
}
