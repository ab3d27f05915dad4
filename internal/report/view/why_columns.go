package view

import (
	"fmt"
	"slices"
	"time"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

func (w *writer) whyContextColumns() []column[section.ContextCounts] {
	type row = section.ContextCounts
	success := func(x *row) stats.Rate { return x.Success }
	return slices.Concat([]column[row]{{
		layout: layout{title: "repo", left: true, least: 8},
		cell:   func(x *row) cell { return cell{w.names.repo(x.Repo), plain} },
		page:   func(x *row) htmlCell { return htmlCell{Text: w.names.repo(x.Repo), Head: true, Tip: x.Repo} },
	}, {
		layout: layout{title: "task", left: true, least: 8, drop: 2},
		cell:   func(x *row) cell { return cell{x.Task, plain} },
		page:   func(x *row) htmlCell { return htmlCell{Text: x.Task} },
	}}, rateColumns(4, success), []column[row]{
		failedColumn(success),
		recoveriesColumn(3, func(x *row) int64 { return x.Recoveries }),
		outcomesColumn(func(x *row) string { return outcomes(x.Last) }),
	})
}

func (w *writer) whyBlockColumns() []column[section.Block] {
	type row = section.Block
	failures := tally(layout{title: "failures"}, bad, "", func(x *row) int64 { return x.Failures })
	return []column[row]{{
		layout: layout{title: "from", left: true}, html: numbers,
		cell: func(x *row) cell { return cell{w.clock.minute(x.From), plain} },
		page: func(x *row) htmlCell { return htmlCell{Text: w.clock.minute(x.From), Sort: timeSort(&x.From)} },
	}, {
		layout: layout{title: "to", left: true}, html: numbers,
		cell: func(x *row) cell { return cell{w.blockEnd(x), plain} },
		page: func(x *row) htmlCell { return htmlCell{Text: w.blockEnd(x), Sort: timeSort(&x.To)} },
	}, failures, {
		layout: layout{title: "repos", left: true, least: 8},
		cell:   func(x *row) cell { return cell{w.blockRepos(x), plain} },
		page:   func(x *row) htmlCell { return htmlCell{Text: w.blockRepos(x)} },
	}}
}

// whyPeriodColumns have one day, week or month a row.
func whyPeriodColumns(periods []section.WhyPeriod) []column[section.WhyPeriod] {
	type row = section.WhyPeriod
	if len(periods) == 0 {
		return nil
	}
	top := 0.0
	for _, p := range periods {
		top = max(top, p.Duration.P95)
	}
	success := func(x *row) stats.Rate { return x.Success }
	return slices.Concat([]column[row]{{
		layout: layout{title: periods[0].Unit, left: true},
		cell:   func(x *row) cell { return cell{periodName(x), plain} },
		page:   func(x *row) htmlCell { return htmlCell{Text: periodName(x), Head: true} },
	}, tally(layout{title: "runs"}, plain, "", func(x *row) int64 { return x.Runs })}, rateColumns(0, success)[:2], []column[row]{
		seldom(layout{title: "failed"}, failStyle, func(x *row) int64 { return x.Failed }),
		{
			layout: layout{title: "p50"}, html: numbers,
			cell: func(x *row) cell { return cell{spanOf(x.Duration.N, x.Duration.P50), plain} },
			page: func(x *row) htmlCell {
				c := spanCell(x.Duration.N, x.Duration.P50)
				c.Tip = fmt.Sprintf("of %d succeeded runs", x.Duration.N)
				return c
			},
		}, {
			layout: layout{title: "p95", drop: 4}, html: numbers,
			cell: func(x *row) cell { return cell{spanOf(x.Duration.N, x.Duration.P95), plain} },
			page: func(x *row) htmlCell { return spanCell(x.Duration.N, x.Duration.P95) },
		}, {
			layout: layout{title: "p95 of the slowest", left: true, drop: 5},
			cell: func(x *row) cell {
				if x.Duration.N == 0 || top == 0 {
					return cell{"", faint}
				}
				return cell{bar(x.Duration.P95 / top), faint}
			},
		},
	})
}

func (w *writer) revisionColumns() []column[section.Revision] {
	type row = section.Revision
	success := func(x *row) stats.Rate { return x.Success }
	at := func(l layout, of func(x *row) time.Time) column[row] {
		l.left = true
		return column[row]{layout: l, cell: func(x *row) cell { return cell{w.clock.minute(of(x)), plain} }}
	}
	return slices.Concat([]column[row]{
		{layout: layout{title: "rev", left: true}, cell: func(x *row) cell { return cell{x.Rev, plain} }},
		at(layout{title: "first run"}, func(x *row) time.Time { return x.First }),
		at(layout{title: "last run", drop: 2}, func(x *row) time.Time { return x.Last }),
	}, rateColumns(1, success), []column[row]{failedColumn(success)})
}
