package stats

import "time"

// Grounds are what a verdict on one helper rests on.
type Grounds struct {
	All       *Evidence // every finished run, but for very early ones
	Rest      *Evidence // those outside of stretches that are over; All when there are none
	Changes   []Change  // as Changes.Find and Told leave them
	Recovered int64     // of the rest, see Recoveries
	Cancelled Cancelled
}

// MinCancelled is the number of cancelled runs that is worth a word.
const MinCancelled = 8

const (
	oftenLow      = 0.2 // Wilson's lower bound from which runs are often cancelled
	failsOftenLow = 0.1 // and from which runs fail often
)

// Judge classifies a helper; the first rule that holds wins. now is the time
// at which a failure weighs 1 in the score.
func Judge(g Grounds, now time.Time) Verdict {
	all := &g.All.All
	v := Verdict{N: all.N, Failures: all.Failures, Flips: all.Flips, Recoveries: g.Recovered}
	v.FlipRatio = round4(flipRatio(all))
	v.Score = round4(score(g.All.Strict, now))
	if g.Cancelled.N > 0 {
		v.Cancelled = &g.Cancelled
	}
	switch {
	case g.Cancelled.always():
		v.Class = AlwaysCancelled
	case v.N < minRuns && g.Cancelled.Often():
		v.Class = OftenCancelled
	case v.N < minRuns:
		v.Class = FewData
	case v.setLasting(g.Changes): // the changes may be older than the runs of All
	case v.Failures == v.N:
		v.Class = Broken
	case v.setRest(g.Rest): // the present goes before what is over
	case v.setOver(g.Changes):
	case g.Cancelled.Often():
		v.Class = OftenCancelled
	default:
		v.Class = Solid
	}
	return v
}

// setLasting takes a change that makes a helper fail more until now.
func (v *Verdict) setLasting(changes []Change) bool {
	for i := range changes {
		if c := &changes[i]; c.Class == WorseSince || c.Class == BrokenSince {
			v.setChange(c)
			return true
		}
	}
	return false
}

// setOver takes the latest of the changes that are over.
func (v *Verdict) setOver(changes []Change) bool {
	var latest *Change
	for i := range changes {
		if latest == nil || changes[i].From > latest.From {
			latest = &changes[i]
		}
	}
	if latest != nil {
		v.setChange(latest)
	}
	return latest != nil
}

func (v *Verdict) setChange(c *Change) {
	v.Class = c.Class
	from := time.UnixMilli(c.From).UTC()
	v.From = &from
	if c.Class == Outage {
		to := time.UnixMilli(c.To).UTC()
		v.To = &to
	}
}

// setRest classifies runs in which nothing changes. It is false when there is
// nothing to say about them.
func (v *Verdict) setRest(e *Evidence) bool {
	low, _ := Wilson(e.All.Failures, e.All.N)
	switch {
	case Sound(e.All.Failures, e.All.N) && striking(e.Repos) == nil:
		return false
	case v.setBound(e):
	case v.Recoveries >= minRecoveries:
		v.Class = FlakyClass
		v.setWhere(e)
	case low >= failsOftenLow, striking(e.Repos) != nil:
		v.Class = FailsOften
		v.setWhere(e)
	default:
		return false
	}
	return true
}

// Recoveries counts the failures that the next run of the same task made good;
// of runs without a task, the next one in the same repo. A job that fails in
// one task and succeeds in another has not recovered.
func Recoveries(trials []Trial) int64 {
	type work struct{ repo, task uint32 }
	failed := map[work]bool{}
	n := int64(0)
	for _, t := range trials {
		switch w := (work{t.Repo, t.Task}); {
		case t.Failed:
			failed[w] = true
		case len(failed) > 0 && failed[w]:
			n++
			delete(failed, w)
		}
	}
	return n
}
