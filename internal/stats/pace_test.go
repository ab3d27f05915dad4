package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// timed are n runs of which those from the share since on take factor as long; two
// of three follow another in its session, whose work they share.
func timed(n int, since, factor float64, r *rand.Rand) []Timed {
	list := make([]Timed, n)
	var session, repo uint32
	work := 0.0
	for i := range list {
		if session == 0 || r.IntN(3) == 0 {
			session++
			repo = uint32(r.IntN(3))
			work = 0.5 * r.NormFloat64()
		}
		ms := 800 * float64(1+5*repo) * math.Exp(work+0.4*r.NormFloat64())
		if float64(i) >= since*float64(n) {
			ms *= factor
		}
		list[i] = Timed{At: int64(i) * 3600e3, Repo: repo, Session: session, MS: int64(ms)}
	}
	return list
}

// TestPaceInSimulatedHistories: doubled and tripled durations are found and dated,
// and constant ones, whose repos and sessions differ, hardly ever change.
func TestPaceInSimulatedHistories(t *testing.T) {
	many := 1000
	if testing.Short() {
		many = 200
	}
	for _, c := range []struct {
		n             int
		since, factor float64
		low, high     float64 // share found, %
	}{
		{120, .8, 1, 0, 1}, {500, .8, 1, 0, 1},
		{120, .7, 2, 20, 100}, {500, .8, 2, 90, 100}, {120, .7, 3, 70, 100}, {500, .8, 3, 99, 100}, {500, .5, 1. / 3, 99, 100},
	} {
		r := rand.New(rand.NewPCG(5, 0))
		found, dated := 0, 0
		var s Paces
		for range many {
			list := timed(c.n, c.since, c.factor, r)
			x, ok := s.Find(list)
			if !ok {
				continue
			}
			found++
			want := SlowerSince
			if c.factor < 1 {
				want = FasterSince
			}
			border := float64(x.From) / 3600e3
			if x.Class == want && math.Abs(border-c.since*float64(c.n)) <= .06*float64(c.n) && x.Ratio.Value > 1 == (c.factor > 1) {
				dated++
			}
		}
		share := 100 * float64(found) / float64(many)
		t.Logf("n %d, × %.2f: found %.1f %%, dated %d of %d", c.n, c.factor, share, dated, found)
		if share < c.low || share > c.high || c.factor != 1 && float64(dated) < .75*float64(found) {
			t.Errorf("n %d, × %.2f: found %.1f %%, dated %d of %d", c.n, c.factor, share, dated, found)
		}
	}
}

// TestPaceTail: the tail is that of simulated bridges.
func TestPaceTail(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 0))
	const n, many, b = 200, 4000, 3.0
	over := 0
	var s Paces
	for range many {
		list := make([]Timed, n)
		for i := range list {
			list[i].MS = r.Int64N(1e9)
		}
		s.findStretches(list)
		s.setScores()
		if _, z := s.split(); math.Abs(z) > b {
			over++
		}
	}
	got, want := float64(over)/many, maximumTail(b, minPaceSide/float64(n))
	if got > 1.15*want || got < .4*want {
		t.Errorf("%.4f of the maxima exceed %g, the formula has %.4f", got, b, want)
	}
}

func TestPaceOfLittle(t *testing.T) {
	var s Paces
	for n := range 25 {
		list := make([]Timed, n)
		for i := range list {
			list[i] = Timed{At: int64(i), MS: 10}
		}
		if x, ok := s.Find(list); ok {
			t.Errorf("%d equal durations: %+v", n, x)
		}
	}
}

// TestStretches: the runs of a session in a row are one, with the median of its runs.
func TestStretches(t *testing.T) {
	list := []Timed{{MS: 900, Session: 1}, {MS: 1, Session: 1}, {MS: 2, Session: 1}, {MS: 5}, {MS: 6}, {MS: 7, Session: 2, Repo: 1}, {MS: 8, Session: 2}}
	var s Paces
	s.findStretches(list)
	var got []stretch
	for _, x := range s.units {
		got = append(got, stretch{first: x.first, median: x.median})
	}
	if want := []stretch{{first: 0, median: 2}, {first: 3, median: 5}, {first: 4, median: 6}, {first: 5, median: 7}, {first: 6, median: 8}}; !slices.Equal(got, want) {
		t.Errorf("%+v, not %+v", got, want)
	}
}

// TestVarianceOfDraws is that of drawing without replacement (Cochran 1977, 2.5).
func TestVarianceOfDraws(t *testing.T) {
	for _, v := range []struct {
		d    drawn
		want float64
	}{{drawn{}, 0}, {drawn{1, 1, 3}, 0}, {drawn{2, 1, 3}, 1.5}, {drawn{2, 2, 3}, 0}, {drawn{4, 1, 6}, 1.5}, {drawn{5, 2, 8}, 2.4}} {
		if got := v.d.variance(); got != v.want {
			t.Errorf("%+v: %g, not %g", v.d, got, v.want)
		}
	}
}
