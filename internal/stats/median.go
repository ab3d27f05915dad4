package stats

import "math"

// minMedian is the number of durations on each side of a comparison.
const minMedian = 8

// MedianRatio is the median of b ÷ the median of a, both ascending and in
// milliseconds, with a 95 % interval that holds for any distribution (Price
// and Bonett 2002). It is false with fewer than eight on a side. Durations
// below a millisecond count as half of one.
func MedianRatio(a, b []int64) (Interval, bool) {
	if len(a) < minMedian || len(b) < minMedian {
		return Interval{}, false
	}
	log := func(ms float64) float64 { return math.Log(max(ms, 0.5)) }
	centre := log(Quantile(b, 0.5)) - log(Quantile(a, 0.5))
	half := z95 * math.Sqrt(logMedianVariance(a)+logMedianVariance(b))
	return Interval{Value: math.Exp(centre), Low: math.Exp(centre - half), High: math.Exp(centre + half)}, true
}

// logMedianVariance is the variance of the logarithm of the median, from the
// distance of two order statistics on either side of it.
func logMedianVariance(sorted []int64) float64 {
	n := len(sorted)
	c := max(1, int(math.Round(float64(n+1)/2-math.Sqrt(float64(n)))))
	tail := 0.0 // probability that the c-th smallest lies above the median
	for i := range c {
		tail += math.Exp(logChoose(int64(n), int64(i)) - float64(n)*math.Ln2)
	}
	z := math.Sqrt2 * math.Erfinv(1-2*tail)
	width := math.Log(max(float64(sorted[n-c]), 0.5)) - math.Log(max(float64(sorted[c-1]), 0.5))
	return math.Pow(width/(2*z), 2)
}
