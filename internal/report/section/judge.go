package section

import (
	"sync"

	"pi-track/internal/report/runs"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// judged is a verdict on runs and what it rests on.
type judged struct {
	verdict  stats.Verdict
	changes  []stats.Change
	evidence *stats.Evidence // nil: there is nothing more to say, see says
}

// minJudged is the number of runs from which changes are looked for.
const minJudged = 8

// runsOf are the runs that a verdict is on.
type runsOf struct {
	*sum.Tally
	ends *sum.Ends
}

// used says whether none of them has an outcome.
func (r *runsOf) used() bool { c := r.Result(); return c.Used == c.Runs }

// judge gives the verdicts on the runs of several helpers, or of several places;
// nil stands for none. Which changes are told depends on all of them.
func (s *shared) judge(all []*runsOf) []judged {
	out := make([]judged, len(all))
	if s.q.SomeStatus() {
		for i := range all {
			if all[i] != nil {
				out[i].verdict.Class = stats.Unjudged
			}
		}
		return out
	}
	found := make([][]stats.Change, len(all))
	parallel(len(all), func() func(int) {
		f := finder{shared: s}
		return func(i int) {
			if all[i] != nil {
				found[i] = f.find(all[i])
			}
		}
	})
	n := 0
	for _, r := range all {
		if r != nil && len(r.ends.Finished.Latest()) >= minJudged {
			n++
		}
	}
	stats.Told(found, n)
	parallel(len(all), func() func(int) {
		g := gatherer{shared: s}
		return func(i int) {
			switch r := all[i]; {
			case r == nil:
			case r.used():
				out[i].verdict.Class = stats.Used
			default:
				out[i] = g.judge(r.ends, found[i])
			}
		}
	})
	return out
}

// parallel calls what worker makes for every number below n.
func parallel(n int, worker func() func(int)) {
	workers := runs.Workers()
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			do := worker()
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	wg.Wait()
}

// trialsOf appends the outcomes, without those that the changes made history.
func trialsOf(dst []stats.Trial, list []sum.Outcome, over []stats.Change) []stats.Trial {
	for i := range list {
		if x := &list[i]; !stats.Over(over, x.At) {
			dst = append(dst, stats.Trial{At: x.At, ID: x.ID, Repo: x.Repo, Task: x.Task, Session: x.Session, Failed: x.Failed})
		}
	}
	return dst
}

// judge is the verdict on one.
func (g *gatherer) judge(e *sum.Ends, changes []stats.Change) judged {
	list := e.Finished.Latest()
	if quiet(list, changes) { // most are: nobody asks for their contexts
		if x := g.judgeBy(e, list, changes, false); !x.says() {
			return judged{verdict: x.verdict, changes: changes}
		}
	}
	x := g.judgeBy(e, list, changes, true)
	if !x.says() {
		return judged{verdict: x.verdict, changes: changes}
	}
	g.keep()
	return x
}

// quiet says whether the outcomes alone give no reason for a verdict.
func quiet(list []sum.Outcome, changes []stats.Change) bool {
	return len(changes) == 0 && stats.Sound(countFailed(list), int64(len(list)))
}

func countFailed(list []sum.Outcome) int64 {
	n := int64(0)
	for i := range list {
		if list[i].Failed {
			n++
		}
	}
	return n
}

// says says whether there is more to say than the verdict.
func (x *judged) says() bool {
	return x.verdict.Class != stats.Solid && x.verdict.Class != stats.FewData
}

// judgeBy is the verdict with the evidence for it; see gatherer.evidence.
func (g *gatherer) judgeBy(e *sum.Ends, list []sum.Outcome, changes []stats.Change, named bool) judged {
	grounds := stats.Grounds{All: g.evidence(list, named), Changes: changes, Cancelled: g.cancelled(e)}
	grounds.Rest = grounds.All
	g.trials = trialsOf(g.trials[:0], list, changes)
	grounds.Recovered = stats.Recoveries(g.trials)
	if rest := withoutOver(list, changes); len(rest) < len(list) {
		g.keep()
		grounds.Rest = g.evidence(rest, named)
	}
	return judged{verdict: local(g.q, stats.Judge(grounds, g.q.Now)), changes: changes, evidence: grounds.All}
}

// withoutOver is list without what the changes made history.
func withoutOver(list []sum.Outcome, changes []stats.Change) []sum.Outcome {
	if len(changes) == 0 {
		return list
	}
	var rest []sum.Outcome
	for _, x := range list {
		if !stats.Over(changes, x.At) {
			rest = append(rest, x)
		}
	}
	return rest
}

// cancelled sums up the runs that were cancelled since the first of those that
// the verdict goes by.
func (g *gatherer) cancelled(e *sum.Ends) stats.Cancelled {
	list, finished := e.Cancelled.Latest(), e.Finished.Latest()
	var runs []stats.Cancel
	for _, x := range list {
		if e.Finished.Cut() && x.At < finished[0].At {
			continue
		}
		runs = append(runs, stats.Cancel{Signal: g.labels.Text(x.Cause), DurationMS: int64(x.Duration)})
	}
	return stats.SumCancelled(int64(len(runs)), int64(len(finished)), runs)
}
