package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestMedianRatioCovers: the interval holds the true ratio in at least 93 of a
// hundred samples, of long-tailed durations as of equal ones.
func TestMedianRatioCovers(t *testing.T) {
	samples := 4000
	if testing.Short() {
		samples = 1000
	}
	r := rand.New(rand.NewPCG(2, 0))
	draw := func(n int, median float64) []int64 {
		out := make([]int64, n)
		for i := range out {
			out[i] = int64(median * math.Exp(r.NormFloat64()))
		}
		slices.Sort(out)
		return out
	}
	for _, n := range [][2]int{{8, 8}, {20, 30}, {10, 200}, {150, 150}} {
		held, clear := 0, 0
		for range samples {
			if x, ok := MedianRatio(draw(n[0], 3000), draw(n[1], 6000)); ok && x.Low <= 2 && x.High >= 2 {
				held++
			}
			if x, _ := MedianRatio(draw(n[0], 3000), draw(n[1], 9000)); x.Low > 1 {
				clear++
			}
		}
		if share := float64(held) / float64(samples); share < .93 {
			t.Errorf("%v: %.3f of the intervals hold the ratio", n, share)
		}
		if n[0] >= 150 && clear < samples*99/100 {
			t.Errorf("%v: of three times the median only %d of %d are clear", n, clear, samples)
		}
	}
}

func TestMedianRatioOfFew(t *testing.T) {
	eight := []int64{0, 0, 1, 1, 2, 3, 5, 8}
	if _, ok := MedianRatio(eight[:7], eight); ok {
		t.Error("seven durations have a ratio")
	}
	if x, ok := MedianRatio(eight, eight); !ok || x.Value != 1 || !(x.Low < 1 && x.High > 1) {
		t.Errorf("%+v %v", x, ok)
	}
	same := slices.Repeat([]int64{30000}, 20)
	if x, _ := MedianRatio(same, same); x != (Interval{1, 1, 1}) {
		t.Errorf("of equal durations: %+v", x)
	}
}

// The interval of sixteen durations rests on the fifth and the twelfth: what is quicker
// or slower than these counts as such alone.
func TestMedianRatioOfOutliers(t *testing.T) {
	var base, few, wide []int64
	for i := range int64(16) {
		base = append(base, 1000+100*i)
	}
	few, wide = slices.Clone(base), slices.Clone(base)
	for _, i := range []int{0, 1, 2, 3} {
		few[i], few[15-i] = 1, 1e9
	}
	wide[4] = wide[3]
	want, _ := MedianRatio(base, base)
	if got, _ := MedianRatio(few, few); got != want {
		t.Errorf("with outliers %+v, without %+v", got, want)
	}
	if got, _ := MedianRatio(wide, wide); got.High <= want.High {
		t.Errorf("%+v is not wider than %+v", got, want)
	}
}
