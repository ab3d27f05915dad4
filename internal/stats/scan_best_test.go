package stats

import (
	"math/rand/v2"
	"testing"
)

// TestBestOfAllWindows compares the window that is found with that of a search that
// leaves none out.
func TestBestOfAllWindows(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for round := range 600 {
		var s scan
		runs, contexts := 4+rng.IntN(200), 1+rng.IntN(4)
		s.n, s.k = make([]uint32, contexts), make([]uint32, contexts)
		for i := range runs {
			c := rng.IntN(contexts)
			rate := 0.1 * float64(1+c)
			if round%2 == 0 && i > runs/2 {
				rate += 0.4
			}
			failed := rng.Float64() < rate
			s.of, s.failed = append(s.of, int32(c)), append(s.failed, failed)
			s.n[c]++
			if failed {
				s.k[c]++
			}
		}
		s.prepare()
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
			t.Fatalf("%d runs of %d contexts: %+v, not %+v", runs, contexts, got, want)
		}
	}
}
