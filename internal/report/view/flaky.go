package view

import (
	"fmt"
	"strings"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

func (w *writer) flakyColumns() []column[section.HelperVerdict] {
	type row = section.HelperVerdict
	failures := func(x *row) int64 { return x.Verdict.Failures }
	recovered := recoveriesColumn(6, func(x *row) int64 { return x.Verdict.Recoveries })
	recovered.html.Help = "failures followed by a success in the same context"
	return []column[row]{{
		layout: layout{title: "helper", left: true, least: 8},
		cell:   func(x *row) cell { return cell{x.Label(x.Helper), strong} },
		page:   func(x *row) htmlCell { return w.head(x.Label(x.Helper), x.Helper, x.Sort, x.Kind) },
		csv:    "helper kind", fields: func(x *row) []string { return []string{x.Helper, x.Kind} },
	}, fields(rateFields, func(x *row) []string { return rateTexts(x.Success) }), {
		layout: layout{title: "verdict", left: true},
		cell:   func(x *row) cell { return w.verdict(&x.Verdict) },
		page:   func(x *row) htmlCell { return w.verdictCell(&x.Verdict) },
		csv:    verdictFields, fields: func(x *row) []string { return verdictTexts(&x.Verdict) },
	}, {
		layout: layout{title: "failed"}, html: numbers,
		cell: func(x *row) cell { return cell{count(failures(x)) + "/" + count(x.Verdict.N), plain} },
		page: func(x *row) htmlCell { return num(count(failures(x)), float64(failures(x))) },
	}, {
		html: htmlColumn{Title: "n", Number: true},
		page: func(x *row) htmlCell { return num(count(x.Verdict.N), float64(x.Verdict.N)) },
	}, recovered, {
		layout: layout{title: "score", drop: 7},
		cell:   func(x *row) cell { return cell{score(&x.Verdict), plain} },
		html:   htmlColumn{Number: true, Help: "flaky score: recoveries × entropy, failures fade with a half-life of 14 days"},
		page:   func(x *row) htmlCell { return num(fmt.Sprintf("%.2f", x.Verdict.Score), x.Verdict.Score) },
	}, outcomesColumn(lastOutcomes), {
		layout: layout{title: "where it fails", left: true, least: 14, drop: 1, prose: true},
		cell:   func(x *row) cell { return cell{w.evidence(x), plain} },
		page:   func(x *row) htmlCell { return htmlCell{Text: w.evidence(x)} },
	}, fields("flips flip_ratio recoveries context_n context_failures sort", func(x *row) []string {
		v := &x.Verdict
		return []string{integer(v.Flips), number(v.FlipRatio), integer(v.Recoveries), integer(v.ContextN), integer(v.ContextFailures), x.Sort}
	})}
}

// outcomesColumn shows the last outcomes as marks.
func outcomesColumn[T any](of func(x *T) string) column[T] {
	return column[T]{
		layout: layout{title: "last outcomes", left: true, drop: 5},
		cell:   func(x *T) cell { return cell{of(x), plain} },
		html:   htmlColumn{Help: "oldest first; ✗ failed, · succeeded"},
		page:   func(x *T) htmlCell { return htmlCell{Text: of(x), Class: "outcomes"} },
	}
}

func (w *writer) flaky(f *section.Flaky) block {
	k := block{title: "Flaky, broken or bound to a context", note: recentWords(f.Recent, w.r)}
	k.table = tableOf(w, w.flakyColumns(), f.Rows)
	if len(f.Rows) == 0 {
		k.lines = append(k.lines, cell{"none", faint})
	}
	if rest := restOfFlaky(f); len(rest) > 0 {
		k.after = append(k.after, cell{strings.Join(rest, " · "), faint})
	}
	k.after = append(k.after, omitted(f.Omitted)...)
	return k
}

func (w *writer) htmlFlaky(p *page, f *section.Flaky) {
	p.Flaky = pageOf("flaky", "Flaky, broken or bound to a context", w.flakyColumns(), f.Rows)
	p.Flaky.More = f.Omitted
	p.FlakyRest = strings.Join(append([]string{recentWords(f.Recent, w.r)}, restOfFlaky(f)...), " · ")
}

// restOfFlaky is how many helpers are in no row.
func restOfFlaky(f *section.Flaky) []string {
	var rest []string
	if f.Solid > 0 {
		rest = append(rest, fmt.Sprintf("%d solid", f.Solid))
	}
	if len(f.Few) > 0 {
		rest = append(rest, fmt.Sprintf("%d with few data", len(f.Few)))
	}
	return rest
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
