package report

import (
	"cmp"
	"slices"
	"strings"

	"pi-track/internal/event"
	"pi-track/internal/stats"
)

// maxOutcomes is how many runs a verdict looks at: the latest ones that
// succeeded or failed. What went wrong before that many runs is history.
const maxOutcomes = 500

// helper is what the report says about one helper.
type helper struct {
	acc
	kind       string // of the latest run
	days       days
	outcomes   outcomes
	lastBefore int64 // latest start before the period
}

func newHelper() *helper { return &helper{} }

func (h *helper) addRun(r *run, day int32) {
	if r.start >= h.lastRun {
		if kind := r.line.Bytes(r.line.Kind); r.start > h.lastRun || string(kind) < h.kind {
			if string(kind) != h.kind {
				h.kind = string(kind)
			}
		}
	}
	h.acc.add(r)
	h.days.of(day)[r.code]++
	h.outcomes.addRun(r)
}

func (h *helper) merge(o *helper) {
	if o.lastRun > h.lastRun || o.lastRun == h.lastRun && o.kind < h.kind || h.kind == "" {
		h.kind = o.kind
	}
	h.acc.merge(&o.acc)
	h.days.merge(o.days)
	h.outcomes.merge(&o.outcomes)
	h.lastBefore = max(h.lastBefore, o.lastBefore)
}

// outcome is one run that succeeded or failed.
type outcome struct {
	at     int64  // end, Unix ms: nearly the order of the log
	id     uint32 // part of the id's hash: orders runs of the same time
	failed bool
	repo   uint32
	task   uint32
}

func (a outcome) compare(b outcome) int {
	if a.at != b.at {
		return cmp.Compare(a.at, b.at)
	}
	return cmp.Compare(a.id, b.id)
}

// outcomes are the latest maxOutcomes in time order, and a few more that
// await being dropped. They may be added in any order, but nearly in time
// order is fast.
type outcomes struct{ list []outcome }

func (o *outcomes) merge(b *outcomes) {
	x, y := o.latest(), b.latest()
	if len(y) == 0 {
		return
	}
	// The latest of both, from the end.
	all := make([]outcome, min(len(x)+len(y), maxOutcomes))
	for i := len(all) - 1; i >= 0; i-- {
		from := &x
		if len(x) == 0 || len(y) > 0 && x[len(x)-1].compare(y[len(y)-1]) < 0 {
			from = &y
		}
		last := len(*from) - 1
		all[i], *from = (*from)[last], (*from)[:last]
	}
	o.list = all
}

// addRun adds a run if it succeeded or failed.
func (o *outcomes) addRun(r *run) {
	if r.code == event.CodeSucceeded || r.code == event.CodeFailed {
		o.add(outcome{r.end, uint32(r.id), r.code == event.CodeFailed, r.repo, r.task})
	}
}

func (o *outcomes) add(x outcome) {
	n := len(o.list)
	if n < maxOutcomes+maxOutcomes/4 && (n == 0 || x.at > o.list[n-1].at) {
		o.list = append(o.list, x)
		return
	}
	if n >= maxOutcomes && x.compare(o.list[n-maxOutcomes]) < 0 {
		return
	}
	if n >= maxOutcomes+maxOutcomes/4 {
		n = copy(o.list, o.list[n-maxOutcomes+1:])
		o.list = o.list[:n]
	}
	i := n
	for i > 0 && i > n-8 && x.compare(o.list[i-1]) < 0 {
		i--
	}
	if i > 0 && x.compare(o.list[i-1]) < 0 {
		i, _ = slices.BinarySearchFunc(o.list[:i], x, outcome.compare)
	}
	o.list = slices.Insert(o.list, i, x)
}

// latest are the outcomes that a verdict looks at.
func (o *outcomes) latest() []outcome {
	return o.list[max(0, len(o.list)-maxOutcomes):]
}

// result is the helper's line.
func (s *shared) helperResult(name string, h *helper, prior stats.Beta, v stats.Verdict) Helper {
	if !s.q.bounded {
		h.current, h.previous = h.between(s.q.currentDays()), h.between(s.q.previousDays())
	}
	return Helper{Name: name, Kind: h.kind, Row: h.row(s.q, prior), Days: h.days.last(s.q.lastDay(), 14), Verdict: v}
}

// between is how many runs there are on the days in [from, to).
func (h *helper) between(from, to int32) int64 {
	n := int64(0)
	for i := range h.days {
		if d := &h.days[i]; d.day >= from && d.day < to {
			n += counts(&d.n).Runs
		}
	}
	return n
}

// compareRows is the query's order of rows; ties go by name.
func (q *query) compareRows(a, b *Row, nameA, nameB string) int {
	few := func(r *Row) int {
		if r.Few && q.sort != SortName {
			return 1
		}
		return 0
	}
	if few(a) == 1 && few(b) == 1 {
		return strings.Compare(nameA, nameB)
	}
	return cmp.Or(cmp.Compare(few(a), few(b)), -cmp.Compare(q.sortValue(a), q.sortValue(b)), strings.Compare(nameA, nameB))
}

func (q *query) sortValue(r *Row) float64 {
	switch q.sort {
	case SortRisk:
		return r.Risk
	case SortFails:
		return float64(r.Failed)
	case SortRate:
		if r.Success.Value == nil {
			return -1
		}
		return 1 - *r.Success.Value
	case SortRuns:
		return float64(r.Runs)
	case SortP50:
		return r.Duration.P50
	case SortP95:
		return r.Duration.P95
	case SortTotal:
		return r.Duration.Avg * float64(r.Duration.N)
	case SortLast:
		if r.LastRun == nil {
			return 0
		}
		return float64(r.LastRun.UnixMilli())
	case SortCost:
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
