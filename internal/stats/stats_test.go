package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.6f, want %.6f", what, got, want)
	}
}

func TestWilson(t *testing.T) {
	for _, v := range []struct {
		k, n      int64
		low, high float64
	}{
		{0, 10, 0, .2775},
		{40, 200, .1505, .2609},
		{10, 10, .7225, 1},
		{0, 0, 0, 1},
	} {
		low, high := Wilson(v.k, v.n)
		near(t, "low", low, v.low, 5e-5)
		near(t, "high", high, v.high, 5e-5)
	}
	for _, v := range []struct {
		k, n int64
		low  float64
	}{{1, 1, .207}, {2, 2, .342}, {3, 3, .439}, {5, 20, .112}, {40, 200, .150}, {300, 1000, .272}} {
		low, _ := Wilson(v.k, v.n)
		near(t, "low", low, v.low, 1e-3)
	}
}

func TestNewRate(t *testing.T) {
	if r := NewRate(0, 0); r.Value != nil || r.Low != 0 || r.High != 1 {
		t.Errorf("0 of 0: %+v", r)
	}
	if r := NewRate(1, 4); *r.Value != .25 {
		t.Errorf("1 of 4: %+v", r)
	}
}

func TestRisk(t *testing.T) {
	prior := Beta{A: 1, B: 9}
	rows := []struct {
		k, n      int64
		mean, low float64
	}{
		{300, 1000, .298, .275}, // in the order of the risk
		{40, 200, .195, .152},
		{3, 3, .308, .123},
		{5, 20, .200, .094},
		{2, 2, .250, .079},
		{1, 1, .182, .037},
	}
	last := 1.0
	for _, v := range rows {
		near(t, "mean", prior.Mean(v.k, v.n), v.mean, 6e-4)
		low := prior.Risk(v.k, v.n)
		near(t, "low", low, v.low, 6e-4)
		if low >= last {
			t.Errorf("%d of %d: %.4f is not below %.4f", v.k, v.n, low, last)
		}
		last = low
	}
}

func TestRiskAtTheEnds(t *testing.T) {
	if got := PooledPrior(0, 50).Risk(0, 20); got != 0 {
		t.Errorf("nothing failed: %v", got)
	}
	if got := PooledPrior(50, 50).Risk(20, 20); got != 1 {
		t.Errorf("nothing succeeded: %v", got)
	}
	if got := PooledPrior(0, 0); got != (Beta{1, 9}) {
		t.Errorf("prior of nothing: %v", got)
	}
	near(t, "prior mean", PooledPrior(30, 100).Mean(0, 0), .3, 1e-12)
}

func TestNewcombe(t *testing.T) {
	d, ok := Newcombe(56, 70, 48, 80)
	if !ok || !d.ExcludesZero() {
		t.Fatalf("%+v %v", d, ok)
	}
	near(t, "difference", d.Value, .2, 1e-12)
	near(t, "low", d.Low, .0524, 5e-5)
	near(t, "high", d.High, .3339, 5e-5)
	if _, ok := Newcombe(0, 0, 1, 2); ok {
		t.Error("an empty arm has a difference")
	}
}

func TestFisher(t *testing.T) {
	near(t, "3,1,1,3", Fisher(3, 1, 1, 3), .485714, 5e-7)
	near(t, "8,2,1,5", Fisher(8, 2, 1, 5), .034965, 5e-7)
	near(t, "0,5,0,5", Fisher(0, 5, 0, 5), 1, 1e-9)
}

// TestMantelHaenszel is the example in which the strata turn the sign.
func TestMantelHaenszel(t *testing.T) {
	strata := []Table{{18, 20, 64, 80}, {48, 80, 8, 20}}
	naive, _ := Newcombe(18+48, 100, 64+8, 100)
	near(t, "naive", naive.Value, -.06, 1e-12)
	near(t, "naive low", naive.Low, -.185, 5e-4)
	near(t, "naive high", naive.High, .068, 5e-4)
	mh, ok := MantelHaenszel(strata)
	if !ok {
		t.Fatal("no stratified difference")
	}
	near(t, "stratified", mh.Value, .15, 1e-12)
	near(t, "stratified low", mh.Low, .008, 5e-4)
	near(t, "stratified high", mh.High, .292, 5e-4)
	if got := verdictOf(strata); got != EffectHigher {
		t.Errorf("verdict %q", got)
	}
	if _, ok := MantelHaenszel([]Table{{1, 2, 0, 0}, {0, 0, 1, 2}}); ok {
		t.Error("strata with one arm each have a difference")
	}
}

func TestEffectVerdict(t *testing.T) {
	for _, v := range []struct {
		table Table
		want  string
	}{
		{Table{9, 9, 0, 90}, EffectFewData},
		{Table{0, 90, 9, 9}, EffectFewData},
		{Table{10, 10, 0, 10}, EffectHigher},
		{Table{0, 10, 10, 10}, EffectLower},
		{Table{5, 10, 6, 10}, EffectUnclear},
	} {
		if got := verdictOf([]Table{v.table}); got != v.want {
			t.Errorf("%v: %q, want %q", v.table, got, v.want)
		}
	}
	apart := []Table{{20, 20, 0, 0}, {0, 0, 0, 20}} // no stratum has both arms
	if got := verdictOf(apart); got != EffectHigher {
		t.Errorf("naive: %q", got)
	}
}

func TestQuantile(t *testing.T) {
	values := []int64{10, 20, 30, 40}
	for q, want := range map[float64]float64{0: 10, .5: 25, .95: 38.5, 1: 40} {
		near(t, "quantile", Quantile(values, q), want, 1e-9)
	}
	if got := Quantile([]int64{7}, .95); got != 7 {
		t.Errorf("of one value: %v", got)
	}
	if !math.IsNaN(Quantile([]float64(nil), .5)) {
		t.Error("of none is not NaN")
	}
}

func TestTrend(t *testing.T) {
	if d, p, ok := Trend(50, 100, 90, 100); !ok || Arrow(d, p, 0.05) != ArrowDown || Arrow(d, p, p/2) != ArrowNone {
		t.Errorf("fall: %v %v", d, ok)
	}
	if d, p, ok := Trend(90, 100, 50, 100); !ok || Arrow(d, p, 0.05) != ArrowUp {
		t.Errorf("rise: %v %v", d, ok)
	}
	if d, p, ok := Trend(9, 10, 8, 10); !ok || Arrow(d, p, 0.05) != ArrowNone {
		t.Errorf("noise: %v %v", d, ok)
	}
	if _, _, ok := Trend(0, 0, 8, 10); ok {
		t.Error("a trend of nothing")
	}
}

// TestSequence recounts sequences the slow way.
func TestSequence(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 0))
	for range 200 {
		outcomes := make([]bool, 1+r.IntN(12))
		var got, want Sequence
		for i := range outcomes {
			outcomes[i] = r.IntN(2) == 0
			got.Add(weightRef, outcomes[i])
		}
		for i, failed := range outcomes {
			last := i == len(outcomes)-1
			if failed {
				want.Failures++
			}
			if failed && !last {
				want.Followed++
			}
			if !last && failed != outcomes[i+1] {
				want.Flips++
			}
			if !last && failed && !outcomes[i+1] {
				want.Recoveries++
			}
			want.LastFailed = failed
		}
		want.N, want.LastAt = int64(len(outcomes)), weightRef
		want.WFailures, want.WFollowed, want.WRecoveries = float64(want.Failures), float64(want.Followed), float64(want.Recoveries)
		if got != want {
			t.Fatalf("%v:\n%+v\n%+v", outcomes, got, want)
		}
	}
}
