package section

import (
	"fmt"
	"math"
	"slices"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/report/hash"
	"pi-track/internal/report/index"
	"pi-track/internal/report/query"
	"pi-track/internal/report/sum"
)

// trials collects units and who is in which arm.
type trials struct {
	s     *shared
	from  *trials
	units map[uint64]*trialUnit
	calls map[trialCall]*trialRuns
}

type trialUnit struct {
	outcomeAt   int64
	outcomeID   uint64
	complete    bool
	repo        uint32
	first, last int64
	cost        int64 // 10⁻⁹ USD: a sum of integers is the same in any order
	tokens      int64
	in          []trialIn
}

// trialIn is a unit's place in an experiment: that of its first call.
type trialIn struct {
	trial, arm, helper uint32 // labels
	at                 int64
	tie                uint64 // decides between calls of one time: the labels' numbers follow the order in the log
}

type trialCall struct{ trial, arm uint32 }

type trialRuns struct {
	calls, ok, failed int64
	durations         []int64
}

func trialsKey(_ *kind, q *query.Plan) string {
	return fmt.Sprintf("experiment %v", sessionTrials(q))
}

// sessionTrials are the ids of the experiments whose unit is the session.
func sessionTrials(q *query.Plan) []string {
	var out []string
	for _, x := range q.Experiments {
		if x.Unit == "session" {
			out = append(out, x.ID)
		}
	}
	slices.Sort(out)
	return out
}

func newTrials(s *shared) (section, part) {
	t := &trials{s: s, units: map[uint64]*trialUnit{}, calls: map[trialCall]*trialRuns{}}
	return t, t
}

func (t *trials) Fork() part {
	return &trials{s: t.s, from: t, units: map[uint64]*trialUnit{}, calls: map[trialCall]*trialRuns{}}
}

// label is the number of a text.
func (t *trials) label(b []byte) uint32 { return t.s.labels.Add(hash.Of(b), b) }

func (t *trials) Add(r *sum.Run) {
	l := r.Line
	var task, session uint64
	if r.SessionHash != 0 {
		session = ^r.SessionHash
		task = session
	}
	if !l.Task.Empty() {
		task = hash.Of(l.Bytes(l.Task))
	}
	bySession := false
	var in *trialIn
	if !l.Experiment.Empty() && !l.Arm.Empty() {
		arm, name := l.Bytes(l.Arm), l.Bytes(l.Name)
		in = &trialIn{t.label(l.Bytes(l.Experiment)), t.label(arm), t.label(name), r.Start, hash.Fold(hash.Of(arm), hash.Of(name)^1)}
		bySession = slices.Contains(sessionTrials(t.s.q), string(l.Bytes(l.Experiment)))
		t.call(r, *in)
	}
	for i, key := range [...]uint64{task, session} {
		if key == 0 || i == 1 && session == task {
			continue
		}
		u := t.units[key]
		if u == nil {
			u = &trialUnit{}
			t.units[key] = u
		}
		u.add(r)
		if in != nil && (i == 1) == (bySession && session != task) {
			u.put(*in)
		}
	}
}

// call counts a call of a helper in an experiment.
func (t *trials) call(r *sum.Run, in trialIn) {
	key := trialCall{in.trial, in.arm}
	c := t.calls[key]
	if c == nil {
		c = &trialRuns{}
		t.calls[key] = c
	}
	if r.Nothing && string(r.Line.Bytes(r.Line.Arm)) != "off" {
		return // an offer
	}
	c.calls++
	switch {
	case r.Nothing:
	case r.Code == decode.CodeSucceeded:
		c.ok++
		c.durations = append(c.durations, r.End-r.Start)
	case r.Code == decode.CodeFailed:
		c.failed++
	}
}

func (u *trialUnit) add(r *sum.Run) {
	if r.Nothing {
		return
	}
	l := r.Line
	if u.first == 0 || r.Start < u.first {
		u.first = r.Start
	}
	u.last = max(u.last, r.End)
	u.cost += int64(math.Round(l.Cost * 1e9))
	u.tokens += l.Tokens
	kind := event.Kind(l.Bytes(l.Kind))
	if kind != event.Job && kind != event.Loop || r.Code != decode.CodeSucceeded && r.Code != decode.CodeFailed {
		return
	}
	if r.End > u.outcomeAt || r.End == u.outcomeAt && r.ID > u.outcomeID {
		u.outcomeAt, u.outcomeID, u.complete, u.repo = r.End, r.ID, r.Code == decode.CodeSucceeded, r.Repo
	}
}

// put places the unit by a call, unless an earlier one did.
func (u *trialUnit) put(in trialIn) {
	for i := range u.in {
		if x := &u.in[i]; x.trial == in.trial {
			if in.at < x.at || in.at == x.at && in.tie < x.tie {
				*x = in
			}
			return
		}
	}
	u.in = append(u.in, in)
}

func (t *trials) Join() {
	for key, b := range t.units {
		a := t.from.units[key]
		if a == nil {
			t.from.units[key] = b
			continue
		}
		if b.outcomeAt > a.outcomeAt || b.outcomeAt == a.outcomeAt && b.outcomeID > a.outcomeID {
			a.outcomeAt, a.outcomeID, a.complete, a.repo = b.outcomeAt, b.outcomeID, b.complete, b.repo
		}
		if b.first != 0 && (a.first == 0 || b.first < a.first) {
			a.first = b.first
		}
		a.last = max(a.last, b.last)
		a.cost, a.tokens = a.cost+b.cost, a.tokens+b.tokens
		for _, in := range b.in {
			a.put(in)
		}
	}
	for key, b := range t.calls {
		a := t.from.calls[key]
		if a == nil {
			t.from.calls[key] = b
			continue
		}
		a.join(b)
	}
}

func (a *trialRuns) join(b *trialRuns) {
	a.calls, a.ok, a.failed = a.calls+b.calls, a.ok+b.ok, a.failed+b.failed
	a.durations = append(a.durations, b.durations...)
}

// trialHead is what of a unit is no list.
type trialHead struct {
	key, outcomeID         uint64
	outcomeAt, first, last int64
	cost, tokens           int64
	repo                   uint32
	complete               bool
}

func (t *trials) Encode(w *index.Writer) {
	index.Put(w, int64(len(t.units)))
	for key, u := range t.units {
		index.Put(w, trialHead{key, u.outcomeID, u.outcomeAt, u.first, u.last, u.cost, u.tokens, u.repo, u.complete})
		index.PutSlice(w, u.in)
	}
	index.Put(w, int64(len(t.calls)))
	for key, c := range t.calls {
		index.Put(w, key)
		index.Put(w, [3]int64{c.calls, c.ok, c.failed})
		index.PutSlice(w, c.durations)
	}
}

func (t *trials) Decode(d *index.Reader) {
	for range d.Count() {
		var h trialHead
		if index.Get(d, &h); d.Bad {
			return
		}
		u := &trialUnit{
			outcomeAt: h.outcomeAt, outcomeID: h.outcomeID, complete: h.complete, repo: h.repo,
			first: h.first, last: h.last, cost: h.cost, tokens: h.tokens,
		}
		index.GetSlice(d, &u.in)
		t.units[h.key] = u
	}
	for range d.Count() {
		var key trialCall
		var n [3]int64
		index.Get(d, &key)
		if index.Get(d, &n); d.Bad {
			return
		}
		c := &trialRuns{calls: n[0], ok: n[1], failed: n[2]}
		index.GetSlice(d, &c.durations)
		t.calls[key] = c
	}
}
