package stats

import "slices"

// BenjaminiHochberg is the largest of the p-values that are told as true when
// at most the share q of what is told may be false (Benjamini and Hochberg
// 1995); 0 when there is none. The p-values may be in any order.
func BenjaminiHochberg(p []float64, q float64) float64 {
	sorted := slices.Sorted(slices.Values(p))
	for i := len(sorted) - 1; i >= 0; i-- {
		if sorted[i] <= q*float64(i+1)/float64(len(sorted)) {
			return sorted[i]
		}
	}
	return 0
}
