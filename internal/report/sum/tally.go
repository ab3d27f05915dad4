// Package sum adds up runs: counts, durations, days, outcomes, and the numbers and
// fingerprints that represent texts. No sum depends on the order in which runs
// arrive or sums are merged.
package sum

import (
	"math"

	"pi-track/internal/event/decode"
	"pi-track/internal/report/index"
)

// Tally adds up what can be said about any group of runs. No sum depends on the
// order: all are of integers.
type Tally struct {
	counts      [5]int64 // by decode.Code; CodeStarted are the open ones, CodeUsed the uses
	Durations   durationTally
	LastRun     int64 // latest start, Unix ms
	LastFailure int64 // latest end of a failed run
	Current     int64 // runs in the two compared periods
	Previous    int64

	usage    *Usage
	costNano int64
	Rusage   *rusageSum
}

type rusageSum struct{ Runs, User, Sys, MaxRSS int64 }

func (a *Tally) Add(r *Run) {
	a.counts[r.Code]++
	a.LastRun = max(a.LastRun, r.Start)
	l := r.Line
	switch r.Code {
	case decode.CodeSucceeded:
		a.Durations.Add(l.DurationMS)
	case decode.CodeFailed:
		a.LastFailure = max(a.LastFailure, r.End)
	}
	if l.HasUsage && (l.LineUsage != decode.LineUsage{} || !l.Model.Empty()) { // what is not known is zero
		a.addUsage(l)
	}
	if l.HasRusage {
		if a.Rusage == nil {
			a.Rusage = &rusageSum{}
		}
		a.Rusage.Runs++
		a.Rusage.User += l.UserMS
		a.Rusage.Sys += l.SysMS
		a.Rusage.MaxRSS = max(a.Rusage.MaxRSS, l.MaxRSSKB)
	}
}

func (a *Tally) addUsage(l *decode.Line) {
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

// Merge adds all of o, which must not be used any more.
func (a *Tally) Merge(o *Tally) {
	for i, n := range o.counts {
		a.counts[i] += n
	}
	a.Durations.Merge(&o.Durations)
	a.LastRun = max(a.LastRun, o.LastRun)
	a.LastFailure = max(a.LastFailure, o.LastFailure)
	a.Current += o.Current
	a.Previous += o.Previous
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
	if r := o.Rusage; r != nil {
		if a.Rusage == nil {
			a.Rusage = &rusageSum{}
		}
		a.Rusage.Runs += r.Runs
		a.Rusage.User += r.User
		a.Rusage.Sys += r.Sys
		a.Rusage.MaxRSS = max(a.Rusage.MaxRSS, r.MaxRSS)
	}
}

// AddCounts is merge without what costs memory: for the sum of all helpers.
func (a *Tally) AddCounts(o *Tally) {
	b := *o
	b.Durations = durationTally{}
	a.Merge(&b)
}

func (a *Tally) Finished() int64 { return a.counts[decode.CodeSucceeded] + a.counts[decode.CodeFailed] }
func (a *Tally) Failed() int64   { return a.counts[decode.CodeFailed] }

func (a *Tally) Result() Counts { return CountsOf(&a.counts) }

func CountsOf(n *[5]int64) Counts {
	c := Counts{
		Succeeded: n[decode.CodeSucceeded], Failed: n[decode.CodeFailed],
		Cancelled: n[decode.CodeCancelled], Open: n[decode.CodeStarted], Used: n[CodeUsed],
	}
	c.Runs = c.Succeeded + c.Failed + c.Cancelled + c.Open + c.Used
	return c
}

func (a *Tally) UsageResult() *Usage {
	if a.usage == nil {
		return nil
	}
	u := *a.usage
	u.Cost = float64(a.costNano) / 1e9
	return &u
}

// sums are what of a tally has no pointers.
type sums struct {
	counts                                            [5]int64
	lastRun, lastFailure, current, previous, costNano int64
	n, sum, min, max, zeros                           int64
	buckets                                           [54]uint32
	hasUsage, hasRusage                               bool
	usage                                             Usage
	rusage                                            rusageSum
}

func (a *Tally) Encode(e *index.Writer) {
	d := &a.Durations
	d.sort()
	x := sums{
		counts: a.counts, lastRun: a.LastRun, lastFailure: a.LastFailure, current: a.Current, previous: a.Previous,
		costNano: a.costNano, n: d.N, sum: d.sum, min: d.min, max: d.max, zeros: d.sketch.zeros, buckets: d.buckets,
	}
	if x.hasUsage = a.usage != nil; x.hasUsage {
		x.usage = *a.usage
	}
	if x.hasRusage = a.Rusage != nil; x.hasRusage {
		x.rusage = *a.Rusage
	}
	index.Put(e, x)
	index.PutSlice(e, d.values)
	index.PutSlice(e, d.large)
	index.PutSlice(e, d.sketch.counts)
}

func (a *Tally) Decode(d *index.Reader) {
	var x sums
	index.Get(d, &x)
	a.counts, a.LastRun, a.LastFailure, a.Current, a.Previous, a.costNano = x.counts, x.lastRun, x.lastFailure, x.current, x.previous, x.costNano
	t := &a.Durations
	t.N, t.sum, t.min, t.max, t.sketch.zeros, t.buckets = x.n, x.sum, x.min, x.max, x.zeros, x.buckets
	if x.hasUsage {
		a.usage = &x.usage
	}
	if x.hasRusage {
		a.Rusage = &x.rusage
	}
	index.GetSlice(d, &t.values)
	t.sorted = len(t.values)
	index.GetSlice(d, &t.large)
	index.GetSlice(d, &t.sketch.counts)
}
