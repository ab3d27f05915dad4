package sum

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"pi-track/internal/event/decode"
	"pi-track/internal/report/index"
)

// MaxOutcomes is how many runs a verdict looks at: the latest ones that
// succeeded or failed. What went wrong before that many runs is history, of which
// MaxHistory runs are searched for the moment when something changed, and a sample of
// all the time, of about MaxEarlier: see Outcomes.Thin. Of a period, all runs are
// looked at, up to a number that bounds memory.
const (
	MaxOutcomes    = 500
	MaxHistory     = 2000
	MaxEarlier     = 1000
	MaxOfPeriod    = 20000
	MaxCancelled   = 500
	maxOutcomeTime = 1<<32 - 1 // ms, of a duration
)

// Outcome is one run that has ended.
type Outcome struct {
	At       int64  // end, Unix ms: nearly the order of the log
	ID       uint32 // part of the id's hash: orders runs of the same time
	Duration uint32 // ms
	Repo     uint32
	Task     uint32
	Session  uint32
	Cause    uint32 // see Run
	With     uint32
	Tokens   uint32
	Micro    uint32 // cost in millionths of a dollar
	Failed   bool
}

func (a Outcome) compare(b Outcome) int {
	if a.At != b.At {
		return cmp.Compare(a.At, b.At)
	}
	return cmp.Compare(a.ID, b.ID)
}

// Outcomes are the latest of the outcomes in time order, and a few more that
// await being dropped. They may be added in any order, but nearly in time order
// is fast.
type Outcomes struct {
	List   []Outcome
	Most   int // so many are kept; 0 is MaxOutcomes
	Judged int // so many a verdict looks at; 0 is all that are kept

	// Thin keeps some of the earlier ones, too: those in every second, fourth, eighth …
	// slot of time, so that about MaxEarlier of them are left, and so that which ones
	// depends on nothing but how many there are.
	Thin    bool
	earlier []Outcome // in time order
	dropped int64     // how many were, kept or not
}

// Slot is the length of a slot of time, ms. It is no whole minute, as runs at regular
// times would all lie in the same slots.
const Slot = 61_000

// Every says of which slots earlier runs are kept where there are more than
// MaxHistory in all: those whose number is a multiple of it, a power of two.
func Every(all int64) int64 {
	if all <= MaxHistory {
		return 1
	}
	return 1 << bits.Len64(uint64(all-MaxHistory-1)/MaxEarlier)
}

func (o *Outcomes) most() int {
	if o.Most == 0 {
		return MaxOutcomes
	}
	return o.Most
}

// Merge adds all of b, which must not be used any more.
func (o *Outcomes) Merge(b *Outcomes) {
	if len(o.List) == 0 {
		o.List, o.earlier, o.dropped = b.List, b.earlier, b.dropped
		return
	}
	o.settle()
	b.settle()
	o.dropped += b.dropped
	for _, x := range b.earlier {
		o.keep(x)
	}
	x, y := o.History(), b.History()
	if len(y) == 0 {
		return
	}
	// Parts of a log overlap little in time: only what is later than the first of y
	// is put in order.
	from, _ := slices.BinarySearchFunc(x, y[0], Outcome.compare)
	tail := slices.Clone(x[from:])
	o.List = o.List[:len(o.List)-len(tail)]
	for len(tail) > 0 {
		next := &tail
		if len(y) > 0 && y[0].compare(tail[0]) < 0 {
			next = &y
		}
		o.append((*next)[0])
		*next = (*next)[1:]
	}
	for i := range y {
		o.append(y[i])
	}
}

// append adds one that is later than all.
func (o *Outcomes) append(x Outcome) {
	o.makeRoom()
	if len(o.List) == cap(o.List) {
		o.grow()
	}
	o.List = append(o.List, x)
}

// makeRoom drops those that await it where they are many.
func (o *Outcomes) makeRoom() {
	if most := o.most(); len(o.List) >= most+most/4 {
		o.List = o.List[:copy(o.List, o.without(len(o.List)-most+1))]
	}
}

// settle drops those that await it. What was taken of the list stays right.
func (o *Outcomes) settle() { o.List = o.without(max(0, len(o.List)-o.most())) }

// without drops the first n and returns the rest.
func (o *Outcomes) without(n int) []Outcome {
	for _, x := range o.List[:n] {
		o.dropOne(x)
	}
	return o.List[n:]
}

func (o *Outcomes) dropOne(x Outcome) {
	if !o.Thin {
		return
	}
	o.dropped++
	o.keep(x)
}

