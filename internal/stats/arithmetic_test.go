package stats

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"
)

// choose is n over k, exactly.
func choose(n, k int64) *big.Rat {
	if k < 0 || k > n {
		return new(big.Rat)
	}
	return new(big.Rat).SetInt(new(big.Int).Binomial(n, k))
}

// hypergeometric is the probability that x of n runs failed, when failures of
// all did, exactly.
func hypergeometric(x, n, failures, all int64) *big.Rat {
	p := new(big.Rat).Mul(choose(failures, x), choose(all-failures, n-x))
	return p.Quo(p, choose(all, n))
}

// The exact tests are sums of the hypergeometric distribution: here with whole
// numbers, there with logarithms.
func TestExactTests(t *testing.T) {
	float := func(r *big.Rat) float64 { f, _ := r.Float64(); return f }
	for all := int64(1); all <= 11; all++ {
		for n := int64(0); n <= all; n++ {
			for failures := int64(0); failures <= all; failures++ {
				for k := max(0, n+failures-all); k <= min(n, failures); k++ {
					observed := hypergeometric(k, n, failures, all)
					two, upper, lower := new(big.Rat), new(big.Rat), new(big.Rat)
					for x := range all + 1 {
						p := hypergeometric(x, n, failures, all)
						if p.Cmp(observed) <= 0 {
							two.Add(two, p)
						}
						if x >= k {
							upper.Add(upper, p)
						}
						if x <= k {
							lower.Add(lower, p)
						}
					}
					near(t, "Fisher", Fisher(k, n-k, failures-k, all-n-failures+k), float(two), 1e-9)
					near(t, "at least", atLeast(k, n, failures, all, 2), float(upper), 1e-9)
					near(t, "rarer", rarer(int(k), int(n), int(failures-k), int(all-n)), float(lower), 1e-9)
				}
			}
		}
	}
	if p := Fisher(20000, 20000, 20000, 20000); p > 1 {
		t.Errorf("a probability of %v", p)
	}
}

// The values of Wilson's and Newcombe's formulas at their ends: one run, all, none.
func TestIntervalsOfFew(t *testing.T) {
	for _, v := range []struct {
		k, n      int64
		low, high float64
	}{{0, 1, 0, 0.7934506856}, {1, 1, 0.2065493144, 1}, {1, 2, 0.0945312057, 0.9054687943}, {7, 9, 0.4525889691, 0.9367748929}, {0, -1, 0, 1}} {
		low, high := Wilson(v.k, v.n)
		near(t, "low", low, v.low, 1e-9)
		near(t, "high", high, v.high, 1e-9)
	}
	for _, v := range []struct {
		k1, n1, k2, n2   int64
		value, low, high float64
	}{{1, 1, 0, 1, 1, -0.1221087207, 1}, {0, 1, 1, 1, -1, -1, 0.1221087207}, {3, 7, 9, 11, -0.3896103896, -0.6897891765, 0.0464431672}} {
		d, ok := Newcombe(v.k1, v.n1, v.k2, v.n2)
		if !ok {
			t.Fatal(v)
		}
		near(t, "difference", d.Value, v.value, 1e-9)
		near(t, "low", d.Low, v.low, 1e-9)
		near(t, "high", d.High, v.high, 1e-9)
	}
	if _, ok := Newcombe(1, 2, 0, 0); ok {
		t.Error("the second arm is empty")
	}
	if r := NewRate(1, 1); r.Value == nil || *r.Value != 1 || r.K != 1 || r.N != 1 {
		t.Errorf("%+v", r)
	}
	for i, want := range map[Interval]bool{{Low: 0, High: 1}: false, {Low: -1, High: 0}: false, {Low: 1e-9, High: 1}: true, {Low: -1, High: -1e-9}: true, {Low: .5, High: .6}: true, {Low: -1, High: .5}: false} {
		if i.ExcludesZero() != want {
			t.Errorf("%+v excludes zero: %t", i, !want)
		}
	}
	near(t, "between two", Quantile([]int64{10, 30}, .25), 15, 1e-12)
	near(t, "of two", Quantile([]float64{10, 30}, 1), 30, 1e-12)
	near(t, "between", Quantile([]float64{1, 2, 4}, .75), 3, 1e-12)
}

func TestPriorOfOneRun(t *testing.T) {
	if got := PooledPrior(1, 1); got != (Beta{10, 0}) {
		t.Error(got)
	}
	if got := PooledPrior(0, 1); got != (Beta{0, 10}) {
		t.Error(got)
	}
	if got := PooledPrior(1, -1); got != (Beta{1, 9}) {
		t.Error(got)
	}
	near(t, "half a failure", Beta{.5, .5}.Risk(0, 0), 0.00615583, 1e-6) // sin²(π/2·0.05): the arcsine distribution
	near(t, "one of each", Beta{1, 1}.Risk(0, 0), .05, 1e-9)
	near(t, "as strong", Beta{1, 9}.Mean(2, 10), 3.0/20, 1e-12)
}

