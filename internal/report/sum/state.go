package sum

import (
	"math/bits"
	"slices"
)

// State is what a Tally holds of runs that something else added up: a database that
// answers for more runs than anybody wants to read.
type State struct {
	Counts               [5]int64 // by decode.Code
	LastRun, LastFailure int64    // as in Tally
	Current, Previous    int64

	// Of the succeeded runs: all durations if there are at most MaxExact of them,
	// else for each of [DurationBounds] how many there are from it up to the next.
	Min, Max, Sum int64
	Values        []int64
	Buckets       map[int64]int64

	Usage    Usage // its Runs 0: none; its Cost is in CostNano
	CostNano int64
	Rusage   struct{ Runs, User, Sys, MaxRSS int64 }
}

// AddState adds all that is in s.
func (a *Tally) AddState(s *State) {
	b := Tally{counts: s.Counts, LastRun: s.LastRun, LastFailure: s.LastFailure, Current: s.Current, Previous: s.Previous, costNano: s.CostNano}
	b.Durations.set(s)
	if s.Usage.Runs > 0 {
		u := s.Usage
		b.usage = &u
	}
	if s.Rusage.Runs > 0 {
		r := rusageSum(s.Rusage)
		b.Rusage = &r
	}
	a.Merge(&b)
}

// set makes an empty tally one of the durations of a state.
func (d *durationTally) set(s *State) {
	for _, ms := range s.Values {
		d.Add(ms)
	}
	for ms, n := range s.Buckets {
		d.N += n
		d.buckets[bits.Len64(uint64(ms))] += uint32(n)
		d.sketch.Add(ms, n)
	}
	if len(s.Buckets) > 0 {
		d.min, d.max, d.sum = s.Min, s.Max, s.Sum
	}
}

// DurationBounds are, in order, the least duration in milliseconds of every bucket into
// which durations are counted, for quantiles and histogram alike.
func DurationBounds() []int64 {
	const most = 1 << 53 // of a duration in a log
	out := []int64{0}
	for i := range 53 {
		out = append(out, 1<<i)
	}
	for ms := int64(1); ms < most; {
		next := firstAbove(ms, sketchBucket(ms))
		out = append(out, next)
		ms = next
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// firstAbove is the least duration above ms whose sketch bucket is not i.
func firstAbove(ms int64, i int) int64 {
	low, high := ms, ms*2+1 // the bucket's ends differ by less than this
	for high-low > 1 {
		if mid := low + (high-low)/2; sketchBucket(mid) == i {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}
