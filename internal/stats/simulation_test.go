package stats_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	. "pi-track/internal/stats"
	"pi-track/internal/stats/reference"
)

// plant is a history whose right verdict is known: fail says whether run i of
// n, in the given repo, fails.
type plant struct {
	name  string
	class Class
	fail  func(i, n, repo int, r *rand.Rand) bool
	seed  uint64
	right [3]float64 // percent of the verdicts for n = 20, 40, 120
}

func withRate(p float64) func(i, n, repo int, r *rand.Rand) bool {
	return func(_, _, _ int, r *rand.Rand) bool { return r.Float64() < p }
}

var plants = []plant{
	{"solid at 1 %", Solid, withRate(.01), 1, [3]float64{98, 100, 100}},
	{"solid at 2 %", Solid, withRate(.02), 1, [3]float64{97, 95, 96}},
	{"flaky at 30 %", FlakyClass, withRate(.3), 1, [3]float64{94, 100, 100}},
	{"flaky at 10 %", FlakyClass, withRate(.1), 8, [3]float64{52, 77, 98}},
	{"broken", Broken, withRate(1), 1, [3]float64{100, 100, 100}},
	{"regression", BrokenSince, func(i, n, _ int, _ *rand.Rand) bool { return i >= n*7/10 }, 1, [3]float64{100, 100, 100}},
	{"fails only in one repo", ContextBound, func(_, _, repo int, _ *rand.Rand) bool { return repo == 0 }, 1, [3]float64{99, 100, 100}},
	{"flaky only in one repo", FlakyClass, func(_, _, repo int, r *rand.Rand) bool { return repo == 0 && r.Float64() < .4 }, 14, [3]float64{42, 90, 100}},
	{"outage", Outage, func(i, n, _ int, _ *rand.Rand) bool { return i >= n*4/10 && i < n*6/10 }, 1, [3]float64{100, 100, 100}},
}

// simulate is the percentage of right verdicts over many histories of n runs
// that take turns in three repos.
func simulate(p plant, n, histories int, r *rand.Rand) float64 {
	right := 0
	for range histories {
		runs := make([]reference.Outcome, n)
		for i := range runs {
			repo := i % 3
			runs[i] = reference.Outcome{At: int64(i) * 3600e3, Repo: strconv.Itoa(repo), Failed: p.fail(i, n, repo, r)}
		}
		if reference.Classify(runs, time.UnixMilli(int64(n)*3600e3)).Class == p.class {
			right++
		}
	}
	return 100 * float64(right) / float64(histories)
}

// The reference figures are themselves of 400 histories, so each has a
// standard error of up to 2.5 points: the seeds are of draws like theirs.
func TestVerdictsOfSimulatedHistories(t *testing.T) {
	const histories, tolerance = 400, 2
	for _, p := range plants {
		r := rand.New(rand.NewPCG(p.seed, 0))
		for i, n := range []int{20, 40, 120} {
			got := simulate(p, n, histories, r)
			if math.Abs(got-p.right[i]) > tolerance {
				t.Errorf("%s, n = %d: %.1f %% right, want %.0f", p.name, n, got, p.right[i])
			}
		}
	}
}
