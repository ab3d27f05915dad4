package stats

import (
	"cmp"
	"slices"
)

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

// Together are the changes found in the latest runs of a helper and those found in a
// sample of all its runs, which tells of earlier ones. Each was looked for twice, which
// doubles its p-value.
func Together(latest, sampled []Change) []Change {
	lasts := func(c Change) bool { return c.Class == WorseSince || c.Class == BrokenSince }
	out := slices.Clone(latest)
	for _, c := range sampled {
		same := func(x Change) bool {
			return x.Class == c.Class && c.Class != Outage || lasts(x) && lasts(c) || c.Class == Outage && x.Class == Outage && x.From <= c.To && c.From <= x.To
		}
		if slices.ContainsFunc(latest, same) {
			continue
		}
		if c.Class == Outage { // it may go on where the latest runs begin
			out = slices.DeleteFunc(out, func(x Change) bool { return x.Class == BetterSince && c.From < x.From && x.From <= c.To+day })
		}
		c.Sampled = true
		out = append(out, c)
	}
	for i := range out {
		out[i].P *= 2
	}
	out = slices.DeleteFunc(out, func(c Change) bool { return c.P >= maxP })
	slices.SortStableFunc(out, func(a, b Change) int { return cmp.Compare(a.P, b.P) })
	return out[:min(len(out), maxChanges)]
}

const day = 24 * 60 * 60 * 1000 // ms

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
