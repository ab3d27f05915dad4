package view

import (
	"cmp"
	"slices"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// turns says whether the sign turns and at least one of the differences is
// clear: else both may be chance, and there is nothing to explain.
func turns(x *section.EffectRow) bool {
	return x.SignTurns && x.Verdict != stats.EffectFewData &&
		(x.Verdict != stats.EffectUnclear || x.Diff.Low > 0 || x.Diff.High < 0)
}

// maxTurned is how many repos are shown of a helper whose sign turns.
const maxTurned = 8

// turnedRepos are the repos of a helper that weigh most in the difference
// within repos, and how many there are besides.
func turnedRepos(x *section.EffectRow) ([]section.Stratum, int) {
	weight := func(s section.Stratum) float64 {
		with, without := float64(s.With.N), float64(s.Without.N)
		return with * without / (with + without)
	}
	repos := slices.Clone(x.Strata)
	slices.SortStableFunc(repos, func(a, b section.Stratum) int { return -cmp.Compare(weight(a), weight(b)) })
	n := min(len(repos), maxTurned)
	return repos[:n], len(repos) - n
}

// turnedRow is one repo of a helper whose sign turns, or how many more there are.
type turnedRow struct {
	*section.EffectRow
	repo section.Stratum
	more int
}

// turnedColumns show why the sign turns.
func (w *writer) turnedColumns() []column[turnedRow] {
	type row = turnedRow
	with, withN := armColumns("with", func(x *row) stats.Rate { return x.repo.With })
	without, withoutN := armColumns("without", func(x *row) stats.Rate { return x.repo.Without })
	figures := []column[row]{with, withN, without, withoutN, {
		layout: layout{title: "difference"}, html: numbers,
		cell: func(x *row) cell { return cell{strataDiff(x.repo), plain} },
		page: func(x *row) htmlCell { return num(strataDiff(x.repo), strataSort(x.repo)) },
	}}
	columns := []column[row]{{
		layout: layout{title: "helper", left: true, least: 8},
		cell:   func(x *row) cell { return cell{x.Label(x.Helper), strong} },
		page:   func(x *row) htmlCell { return htmlCell{Text: x.Label(x.Helper), Head: true} },
	}, {
		layout: layout{title: "repo", left: true, least: 8},
		cell: func(x *row) cell {
			if x.more > 0 {
				return cell{moreRepos(x.more), faint}
			}
			return cell{w.names.repo(x.repo.Repo), plain}
		},
		page: func(x *row) htmlCell {
			if x.more > 0 {
				return htmlCell{Text: moreRepos(x.more)}
			}
			return htmlCell{Text: w.names.repo(x.repo.Repo), Tip: x.repo.Repo}
		},
	}}
	return append(columns, blankWhere(figures, func(x *row) bool { return x.more > 0 })...)
}

// turnedRows are those of all helpers whose sign turns.
func turnedRows(e *section.Effect) []turnedRow {
	var rows []turnedRow
	for i := range e.Rows {
		x := &e.Rows[i]
		if !turns(x) {
			continue
		}
		repos, more := turnedRepos(x)
		for _, s := range repos {
			rows = append(rows, turnedRow{x, s, 0})
		}
		if more > 0 {
			rows = append(rows, turnedRow{x, section.Stratum{}, more})
		}
	}
	return rows
}

// turned shows the repos of those helpers whose sign turns: the reader is to
// see why.
func (w *writer) turned(e *section.Effect) []block {
	rows := turnedRows(e)
	if len(rows) == 0 {
		return nil
	}
	return []block{{title: "Where the sign turns", note: turnedWords, table: tableOf(w, w.turnedColumns(), rows)}}
}

const turnedWords = "overall and within the repos the difference points in opposite directions"

// htmlTurned is the table behind every sign that turns.
func (w *writer) htmlTurned(e *section.Effect) *htmlTable {
	rows := turnedRows(e)
	if len(rows) == 0 {
		return nil
	}
	return pageOf("turned", "Where the sign turns: "+turnedWords, w.turnedColumns(), rows)
}

func moreRepos(n int) string { return "… " + plural(int64(n), "more repo") }

func strataDiff(s section.Stratum) string {
	if s.With.Value == nil || s.Without.Value == nil {
		return nothing
	}
	return points(strataSort(s))
}

// strataSort is the difference in a repo; 0 where there is none.
func strataSort(s section.Stratum) float64 {
	if s.With.Value == nil || s.Without.Value == nil {
		return 0
	}
	return *s.With.Value - *s.Without.Value
}
