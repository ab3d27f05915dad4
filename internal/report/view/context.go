package view

import (
	"slices"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// contextColumns have one helper in one repo a row; a page draws them as a matrix.
// The table names a helper on its first row only.
func (w *writer) contextColumns(rows []section.ContextRow) []column[section.ContextRow] {
	type row = section.ContextRow
	first := map[*row]bool{}
	for i := range rows {
		first[&rows[i]] = i == 0 || rows[i].Label(rows[i].Helper) != rows[i-1].Label(rows[i-1].Helper)
	}
	runs := tally(layout{title: "runs", drop: 4}, plain, "", func(x *row) int64 { return x.Runs })
	runs.csv, runs.fields = countsFields, func(x *row) []string { return countsTexts(x.Counts) }
	success := rateColumns(5, func(x *row) stats.Rate { return x.Success })
	success[0].csv, success[0].fields = rateFields, func(x *row) []string { return rateTexts(x.Success) }
	failed := seldom(layout{title: "failed", drop: 3}, failStyle, func(x *row) int64 { return x.Failed })
	return slices.Concat([]column[row]{{
		layout: layout{title: "helper", left: true, least: 8},
		cell: func(x *row) cell {
			if !first[x] {
				return cell{"", strong}
			}
			return cell{x.Label(x.Helper), strong}
		},
		csv: "helper", fields: func(x *row) []string { return []string{x.Helper} },
	}, {
		layout: layout{title: "repo", left: true, least: 8},
		cell:   func(x *row) cell { return cell{w.names.repo(x.Repo), plain} },
		csv:    "repo", fields: func(x *row) []string { return []string{x.Repo} },
	}, runs}, success, []column[row]{failed, cancelledColumn(6, func(x *row) int64 { return x.Cancelled }), {
		layout: layout{title: "p50", drop: 7},
		cell:   func(x *row) cell { return cell{spanOf(x.Succeeded, x.P50), plain} },
		csv:    "p50_ms", fields: func(x *row) []string {
			if x.Succeeded == 0 {
				return []string{""}
			}
			return []string{number(x.P50)}
		},
	}, {
		layout: layout{title: "last run", left: true, drop: 8},
		cell: func(x *row) cell {
			if x.LastRun == nil {
				return cell{nothing, plain}
			}
			return cell{w.clock.minute(*x.LastRun), plain}
		},
		csv: "last_run", fields: func(x *row) []string { return []string{instant(x.LastRun)} },
	}, {
		layout: layout{title: "verdict", left: true},
		cell:   func(x *row) cell { return w.verdict(&x.Verdict) },
		csv:    verdictFields, fields: func(x *row) []string { return verdictTexts(&x.Verdict) },
	}, fields("used sort", func(x *row) []string { return []string{integer(x.Used), x.Sort} })})
}
