package stats

import (
	"math"
	"slices"
)

// Trial is a run that succeeded or failed, as the search for changes sees it.
type Trial struct {
	At      int64  // end, Unix ms
	ID      uint32 // of the run: the same runs always get the same answer
	Repo    uint32 // number of the context
	Task    uint32 // number of the task, 0 is none
	Session uint32 // number of the session, 0 is none
	Tied    bool   // it ran with what the helper is known to fail with: a context of its own
	Failed  bool
}

// contextOf is what the failure rate of a run depends on.
type contextOf struct {
	repo uint32
	tied bool
}

func (t *Trial) context() contextOf { return contextOf{t.Repo, t.Tied} }

// Fraction is k of n runs.
type Fraction struct {
	K int64 `json:"k"` // failures
	N int64 `json:"n"`
}

// Change is a moment at which a helper began to fail more, or less, or a
// stretch of time in which it did.
type Change struct {
	Class   Class    // WorseSince, BrokenSince, BetterSince or Outage
	P       float64  // of a change as clear as this in a history without any
	From    int64    // of the first run since (Unix ms); of an outage, its first failure
	To      int64    // last failure of an outage, else 0
	Before  Fraction // failures before From; of an outage, outside of it
	Since   Fraction // failures from From on; of an outage, within it
	Sampled bool     // it was found in a sample of the runs
	InRepo  bool     // the change is one of the runs in Repo alone
	Repo    uint32
}

// Changes finds changes in histories, one after the other. The zero value is
// ready. It is not for concurrent use.
type Changes struct {
	scan     scan
	kept     []int32 // the trial of each run of the scan
	contexts map[contextOf]int32
	failing  map[uint32]bool // sessions whose last run failed
	repos    []inOne
}

const (
	maxChanges = 3    // of one helper
	maxP       = 0.01 // of a change, judged alone
	persisting = 0.02 // probability below which the runs beside a window differ from it

	minBrokenSessions = 3    // of the failures since a helper broke
	surelyLess        = 1e-3 // probability that as few fail before it, of a stretch that began earlier
)

// Find returns the changes in a history of trials in time order, the clearest
// first, each with a p-value below 0.01. Between several helpers, see
// BenjaminiHochberg. The worst stretch is found by the scan statistic; what it
// is called depends on the runs on either side. Runs outside a stretch that is
// over are judged again.
func (c *Changes) Find(trials []Trial) []Change {
	var out []Change
	for len(out) < maxChanges {
		x := c.worst(trials)
		if x.Class == "" {
			break
		}
		out = append(out, x)
		if x.Class == WorseSince || x.Class == BrokenSince {
			break
		}
		rest := make([]Trial, 0, len(trials))
		for _, t := range trials {
			if !x.Over(t.At) {
				rest = append(rest, t)
			}
		}
		trials = rest
	}
	return out
}

// Over says whether a run that ended at the time at (Unix ms) lies in what a
// change made history: the time before it got better, or the outage.
func (c *Change) Over(at int64) bool {
	return c.Class == BetterSince && at < c.From || c.Class == Outage && c.From <= at && at <= c.To
}

// Over says whether any of the changes made the time at history.
func Over(changes []Change, at int64) bool {
	return slices.ContainsFunc(changes, func(c Change) bool { return c.Over(at) })
}

// worst is the clearest change, if there is one.
func (c *Changes) worst(trials []Trial) (x Change) {
	own, w := c.clearest(trials, &x)
	if x.P >= maxP {
		return Change{}
	}
	c.load(own)
	persists, begins := c.scan.sides(w)
	from, to := c.border(trials, own, w.from), c.border(trials, own, w.to)
	switch {
	case persists:
		x.Class, to = WorseSince, len(trials)
	case begins:
		x.Class, from = BetterSince, 0
	default:
		x.Class = Outage
	}
	if !x.InRepo {
		x.InRepo, x.Repo = mostlyIn(trials, from, to)
	}
	from, to = c.sharpen(&x, trials, from, to)
	x.describe(trials, from, to)
	return x
}

// sharpen finds the moment of a change that lasts again, now that it is known to
// last: the stretch is to begin with the history, or to end with it, and only
// the runs of the repo count that changed.
func (c *Changes) sharpen(x *Change, trials []Trial, from, to int) (int, int) {
	own := trials
	if x.InRepo {
		own = inRepo(trials, x.Repo)
	}
	c.load(own)
	switch x.Class {
	case WorseSince:
		if i := c.border(trials, own, c.scan.since()); i > 0 {
			from = i
		}
		from = brokenFrom(trials, from)
	case BetterSince:
		if i := c.border(trials, own, c.scan.until()); i < len(trials) {
			to = i
		}
	}
	return together(trials, from), together(trials, to)
}

