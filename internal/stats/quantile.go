package stats

import "math"

// Quantile is the q-quantile, 0 ≤ q ≤ 1, of ascending values by linear
// interpolation (type 7 of Hyndman and Fan 1996), NaN of none.
func Quantile[T int64 | float64](sorted []T, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := q * float64(len(sorted)-1)
	i := min(max(int(at), 0), len(sorted)-1)
	low := float64(sorted[i])
	if i == len(sorted)-1 {
		return low
	}
	return low + (at-float64(i))*(float64(sorted[i+1])-low)
}
