package stats

import (
	"math"
	"time"
)

// Class says what the outcomes of a helper look like.
type Class string

// The classes, from the worst to the best.
const (
	Broken       Class = "broken"        // every run failed
	BrokenSince  Class = "broken since"  // every run since a moment failed
	WorseSince   Class = "worse since"   // fails more since a moment
	ContextBound Class = "context-bound" // one context nearly always fails, the others do not
	FlakyClass   Class = "flaky"         // fails and recovers
	Outage       Class = "outage"        // failed more for a time that is over
	BetterSince  Class = "better since"  // fails less since a moment
	FailsOften   Class = "fails often"   // in one task after the other, without recovering

	SlowerSince Class = "slower since" // takes longer since a moment; never of a Verdict
	FasterSince Class = "faster since" // takes less long

	AlwaysCancelled Class = "always cancelled"
	OftenCancelled  Class = "often cancelled"

	Solid    Class = "solid"
	FewData  Class = "few data"   // fewer than 8 runs
	Unjudged Class = "not judged" // only runs of some statuses were asked for
	Used     Class = "used"       // a skill or a prompt: whether it succeeded is not known
)

// Level says how strict a context is.
type Level string

// The levels.
const (
	LevelNone Level = ""
	LevelRepo Level = "repo"
	LevelTask Level = "task" // repo and task
)

// Verdict is a class with the evidence for it.
type Verdict struct {
	Class      Class   `json:"class"`
	N          int64   `json:"n"`
	Failures   int64   `json:"failures"`
	Flips      int64   `json:"flips"`      // changes of the outcome in time order
	FlipRatio  float64 `json:"flip_ratio"` // flips ÷ those expected of a random order; 0 when there is no order
	Recoveries int64   `json:"recoveries"` // failures that the next run of the same work made good
	Score      float64 `json:"score"`      // flaky score, 0…1

	// The context that a context-bound or flaky verdict names. Level is
	// LevelNone when it names none; Repo "" is outside any repo.
	Level           Level  `json:"level"`
	Repo            string `json:"repo"`
	Task            string `json:"task"`
	ContextN        int64  `json:"context_n"`
	ContextFailures int64  `json:"context_failures"`

	// From is when a change began, To when an outage ended.
	From *time.Time `json:"from,omitempty"`
	To   *time.Time `json:"to,omitempty"`

	Cancelled *Cancelled `json:"cancelled,omitempty"` // nil: none was
}

// Context is the outcomes of a helper in one repo, or in one task of a repo.
type Context struct {
	Level Level
	Repo  string
	Task  string
	Sequence

	// Of a repo, the tasks that the helper ran in, and those with a failure: retries
	// count once. A run without a task is one of its own.
	Works, FailedWorks int64
}

// Evidence is what a verdict on one helper rests on. Cancelled runs are left
// out of all of it.
type Evidence struct {
	All   Sequence  // every run
	Repos []Context // every run, by repo
	Tasks []Context // every run that has a task, by repo and task

	// Strict is every run once, in the strictest of its contexts (task, repo,
	// the helper as a whole) that has at least MinContext runs.
	Strict []Context
}

// MinContext is the number of runs from which a context stands for itself.
const MinContext = 5

const (
	minRuns        = 8    // fewer are few data
	minBound       = 3    // runs that a context-bound repo needs; of one task, a few are retries
	boundRate      = 0.9  // and its failure rate
	boundChance    = .001 // of such a context among all of a helper's, where the others fail as well
	strikingLow    = 0.05 // Wilson's lower bound of the failure rate of a striking repo
	strikingChance = 1e-4 // of a repo with as many failures as one that is named without the most of them
	solidWilsonLow = 0.02 // a failure rate that may be lower is no news
	minRecoveries  = 2
)

// flipRatio is flips ÷ (2k(n−k)/n), the number expected of a random order.
func flipRatio(s *Sequence) float64 {
	if s.Failures == 0 || s.Failures == s.N {
		return 0
	}
	k, n := float64(s.Failures), float64(s.N)
	return float64(s.Flips) / (2 * k * (n - k) / n)
}

// setBound finds the one repo, else the one task, that nearly always fails.
func (v *Verdict) setBound(e *Evidence) bool {
	for i, contexts := range [][]Context{e.Repos, e.Tasks} {
		if c := boundContext(contexts, &e.All, [...]int64{minBound, MinContext}[i]); c != nil {
			v.Class = ContextBound
			v.name(c)
			return true
		}
	}
	return false
}

