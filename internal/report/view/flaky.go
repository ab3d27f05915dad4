package view

import (
	"fmt"
	"strings"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

func (w *writer) flaky(f *section.Flaky) block {
	k := block{title: "Flaky, broken or bound to a context", note: recentWords(f.Recent, w.r)}
	g := &grid{columns: []column{
		{title: "helper", left: true, least: 8},
		{title: "verdict", left: true},
		{title: "failed"},
		{title: "recov.", drop: 6},
		{title: "score", drop: 7},
		{title: "last outcomes", left: true, drop: 5},
		{title: "where it fails", left: true, least: 14, drop: 1, prose: true},
	}}
	for i := range f.Rows {
		x := &f.Rows[i]
		v := &x.Verdict
		g.add(cell{x.Label(x.Helper), strong}, w.verdict(v),
			cell{count(v.Failures) + "/" + count(v.N), plain},
			cell{zero(v.Recoveries), plain}, cell{score(v), plain},
			cell{lastOutcomes(x), plain}, cell{w.evidence(x), plain})
	}
	k.table = g
	if len(f.Rows) == 0 {
		k.lines = append(k.lines, cell{"none", faint})
	}
	var rest []string
	if f.Solid > 0 {
		rest = append(rest, fmt.Sprintf("%d solid", f.Solid))
	}
	if len(f.Few) > 0 {
		rest = append(rest, fmt.Sprintf("%d with few data", len(f.Few)))
	}
	if len(rest) > 0 {
		k.after = append(k.after, cell{strings.Join(rest, " · "), faint})
	}
	k.after = append(k.after, omitted(f.Omitted)...)
	return k
}

// recentWords says how much of the past the verdicts go by.
func recentWords(recent int, r *section.Report) string {
	switch {
	case recent > 0:
		return "by the last " + plural(int64(recent), "run") + " of each"
	case r.Query.Period.Since != nil:
		return "by all runs of the period"
	}
	return "by all runs"
}

func score(v *stats.Verdict) string {
	if v.Class != stats.FlakyClass {
		return ""
	}
	return fmt.Sprintf("%.2f", v.Score)
}

// lastOutcomes are those of the context that the verdict names, else of all.
func lastOutcomes(x *section.HelperVerdict) string {
	for _, c := range x.Contexts {
		if x.Verdict.Level != stats.LevelNone && c.Repo == x.Verdict.Repo && c.Task == x.Verdict.Task {
			return outcomes(c.Last)
		}
	}
	return outcomes(x.Last)
}

// outcomes turns the letters of the report into marks.
func outcomes(last string) string {
	return strings.NewReplacer(".", "·", "F", "✗").Replace(last)
}

// evidence names the contexts with failures: "web 6/16, rest 0/40".
func (w *writer) evidence(x *section.HelperVerdict) string {
	switch x.Verdict.Class {
	case stats.AlwaysCancelled, stats.OftenCancelled:
		return cancelledWords(x.Verdict.Cancelled)
	case stats.WorseSince, stats.BetterSince, stats.BrokenSince, stats.Outage:
		for i := range x.Changes {
			if c := &x.Changes[i]; c.Class == x.Verdict.Class && c.From.Equal(*x.Verdict.From) {
				return w.changeWords(c)
			}
		}
	}
	var parts []string
	n, failures := x.Verdict.N, x.Verdict.Failures
	for _, c := range x.Contexts {
		failed := c.Success.N - c.Success.K
		if failed == 0 || len(parts) == 3 {
			continue
		}
		name := w.names.repo(c.Repo)
		if c.Task != "" {
			name = c.Task
		}
		parts = append(parts, fmt.Sprintf("%s %s/%s", name, count(failed), count(c.Success.N)))
		n, failures = n-c.Success.N, failures-failed
	}
	if n > 0 && len(parts) > 0 {
		parts = append(parts, fmt.Sprintf("rest %s/%s", count(failures), count(n)))
	}
	return strings.Join(parts, ", ")
}

// someNames lists at most ten names.
func someNames(all []string) string {
	const most = 10
	if len(all) <= most {
		return strings.Join(all, ", ")
	}
	return strings.Join(all[:most], ", ") + fmt.Sprintf(" and %d more", len(all)-most)
}
