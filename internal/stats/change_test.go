package stats

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// plan is a history with or without a planted change: rate is the failure rate
// of a run at the share at, 0…1, of the history in a repo, where repo 0 has
// half of the runs, repo 1 three tenths.
type plan struct {
	name   string
	rate   func(at float64, repo int) float64
	bursts bool       // runs of one repo come in bursts
	found  bool       // whether a change is to be found
	class  []Class    // its right names
	share  [3]float64 // percent right at n = 40, 120, 500
}

func steady(p float64) func(float64, int) float64 { return func(float64, int) float64 { return p } }

func inStretch(from, to, within, outside float64) func(float64, int) float64 {
	return func(at float64, _ int) float64 {
		if at >= from && at < to {
			return within
		}
		return outside
	}
}

func onlyIn(repo int, p float64) func(float64, int) float64 {
	return func(_ float64, r int) float64 {
		if r == repo {
			return p
		}
		return 0.01
	}
}

// A stretch of a low rate may happen to hold failures only.
var worse = []Class{WorseSince, BrokenSince}

var plans = []plan{
	{name: "solid 1 %", rate: steady(.01), share: [3]float64{99, 96, 98}},
	{name: "solid 2 %", rate: steady(.02), share: [3]float64{99, 96, 98}},
	{name: "flaky 10 %", rate: steady(.1), share: [3]float64{99, 99, 98}},
	{name: "flaky 30 %", rate: steady(.3), share: [3]float64{98, 99, 99}},
	{name: "bound", rate: onlyIn(0, .95), share: [3]float64{99, 99, 95}},
	{name: "bound, in bursts", rate: onlyIn(0, .95), bursts: true, share: [3]float64{99, 99, 95}},
	{name: "broken", rate: inStretch(.7, 1, 1, .02), found: true, class: []Class{BrokenSince}, share: [3]float64{95, 92, 96}},
	{name: "worse 8 → 45 %", rate: inStretch(.75, 1, .45, .08), found: true, class: worse, share: [3]float64{13, 66, 100}},
	{name: "worse 2 → 20 %", rate: inStretch(.7, 1, .2, .02), found: true, class: worse, share: [3]float64{8, 50, 100}},
	{name: "worse in one repo", rate: func(at float64, repo int) float64 {
		if repo == 0 && at >= .7 {
			return .6
		}
		return .02
	}, found: true, class: worse, share: [3]float64{20, 89, 100}},
	{name: "outage", rate: inStretch(.4, .55, 1, .02), found: true, class: []Class{Outage}, share: [3]float64{92, 100, 100}},
	{name: "better 30 → 1 %", rate: inStretch(0, .5, .3, .01), found: true, class: []Class{BetterSince}, share: [3]float64{24, 95, 100}},
}

func (p *plan) history(n int, r *rand.Rand) []Trial {
	trials := make([]Trial, n)
	repo := 0
	for i := range trials {
		if !p.bursts || r.IntN(8) == 0 {
			repo = []int{0, 0, 0, 0, 0, 1, 1, 1, 2, 2}[r.IntN(10)]
		}
		failed := r.Float64() < p.rate(float64(i)/float64(n), repo)
		trials[i] = Trial{At: int64(i) * 3600e3, ID: r.Uint32(), Repo: uint32(repo), Failed: failed}
	}
	return trials
}

// TestChangesInSimulatedHistories holds the shares of the reference within 8
// points (25 for the fewer histories of a short test): these are themselves of
// 200 histories.
func TestChangesInSimulatedHistories(t *testing.T) {
	many, tolerance := 1000, 8.0
	if testing.Short() {
		many, tolerance = 100, 25
	}
	for _, p := range plans {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			var c Changes
			r := rand.New(rand.NewPCG(17, 0))
			for i, n := range []int{40, 120, 500} {
				found, named := 0, 0
				for range many {
					changes := c.Find(p.history(n, r))
					if len(changes) == 0 {
						continue
					}
					found++
					if slices.Contains(p.class, changes[0].Class) {
						named++
					}
				}
				right := found
				switch {
				case !p.found:
					right = many - found
				case p.class[0] == BrokenSince:
					right = named
				}
				share := 100 * float64(right) / float64(many)
				if share < p.share[i]-tolerance || share > p.share[i]+tolerance {
					t.Errorf("n = %d: %.1f %% right, want %.0f", n, share, p.share[i])
				}
				if p.found && n >= 120 && float64(named) < .85*float64(found) {
					t.Errorf("n = %d: %d of %d changes named right", n, named, found)
				}
			}
		})
	}
}