// brokenFrom is where a stretch that ends with the history begins: later than at from if
// all fails since its last success, and hardly anything did before. A few failures shortly
// before a helper broke are not when it broke.
func brokenFrom(trials []Trial, from int) int {
	begin := len(trials)
	sessions := map[uint32]bool{}
	for begin > from && trials[begin-1].Failed {
		begin--
		sessions[trials[begin].Session] = true
	}
	n := len(trials) - begin
	if n < minRuns || len(sessions) < minBrokenSessions && !sessions[0] {
		return from
	}
	if early := count(trials[from:begin]); rarer(int(early.K), int(early.N), n, n) < surelyLess {
		return begin
	}
	return from
}

// border is the first of the trials that is not before run i of a scan of own
// ones.
func (c *Changes) border(trials, own []Trial, i int) int {
	if i >= len(c.kept) {
		return len(trials)
	}
	at := own[c.kept[i]].At
	return slices.IndexFunc(trials, func(t Trial) bool { return t.At >= at })
}

// together moves a border before trials of the same time as those behind it.
func together(trials []Trial, i int) int {
	for i > 0 && i < len(trials) && trials[i-1].At == trials[i].At {
		i--
	}
	return i
}

// describe sets the times and the counts of the stretch [from, to).
func (x *Change) describe(trials []Trial, from, to int) {
	within, outside := count(trials[from:to]), count(trials[:from]).plus(count(trials[to:]))
	switch x.Class {
	case BetterSince:
		x.From, x.Before, x.Since = trials[to].At, within, outside
		return
	case WorseSince:
		if within.K == within.N {
			x.Class = BrokenSince
		}
	case Outage:
		for _, t := range trials[from:to] {
			if t.Failed {
				x.To = t.At
			}
		}
	}
	x.From, x.Before, x.Since = trials[from].At, outside, within
}

func count(trials []Trial) Fraction {
	f := Fraction{N: int64(len(trials))}
	for _, t := range trials {
		if t.Failed {
			f.K++
		}
	}
	return f
}

// load takes the trials into the scan. Failures in a row in one session count
// once: retries are no sign that others fail.
func (c *Changes) load(trials []Trial) {
	if c.contexts == nil {
		c.contexts, c.failing = map[contextOf]int32{}, map[uint32]bool{}
	}
	clear(c.contexts)
	clear(c.failing)
	s := &c.scan
	s.of, s.failed, s.n, s.k, s.seed = s.of[:0], s.failed[:0], s.n[:0], s.k[:0], 0
	c.kept = c.kept[:0]
	of, known := int32(0), false // the context of the run before
	for i := range trials {
		t := &trials[i]
		if t.Session != 0 && c.again(t) {
			continue
		}
		if !known || t.context() != trials[c.kept[len(c.kept)-1]].context() {
			if of, known = c.contexts[t.context()]; !known {
				of, known = int32(len(s.n)), true
				c.contexts[t.context()] = of
				s.n, s.k = append(s.n, 0), append(s.k, 0)
			}
		}
		s.n[of]++
		if t.Failed {
			s.k[of]++
		}
		s.of, s.failed = append(s.of, of), append(s.failed, t.Failed)
		s.seed = s.seed*0x9e3779b97f4a7c15 + uint64(t.ID) + 1
		c.kept = append(c.kept, int32(i))
	}
	s.prepare()
}

// again says whether a run failed as the run before it in its session did.
func (c *Changes) again(t *Trial) bool {
	if !t.Failed {
		if len(c.failing) > 0 {
			delete(c.failing, t.Session)
		}
		return false
	}
	if c.failing[t.Session] {
		return true
	}
	c.failing[t.Session] = true
	return false
}

// sides says whether the runs after a window go on like it, and whether those
// before it began like it. At most one is true: of two like it the shorter
// side belongs to the window.
func (s *scan) sides(w window) (persists, begins bool) {
	fail := func(from, to int) (k int) {
		for _, f := range s.failed[from:to] {
			if f {
				k++
			}
		}
		return k
	}
	n := len(s.of)
	within := fail(w.from, w.to)
	before, after := w.from, n-w.to
	persists = rarer(fail(w.to, n), after, within, w.to-w.from) > persisting
	begins = rarer(fail(0, w.from), before, within, w.to-w.from) > persisting
	if persists && begins {
		persists = after <= before
		begins = !persists
	}
	return persists, begins
}

// rarer is the p-value of Fisher's exact test, one-sided, that k of n is a
// smaller share than K of N.
func rarer(k, n, K, N int) float64 {
	p := 0.0
	all := logChoose(int64(n+N), int64(k+K))
	for x := max(0, k+K-N); x <= k; x++ {
		p += math.Exp(logChoose(int64(n), int64(x)) + logChoose(int64(N), int64(k+K-x)) - all)
	}
	return p
}

func (f Fraction) plus(g Fraction) Fraction  { return Fraction{f.K + g.K, f.N + g.N} }
func (f Fraction) minus(g Fraction) Fraction { return Fraction{f.K - g.K, f.N - g.N} }
