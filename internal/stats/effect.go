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

// Add counts a unit.
func (t *Table) Add(with, ok bool) { t.count(with, ok, 1) }

// Remove takes back a unit that was counted.
func (t *Table) Remove(with, ok bool) { t.count(with, ok, -1) }

func (t *Table) count(with, ok bool, n int64) {
	done := int64(0)
	if ok {
		done = n
	}
	if with {
		t.NWith += n
		t.OKWith += done
		return
	}
	t.NWithout += n
	t.OKWithout += done
}

// Comparison is the effect of a helper on units.
type Comparison struct {
	All        Table     // over all strata
	Naive      *Interval // difference with − without, nil when an arm is empty
	Stratified *Interval // within strata, nil when none has both arms
	Strata     int       // those that have both arms
	P          float64   // of a difference as large in a helper without effect
	Strict     float64   // the same, for who tells few of many differences
}

// Compare sums up strata. P is of the z of Mantel and Haenszel with Sato's
// variance, which is enlarged by n/(n−k) for the rates of k strata that n
// units tell; where no stratum has both arms, it is of Fisher's exact test. Strict
// is never smaller, and that of the test of Mantel and Haenszel (1959) itself where
// this is larger: Sato's variance is too small where nearly all of a small arm end
// alike.
func Compare(strata []Table) Comparison {
	c := Comparison{P: 1, Strict: 1}
	n := 0.0
	for _, t := range strata {
		c.All.OKWith += t.OKWith
		c.All.NWith += t.NWith
		c.All.OKWithout += t.OKWithout
		c.All.NWithout += t.NWithout
		if t.NWith > 0 && t.NWithout > 0 {
			c.Strata++
			n += float64(t.NWith + t.NWithout)
		}
	}
	if d, ok := Newcombe(c.All.OKWith, c.All.NWith, c.All.OKWithout, c.All.NWithout); ok {
		c.Naive = &d
		c.P = Fisher(c.All.OKWith, c.All.NWith-c.All.OKWith, c.All.OKWithout, c.All.NWithout-c.All.OKWithout)
		c.Strict = c.P
	}
	if d, ok := MantelHaenszel(strata); ok {
		c.Stratified = &d
		deviation := sato(strata) * math.Sqrt(n/max(n-float64(c.Strata), 1))
		if c.P = 1; d.Value != 0 {
			c.P = math.Erfc(math.Abs(d.Value) / deviation / math.Sqrt2)
		}
		c.Strict = max(c.P, mantelHaenszelTest(strata))
	}
	return c
}

// Few says whether an arm has fewer than ten units: too few for a verdict.
func (c *Comparison) Few() bool { return c.All.NWith < minArm || c.All.NWithout < minArm }

// Verdict puts a comparison into words: a difference counts when its p-value
// is at most limit, which BenjaminiHochberg finds for several helpers.
func (c *Comparison) Verdict(limit float64) string {
	if c.Few() {
		return EffectFewData
	}
	d := c.Naive
	if c.Stratified != nil {
		d = c.Stratified
	}
	switch {
	case c.P > limit || d.Value == 0:
		return EffectUnclear
	case d.Value > 0:
		return EffectHigher
	}
	return EffectLower
}

// mantelHaenszelTest is the two-sided p-value of no difference in any stratum: the
// completed units with the helper against those that drawing from each stratum
// at random gives.
func mantelHaenszelTest(strata []Table) float64 {
	var off, variance float64
	for _, t := range strata {
		n1, n0 := float64(t.NWith), float64(t.NWithout)
		n, ok := n1+n0, float64(t.OKWith+t.OKWithout)
		if n < 2 {
			continue
		}
		off += float64(t.OKWith) - n1*ok/n
		variance += n1 * n0 * ok * (n - ok) / (n * n * (n - 1))
	}
	if variance == 0 {
		return 1
	}
	return math.Erfc(math.Abs(off) / math.Sqrt(variance) / math.Sqrt2)
}

// MantelHaenszel is the risk difference with − without over all strata
// (Mantel and Haenszel 1959; Greenland and Robins 1985) with a 95 % interval
// from the variance of Sato (1989), which holds for few large and for many
// small strata. It is false when no stratum has both arms.
func MantelHaenszel(strata []Table) (Interval, bool) {
	d, weight := mantelHaenszel(strata)
	if weight == 0 {
		return Interval{}, false
	}
	half := z95 * sato(strata)
	return Interval{Value: d, Low: max(-1, d-half), High: min(1, d+half)}, true
}

// mantelHaenszel is the difference and the sum of the strata's weights.
func mantelHaenszel(strata []Table) (difference, weight float64) {
	sum := 0.0
	for _, t := range strata {
		if t.NWith > 0 && t.NWithout > 0 {
			n1, n0 := float64(t.NWith), float64(t.NWithout)
			sum += (float64(t.OKWith)*n0 - float64(t.OKWithout)*n1) / (n1 + n0)
			weight += n1 * n0 / (n1 + n0)
		}
	}
	return sum / weight, weight
}

// Weight is what strata tell of a difference: the sum of the weights of those
// that have both arms.
func Weight(strata []Table) float64 {
	_, weight := mantelHaenszel(strata)
	return weight
}

// sato is the standard error of the difference.
func sato(strata []Table) float64 {
	var sumP, sumQ float64
	for _, t := range strata {
		if t.NWith <= 0 || t.NWithout <= 0 {
			continue
		}
		x1, n1 := float64(t.OKWith), float64(t.NWith)
		x0, n0 := float64(t.OKWithout), float64(t.NWithout)
		n := n1 + n0
		sumP += (n1*n1*x0 - n0*n0*x1 + n1*n0*(n0-n1)/2) / (n * n)
		sumQ += (x1*(n0-x0) + x0*(n1-x1)) / (2 * n)
	}
	d, weight := mantelHaenszel(strata)
	return math.Sqrt(max(0, d*sumP+sumQ)) / weight
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

// atLeast is the probability that of n runs drawn from all, of which failures
// failed, k or more failed: the upper tail of the hypergeometric distribution. From
// enough on it need not be known better.
func atLeast(k, n, failures, all int64, enough float64) float64 {
	p := 0.0
	for x := k; x <= min(n, failures) && p < enough; x++ {
		p += math.Exp(logChoose(failures, x) + logChoose(all-failures, n-x) - logChoose(all, n))
	}
	return min(1, p)
}

func logChoose(n, k int64) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
