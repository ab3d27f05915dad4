package stats

import "math"

// What an effect comes to.
const (
	EffectHigher  = "higher"
	EffectLower   = "lower"
	EffectUnclear = "no clear difference"
	EffectFewData = "too little data"
)

// minArm is the number of tasks that each arm needs for a verdict.
const minArm = 10

// Table is a two by two table: of NWith units with the helper OKWith were
// completed, of NWithout without it OKWithout.
type Table struct {
	OKWith, NWith       int64
	OKWithout, NWithout int64
}

// EffectVerdict puts the strata of a helper into words: by the stratified
// difference where there is one, else by the naive one, and only with ten
// units in each arm.
func EffectVerdict(strata []Table) string {
	var all Table
	for _, t := range strata {
		all.OKWith += t.OKWith
		all.NWith += t.NWith
		all.OKWithout += t.OKWithout
		all.NWithout += t.NWithout
	}
	if all.NWith < minArm || all.NWithout < minArm {
		return EffectFewData
	}
	diff, ok := MantelHaenszel(strata)
	if !ok {
		diff, _ = Newcombe(all.OKWith, all.NWith, all.OKWithout, all.NWithout)
	}
	switch {
	case diff.Low > 0:
		return EffectHigher
	case diff.High < 0:
		return EffectLower
	}
	return EffectUnclear
}

// MantelHaenszel is the risk difference with − without over all strata
// (Mantel and Haenszel 1959; Greenland and Robins 1985) with a 95 % interval
// from the variance of Sato (1989), which holds for few large and for many
// small strata. It is false when no stratum has both arms.
func MantelHaenszel(strata []Table) (Interval, bool) {
	var sumDiff, sumWeight, sumP, sumQ float64
	for _, t := range strata {
		if t.NWith <= 0 || t.NWithout <= 0 {
			continue
		}
		x1, n1 := float64(t.OKWith), float64(t.NWith)
		x0, n0 := float64(t.OKWithout), float64(t.NWithout)
		n := n1 + n0
		sumDiff += (x1*n0 - x0*n1) / n
		sumWeight += n1 * n0 / n
		sumP += (n1*n1*x0 - n0*n0*x1 + n1*n0*(n0-n1)/2) / (n * n)
		sumQ += (x1*(n0-x0) + x0*(n1-x1)) / (2 * n)
	}
	if sumWeight == 0 {
		return Interval{}, false
	}
	d := sumDiff / sumWeight
	half := z95 * math.Sqrt(max(0, d*sumP+sumQ)) / sumWeight
	return Interval{Value: d, Low: max(-1, d-half), High: min(1, d+half)}, true
}

// Fisher is the two-sided p-value of Fisher's exact test of the table with
// the rows a, b and c, d: the sum over all tables with these margins that are
// no more probable.
func Fisher(a, b, c, d int64) float64 {
	row, col, n := a+b, a+c, a+b+c+d
	logProb := func(x int64) float64 {
		return logChoose(col, x) + logChoose(n-col, row-x) - logChoose(n, row)
	}
	observed := logProb(a)
	const tie = 1e-7 // probabilities this close, relatively, are equal
	p := 0.0
	for x := max(0, row-(n-col)); x <= min(row, col); x++ {
		if l := logProb(x); l <= observed+tie {
			p += math.Exp(l)
		}
	}
	return min(1, p)
}

func logChoose(n, k int64) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
