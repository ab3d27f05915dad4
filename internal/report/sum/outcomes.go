package sum

import (
	"cmp"
	"slices"

	"pi-track/internal/event"
)

// maxOutcomes is how many runs a verdict looks at: the latest ones that
// succeeded or failed. What went wrong before that many runs is history.
const MaxOutcomes = 500

// Outcome is one run that succeeded or failed.
type Outcome struct {
	At     int64  // end, Unix ms: nearly the order of the log
	ID     uint32 // part of the id's hash: orders runs of the same time
	Failed bool
	Repo   uint32
	Task   uint32
}

func (a Outcome) compare(b Outcome) int {
	if a.At != b.At {
		return cmp.Compare(a.At, b.At)
	}
	return cmp.Compare(a.ID, b.ID)
}

// Outcomes are the latest maxOutcomes in time order, and a few more that
// await being dropped. They may be added in any order, but nearly in time
// order is fast.
type Outcomes struct{ List []Outcome }

func (o *Outcomes) Merge(b *Outcomes) {
	x, y := o.Latest(), b.Latest()
	if len(y) == 0 {
		return
	}
	// The latest of both, from the end.
	all := make([]Outcome, min(len(x)+len(y), MaxOutcomes))
	for i := len(all) - 1; i >= 0; i-- {
		from := &x
		if len(x) == 0 || len(y) > 0 && x[len(x)-1].compare(y[len(y)-1]) < 0 {
			from = &y
		}
		last := len(*from) - 1
		all[i], *from = (*from)[last], (*from)[:last]
	}
	o.List = all
}

// AddRun adds a run if it succeeded or failed.
func (o *Outcomes) AddRun(r *Run) {
	if r.Code == event.CodeSucceeded || r.Code == event.CodeFailed {
		o.Add(Outcome{r.End, uint32(r.ID), r.Code == event.CodeFailed, r.Repo, r.Task})
	}
}

func (o *Outcomes) Add(x Outcome) {
	n := len(o.List)
	if n < MaxOutcomes+MaxOutcomes/4 && (n == 0 || x.At > o.List[n-1].At) {
		o.List = append(o.List, x)
		return
	}
	if n >= MaxOutcomes && x.compare(o.List[n-MaxOutcomes]) < 0 {
		return
	}
	if n >= MaxOutcomes+MaxOutcomes/4 {
		n = copy(o.List, o.List[n-MaxOutcomes+1:])
		o.List = o.List[:n]
	}
	i := n
	for i > 0 && i > n-8 && x.compare(o.List[i-1]) < 0 {
		i--
	}
	if i > 0 && x.compare(o.List[i-1]) < 0 {
		i, _ = slices.BinarySearchFunc(o.List[:i], x, Outcome.compare)
	}
	o.List = slices.Insert(o.List, i, x)
}

// Latest are the outcomes that a verdict looks at.
func (o *Outcomes) Latest() []Outcome {
	return o.List[max(0, len(o.List)-MaxOutcomes):]
}
