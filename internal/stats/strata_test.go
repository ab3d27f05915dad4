package stats

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

func TestSizeStrata(t *testing.T) {
	var units []Unit
	for i := range 100 { // sizes 0 to 99 from the largest to the smallest
		units = append(units, Unit{Repo: 7, Size: 99 - i})
	}
	of, n := SizeStrata(units)
	if n != 10 || of[0] != 9 || of[9] != 9 || of[10] != 8 || of[99] != 0 {
		t.Errorf("a hundred units of a repo: %d strata, %v", n, of)
	}
	units = append(units, Unit{2, 3}, Unit{2, 5}, Unit{2, 5}, Unit{2, 900})
	if of, n := SizeStrata(units); n != 11 || of[100] != 0 || of[103] != 0 || of[0] != 10 {
		t.Errorf("four units of another are one stratum: %d, %v", n, of)
	}
	same := make([]Unit, 50)
	if of, n := SizeStrata(same); n != 1 || !reflect.DeepEqual(of, make([]int, 50)) {
		t.Errorf("units of one size: %d strata", n)
	}
	for i := range same {
		same[i].Size = i * 3 / 50 // three sizes
	}
	if _, n := SizeStrata(same); n != 3 {
		t.Errorf("three sizes: %d strata", n)
	}
	if of, n := SizeStrata(nil); n != 0 || len(of) != 0 {
		t.Errorf("nothing: %d", n)
	}
}

// tasks are units in which a helper is used, the more often the longer they
// are, and which fail the more often the longer they are: with the logarithm
// of the odds growing by slope a run. The helper itself adds effect to it.
func tasks(n, repos int, slope, effect float64, r *rand.Rand) (strata []Table) {
	units := make([]Unit, n)
	with, ok := make([]bool, n), make([]bool, n)
	for i := range units {
		size := 1 + int(r.ExpFloat64()*12)
		units[i] = Unit{uint32(r.IntN(repos)), size}
		with[i] = r.Float64() < 1-math.Pow(.96, float64(size))
		odds := 2 - slope*float64(size)
		if with[i] {
			odds += effect
		}
		ok[i] = r.Float64() < 1/(1+math.Exp(-odds))
	}
	of, count := SizeStrata(units)
	strata = make([]Table, count)
	for i := range units {
		strata[of[i]].Add(with[i], ok[i])
	}
	return strata
}

// TestSizeDoesNotLookLikeAnEffect: long tasks fail more and use more of
// everything. Without strata by size, 38 to 100 % of these helpers without an
// effect seem to have one.
func TestSizeDoesNotLookLikeAnEffect(t *testing.T) {
	worlds, limit := 1000, 60
	if testing.Short() {
		worlds, limit = 100, 12
	}
	for _, w := range []struct {
		repos int
		slope float64
	}{{3, .05}, {3, .1}, {10, .1}} {
		for _, n := range []int{200, 600, 2000} {
			r := rand.New(rand.NewPCG(uint64(n), 0))
			wrong := 0
			for range worlds {
				if verdictOf(tasks(n, w.repos, w.slope, 0, r)) != EffectUnclear {
					wrong++
				}
			}
			if wrong > limit {
				t.Errorf("%d tasks in %d repos, slope %.2f: %d of %d verdicts from nothing", n, w.repos, w.slope, wrong, worlds)
			}
		}
	}
}

// TestEffectIsFound: strata leave a real effect visible.
func TestEffectIsFound(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 0))
	found := 0
	for range 100 {
		if verdictOf(tasks(600, 3, .1, 1, r)) == EffectHigher {
			found++
		}
	}
	if found < 90 {
		t.Errorf("%d of 100 helpers that help were found", found)
	}
}

func TestVerdictsOfMany(t *testing.T) {
	c := Compare([]Table{{60, 100, 45, 100}})
	if !(c.P > .01 && c.P < .05) || c.Strata != 1 || !c.Naive.ExcludesZero() {
		t.Fatalf("%+v", c)
	}
	if got := c.Verdict(.05); got != EffectHigher {
		t.Errorf("alone: %s", got)
	}
	p := []float64{c.P, .3, .4, .5, .6, .7, .8, .9}
	if got := c.Verdict(BenjaminiHochberg(p, .05)); got != EffectUnclear {
		t.Errorf("one of eight: %s", got)
	}
	apart := Compare([]Table{{20, 20, 0, 0}, {0, 0, 0, 20}})
	if apart.Stratified != nil || apart.Strata != 0 || apart.P > 1e-6 {
		t.Errorf("%+v", apart)
	}
	if none := Compare(nil); none.P != 1 || none.Naive != nil || !none.Few() {
		t.Errorf("%+v", none)
	}
	if same := Compare([]Table{{5, 10, 5, 10}}); same.P != 1 || same.Verdict(1) != EffectUnclear {
		t.Errorf("%+v", same)
	}
}