// Reference values of the formulas of Mantel and Haenszel, and Sato, worked out
// from the papers in another program.
func TestStrataByHand(t *testing.T) {
	for _, v := range []struct {
		strata                          []Table
		d, low, high, weight, p, counts float64
	}{
		{[]Table{{18, 20, 64, 80}, {48, 80, 8, 20}}, .15, .0079871175, .2920128825, 32, .0394157818, 2},
		{[]Table{{7, 12, 3, 9}, {1, 4, 5, 11}, {9, 10, 2, 3}}, .1178919148, -.1787407487, .4145245783, 10.3838827839, .4504084953, 3},
		{[]Table{{7, 12, 3, 9}, {1, 1, 0, 1}, {3, 3, 0, 0}, {0, 0, 2, 4}}, .3164556962, -.0818314960, .7147428884, 5.6428571429, .1367441480, 2},
	} {
		d, ok := MantelHaenszel(v.strata)
		if !ok {
			t.Fatal(v.strata)
		}
		c := Compare(v.strata)
		near(t, "difference", d.Value, v.d, 1e-9)
		near(t, "low", d.Low, v.low, 1e-9)
		near(t, "high", d.High, v.high, 1e-9)
		near(t, "weight", Weight(v.strata), v.weight, 1e-9)
		near(t, "p", c.P, v.p, 1e-9)
		near(t, "strata", float64(c.Strata), v.counts, 0)
		if *c.Stratified != d {
			t.Errorf("%+v, not %+v", *c.Stratified, d)
		}
	}
	for _, v := range []Table{{5, 5, 0, 5}, {0, 5, 5, 5}} { // an interval ends where differences do
		if d, _ := MantelHaenszel([]Table{v}); d.Low < -1 || d.High > 1 || d.High-d.Low > 1e-9 {
			t.Errorf("%+v", d)
		}
	}
	if d, _ := MantelHaenszel([]Table{{4, 5, 1, 5}, {1, 1, 0, 1}}); d.High != 1 {
		t.Errorf("%+v", d)
	}
	if d, _ := MantelHaenszel([]Table{{1, 5, 4, 5}, {0, 1, 1, 1}}); d.Low != -1 {
		t.Errorf("%+v", d)
	}
	none := Compare([]Table{{9, 12, 0, 0}, {0, 0, 4, 11}})
	near(t, "Fisher's p", none.P, Fisher(9, 3, 4, 7), 1e-12)
	for i, c := range []Comparison{{All: Table{NWith: 10, NWithout: 10}}, {All: Table{NWith: 9, NWithout: 10}}, {All: Table{NWith: 10, NWithout: 9}}} {
		if c.Few() != (i > 0) {
			t.Errorf("%+v are few: %t", c.All, c.Few())
		}
	}
	c := Compare([]Table{{60, 100, 45, 100}})
	if c.Verdict(c.P) != EffectHigher || c.Verdict(math.Nextafter(c.P, 0)) != EffectUnclear {
		t.Error("a p-value at the limit counts, one above it does not")
	}
	c = Compare([]Table{{45, 100, 60, 100}})
	if c.Verdict(c.P) != EffectLower {
		t.Error(c.Verdict(c.P))
	}
	var table Table
	for _, with := range []bool{true, false, true} {
		table.Add(with, with)
		table.Add(with, false)
	}
	if table != (Table{2, 4, 0, 2}) {
		t.Errorf("%+v", table)
	}
	table.Remove(true, true)
	if table.Remove(false, false); table != (Table{1, 3, 0, 1}) {
		t.Errorf("%+v", table)
	}
}

// Price and Bonett's interval, worked out in another program.
func TestMedianRatioByHand(t *testing.T) {
	long := func(from, n, step int64) (x []int64) {
		for i := range n {
			x = append(x, (from+i)*step)
		}
		return x
	}
	for _, v := range []struct {
		a, b             []int64
		value, low, high float64
	}{
		{[]int64{10, 12, 15, 18, 22, 25, 31, 40}, []int64{20, 21, 30, 33, 41, 52, 60, 95}, 1.85, .8597583828, 3.9807695609},
		{[]int64{0, 0, 1, 2, 3, 5, 8, 13, 21}, []int64{3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 40}, 2.6666666667, .5367114156, 13.2494128203},
		{long(10, 31, 1), long(5, 40, 2), 1.96, 1.3967238833, 2.7504362502},
	} {
		got, ok := MedianRatio(v.a, v.b)
		if !ok {
			t.Fatal(v)
		}
		near(t, "ratio", got.Value, v.value, 1e-9)
		near(t, "low", got.Low, v.low, 1e-8)
		near(t, "high", got.High, v.high, 1e-7)
	}
	if _, ok := MedianRatio(long(1, 8, 1), long(1, 7, 1)); ok {
		t.Error("seven durations")
	}
	if _, ok := MedianRatio(long(1, 7, 1), long(1, 8, 1)); ok {
		t.Error("seven durations")
	}
	if got, _ := MedianRatio(make([]int64, 8), make([]int64, 8)); got.Value != 1 {
		t.Errorf("of durations below a millisecond: %+v", got)
	}
}