// boundContext is the only context that fails more than boundRate of the
// time, when the runs outside it do not. Where those fail too, some of many small
// contexts fail altogether by chance: it must be less likely than boundChance.
func boundContext(contexts []Context, all *Sequence, least int64) *Context {
	var found *Context
	looked := 0
	for i := range contexts {
		c := &contexts[i]
		if c.N < least {
			continue
		}
		looked++
		if float64(c.Failures) <= boundRate*float64(c.N) {
			continue
		}
		if found != nil {
			return nil
		}
		found = c
	}
	if found == nil || found.N == all.N {
		return nil
	}
	if elsewhere := all.Failures - found.Failures; elsewhere > 0 {
		chance := atLeast(found.Failures, found.N, all.Failures, all.N, 1)
		if float64(looked)*chance >= boundChance {
			return nil
		}
	}
	return found
}

// Elsewhere is the failures and runs outside of the context that v names.
func (v *Verdict) Elsewhere() (failures, n int64) {
	return v.Failures - v.ContextFailures, v.N - v.ContextN
}

// Sound says whether k failures of n runs are no news: the helper may as well
// fail less than twice in a hundred runs.
func Sound(k, n int64) bool {
	low, _ := Wilson(k, n)
	return k < 2 || low < solidWilsonLow
}

// setWhere names the repo that holds most failures and fails more than the
// rest, and the task within it of which the same is true; else a striking repo.
func (v *Verdict) setWhere(e *Evidence) {
	if c := striking(e.Repos); c != nil {
		v.name(c)
	}
	for _, contexts := range [][]Context{e.Repos, e.Tasks} {
		for i := range contexts {
			c := &contexts[i]
			if stands(c, &e.All) {
				v.name(c)
			}
		}
	}
}

// stands says whether c holds most failures of all and fails clearly more
// than the rest.
func stands(c *Context, all *Sequence) bool {
	if c.N < MinContext || 2*c.Failures <= all.Failures {
		return false
	}
	diff, ok := Newcombe(c.Failures, c.N, all.Failures-c.Failures, all.N-c.N)
	return ok && diff.Low > 0
}

// striking is the repo that surely fails more than seldom, and with the least chance of failing in
// as many tasks if all repos were alike; nil when none is less likely than
// strikingChance.
func striking(repos []Context) *Context {
	var works, failed, looked int64
	for i := range repos {
		works += repos[i].Works
		failed += repos[i].FailedWorks
		if repos[i].N >= MinContext {
			looked++
		}
	}
	var found *Context
	limit := strikingChance / float64(looked)
	for i := range repos {
		c := &repos[i]
		low, _ := Wilson(c.Failures, c.N)
		if c.N < MinContext || low < strikingLow || c.FailedWorks*works <= failed*c.Works {
			continue
		}
		if p := atLeast(c.FailedWorks, c.Works, failed, works, limit); p < limit {
			found, limit = c, p
		}
	}
	return found
}

func (v *Verdict) name(c *Context) {
	v.Level, v.Repo, v.Task = c.Level, c.Repo, c.Task
	v.ContextN, v.ContextFailures = c.N, c.Failures
}

// score is (recoveries ÷ failures that have a successor) × the entropy of the
// outcome given its context, 0…1. A failure weighs half for every 14 days
// before the day of now: two reports of a day show the same score.
func score(contexts []Context, now time.Time) float64 {
	const day = 24 * time.Hour
	scale := 1 / weight(now.Truncate(day).UnixMilli())
	var recovered, followed, entropy, n float64
	for i := range contexts {
		c := &contexts[i]
		recovered += c.WRecoveries
		followed += c.WFollowed
		p := c.WFailures * scale / float64(c.N)
		entropy += float64(c.N) * binaryEntropy(p)
		n += float64(c.N)
	}
	if followed == 0 || n == 0 {
		return 0
	}
	return recovered / followed * entropy / n
}

// binaryEntropy is the entropy of a coin, in bits.
func binaryEntropy(p float64) float64 {
	if p <= 0 || p >= 1 {
		return 0
	}
	return -p*math.Log2(p) - (1-p)*math.Log2(1-p)
}

// round4 rounds to four decimals: sums in another order give the same result.
func round4(x float64) float64 { return math.Round(x*1e4) / 1e4 }
