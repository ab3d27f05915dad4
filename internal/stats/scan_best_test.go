package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestBestOfAllWindows compares the window that is found with that of a search that
// leaves none out.
func TestBestOfAllWindows(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for round := range 600 {
		runs := 4 + rng.IntN(200)
		s := randomScan(rng, runs, 1+rng.IntN(4), float64(1-round%2)*0.4)
		got, want := s.best(), window{}
		for i, from := range s.positions {
			for j := i; j < len(s.positions); j++ {
				to := s.positions[j] + 1
				if x := logLikelihood(j-i+1, s.expected[to]-s.expected[from], s.failures); x > want.score {
					want = window{int(from), int(to), x}
				}
			}
		}
		if got != want {
			t.Fatalf("%d runs: %+v, not %+v", runs, got, want)
		}
		if x := s.score(); x != want.score {
			t.Fatalf("%d runs: a score of %g, not %g", runs, x, want.score)
		}
	}
}

// randomScan is a history of runs that fail at rates of their contexts, and in its
// second half more.
func randomScan(rng *rand.Rand, runs, contexts int, more float64) *scan {
	s := &scan{n: make([]uint32, contexts), k: make([]uint32, contexts), seed: rng.Uint64()}
	for i := range runs {
		c := rng.IntN(contexts)
		rate := 0.1 * float64(1+c)
		if i > runs/2 {
			rate += more
		}
		failed := rng.Float64() < rate
		s.of, s.failed = append(s.of, int32(c)), append(s.failed, failed)
		s.n[c]++
		if failed {
			s.k[c]++
		}
	}
	s.prepare()
	return s
}

// TestScoreOfManyFailures: of many failures the windows begin and end at every
// stride-th, and the best one is found to the failure.
func TestScoreOfManyFailures(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for round := range 60 {
		s := randomScan(rng, 1200+rng.IntN(1500), 4, float64(round%3)*0.2)
		if round%2 == 1 { // the first half fails more
			slices.Reverse(s.of)
			slices.Reverse(s.failed)
			s.prepare()
		}
		n := s.failures
		stride := (n + maxEnds - 1) / maxEnds
		if stride < 2 {
			t.Fatalf("%d failures are not many", n)
		}
		most := func(step int) (best float64) {
			for i := 0; i < n; i += step {
				for j := i + step; j < n+step; j += step {
					last := min(j, n) - 1
					best = max(best, logLikelihood(last-i+1, s.expected[s.positions[last]+1]-s.expected[s.positions[i]], n))
				}
			}
			return best
		}
		if got, want := s.score(), most(stride); got != want {
			t.Fatalf("%d failures: a score of %g, not %g", n, got, want)
		}
		w := s.best()
		if w.score < s.score() || w.score > most(1) {
			t.Errorf("%d failures: the best window has %g", n, w.score)
		}
		if round%3 == 2 && w.score < 0.999*most(1) {
			t.Errorf("%d failures: a clear change has %g, not some %g", n, w.score, most(1))
		}
		for i, p := range s.positions { // those that begin with the first failure
			if x := logLikelihood(i+1, s.expected[p+1]-s.expected[s.positions[0]], n); round%6 == 5 && x > w.score {
				t.Errorf("%d failures: %g from the first on, the best has %g", n, x, w.score)
			}
		}
	}
}

// TestChanceIsCounted: a p-value that needs permutations is the share of them that
// reach the score, the history itself among them. One that is too large is not counted to
// the end.
func TestChanceIsCounted(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	counted := 0
	for counted < 20 {
		s := randomScan(rng, 40+rng.IntN(60), 2, 0.25)
		positions := slices.Clone(s.positions)
		w, observed := s.best(), s.score()
		p := s.chance(w, maxP)
		n := min(max(permutationWork/(len(s.of)+len(positions)*len(positions)/2), fewPermutations), mostPermutations)
		s.positions = append(s.positions[:0], positions...)
		source, exceeding, total := rand.NewPCG(s.seed, 0), 0.0, n
		for i := 0; i < total; i++ {
			if i == n-1 && exceeding > 0 {
				total *= morePermutations
			}
			s.permute(source)
			switch x := s.score(); {
			case x > observed+1e-9:
				exceeding++
			case x > observed-1e-9:
				exceeding += 0.5
			}
		}
		want := (exceeding + 1) / float64(total+1)
		if exceeding == 0 || p >= maxP || float64(len(s.of)*len(s.of))/2*math.Exp(-w.score) < surely {
			continue
		}
		counted++
		if p != want {
			t.Errorf("%d runs: p = %g, not %g", len(s.of), p, want)
		}
	}
}
