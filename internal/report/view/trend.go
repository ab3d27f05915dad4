package view

import (
	"fmt"
	"math"
	"slices"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// comparedWords names the two periods behind trends.
func (w *writer) comparedWords() string {
	c := w.r.Query.Compared
	if c.Current.Since == nil || c.Previous.Since == nil {
		return "no period to compare with: give --last or --since"
	}
	return fmt.Sprintf("since %s against the same time before, since %s",
		w.clock.moment(*c.Current.Since), w.clock.moment(*c.Previous.Since))
}

func trendColumns() []column[section.TrendRow] {
	type row = section.TrendRow
	arm := func(title, csv string, s style, of func(x *row) stats.Rate) []column[row] {
		return []column[row]{{
			layout: layout{title: title}, html: numbers,
			cell: func(x *row) cell { return cell{rateN(of(x)), s} },
			page: func(x *row) htmlCell { return rateCell(of(x)) },
			csv:  csv, fields: func(x *row) []string { return []string{integer(of(x).K), integer(of(x).N)} },
		}, {
			html: htmlColumn{Title: "n", Number: true},
			page: func(x *row) htmlCell { return num(count(of(x).N), float64(of(x).N)) },
		}}
	}
	median := func(title, csv string, drop int, s style, shown func(x *float64) string, of func(x *row) *float64) column[row] {
		return column[row]{
			layout: layout{title: title, drop: drop}, html: numbers,
			cell: func(x *row) cell { return cell{shown(of(x)), s} },
			page: func(x *row) htmlCell {
				if of(x) == nil {
					return htmlCell{Text: nothing}
				}
				return num(shown(of(x)), *of(x))
			},
			csv: csv, fields: func(x *row) []string { return []string{optional(of(x))} },
		}
	}
	return slices.Concat([]column[row]{
		{
			layout: layout{title: "helper", left: true, least: 8},
			cell:   func(x *row) cell { return cell{x.Label(x.Helper), strong} },
			page:   func(x *row) htmlCell { return htmlCell{Text: x.Label(x.Helper), Head: true} },
			csv:    "helper", fields: func(x *row) []string { return []string{x.Helper} },
		},
		tally(layout{title: "runs"}, plain, "runs", func(x *row) int64 { return x.Runs.Current }),
		tally(layout{title: "before", drop: 6}, faint, "previous_runs", func(x *row) int64 { return x.Runs.Previous }),
	}, arm("success", "succeeded n", plain, func(x *row) stats.Rate { return x.Current }),
		arm("before", "previous_succeeded previous_n", faint, func(x *row) stats.Rate { return x.Previous }), []column[row]{{
			layout: layout{title: "change [95 %]", drop: 2},
			cell:   func(x *row) cell { return cell{pointsInterval(x.Success), plain} },
			html:   htmlColumn{Number: true, Help: "percentage points, Newcombe's interval"},
			page: func(x *row) htmlCell {
				if x.Success == nil {
					return htmlCell{Text: nothing}
				}
				return num(pointsInterval(x.Success), x.Success.Value)
			},
			csv: "change change_low change_high", fields: func(x *row) []string { return interval(x.Success) },
		}, {
			layout: layout{left: true},
			cell:   func(x *row) cell { return arrow(x.Arrow) },
			html:   htmlColumn{Help: "only where the interval excludes zero"},
			page: func(x *row) htmlCell {
				a := arrow(x.Arrow)
				return htmlCell{Text: a.text, Class: styleClass(a.style)}
			},
			csv: "arrow", fields: func(x *row) []string { return []string{x.Arrow} },
		},
			median("p50", "p50_ms", 4, plain, spanOrNothing, func(x *row) *float64 { return x.P50 }),
			median("before", "previous_p50_ms", 4, faint, spanOrNothing, func(x *row) *float64 { return x.PrevP50 }),
			median("ratio", "p50_ratio", 3, plain, ratio, func(x *row) *float64 { return x.P50Ratio }),
			field("sort", func(x *row) string { return x.Sort }),
		})
}

func (w *writer) htmlTrend(x *section.Trends) *htmlTable {
	t := pageOf("trend", "Trend, "+w.comparedWords(), trendColumns(), x.Rows)
	t.More = x.Omitted
	return t
}

func (w *writer) trend(t *section.Trends) block {
	k := block{title: "Trend", note: w.comparedWords()}
	k.table = tableOf(w, trendColumns(), t.Rows)
	if len(t.Rows) == 0 {
		k.lines = append(k.lines, cell{"none", faint})
	} else {
		k.after = append(k.after, cell{"an arrow stands only where the interval of the change excludes zero", faint})
	}
	if note := byChance(t.Compared); note != "" {
		k.after = append(k.after, cell{note, faint})
	}
	k.after = append(k.after, omitted(t.Omitted)...)
	return k
}

func arrow(a string) cell {
	switch a {
	case stats.ArrowUp:
		return cell{"▲ better", good}
	case stats.ArrowDown:
		return cell{"▼ worse", bad}
	}
	return cell{}
}

func spanOrNothing(ms *float64) string {
	if ms == nil {
		return nothing
	}
	return span(*ms)
}

func ratio(x *float64) string {
	if x == nil || math.IsInf(*x, 0) || math.IsNaN(*x) {
		return nothing
	}
	return fmt.Sprintf("×%.2f", *x)
}

// byChance says how many clear differences n comparisons would show if there
// were none: of 95 % intervals one in 20 excludes zero. It is empty where that
// is not even half a one.
func byChance(n int64) string {
	if n < 10 {
		return ""
	}
	return plural(n, "helper") + " compared: of the arrows at most 1 in 20 is chance"
}
