package section

import (
	"cmp"
	"strings"
	"time"

	"pi-track/internal/report/query"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// Row is what can be said about any group of runs.
type Row struct {
	sum.Counts
	Success     stats.Rate     `json:"success"` // n = Finished; Wilson 95 %
	Risk        float64        `json:"risk"`    // lower 5 % bound of the empirical-Bayes failure rate
	Few         bool           `json:"few"`     // n below the query's MinN
	Delta       *Delta         `json:"delta,omitempty"`
	Duration    sum.Durations  `json:"duration"`
	LastRun     *time.Time     `json:"last_run,omitempty"`
	LastFailure *time.Time     `json:"last_failure,omitempty"`
	Usage       *sum.Usage     `json:"usage,omitempty"`
	Resources   *sum.Resources `json:"resources,omitempty"`
}

// Delta compares the numbers of runs in the two periods of Query.Compared.
type Delta struct {
	Current  int64 `json:"current"`
	Previous int64 `json:"previous"`
}

// compareRows is the query's order of rows; ties go by name.
func compareRows(q *query.Plan, a, b *Row, nameA, nameB string) int {
	few := func(r *Row) int {
		if r.Few && q.Order != query.SortName {
			return 1
		}
		return 0
	}
	if few(a) == 1 && few(b) == 1 {
		return strings.Compare(nameA, nameB)
	}
	return cmp.Or(cmp.Compare(few(a), few(b)), -cmp.Compare(sortValue(q, a), sortValue(q, b)), strings.Compare(nameA, nameB))
}

func sortValue(q *query.Plan, r *Row) float64 {
	switch q.Order {
	case query.SortRisk:
		return r.Risk
	case query.SortFails:
		return float64(r.Failed)
	case query.SortRate:
		if r.Success.Value == nil {
			return -1
		}
		return 1 - *r.Success.Value
	case query.SortRuns:
		return float64(r.Runs)
	case query.SortP50:
		return r.Duration.P50
	case query.SortP95:
		return r.Duration.P95
	case query.SortTotal:
		return r.Duration.Avg * float64(r.Duration.N)
	case query.SortLast:
		if r.LastRun == nil {
			return 0
		}
		return float64(r.LastRun.UnixMilli())
	case query.SortCost:
		if r.Usage == nil {
			return 0
		}
		return r.Usage.Cost
	}
	return 0 // by name
}

// cut keeps the first limit rows and says how many it dropped.
func cut[T any](rows []T, limit int) ([]T, int) {
	if limit <= 0 || len(rows) <= limit {
		return rows, 0
	}
	return rows[:limit], len(rows) - limit
}