// sorts are stationary helpers of several sorts. Of those that are tried again
// a failed run is followed by more runs of its session, which fail mostly.
var sorts = []struct {
	plan
	perDay  float64
	retries bool
}{
	{plan: plan{rate: steady(.01)}, perDay: 8},
	{plan: plan{rate: steady(.02)}, perDay: 3},
	{plan: plan{rate: steady(.05), bursts: true}, perDay: 5},
	{plan: plan{rate: steady(.1)}, perDay: 2},
	{plan: plan{rate: steady(.3)}, perDay: 4},
	{plan: plan{rate: steady(.15)}, perDay: 6, retries: true},
	{plan: plan{rate: steady(.4)}, perDay: 3, retries: true},
	{plan: plan{rate: onlyIn(0, .95)}, perDay: 4},
	{plan: plan{rate: onlyIn(2, .9), bursts: true}, perDay: 5},
	{plan: plan{rate: onlyIn(1, .5), bursts: true}, perDay: 4, retries: true},
}

// retried is a history whose failures are tried again at once.
func retried(trials []Trial, r *rand.Rand) []Trial {
	var out []Trial
	for i, t := range trials {
		t.Session = uint32(i/3 + 1)
		out = append(out, t)
		for t.Failed && r.IntN(4) > 0 {
			t.At, t.ID, t.Failed = t.At+1000, r.Uint32(), r.IntN(5) > 0
			out = append(out, t)
		}
	}
	return out[max(0, len(out)-1000):]
}

// TestStationaryHelpersRarelyChange looks at 60 helpers of several sorts after
// 1 to 90 days: at most one report in twenty tells a change that is none.
func TestStationaryHelpersRarelyChange(t *testing.T) {
	const helpers = 60
	reports := 360
	if testing.Short() {
		reports = 45
	}
	r := rand.New(rand.NewPCG(60, 0))
	var c Changes
	wrong := 0
	for report := range reports {
		days := float64(report%90 + 1)
		found := make([][]Change, helpers)
		for i := range found {
			s := &sorts[i%len(sorts)]
			trials := s.history(min(1000, int(s.perDay*days)), r)
			if s.retries {
				trials = retried(trials, r)
			}
			found[i] = c.Find(trials)
		}
		Told(found, helpers)
		for _, x := range found {
			if len(x) > 0 {
				wrong++
				break
			}
		}
	}
	if 20*wrong > reports {
		t.Errorf("%d of %d reports tell a false change", wrong, reports)
	}
}

// TestChangesAreDescribed: the counts are of all runs before and since, retries
// among them, and a repo is named when the change is its alone.
func TestChangesAreDescribed(t *testing.T) {
	const hour = 3600e3
	var trials []Trial
	add := func(repo uint32, outcomes string) {
		for _, o := range outcomes {
			i := len(trials)
			trials = append(trials, Trial{At: int64(i) * hour, ID: uint32(i), Repo: repo, Failed: o == 'F'})
		}
	}
	for range 12 {
		add(1, "..")
		add(2, "...")
	}
	before := len(trials)
	for range 8 {
		add(1, "F.")
		add(2, "...")
	}
	var c Changes
	got := c.Find(trials)
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	x := got[0]
	x.P = 0
	if want := (Change{
		Class: WorseSince, From: int64(before) * hour, Before: Fraction{0, 60}, Since: Fraction{8, 40}, InRepo: true, Repo: 1,
	}); x != want {
		t.Errorf("%+v, want %+v", x, want)
	}

	for i := range trials { // the same, but all of the failures at their end are retries of one session
		trials[i].Failed, trials[i].Session = i >= before, 0
		if i >= before {
			trials[i].Session = 7
		}
	}
	if got := c.Find(trials); len(got) != 0 {
		t.Errorf("failures in a row in one session are a change: %+v", got)
	}
}

