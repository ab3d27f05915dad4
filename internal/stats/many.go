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

// falseShare is the share of false ones among all changes that are told.
const falseShare = 0.05

// Told leaves of the changes found in several helpers those that a report may
// tell: at most one in twenty of them is false. Helpers without any change
// count among the judged ones. It cuts the lists in place.
func Told(found [][]Change, judged int) {
	p := make([]float64, judged)
	for i := range p {
		p[i] = 1
	}
	n := 0
	for _, x := range found {
		if len(x) > 0 {
			p[n] = x[0].P
			n++
		}
	}
	limit := BenjaminiHochberg(p, falseShare)
	for i, x := range found {
		for j := range x {
			if x[j].P > limit {
				found[i] = x[:j]
				break
			}
		}
	}
}
