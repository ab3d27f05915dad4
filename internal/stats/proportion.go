// Package stats holds the arithmetic of the report: intervals, quantiles,
// what a sequence of outcomes says about a helper, and the effect of a helper
// on tasks. It knows neither events nor files.
package stats

import "math"

// z95 is the standard normal quantile at 0.975, of two-sided 95 % intervals.
const z95 = 1.959963984540054

// Interval is an estimate with its 95 % interval.
type Interval struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// ExcludesZero says whether the interval lies on one side of zero.
func (i Interval) ExcludesZero() bool { return i.Low > 0 || i.High < 0 }

// Rate is k of n with Wilson's 95 % interval. Value is nil when n is 0.
type Rate struct {
	K     int64    `json:"k"`
	N     int64    `json:"n"`
	Value *float64 `json:"value"`
	Low   float64  `json:"low"`
	High  float64  `json:"high"`
}

// NewRate is the proportion k of n, 0 ≤ k ≤ n.
func NewRate(k, n int64) Rate {
	r := Rate{K: k, N: n}
	r.Low, r.High = Wilson(k, n)
	if n > 0 {
		v := float64(k) / float64(n)
		r.Value = &v
	}
	return r
}

// Wilson is the 95 % score interval of the proportion k of n (Wilson 1927),
// without continuity correction. Of nothing it is [0, 1].
func Wilson(k, n int64) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	nf := float64(n)
	p := float64(k) / nf
	z2 := z95 * z95
	centre := p + z2/(2*nf)
	half := z95 * math.Sqrt(p*(1-p)/nf+z2/(4*nf*nf))
	low = (centre - half) / (1 + z2/nf)
	high = (centre + half) / (1 + z2/nf)
	if k == 0 {
		low = 0 // exactly, without the rounding error
	}
	if k == n {
		high = 1
	}
	return low, high
}

// Newcombe is the difference of two proportions k1/n1 − k2/n2 with its 95 %
// interval by Newcombe's hybrid score method (1998, method 10). It is false
// when one of them has n = 0.
func Newcombe(k1, n1, k2, n2 int64) (Interval, bool) {
	if n1 <= 0 || n2 <= 0 {
		return Interval{}, false
	}
	p1, p2 := float64(k1)/float64(n1), float64(k2)/float64(n2)
	l1, u1 := Wilson(k1, n1)
	l2, u2 := Wilson(k2, n2)
	d := p1 - p2
	return Interval{
		Value: d,
		Low:   d - math.Hypot(p1-l1, u2-p2),
		High:  d + math.Hypot(u1-p1, p2-l2),
	}, true
}
