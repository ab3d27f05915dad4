package section

import (
	"time"

	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// moreShare is the share of false ones among the sentences of each sort that go
// beyond verdicts: together with those about changes they stay below one in
// twenty.
const moreShare = 0.01

// further is what there is to say of a helper beyond its verdict.
type further struct {
	pace      []stats.Pace   // its durations changed: none or one
	tie       []stats.Tie    // it fails more with one revision, agent or model
	cancelled []stats.Change // it is cancelled more since a moment
}

// further looks at all helpers: which of what was found is told depends on all
// of them.
func (t *totals) further() []further {
	out := make([]further, len(t.helpers))
	verdicts := t.verdicts()
	parallel(len(out), func() func(int) {
		var l looker
		return func(id int) {
			if h := t.helpers[id]; h != nil && len(h.ends.Finished.Latest())+len(h.ends.Cancelled.Latest()) >= minJudged {
				out[id] = t.lookFurther(&l, h, &verdicts[id])
			}
		}
	})
	judged := 0
	var paces, ties, cancels []float64
	for id, h := range t.helpers {
		if h == nil {
			continue
		}
		if len(h.ends.Finished.Latest()) >= minJudged {
			judged++
		}
		for _, x := range out[id].pace {
			paces = append(paces, x.P)
		}
		for _, x := range out[id].tie {
			ties = append(ties, x.P)
		}
		for _, x := range out[id].cancelled {
			cancels = append(cancels, x.P)
		}
	}
	limit := func(p []float64) float64 {
		for len(p) < judged {
			p = append(p, 1)
		}
		return stats.BenjaminiHochberg(p, moreShare)
	}
	forPace, forTie, forCancels := limit(paces), limit(ties), limit(cancels)
	for i := range out {
		x := &out[i]
		x.pace = upTo(x.pace, forPace, func(p stats.Pace) float64 { return p.P })
		x.tie = upTo(x.tie, forTie, func(p stats.Tie) float64 { return p.P })
		x.cancelled = upTo(x.cancelled, forCancels, func(p stats.Change) float64 { return p.P })
	}
	return out
}

func upTo[T any](found []T, limit float64, p func(T) float64) []T {
	if len(found) > 0 && p(found[0]) > limit {
		return nil
	}
	return found
}

// looker is what one worker needs.
type looker struct {
	changes stats.Changes
	paces   stats.Paces
	timed   []stats.Timed
	trials  []stats.Trial
}

func (t *totals) lookFurther(l *looker, h *helper, v *judged) (x further) {
	list, sample := h.searched()
	x.pace = l.findPace(list, sample)
	if rest := withoutOver(list, v.changes); v.verdict.Failures >= minRecovered && !lasts(v.changes) {
		l.trials = trialsOf(l.trials[:0], rest, nil)
		if tie, ok := stats.FindTie(l.trials, t.valuesFor(rest)); ok {
			x.tie = append(x.tie, tie)
		}
	}
	if len(h.ends.Cancelled.Latest()) >= stats.MinCancelled {
		l.trials = cancelTrials(l.trials[:0], &h.ends)
		x.cancelled = lastingOf(l.changes.Find(l.trials))
	}
	return x
}

// findPace finds the change of the durations in the latest outcomes or, of a busy helper,
// in the sample of all the time.
func (l *looker) findPace(latest, sample []sum.Outcome) []stats.Pace {
	l.timed = timedOf(l.timed[:0], latest)
	p, ok := l.paces.Find(l.timed)
	if !ok && sample != nil {
		l.timed = timedOf(l.timed[:0], sample)
		p, ok = l.paces.Find(l.timed)
		p.Sampled = true
	}
	switch {
	case !ok:
		return nil
	case sample != nil:
		p.P *= 2 // it was looked for twice
	}
	return []stats.Pace{p}
}

// minRecovered is from how many failures a tie is looked for.
const minRecovered = 4

func lasts(changes []stats.Change) bool { return len(lastingOf(changes)) > 0 }

// lastingOf is the change that makes it fail more until now, if there is one.
func lastingOf(changes []stats.Change) []stats.Change {
	for _, c := range changes {
		if c.Class == stats.WorseSince || c.Class == stats.BrokenSince {
			return []stats.Change{c}
		}
	}
	return nil
}

func timedOf(dst []stats.Timed, list []sum.Outcome) []stats.Timed {
	for i := range list {
		if x := &list[i]; !x.Failed {
			dst = append(dst, stats.Timed{At: x.At, Repo: x.Repo, Session: x.Session, MS: int64(x.Duration)})
		}
	}
	return dst
}

// valuesFor are numbers, from 1 on, of what the outcomes ran with, for each key of
// withNames; 0 is not known.
func (s *shared) valuesFor(list []sum.Outcome) [][]uint32 {
	out := make([][]uint32, len(withNames))
	for key := range out {
		out[key] = make([]uint32, len(list))
		numbers := map[string]uint32{}
		of := map[uint32]uint32{} // by number of all that a run ran with
		for i := range list {
			n, ok := of[list[i].With]
			if !ok {
				if value := s.with(list[i].With)[key]; value != "" {
					if n = numbers[value]; n == 0 {
						n = uint32(len(numbers) + 1)
						numbers[value] = n
					}
				}
				of[list[i].With] = n
			}
			out[key][i] = n
		}
	}
	return out
}

// cancelTrials appends all runs that ended, of which those count as failed that
// were cancelled, in time order.
func cancelTrials(dst []stats.Trial, e *sum.Ends) []stats.Trial {
	finished, cancelled := e.Finished.History(), e.Cancelled.History()
	from := int64(0) // before it runs of one sort were dropped
	if e.Finished.Full() {
		from = finished[0].At
	}
	if e.Cancelled.Full() {
		from = max(from, cancelled[0].At)
	}
	for len(finished) > 0 || len(cancelled) > 0 {
		list := &finished
		if len(finished) == 0 || len(cancelled) > 0 && cancelled[0].At < finished[0].At {
			list = &cancelled
		}
		if x := &(*list)[0]; x.At >= from {
			dst = append(dst, stats.Trial{At: x.At, ID: x.ID, Repo: x.Repo, Task: x.Task, Session: x.Session, Failed: list == &cancelled})
		}
		*list = (*list)[1:]
	}
	return dst
}

// Tied is one thing that runs of a helper ran with.
type Tied struct {
	Key   string `json:"key"` // rev, agent or model
	Value string `json:"value"`
}

// The codes of what is said beyond verdicts, besides slower since and faster
// since.
const (
	FailsWith      = "fails with"      // one revision, agent or model: K of N; with others Rest
	CancelledSince = "cancelled since" // K of N since From
)

// furtherSentences are those on a helper.
func (t *totals) furtherSentences(id uint32, x *further) []Sentence {
	h := t.helpers[id]
	if h == nil {
		return nil
	}
	var out []Sentence
	name, which := t.name(id), t.which(id)
	sentence := func(code string) Sentence {
		return Sentence{Code: code, Helper: name, Which: which, Look: lookAt(name, which)}
	}
	list := h.among(false)
	for _, p := range x.pace {
		s := sentence(string(p.Class))
		s.From, s.K, s.N, s.P50Ratio = t.q.Moment(p.From), p.N, p.N, &p.Ratio
		before, since := sides(h.among(p.Sampled), &stats.Change{From: p.From})
		s.Beside = t.beside(before, since, false)
		out = append(out, s)
	}
	for _, tie := range x.tie {
		s := sentence(FailsWith)
		s.K, s.N, s.Rest = tie.With.K, tie.With.N, &Part{K: tie.Rest.K, N: tie.Rest.N}
		rest := withoutOver(list, t.verdicts()[id].changes)
		s.Tied, s.From = t.tied(rest, tie)
		out = append(out, s)
	}
	for _, c := range x.cancelled {
		s := sentence(CancelledSince)
		was, is := stats.NewRate(c.Before.N-c.Before.K, c.Before.N), stats.NewRate(c.Since.N-c.Since.K, c.Since.N)
		s.From, s.K, s.N, s.Was, s.Is = t.q.Moment(c.From), c.Since.K, c.Since.N, &was, &is
		var runs []stats.Cancel
		for _, r := range h.ends.Cancelled.History() {
			if r.At >= c.From {
				runs = append(runs, stats.Cancel{Signal: t.labels.Text(r.Cause), DurationMS: int64(r.Duration)})
			}
		}
		how := stats.SumCancelled(int64(len(runs)), c.Since.N-c.Since.K, runs)
		s.Cancelled = &how
		out = append(out, s)
	}
	return out
}

// tied names what a tie is to, and when it began: with the first run of it when
// many ran without before, else when runs with it began to fail.
func (t *totals) tied(list []sum.Outcome, tie stats.Tie) (*Tied, *time.Time) {
	values := t.valuesFor(list)[tie.Key]
	var own []sum.Outcome
	out := &Tied{Key: withNames[tie.Key]}
	before := 0
	for i, value := range values {
		switch {
		case int(value) == tie.Value:
			out.Value = t.with(list[i].With)[tie.Key]
			own = append(own, list[i])
		case value != 0 && len(own) == 0:
			before++
		}
	}
	if before >= newAfter {
		return out, t.q.Moment(own[0].At - int64(own[0].Duration))
	}
	var c stats.Changes
	for _, x := range lastingOf(c.Find(trialsOf(nil, own, nil))) {
		return out, t.q.Moment(x.From)
	}
	return out, nil
}

// newAfter is how many runs without a value make its first run one of something
// new.
const newAfter = 10
