package view

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

func num(text string, by float64) htmlCell {
	return htmlCell{Text: text, Sort: strconv.FormatFloat(by, 'g', -1, 64)}
}

// rateCell sorts by the rate and shows its n and interval in the tip.
func rateCell(r stats.Rate) htmlCell {
	if r.Value == nil {
		return htmlCell{Text: nothing}
	}
	c := num(rate(r), *r.Value)
	c.Tip = fmt.Sprintf("%d of %d, 95 %% interval %s %%", r.K, r.N, bounds(r))
	c.Class = tileClass(r)
	return c
}

func (w *writer) verdictCell(v *stats.Verdict) htmlCell {
	c := w.verdict(v)
	return htmlCell{Text: c.text, Class: styleClass(c.style), Badge: true, Tip: fmt.Sprintf("%d of %d runs failed", v.Failures, v.N)}
}

func (w *writer) htmlHelpers(p *page, h *section.Helpers) {
	t := &htmlTable{ID: "helpers", More: h.Omitted, Caption: "Helpers, " + w.sortNote()}
	t.Columns = slices.Concat([]htmlColumn{{Title: "helper"}, {Title: "verdict"}}, w.htmlRowColumns(), []htmlColumn{{Title: "last 14 days"}})
	var few []string
	for i := range h.Rows {
		x := &h.Rows[i]
		if x.Few {
			few = append(few, fewWords(*x))
			continue
		}
		t.Rows = append(t.Rows, slices.Concat([]htmlCell{w.head(x.Label(x.Name), x.Name, x.Sort, x.Kind), w.verdictCell(&x.Verdict)},
			htmlRow(&x.Row), []htmlCell{{Spark: newSpark(w, x.Days)}}))
	}
	p.Helpers, p.Few = t, strings.Join(few, ", ")
}

// htmlRowColumns are those of htmlRow.
func (w *writer) htmlRowColumns() []htmlColumn {
	return []htmlColumn{
		{Title: "runs", Number: true}, {Title: "Δ", Number: true, Help: "runs against the period before: " + w.comparedWords()},
		{Title: "success", Number: true, Help: "succeeded ÷ (succeeded + failed)"}, {Title: "n", Number: true},
		{Title: "95 %", Number: true, Help: "Wilson's interval of the success rate"},
		{Title: "failure rate", Number: true}, {Title: "failed", Number: true}, {Title: "cancelled", Number: true},
		{Title: "risk", Number: true, Help: sortWords[query.SortRisk]},
		{Title: "avg", Number: true, Help: "of succeeded runs"}, {Title: "p50", Number: true}, {Title: "p95", Number: true},
	}
}

func htmlRow(x *section.Row) []htmlCell {
	d := x.Duration
	change := htmlCell{Text: delta(x.Delta)}
	if x.Delta != nil {
		change = num(change.Text, float64(x.Delta.Current-x.Delta.Previous))
		change.Tip = fmt.Sprintf("%d runs, %d in the period before", x.Delta.Current, x.Delta.Previous)
	}
	failing := htmlCell{}
	if x.Success.Value != nil {
		share := 100 * (1 - *x.Success.Value)
		failing = num("", share)
		failing.Bar, failing.Tip = &share, percent(share/100)+" of "+count(x.Success.N)+" failed"
	}
	duration := func(ms float64) htmlCell {
		if d.N == 0 {
			return htmlCell{Text: nothing}
		}
		return num(span(ms), ms)
	}
	return []htmlCell{
		num(count(x.Runs), float64(x.Runs)), change,
		rateCell(x.Success), num(count(x.Success.N), float64(x.Success.N)), num(bounds(x.Success), x.Success.Low),
		failing, num(zero(x.Failed), float64(x.Failed)), num(zero(x.Cancelled), float64(x.Cancelled)),
		num(percent(x.Risk), x.Risk),
		duration(d.Avg), duration(d.P50), duration(d.P95),
	}
}

func (w *writer) htmlFlaky(p *page, f *section.Flaky) {
	t := &htmlTable{ID: "flaky", More: f.Omitted, Caption: "Flaky, broken or bound to a context", Columns: []htmlColumn{
		{Title: "helper"}, {Title: "verdict"}, {Title: "failed", Number: true}, {Title: "n", Number: true},
		{Title: "recoveries", Number: true, Help: "failures followed by a success in the same context"},
		{Title: "score", Number: true, Help: "flaky score: recoveries × entropy, failures fade with a half-life of 14 days"},
		{Title: "last outcomes", Help: "oldest first; ✗ failed, · succeeded"}, {Title: "where it fails"},
	}}
	for i := range f.Rows {
		x := &f.Rows[i]
		v := &x.Verdict
		t.Rows = append(t.Rows, []htmlCell{
			w.head(x.Label(x.Helper), x.Helper, x.Sort, x.Kind), w.verdictCell(v),
			num(count(v.Failures), float64(v.Failures)), num(count(v.N), float64(v.N)),
			num(zero(v.Recoveries), float64(v.Recoveries)), num(fmt.Sprintf("%.2f", v.Score), v.Score),
			{Text: lastOutcomes(x), Class: "outcomes"}, {Text: w.evidence(x)},
		})
	}
	p.Flaky = t
	rest := []string{recentWords(f.Recent, w.r)}
	if f.Solid > 0 {
		rest = append(rest, fmt.Sprintf("%d solid", f.Solid))
	}
	if len(f.Few) > 0 {
		rest = append(rest, fmt.Sprintf("%d with few data", len(f.Few)))
	}
	p.FlakyRest = strings.Join(rest, " · ")
}

