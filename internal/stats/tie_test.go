package stats

import (
	"math/rand/v2"
	"testing"
)

// tied are runs in sessions, each in one repo and with one of three models. A
// failure is mostly tried again, and fails again mostly.
func tied(n int, rate func(i int, repo, model uint32) float64, r *rand.Rand) (trials []Trial, models []uint32) {
	var repo, model, session uint32
	for i := 0; len(trials) < n; i++ {
		if i%4 == 0 {
			session++
			repo, model = uint32(r.IntN(3)), uint32(1+r.IntN(3))
			if repo == 0 {
				model = uint32(1 + r.IntN(2)) // one is not used everywhere
			}
		}
		add := func(failed bool) {
			trials = append(trials, Trial{At: int64(i), ID: r.Uint32(), Repo: repo, Session: session, Failed: failed})
			models = append(models, model)
		}
		failed := r.Float64() < rate(len(trials), repo, model)
		add(failed)
		for failed && r.IntN(2) == 0 {
			failed = r.IntN(3) > 0
			add(failed)
		}
	}
	return trials[:n], models[:n]
}

// TestTieInSimulatedHistories: a model with which a helper fails is found; where
// repos differ, or all changed at some time, none is.
func TestTieInSimulatedHistories(t *testing.T) {
	many := 600
	if testing.Short() {
		many = 150
	}
	for _, c := range []struct {
		name      string
		rate      func(i int, repo, model uint32) float64
		n         int
		low, high float64 // % found
	}{
		{"steady", func(int, uint32, uint32) float64 { return .1 }, 200, 0, 1},
		{"steady and often", func(int, uint32, uint32) float64 { return .3 }, 300, 0, 1},
		{"one repo fails", func(_ int, repo, _ uint32) float64 { return []float64{.6, .02, .02}[repo] }, 200, 0, 1},
		{"one model fails", func(_ int, _, model uint32) float64 { return []float64{0, .6, .02, .02}[model] }, 200, 98, 100},
		{"one model fails, few runs", func(_ int, _, model uint32) float64 { return []float64{0, .6, .02, .02}[model] }, 60, 45, 100},
		{"one model fails late", func(i int, _, model uint32) float64 {
			if i < 120 {
				return .02
			}
			return []float64{0, .6, .02, .02}[model]
		}, 200, 45, 100},
	} {
		r := rand.New(rand.NewPCG(8, 0))
		found, right := 0, 0
		for range many {
			trials, models := tied(c.n, c.rate, r)
			x, ok := FindTie(trials, [][]uint32{models})
			if !ok {
				continue
			}
			found++
			if x.Value == 1 && x.With.N+x.Rest.N == int64(c.n) {
				right++
			}
		}
		share := 100 * float64(found) / float64(many)
		t.Logf("%s: %.1f %%, %d of %d right", c.name, share, right, found)
		if share < c.low || share > c.high || c.high > 50 && right < found {
			t.Errorf("%s: found in %.1f %%, %d of %d right", c.name, share, right, found)
		}
	}
}
