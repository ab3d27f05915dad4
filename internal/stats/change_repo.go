package stats

// A repo is looked at alone when it has so many runs and failures.
const (
	minRepoRuns     = 10
	minRepoFailures = 4
)

// clearest is the window with the smallest p-value in all trials, or in those of
// one repo alone: what goes wrong in one of many repos does not stand out among
// the failures of all. It sets the p-value, of a repo twice as often as there
// are repos (Bonferroni), and the repo, and returns the trials that the window
// is of.
func (c *Changes) clearest(trials []Trial, x *Change) ([]Trial, window) {
	own, best := trials, window{}
	if all := count(trials); all.K == 0 || all.K == all.N {
		x.P = 1
		return own, best
	}
	c.load(trials)
	best = c.scan.best()
	x.P = c.scan.chance(best, maxP)
	repos, all := c.reposAlone(trials)
	looked := 2 * float64(all)
	for _, repo := range repos {
		alone := inRepo(trials, repo)
		c.load(alone)
		w := c.scan.best()
		if p := min(1, c.scan.chance(w, min(x.P, maxP)/looked)*looked); p < x.P {
			own, best = alone, w
			x.P, x.InRepo, x.Repo = p, true, repo
		}
	}
	return own, best
}

// inOne is what failed in one repo.
type inOne struct {
	repo uint32
	Fraction
}

// reposAlone are the repos that are looked at alone, of several, in the order of
// their first runs; all is how many there are.
func (c *Changes) reposAlone(trials []Trial) (out []uint32, all int) {
	clear(c.contexts)
	c.repos = c.repos[:0]
	at := int32(0)
	for i := range trials {
		t := &trials[i]
		if i == 0 || t.Repo != trials[i-1].Repo {
			var ok bool
			if at, ok = c.contexts[contextOf{repo: t.Repo}]; !ok {
				at = int32(len(c.repos))
				c.contexts[contextOf{repo: t.Repo}] = at
				c.repos = append(c.repos, inOne{repo: t.Repo})
			}
		}
		c.repos[at].N++
		if t.Failed {
			c.repos[at].K++
		}
	}
	if len(c.repos) < 2 {
		return nil, len(c.repos)
	}
	for _, f := range c.repos {
		if f.N >= minRepoRuns && f.K >= minRepoFailures && f.K < f.N {
			out = append(out, f.repo)
		}
	}
	return out, len(c.repos)
}

func inRepo(trials []Trial, repo uint32) []Trial {
	n := 0
	for i := range trials {
		if trials[i].Repo == repo {
			n++
		}
	}
	own := make([]Trial, 0, n)
	for i := range trials {
		if trials[i].Repo == repo {
			own = append(own, trials[i])
		}
	}
	return own
}

// mostlyIn names the repo whose runs make most of what fails more within
// [from, to), when the others do not fail clearly more than outside of it.
func mostlyIn(trials []Trial, from, to int) (bool, uint32) {
	type repoShare struct {
		repo    uint32
		in, out Fraction
	}
	var shares []repoShare
	index := map[uint32]int{}
	all := repoShare{}
	for i, t := range trials {
		at, ok := index[t.Repo]
		if !ok {
			at = len(shares)
			index[t.Repo] = at
			shares = append(shares, repoShare{repo: t.Repo})
		}
		one := count(trials[i : i+1])
		if i >= from && i < to {
			shares[at].in, all.in = shares[at].in.plus(one), all.in.plus(one)
		} else {
			shares[at].out, all.out = shares[at].out.plus(one), all.out.plus(one)
		}
	}
	var most repoShare
	largest, sum := 0.0, 0.0
	for _, x := range shares {
		n := float64(x.in.N + x.out.N)
		excess := float64(x.in.K) - float64(x.in.N)*float64(x.in.K+x.out.K)/n
		sum += max(0, excess)
		if excess > largest {
			largest, most = excess, x
		}
	}
	if largest <= sum/2 {
		return false, 0
	}
	in, out := all.in.minus(most.in), all.out.minus(most.out)
	d, ok := Newcombe(in.K, in.N, out.K, out.N)
	// Without others before and since, there is nothing to tell them from.
	return ok && d.Low <= 0, most.repo
}
