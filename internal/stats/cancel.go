package stats

import (
	"math"
	"slices"
)

// Cancel is a run that was cancelled.
type Cancel struct {
	Signal     string // TERM, INT, …; "" is unknown
	DurationMS int64
}

// Cancelled sums up the cancelled runs of a helper.
type Cancelled struct {
	N      int64  `json:"n"`
	Ended  int64  `json:"ended"`  // with those that succeeded or failed
	Signal string `json:"signal"` // the one that ended most of them, else ""
	// TimeoutMS is the duration after which most of them ended, so alike that
	// a limit of time must have been the reason; 0 is none.
	TimeoutMS int64 `json:"timeout_ms,omitempty"`
}

const (
	timeoutShare  = 0.8  // of the cancelled runs that end at a timeout
	timeoutSpread = 0.03 // and how far from each other, relatively
	minTimeoutMS  = 1000
)

// SumCancelled sums up the n cancelled runs of a helper beside finished ones;
// runs are the latest of these n.
func SumCancelled(n, finished int64, runs []Cancel) Cancelled {
	c := Cancelled{N: n, Ended: n + finished}
	bySignal := map[string]int{}
	durations := make([]int64, len(runs))
	for i, r := range runs {
		bySignal[r.Signal]++
		durations[i] = r.DurationMS
	}
	for signal, count := range bySignal {
		if 2*count > len(runs) {
			c.Signal = signal
		}
	}
	if len(runs) >= MinCancelled {
		slices.Sort(durations)
		c.TimeoutMS = timeout(durations)
	}
	return c
}

// timeout is the duration near which most of the ascending durations lie.
func timeout(sorted []int64) int64 {
	middle := Quantile(sorted, 0.5)
	near := 0
	for _, d := range sorted {
		if alike(d, middle) {
			near++
		}
	}
	if middle < minTimeoutMS || float64(near) < timeoutShare*float64(len(sorted)) {
		return 0
	}
	unit := 100.0 // to which limits are usually set
	if middle >= 10_000 {
		unit = 1000
	}
	return int64(math.Round(middle/unit) * unit)
}

func alike(ms int64, middle float64) bool {
	return math.Abs(float64(ms)-middle) <= timeoutSpread*middle
}

// TimedOut says whether a cancelled run that took so long ended at the timeout.
func (c *Cancelled) TimedOut(ms int64) bool {
	return c.TimeoutMS > 0 && alike(ms, float64(c.TimeoutMS))
}

func (c *Cancelled) always() bool { return c.N >= MinCancelled && c.N == c.Ended }

// Often says whether surely more than one run in five was cancelled.
func (c *Cancelled) Often() bool {
	low, _ := Wilson(c.N, c.Ended)
	return c.N >= MinCancelled && low >= oftenLow
}
