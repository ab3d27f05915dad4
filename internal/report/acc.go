package report

import (
	"math"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/stats"
)

// run is one run as the collectors take it. Texts are numbers of the shared
// dicts; what few collectors need is read from line, which is valid during
// the call only.
type run struct {
	line *event.Line
	id   uint64 // hash of the id
	code event.Code

	start, end int64 // Unix ms
	now, prev  bool  // in the query's period, in the one before it
	name       uint32
	repo       uint32
	task       uint32
}

// acc adds up what can be said about any group of runs. No sum depends on the
// order: all are of integers.
type acc struct {
	counts      [5]int64 // by event.Code; CodeStarted are the open ones
	durations   durations
	lastRun     int64 // latest start, Unix ms
	lastFailure int64 // latest end of a failed run
	current     int64 // runs in the two compared periods
	previous    int64

	usage    *Usage
	costNano int64
	rusage   *rusageSum
}

type rusageSum struct{ runs, user, sys, maxRSS int64 }

func (a *acc) add(r *run) {
	a.counts[r.code]++
	a.lastRun = max(a.lastRun, r.start)
	l := r.line
	switch r.code {
	case event.CodeSucceeded:
		a.durations.add(l.DurationMS)
	case event.CodeFailed:
		a.lastFailure = max(a.lastFailure, r.end)
	}
	if l.HasUsage {
		a.addUsage(l)
	}
	if l.HasRusage {
		if a.rusage == nil {
			a.rusage = &rusageSum{}
		}
		a.rusage.runs++
		a.rusage.user += l.UserMS
		a.rusage.sys += l.SysMS
		a.rusage.maxRSS = max(a.rusage.maxRSS, l.MaxRSSKB)
	}
}

func (a *acc) addUsage(l *event.Line) {
	if a.usage == nil {
		a.usage = &Usage{}
	}
	a.usage.Runs++
	a.usage.Tokens += l.Tokens
	a.usage.Input += l.Input
	a.usage.Output += l.Output
	a.usage.CacheRead += l.CacheRead
	a.usage.CacheWrite += l.CacheWrite
	a.costNano += int64(math.Round(l.Cost * 1e9))
}

// merge adds all of o, which must not be used any more.
func (a *acc) merge(o *acc) {
	for i, n := range o.counts {
		a.counts[i] += n
	}
	a.durations.merge(&o.durations)
	a.lastRun = max(a.lastRun, o.lastRun)
	a.lastFailure = max(a.lastFailure, o.lastFailure)
	a.current += o.current
	a.previous += o.previous
	a.costNano += o.costNano
	if u := o.usage; u != nil {
		if a.usage == nil {
			a.usage = &Usage{}
		}
		a.usage.Runs += u.Runs
		a.usage.Tokens += u.Tokens
		a.usage.Input += u.Input
		a.usage.Output += u.Output
		a.usage.CacheRead += u.CacheRead
		a.usage.CacheWrite += u.CacheWrite
	}
	if r := o.rusage; r != nil {
		if a.rusage == nil {
			a.rusage = &rusageSum{}
		}
		a.rusage.runs += r.runs
		a.rusage.user += r.user
		a.rusage.sys += r.sys
		a.rusage.maxRSS = max(a.rusage.maxRSS, r.maxRSS)
	}
}

// addCounts is merge without what costs memory: for the sum of all helpers.
func (a *acc) addCounts(o *acc) {
	b := *o
	b.durations = durations{}
	a.merge(&b)
}

func (a *acc) finished() int64 { return a.counts[event.CodeSucceeded] + a.counts[event.CodeFailed] }
func (a *acc) failed() int64   { return a.counts[event.CodeFailed] }

func (a *acc) result() Counts { return counts(&a.counts) }

func counts(n *[5]int64) Counts {
	c := Counts{
		Succeeded: n[event.CodeSucceeded], Failed: n[event.CodeFailed],
		Cancelled: n[event.CodeCancelled], Open: n[event.CodeStarted],
	}
	c.Runs = c.Succeeded + c.Failed + c.Cancelled + c.Open
	return c
}

// row is the Report's form; the risk is of the prior of all rows.
func (a *acc) row(q *query, prior stats.Beta) Row {
	c := a.result()
	r := Row{
		Counts: c, Success: stats.NewRate(c.Succeeded, c.Finished()), Risk: prior.Risk(c.Failed, c.Finished()),
		Few: c.Finished() < int64(q.minN), Duration: a.durations.result(),
		Delta:   &Delta{Current: a.current, Previous: a.previous},
		LastRun: q.moment(a.lastRun), LastFailure: q.moment(a.lastFailure), Usage: a.usageResult(),
	}
	if s := a.rusage; s != nil {
		n := float64(s.runs)
		r.Resources = &Resources{Runs: s.runs, UserMS: float64(s.user) / n, SysMS: float64(s.sys) / n, MaxRSSKB: s.maxRSS}
	}
	return r
}

func (a *acc) usageResult() *Usage {
	if a.usage == nil {
		return nil
	}
	u := *a.usage
	u.Cost = float64(a.costNano) / 1e9
	return &u
}

// moment is a time of the Report, nil for none. What the query names may lie
// before the first year or beyond the last one that RFC 3339 knows.
func (q *query) moment(ms int64) *time.Time {
	if ms == 0 {
		return nil
	}
	const yearOne = -62135510400000 // 0001-01-02: year 1 in any zone
	t := time.UnixMilli(min(max(ms, yearOne), maxMoment)).In(q.location)
	return &t
}