// keep keeps an earlier one if it lies in one of the slots.
func (o *Outcomes) keep(x Outcome) {
	every := Every(MaxHistory + o.dropped)
	if !x.inSlot(every) {
		return
	}
	if len(o.earlier) >= 2*MaxEarlier {
		o.earlier = slices.DeleteFunc(o.earlier, func(x Outcome) bool { return !x.inSlot(every) })
	}
	i := len(o.earlier)
	if i > 0 && x.compare(o.earlier[i-1]) < 0 {
		i, _ = slices.BinarySearchFunc(o.earlier, x, Outcome.compare)
	}
	o.earlier = slices.Insert(o.earlier, i, x)
}

func (a *Outcome) inSlot(every int64) bool { return a.At/Slot&(every-1) == 0 }

// AddRun adds a run.
func (o *Outcomes) AddRun(r *Run) {
	x := Outcome{
		At: r.End, ID: uint32(r.ID), Duration: uint32(min(r.End-r.Start, maxOutcomeTime)), Failed: r.Code == decode.CodeFailed,
		Repo: r.Repo, Task: r.Task, Session: uint32(r.SessionHash), Cause: r.Cause, With: r.With,
	}
	if l := r.Line; l.HasUsage {
		x.Tokens = uint32(min(max(l.Tokens, 0), math.MaxUint32))
		x.Micro = uint32(min(max(math.Round(l.Cost*1e6), 0), math.MaxUint32))
	}
	o.Add(x)
}

func (o *Outcomes) Add(x Outcome) {
	n, most := len(o.List), o.most()
	if n == 0 || x.At > o.List[n-1].At {
		o.append(x)
		return
	}
	if n >= most && x.compare(o.List[n-most]) < 0 {
		o.dropOne(x)
		return
	}
	o.makeRoom()
	if n = len(o.List); n == cap(o.List) {
		o.grow()
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

// grow makes room for as many again, but for no more than there will ever be.
func (o *Outcomes) grow() {
	n, most := len(o.List), o.most()
	list := make([]Outcome, n, max(n+1, min(2*n+8, most+most/4+1)))
	copy(list, o.List)
	o.List = list
}

// History are the latest outcomes without a gap.
func (o *Outcomes) History() []Outcome {
	return o.List[max(0, len(o.List)-o.most()):]
}

// Searched are the outcomes that are searched for changes, of all that there were: the
// latest without a gap and, where these are not all, a sample of all the time: those in
// every so-many-th slot.
func (o *Outcomes) Searched(all int64) (latest, sample []Outcome) {
	if !o.Thin || all <= int64(o.most()) {
		return o.History(), nil
	}
	o.settle()
	every := Every(all)
	sample = make([]Outcome, 0, 2*MaxEarlier)
	for _, list := range [][]Outcome{o.earlier, o.List} {
		for i := range list {
			if x := &list[i]; x.inSlot(every) {
				sample = append(sample, *x)
			}
		}
	}
	if every == 1 {
		return sample, nil
	}
	return o.List, sample
}

// Full says whether there may be earlier ones than History has.
func (o *Outcomes) Full() bool { return len(o.List) >= o.most() }

// Latest are the outcomes that a verdict looks at.
func (o *Outcomes) Latest() []Outcome {
	return o.List[max(0, len(o.List)-o.judged()):]
}

func (o *Outcomes) judged() int {
	if o.Judged == 0 {
		return o.most()
	}
	return o.Judged
}

// Cut says whether there may be earlier ones than Latest has.
func (o *Outcomes) Cut() bool { return len(o.List) >= o.judged() }

// Ends are the outcomes of the runs that a verdict goes by: those that succeeded
// or failed, and those that were cancelled.
type Ends struct{ Finished, Cancelled Outcomes }

// NewEnds is empty. Of a bounded period more runs are kept.
func NewEnds(bounded bool) Ends {
	e := Ends{Finished: Outcomes{Most: MaxHistory, Judged: MaxOutcomes, Thin: true}, Cancelled: Outcomes{Most: MaxCancelled}}
	if bounded {
		e.Finished = Outcomes{Most: MaxOfPeriod}
	}
	return e
}

// AddRun adds a run that has ended.
func (e *Ends) AddRun(r *Run) {
	switch r.Code {
	case decode.CodeSucceeded, decode.CodeFailed:
		e.Finished.AddRun(r)
	case decode.CodeCancelled:
		e.Cancelled.AddRun(r)
	}
}

func (e *Ends) Merge(b *Ends) {
	e.Finished.Merge(&b.Finished)
	e.Cancelled.Merge(&b.Cancelled)
}

func (e *Ends) Encode(w *index.Writer) {
	e.Finished.settle()
	index.PutSlice(w, e.Finished.List)
	index.PutSlice(w, e.Finished.earlier)
	index.Put(w, e.Finished.dropped)
	index.PutSlice(w, e.Cancelled.History())
}

func (e *Ends) Decode(d *index.Reader) {
	index.GetSlice(d, &e.Finished.List)
	index.GetSlice(d, &e.Finished.earlier)
	index.Get(d, &e.Finished.dropped)
	index.GetSlice(d, &e.Cancelled.List)
}
