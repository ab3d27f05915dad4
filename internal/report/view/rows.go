package view

import (
	"fmt"
	"slices"
	"strconv"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// rowColumns are those of what helpers and groups have in common.
func (w *writer) rowColumns() []column[section.Row] {
	type row = section.Row
	change := "Δ"
	if w.r.Query.Period.Since == nil && !slices.ContainsFunc(w.r.Query.By, query.Key.OfTime) {
		change = "Δ 7d" // an unbounded report compares the last seven days
	}
	runs := tally(layout{title: "runs"}, plain, "", func(x *row) int64 { return x.Runs })
	runs.csv, runs.fields = countsFields, func(x *row) []string { return countsTexts(x.Counts) }
	success := rateColumns(5, func(x *row) stats.Rate { return x.Success })
	success[0].csv, success[0].fields = rateFields, func(x *row) []string { return rateTexts(x.Success) }
	success[0].html.Help = "succeeded ÷ (succeeded + failed)"
	success[2].html.Help = "Wilson's interval of the success rate"
	return slices.Concat([]column[row]{runs, {
		layout: layout{title: change, drop: 6},
		cell:   func(x *row) cell { return cell{delta(x.Delta), faint} },
		html:   htmlColumn{Title: "Δ", Number: true, Help: "runs against the period before: " + w.comparedWords()},
		page:   func(x *row) htmlCell { return deltaCell(x.Delta) },
	}}, success, []column[row]{
		{html: htmlColumn{Title: "failure rate", Number: true}, page: func(x *row) htmlCell { return failBarCell(x.Success) }},
		seldom(layout{title: "failed"}, failStyle, func(x *row) int64 { return x.Failed }),
		{layout: layout{title: "failure rate", left: true, drop: 7}, cell: func(x *row) cell { return cell{failBar(x.Success), bad} }},
		cancelledColumn(4, func(x *row) int64 { return x.Cancelled }),
		{
			html: htmlColumn{Title: "risk", Number: true, Help: sortWords[query.SortRisk]},
			page: func(x *row) htmlCell { return num(percent(x.Risk), x.Risk) },
			csv:  "risk", fields: func(x *row) []string { return []string{number(x.Risk)} },
		},
		field("previous_runs", func(x *row) string {
			if x.Delta == nil {
				return ""
			}
			return integer(x.Delta.Previous)
		}),
		field("duration_n", func(x *row) string { return integer(x.Duration.N) }),
	}, durationColumns(), spentColumns(), []column[row]{
		fields("last_run last_failure used", func(x *row) []string {
			return []string{instant(x.LastRun), instant(x.LastFailure), integer(x.Used)}
		}),
	})
}

// durationColumns are those of the durations of succeeded runs.
func durationColumns() []column[section.Row] {
	type row = section.Row
	of := func(l layout, csv string, ms func(d *sum.Durations) float64) column[row] {
		return column[row]{layout: l, html: numbers, csv: csv,
			cell: func(x *row) cell { return cell{spanOf(x.Duration.N, ms(&x.Duration)), plain} },
			fields: func(x *row) []string {
				if x.Duration.N == 0 {
					return []string{""}
				}
				return []string{number(ms(&x.Duration))}
			}}
	}
	all := []column[row]{
		of(layout{title: "avg", drop: 4}, "avg_ms", func(d *sum.Durations) float64 { return d.Avg }),
		of(layout{title: "p50", drop: 2}, "p50_ms", func(d *sum.Durations) float64 { return d.P50 }),
		of(layout{title: "p95", drop: 8}, "p95_ms", func(d *sum.Durations) float64 { return d.P95 }),
		of(layout{title: "p99", drop: wideOnly}, "p99_ms", func(d *sum.Durations) float64 { return d.P99 }),
		of(layout{title: "max", drop: wideOnly}, "max_ms", func(d *sum.Durations) float64 { return d.Max }),
	}
	all[0].page = func(x *row) htmlCell { return spanCell(x.Duration.N, x.Duration.Avg) }
	all[1].page = func(x *row) htmlCell { return spanCell(x.Duration.N, x.Duration.P50) }
	all[2].page = func(x *row) htmlCell { return spanCell(x.Duration.N, x.Duration.P95) }
	all[0].html.Help = "of succeeded runs"
	return all
}

// spentColumns are tokens, money and what the programs consumed.
func spentColumns() []column[section.Row] {
	type row = section.Row
	usage := func(l layout, csv string, shown, text func(u *sum.Usage) string) column[row] {
		return column[row]{layout: l, csv: csv,
			cell: func(x *row) cell {
				if x.Usage == nil {
					return cell{}
				}
				return cell{shown(x.Usage), plain}
			},
			fields: func(x *row) []string {
				if x.Usage == nil {
					return []string{""}
				}
				return []string{text(x.Usage)}
			}}
	}
	consumed := func(title, csv string, shown, text func(s *sum.Resources) string) column[row] {
		return column[row]{layout: layout{title: title, drop: wideOnly}, csv: csv,
			cell: func(x *row) cell {
				if x.Resources == nil || x.Resources.Runs == 0 {
					return cell{}
				}
				return cell{shown(x.Resources), plain}
			},
			fields: func(x *row) []string {
				if x.Resources == nil {
					return []string{""}
				}
				return []string{text(x.Resources)}
			}}
	}
	type (
		used      = *sum.Usage
		resources = *sum.Resources
	)
	return []column[row]{
		usage(layout{title: "tokens", drop: 5}, "tokens",
			func(u used) string { return zero(u.Tokens) }, func(u used) string { return integer(u.Tokens) }),
		usage(layout{title: "cost", drop: 5}, "cost",
			func(u used) string { return money(u.Cost) }, func(u used) string { return number(u.Cost) }),
		consumed("user", "user_ms",
			func(s resources) string { return span(s.UserMS) }, func(s resources) string { return number(s.UserMS) }),
		consumed("sys", "sys_ms",
			func(s resources) string { return span(s.SysMS) }, func(s resources) string { return number(s.SysMS) }),
		consumed("max RSS", "max_rss_kb",
			func(s resources) string { return kilobytes(s.MaxRSSKB) }, func(s resources) string { return integer(s.MaxRSSKB) }),
	}
}

// rateColumns are a success rate, its n and its interval, which goes from narrow
// terminals by drop.
func rateColumns[T any](drop int, of func(x *T) stats.Rate) []column[T] {
	return []column[T]{
		{
			layout: layout{title: "success"}, html: numbers,
			cell: func(x *T) cell { return cell{rate(of(x)), rateStyle(of(x))} },
			page: func(x *T) htmlCell { return rateCell(of(x)) },
		},
		tally(layout{title: "n"}, faint, "", func(x *T) int64 { return of(x).N }),
		{
			layout: layout{title: "95 %", drop: drop}, html: numbers,
			cell: func(x *T) cell { return cell{bounds(of(x)), faint} },
			page: func(x *T) htmlCell { return num(bounds(of(x)), of(x).Low) },
		},
	}
}

// failedColumn is how many of the runs behind a rate failed.
func failedColumn[T any](of func(x *T) stats.Rate) column[T] {
	return seldom(layout{title: "failed"}, failStyle, func(x *T) int64 { return of(x).N - of(x).K })
}

func cancelledColumn[T any](drop int, n func(x *T) int64) column[T] {
	c := seldom(layout{title: "canc.", drop: drop}, inPlain, n)
	c.html.Title = "cancelled"
	return c
}

func recoveriesColumn[T any](drop int, n func(x *T) int64) column[T] {
	c := seldom(layout{title: "recov.", drop: drop}, inPlain, n)
	c.html.Title = "recoveries"
	return c
}

func inPlain(int64) style { return plain }

// The fields of CSV that several sections have.
const (
	countsFields  = "runs succeeded failed cancelled open"
	rateFields    = "n success success_low success_high"
	verdictFields = "verdict verdict_repo verdict_task verdict_from verdict_to flaky_score"
)

func countsTexts(c sum.Counts) []string {
	return []string{integer(c.Runs), integer(c.Succeeded), integer(c.Failed), integer(c.Cancelled), integer(c.Open)}
}

func rateTexts(r stats.Rate) []string {
	return []string{integer(r.N), optional(r.Value), number(r.Low), number(r.High)}
}

func verdictTexts(v *stats.Verdict) []string {
	return []string{string(v.Class), v.Repo, v.Task, instant(v.From), instant(v.To), number(v.Score)}
}

func deltaCell(d *section.Delta) htmlCell {
	c := htmlCell{Text: delta(d)}
	if d != nil {
		c = num(c.Text, float64(d.Current-d.Previous))
		c.Tip = fmt.Sprintf("%d runs, %d in the period before", d.Current, d.Previous)
	}
	return c
}

func failBarCell(r stats.Rate) htmlCell {
	if r.Value == nil {
		return htmlCell{}
	}
	share := 100 * (1 - *r.Value)
	c := num("", share)
	c.Bar, c.Tip = &share, percent(share/100)+" of "+count(r.N)+" failed"
	return c
}

// spanCell is a duration of n runs.
func spanCell(n int64, ms float64) htmlCell {
	if n == 0 {
		return htmlCell{Text: nothing}
	}
	return num(span(ms), ms)
}

// zero is a count in which 0 does not catch the eye.
func zero(n int64) string {
	if n == 0 {
		return nothing
	}
	return count(n)
}

func failBar(r stats.Rate) string {
	if r.Value == nil {
		return ""
	}
	return bar(1 - *r.Value)
}

func failStyle(n int64) style {
	if n > 0 {
		return bad
	}
	return faint
}

// rateStyle goes by the whole interval: green when it surely is above 90 %,
// red when it surely is below.
func rateStyle(r stats.Rate) style {
	switch {
	case r.Value == nil:
		return faint
	case r.Low > .9:
		return good
	case r.High < .9:
		return bad
	}
	return plain
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

func num(text string, by float64) htmlCell {
	return htmlCell{Text: text, Sort: strconv.FormatFloat(by, 'g', -1, 64)}
}