// The confidence sequence and the numbers of units, worked out in another
// program, and the test of the sizes of arms.
func TestTrialsByHand(t *testing.T) {
	for _, v := range []struct {
		arms             Arms
		value, low, high float64
	}{
		{Arms{20, 25, 10, 25}, .4, -.0134408253, .8134408253}, {Arms{60, 80, 30, 90}, .4166666667, .2039233512, .6294099821},
		{Arms{25, 25, 0, 25}, 1, .7729174705, 1}, {Arms{0, 25, 25, 25}, -1, -1, -.7729174705}, {Arms{13, 25, 12, 26}, .0584615385, -.3839135232, .5008366001},
	} {
		d, ok := v.arms.Sequence()
		if !ok {
			t.Fatal(v)
		}
		near(t, "difference", d.Value, v.value, 1e-9)
		near(t, "low", d.Low, v.low, 1e-9)
		near(t, "high", d.High, v.high, 1e-9)
	}
	for _, arms := range []Arms{{20, 24, 20, 25}, {20, 25, 20, 24}} {
		if _, ok := arms.Sequence(); ok || arms.Verdict() != TrialNotYet {
			t.Errorf("%+v has an interval", arms)
		}
	}
	if v := (Arms{20, 25, 10, 25}).Verdict(); v != TrialNotYet {
		t.Error(v)
	}
	for _, v := range []struct {
		p, d, share float64
		want        int64
	}{{.9, .1, .5, 802}, {.9, .1, .2, 1523}, {.5, .3, .5, 138}, {.05, .1, .5, 549}, {.02, .3, .5, 81}, {1, .5, .5, 50}, {.6, .59, .5, 50}, {.6, .6, .5, 53}, {.3, .0005, .5, 0}, {.99, .9, .02, 1250}} {
		if got := UnitsFor(v.p, v.d, v.share); got != v.want {
			t.Errorf("%+v: %d", v, got)
		}
	}
	for _, v := range []struct {
		arms  Arms
		share float64
		p     float64
	}{{Arms{0, 40, 0, 60}, .5, .0455002639}, {Arms{0, 1, 0, 0}, .5, .3173105079}, {Arms{0, 90, 0, 10}, .2, .0124193307}, {Arms{0, 30, 0, 5}, .3, .0424882890}, {Arms{0, 3, 0, 1}, .5, .3173105079}} {
		near(t, "sizes", v.arms.SampleRatio(v.share), v.p, 1e-9)
	}
	if (Arms{}).SampleRatio(.5) != 1 {
		t.Error("no units have the right sizes")
	}
}

// What the scan is made of, worked out in another program.
func TestScanByHand(t *testing.T) {
	const one = 1 << fixed
	for _, v := range []struct {
		observed int
		expected int64
		all      int
		want     float64
	}{{3, one, 10, 1.536635868}, {10, 4 * one, 10, 9.1629073187}, {5, 5 * one / 2, 9, 1.5237046397}, {2, 2 * one, 5, 0}, {1, 2 * one, 5, 0}} {
		near(t, "log likelihood", logLikelihood(v.observed, v.expected, v.all), v.want, 1e-9)
	}
	for _, v := range []struct {
		x       float64
		maxima  []float64
		largest float64
	}{{6, []float64{1, 2, 3, 4, 5}, .0362854707}, {6, []float64{2, 2, 2}, .0065718817}, {3, []float64{1, 2, 6}, .4296239983}} {
		var sum, squares float64
		for _, m := range v.maxima {
			sum, squares = sum+m, squares+m*m
		}
		near(t, "Gumbel", gumbelTail(v.x, sum, squares, len(v.maxima)), v.largest, 1e-9)
	}
	// The best window against a search of all windows, and those at the ends.
	r := rand.New(rand.NewPCG(11, 0))
	for range 300 {
		trials := make([]Trial, 3+r.IntN(30))
		for i := range trials {
			trials[i] = Trial{At: int64(i), ID: uint32(i), Repo: r.Uint32N(3), Failed: r.IntN(3) == 0}
		}
		var c Changes
		c.load(trials)
		s := &c.scan
		if s.failures == 0 {
			continue
		}
		// All failures lie in the contexts that expect them: k of n in each.
		rate := map[uint32]Fraction{}
		for _, x := range trials {
			rate[x.Repo] = rate[x.Repo].plus(count([]Trial{x}))
		}
		score := func(from, to int) float64 {
			expected := 0.0
			for _, x := range trials[from:to] {
				expected += float64(rate[x.Repo].K) / float64(rate[x.Repo].N)
			}
			return logLikelihood(int(count(trials[from:to]).K), int64(math.Round(expected*one)), s.failures)
		}
		var all, since, until float64
		for from := range trials {
			for to := from + 1; to <= len(trials); to++ {
				x := score(from, to)
				all = max(all, x)
				if to == len(trials) {
					since = max(since, x)
				}
				if from == 0 {
					until = max(until, x)
				}
			}
		}
		w := s.best()
		near(t, "best", w.score, all, 1e-6)
		near(t, "best of the permutations' search", s.score(), all, 1e-6)
		if all > 0 {
			near(t, "the best window", score(w.from, w.to), all, 1e-6)
		}
		near(t, "since", score(s.since(), len(trials)), since, 1e-6)
		near(t, "until", score(0, s.until()), until, 1e-6)
	}
}

