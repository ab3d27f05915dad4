package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// look runs an experiment with a look after every unit and returns after how
// many units it had the first verdict of a difference, 0 for never.
func look(p1, p2, share float64, units int, r *rand.Rand) int {
	var t Arms
	for i := 1; i <= units; i++ {
		ok := int64(0)
		if r.Float64() < share {
			if r.Float64() < p2 {
				ok = 1
			}
			t.N2, t.OK2 = t.N2+1, t.OK2+ok
		} else {
			if r.Float64() < p1 {
				ok = 1
			}
			t.N1, t.OK1 = t.N1+1, t.OK1+ok
		}
		if v := t.Verdict(); v == TrialHelps || v == TrialHurts {
			return i
		}
	}
	return 0
}

// TestLookingEveryTime: a look after each of 1000 units at two equal arms gives
// a verdict in at most 5 % of experiments, whatever the share and the rate.
func TestLookingEveryTime(t *testing.T) {
	experiments := 4000
	if testing.Short() {
		experiments = 400
	}
	for _, share := range []float64{.5, .2, .1} {
		for _, p := range []float64{.6, .9, .2} {
			r := rand.New(rand.NewPCG(uint64(100*share), uint64(100*p)))
			wrong := 0
			for range experiments {
				if look(p, p, share, 1000, r) > 0 {
					wrong++
				}
			}
			if 20*wrong > experiments {
				t.Errorf("share %.1f, rate %.1f: %d of %d experiments have a verdict from nothing", share, p, wrong, experiments)
			}
		}
	}
}

// TestDifferencesAreFound: 60 against 80 % within 300 units in at least 80 %.
func TestDifferencesAreFound(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 0))
	found := 0
	for range 1000 {
		if look(.8, .6, .5, 300, r) > 0 {
			found++
		}
	}
	if found < 800 {
		t.Errorf("60 against 80 %%: %d of 1000 found within 300 units", found)
	}
}

// TestUnitsFor: the number that is told before the start finds the difference in
// about 80 %.
func TestUnitsFor(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 0))
	for _, v := range []struct{ p, d, share float64 }{{.8, .2, .5}, {.6, .2, .2}, {.9, .1, .5}} {
		n := UnitsFor(v.p, v.d, v.share)
		found := 0
		for range 300 {
			if look(v.p, v.p-v.d, v.share, int(n), r) > 0 {
				found++
			}
		}
		if found < 225 || found > 290 {
			t.Errorf("%+v: %d units find it in %d of 300", v, n, found)
		}
	}
	if n := UnitsFor(.5, .001, .5); n != 0 {
		t.Errorf("a tenth of a point: %d", n)
	}
}

func TestSequence95(t *testing.T) {
	if _, ok := (Arms{20, 24, 20, 400}).Sequence(); ok {
		t.Error("a look with 24 units in an arm")
	}
	wide, _ := Arms{40, 50, 30, 50}.Sequence()
	narrow, _ := Newcombe(40, 50, 30, 50)
	if !(wide.Low < narrow.Low && wide.High > narrow.High) {
		t.Errorf("looking always is free: %+v, %+v", wide, narrow)
	}
	if v := (Arms{4000, 5000, 4010, 5000}).Verdict(); v != TrialSame {
		t.Errorf("equal arms of 5000: %s", v)
	}
	if v := (Arms{4000, 5000, 3000, 5000}).Verdict(); v != TrialHelps {
		t.Errorf("better first arm: %s", v)
	}
	if v := (Arms{3000, 5000, 4000, 5000}).Verdict(); v != TrialHurts {
		t.Errorf("worse first arm: %s", v)
	}
}

func TestSampleRatio(t *testing.T) {
	near(t, "60 of 100 at one half", Arms{0, 40, 0, 60}.SampleRatio(.5), .0455, 5e-4)
	near(t, "as it should be", Arms{0, 80, 0, 20}.SampleRatio(.2), 1, 1e-9)
	if !(Arms{0, 600, 0, 400}).RatioIsOff(.5) || (Arms{0, 520, 0, 480}).RatioIsOff(.5) || (Arms{}).RatioIsOff(.5) {
		t.Error("the warning is wrong")
	}
	if p := (Arms{0, 10, 0, 0}).SampleRatio(.5); math.IsNaN(p) {
		t.Error("an empty arm")
	}
}