// TestChangesOfOneRepoAmongMany: what fails in one small repo since a moment does
// not stand out among the failures of all, but does among its own.
func TestChangesOfOneRepoAmongMany(t *testing.T) {
	var trials []Trial
	for i := range 300 {
		repo := uint32(i % 10)
		failed := repo != 7 && i%11 == 0 || repo == 7 && i >= 200
		trials = append(trials, Trial{At: int64(i) * 1000, ID: uint32(i), Repo: repo, Failed: failed})
	}
	var c Changes
	got := c.Find(trials)
	if len(got) != 1 || got[0].Class != WorseSince || !got[0].InRepo || got[0].Repo != 7 || got[0].From != 207_000 || got[0].P > .001 {
		t.Errorf("%+v", got)
	}
}

// TestChangesOverAgain: an outage does not hide that it is worse since.
func TestChangesOverAgain(t *testing.T) {
	var trials []Trial
	for i := range 400 {
		failed := i >= 80 && i < 110 || i >= 330 && i%2 == 0
		trials = append(trials, Trial{At: int64(i), ID: uint32(i), Failed: failed})
	}
	var c Changes
	got := c.Find(trials)
	if len(got) != 2 {
		t.Fatalf("%+v", got)
	}
	slices.SortFunc(got, func(a, b Change) int { return int(a.From - b.From) })
	if got[0].Class != Outage || got[0].From != 80 || got[0].To != 109 || got[0].Since != (Fraction{30, 30}) {
		t.Errorf("%+v", got[0])
	}
	if got[1].Class != WorseSince || got[1].From != 330 || got[1].Since != (Fraction{35, 70}) || got[1].Before != (Fraction{0, 300}) {
		t.Errorf("%+v", got[1])
	}
}

// TestChangesOfManyFailures: windows end at every few failures only, but what
// is found is exact.
func TestChangesOfManyFailures(t *testing.T) {
	var trials []Trial
	r := rand.New(rand.NewPCG(5, 0))
	for i := range 20000 {
		failed := i >= 12345 && i < 14321 || r.IntN(20) == 0
		trials = append(trials, Trial{At: int64(i), ID: uint32(i), Failed: failed})
	}
	var c Changes
	if got := c.Find(trials); len(got) != 1 || got[0].Class != Outage || got[0].From != 12345 || got[0].To != 14320 {
		t.Errorf("%+v", got)
	}
}

func TestBenjaminiHochberg(t *testing.T) {
	for _, v := range []struct {
		p    []float64
		want float64
	}{
		{nil, 0},
		{[]float64{.06}, 0},
		{[]float64{.05}, .05},
		{[]float64{.5, .04, .9}, 0}, // of three, the smallest has to be below .0167
		// The example of Benjamini and Hochberg (1995, section 4.1).
		{[]float64{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1}, .0095},
		{[]float64{.03, .04, .045}, .045}, // each is told, though none is below .0167
	} {
		if got := BenjaminiHochberg(v.p, .05); got != v.want {
			t.Errorf("%v: %v, want %v", v.p, got, v.want)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	r := rand.New(rand.NewPCG(61, 0))
	var helpers [][]Trial
	for i := range 60 {
		s := &sorts[i%len(sorts)]
		if trials := s.history(500, r); s.retries {
			helpers = append(helpers, retried(trials, r))
		} else {
			helpers = append(helpers, trials)
		}
	}
	var c Changes
	for b.Loop() {
		for _, h := range helpers {
			c.Find(h)
		}
	}
}