// htmlFailures is how many kinds of failures the page shows.
const htmlFailures = 100

func (w *writer) htmlFailures(f *section.Failures) *htmlTable {
	t := &htmlTable{ID: "failures", Caption: "Recent failures, one line per helper and kind of error", Columns: []htmlColumn{
		{Title: "when", Number: true}, {Title: "helper"}, {Title: "repo"}, {Title: "exit"}, {Title: "×", Number: true, Help: "failures that look alike"},
		{Title: "error"}, {Title: "pi-track show"},
	}}
	for i := range f.Rows[:min(htmlFailures, len(f.Rows))] {
		x := &f.Rows[i]
		text := errorText(x)
		t.Rows = append(t.Rows, []htmlCell{
			{Text: w.clock.minute(x.Time), Sort: timeSort(&x.Time), Tip: "first " + w.clock.minute(x.First)},
			w.head(x.Label(x.Helper), x.Helper, x.Sort, x.Kind), {Text: w.failureRepos(x), Tip: strings.Join(x.Repos, ", ")}, {Text: exit(x)},
			num(count(x.Count), float64(x.Count)), {Text: text, Class: "error"}, {Text: x.ID, Class: "id"},
		})
	}
	return t
}

func (w *writer) htmlTrend(x *section.Trends) *htmlTable {
	t := &htmlTable{ID: "trend", More: x.Omitted, Caption: "Trend, " + w.comparedWords(), Columns: []htmlColumn{
		{Title: "helper"}, {Title: "runs", Number: true}, {Title: "before", Number: true},
		{Title: "success", Number: true}, {Title: "n", Number: true}, {Title: "before", Number: true}, {Title: "n", Number: true},
		{Title: "change [95 %]", Number: true, Help: "percentage points, Newcombe's interval"},
		{Title: "", Help: "only where the interval excludes zero"},
		{Title: "p50", Number: true}, {Title: "before", Number: true}, {Title: "ratio", Number: true},
	}}
	for _, row := range x.Rows {
		change := htmlCell{Text: nothing}
		if row.Success != nil {
			change = num(pointsInterval(row.Success), row.Success.Value)
		}
		a := arrow(row.Arrow)
		ms := func(x *float64) htmlCell {
			if x == nil {
				return htmlCell{Text: nothing}
			}
			return num(span(*x), *x)
		}
		quotient := htmlCell{Text: ratio(row.P50Ratio)}
		if row.P50Ratio != nil {
			quotient = num(ratio(row.P50Ratio), *row.P50Ratio)
		}
		t.Rows = append(t.Rows, []htmlCell{
			{Text: row.Label(row.Helper), Head: true},
			num(count(row.Runs.Current), float64(row.Runs.Current)), num(count(row.Runs.Previous), float64(row.Runs.Previous)),
			rateCell(row.Current), num(count(row.Current.N), float64(row.Current.N)),
			rateCell(row.Previous), num(count(row.Previous.N), float64(row.Previous.N)),
			change, {Text: a.text, Class: styleClass(a.style)}, ms(row.P50), ms(row.PrevP50), quotient,
		})
	}
	return t
}

func (w *writer) htmlUnused(p *page, u *section.Unused) {
	p.UnusedNote = "all " + plural(int64(u.Configured), "configured helper") + " were used"
	if u.Configured == 0 {
		p.UnusedNote = "no helpers are configured"
	}
	t := &htmlTable{ID: "unused", Caption: "Configured, but without a run in the period", Columns: []htmlColumn{
		{Title: "helper"}, {Title: "kind"}, {Title: "last used", Number: true},
	}}
	for _, x := range u.Rows {
		last := htmlCell{Text: "never"}
		if x.LastUsed != nil {
			last = htmlCell{Text: w.clock.minute(*x.LastUsed), Sort: timeSort(x.LastUsed)}
		}
		t.Rows = append(t.Rows, []htmlCell{{Text: x.Label(x.Name), Head: true}, {Text: x.Kind}, last})
	}
	p.Unused = t
}