// A permutation keeps how often each context failed, and every run of a context
// fails in about as many of them.
func TestPermutations(t *testing.T) {
	var c Changes
	c.load([]Trial{{Failed: true}, {Repo: 1}, {}, {}, {Repo: 1, Failed: true}, {Repo: 1}, {Repo: 2}, {Repo: 3, Failed: true}, {}})
	s := &c.scan
	source := rand.NewPCG(1, 0)
	times := make([]int, len(s.of))
	for range 4000 {
		s.permute(source)
		if len(s.positions) != 3 {
			t.Fatal(s.positions)
		}
		for _, p := range s.positions {
			times[p]++
		}
	}
	for i, want := range []int{1000, 1333, 1000, 1000, 1333, 1333, 0, 4000, 1000} {
		if d := times[i] - want; d < -150 || d > 150 || want%4000 == 0 && d != 0 {
			t.Errorf("run %d failed %d times, not about %d", i, times[i], want)
		}
	}
}

// A score is the share of failures that are made good times the entropy.
func TestScoreByHand(t *testing.T) {
	now := time.UnixMilli(weightRef)
	one := func(outcomes string) Context {
		var c Context
		for _, o := range outcomes {
			c.Add(weightRef, o == 'F')
		}
		return c
	}
	for outcomes, want := range map[string]float64{"F.": 1, "F.F.": 1, "F...": .8112781245, "FF..": .5, "....": 0, "FFFF": 0, ".F": 0, "F": 0} {
		near(t, outcomes, score([]Context{one(outcomes)}, now), want, 1e-9)
	}
	near(t, "two contexts", score([]Context{one("F."), one("....")}, now), 2.0/6, 1e-9)
	near(t, "half a life later", score([]Context{one("F.")}, now.Add(14*24*time.Hour)), .8112781245, 1e-9)
	near(t, "none", score(nil, now), 0, 0)
	for s, want := range map[Sequence]float64{{N: 4, Failures: 2, Flips: 2}: 1, {N: 10, Failures: 1, Flips: 1}: 1 / 1.8, {N: 4}: 0, {N: 4, Failures: 4}: 0, {N: 8, Failures: 2, Flips: 4}: 4.0 / 3} {
		near(t, "flips", flipRatio(&s), want, 1e-12)
	}
	near(t, "rounded", round4(.12345678), .1235, 0)
	for _, v := range []struct {
		diff     Interval
		p, limit float64
		want     string
	}{{Interval{Low: .1, High: .2}, .05, .05, ArrowUp}, {Interval{Low: -.2, High: -.1}, .05, .05, ArrowDown}, {Interval{Low: .1, High: .2}, .06, .05, ArrowNone},
		{Interval{Low: 0, High: .2}, 0, .05, ArrowNone}, {Interval{Low: -.2, High: 0}, 0, .05, ArrowNone}} {
		if got := Arrow(v.diff, v.p, v.limit); got != v.want {
			t.Errorf("%+v: %s", v, got)
		}
	}
	if d, p, ok := Trend(9, 10, 2, 8); !ok || math.Abs(p-Fisher(9, 1, 2, 6)) > 1e-12 || math.Abs(d.Value-.65) > 1e-12 {
		t.Errorf("%+v %v", d, p)
	}
	if _, p, ok := Trend(1, 1, 0, 0); ok || p != 1 {
		t.Errorf("a trend from nothing: %v", p)
	}
}
