package view

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// matrix is helper × repo: how many of the finished runs failed.
type matrix struct {
	Repos   []matrixRepo
	Rows    []matrixRow
	Helpers int // left out: helpers without a failure or beyond the most failing
	Others  int // left out: repos beyond the most used
}

type matrixRepo struct{ Name, Path string }

type matrixRow struct {
	Helper string
	Cells  []matrixCell
}

// matrixCell is one helper in one repo; Heat 0…6 is its failure rate.
type matrixCell struct {
	Text, Tip string
	Heat      int
	Few       bool
}

const (
	matrixRepos   = 12
	matrixHelpers = 30
)

// newMatrix shows the helpers that failed, and the repos with most runs.
func newMatrix(w *writer, rows []section.ContextRow) *matrix {
	type pair struct{ helper, repo string }
	cells := map[pair]*section.ContextRow{}
	runs, failures, helpers := map[string]int64{}, map[string]int64{}, map[string]bool{}
	for i := range rows {
		x := &rows[i]
		name := x.Label(x.Helper)
		cells[pair{name, x.Repo}] = x
		runs[x.Repo] += x.Runs
		failures[name] += x.Failed
		helpers[name] = true
	}
	repos := slices.SortedFunc(maps.Keys(runs), func(a, b string) int {
		return cmp.Or(cmp.Compare(runs[b], runs[a]), cmp.Compare(a, b))
	})
	m := &matrix{Others: max(0, len(repos)-matrixRepos)}
	repos = repos[:min(len(repos), matrixRepos)]
	for _, r := range repos {
		m.Repos = append(m.Repos, matrixRepo{w.names.repo(r), r})
	}
	names := slices.SortedFunc(maps.Keys(helpers), func(a, b string) int {
		return cmp.Or(cmp.Compare(failures[b], failures[a]), cmp.Compare(a, b))
	})
	for _, h := range names {
		if failures[h] == 0 || len(m.Rows) == matrixHelpers {
			m.Helpers++
			continue
		}
		row := matrixRow{Helper: h}
		for _, r := range repos {
			row.Cells = append(row.Cells, w.matrixCell(cells[pair{h, r}]))
		}
		m.Rows = append(m.Rows, row)
	}
	if len(m.Rows) == 0 {
		return nil
	}
	return m
}

func (w *writer) matrixCell(x *section.ContextRow) matrixCell {
	if x == nil {
		return matrixCell{Tip: "no runs"}
	}
	n := x.Finished()
	c := matrixCell{
		Text: fmt.Sprintf("%s/%s", count(x.Failed), count(n)),
		Tip:  fmt.Sprintf("%s in %s: %d of %d failed, %d cancelled; %s", x.Label(x.Helper), w.names.repo(x.Repo), x.Failed, n, x.Cancelled, w.verdict(&x.Verdict).text),
		Few:  n < stats.MinContext,
	}
	if n > 0 && x.Failed > 0 {
		share := float64(x.Failed) / float64(n)
		for _, limit := range []float64{0, .02, .1, .25, .5, .9} {
			if share > limit {
				c.Heat++
			}
		}
	}
	return c
}
