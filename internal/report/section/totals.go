package section

import (
	"sync"
	"time"

	"pi-track/internal/report/query"
	"pi-track/internal/report/runs"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// totals are everything that a report is computed from.
type totals struct {
	*Collector
	runs.Counted
	judgeHelpers func() []judged
	told         func() [][]HelperChange // of each helper
	rows         func() []Helper
	effect       *Effect             // nil: not collected
	sorts        map[string][]string // of the helpers of each name
}

// Answer is the answer to a query, of what was collected and counted.
func Answer(c *Collector, n *runs.Counted) *Report {
	q := c.q
	t := &totals{Collector: c, Counted: *n, sorts: c.sortsOf()}
	t.judgeHelpers = sync.OnceValue(func() []judged {
		all := make([]*runsOf, len(t.helpers))
		for id, h := range t.helpers {
			if h != nil && h.Result().Runs > 0 {
				all[id] = &runsOf{&h.Tally, &h.ends}
			}
		}
		return t.judge(all)
	})
	t.told = sync.OnceValue(t.makeTold)
	t.rows = sync.OnceValue(t.makeHelperRows)
	r := &Report{Schema: Schema, GeneratedAt: q.Now.In(q.Location), Query: q.Result(), Warnings: n.Warnings}
	if r.Warnings == nil {
		r.Warnings = []runs.Warning{}
	}
	for _, s := range c.sections {
		s.Report(t, r)
	}
	return r
}

// helperRows are the rows of all helpers, in the query's order.
func (t *totals) helperRows() []Helper { return t.rows() }

// verdicts are those on all helpers, by their numbers.
func (t *totals) verdicts() []judged { return t.judgeHelpers() }

// makeTold are the changes of all helpers, by their numbers.
func (t *totals) makeTold() [][]HelperChange {
	verdicts := t.verdicts()
	out := make([][]HelperChange, len(verdicts))
	parallel(len(out), func() func(int) {
		return func(id int) {
			if h := t.helpers[id]; h != nil {
				out[id] = t.changesOf(h, verdicts[id].changes)
			}
		}
	})
	return out
}

// rateOf is the rate of success; of runs of some statuses there is none.
func rateOf(q *query.Plan, c sum.Counts) stats.Rate {
	if q.SomeStatus() {
		return stats.NewRate(0, 0)
	}
	return stats.NewRate(c.Succeeded, c.Finished())
}

// rowOf is the Report's form of a sum; the risk is of the prior of all rows.
func rowOf(q *query.Plan, a *sum.Tally, prior stats.Beta) Row {
	c := a.Result()
	r := Row{
		Counts: c, Success: rateOf(q, c),
		Few: c.Finished() < int64(q.MinN) && c.Used == 0 && !q.SomeStatus(), Duration: a.Durations.Result(),
		Delta:   &Delta{Current: a.Current, Previous: a.Previous},
		LastRun: q.Moment(a.LastRun), LastFailure: q.Moment(a.LastFailure), Usage: a.UsageResult(),
	}
	if !q.SomeStatus() {
		r.Risk = prior.Risk(c.Failed, c.Finished())
	}
	if s := a.Rusage; s != nil {
		n := float64(s.Runs)
		r.Resources = &sum.Resources{Runs: s.Runs, UserMS: float64(s.User) / n, SysMS: float64(s.Sys) / n, MaxRSSKB: s.MaxRSS}
	}
	return r
}

// local puts a verdict's times into the query's zone.
func local(q *query.Plan, v stats.Verdict) stats.Verdict {
	in := func(t *time.Time) *time.Time {
		if t == nil {
			return nil
		}
		l := t.In(q.Location)
		return &l
	}
	v.From, v.To = in(v.From), in(v.To)
	return v
}
