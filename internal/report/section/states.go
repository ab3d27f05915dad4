package section

import (
	"pi-track/internal/event/decode"
	"pi-track/internal/report/hash"
	"pi-track/internal/report/query"
	"pi-track/internal/report/sum"
)

// States
//
// A database adds up the runs of a team itself. A collector then takes what it has added
// up, and of single runs only those that a verdict, a failure or an experiment rests on.
// What it answers is the same as if it had seen every run.

// Asked says whether something is to be collected for a section, be it for another one.
func Asked(q *query.Plan, name query.Section) bool {
	for _, k := range asked(q) {
		if k.name == name {
			return true
		}
	}
	return false
}

// NewRuns says of what the report needs single runs: the latest of every helper, and its
// failures.
func NewRuns(q *query.Plan) (latest, failed bool) {
	for _, k := range asked(q) {
		switch k.name {
		case SectionHelpers:
			latest = latest || len(q.By) == 0
		case SectionFailures:
			failed = true
		case SectionWhy:
			latest, failed = true, true
		case SectionFlaky, SectionDigest, SectionContext:
			latest = true
		}
	}
	return latest, failed
}

// Seen is what the overview says of all runs of the period.
type Seen struct {
	First, Last                   int64 // starts, Unix ms; 0 without a run
	Repos, Sessions, Tasks, Hosts int64 // different ones
	Running                       int64
	Units                         int64 // tasks, and sessions of runs without one, that may have an outcome
}

// SetSeen takes the overview.
func (c *Collector) SetSeen(s Seen) {
	c.seen = &s
	c.first, c.last, c.running = s.First, s.Last, s.Running
}

// number is that of a helper.
func (c *Collector) number(name, kind string) uint32 {
	c.key = keyOf(c.key[:0], []byte(name), query.SortOfKind([]byte(kind)))
	return c.helperIDs.ID(c.key)
}

// AddHelper takes the runs of a helper that have one kind: those of the period, by day,
// and the latest start before it.
func (c *Collector) AddHelper(name, kind string, s *sum.State, days []sum.DayCounts, lastBefore int64) {
	h := newHelper(c.q.Bounded)
	h.Tally.AddState(s)
	h.kind, h.days, h.lastBefore = kind, days, lastBefore
	c.helper(c.number(name, kind)).Merge(h)
}

// AddLatest takes one of the latest runs of a helper that have ended: see [sum.Ends]. More
// than a verdict goes by may come, in any order.
func (c *Collector) AddLatest(l *decode.Line) {
	r := c.single(l)
	if c.key = withKey(c.key[:0], l); len(c.key) > len(ranWith{})-1 {
		r.With = c.withIDs.ID(c.key)
	}
	switch r.Code {
	case decode.CodeFailed:
		r.Cause = uint32(hash.Of(c.failures.print(l)))
	case decode.CodeCancelled:
		r.Cause = c.labelIDs.ID(l.Bytes(l.Signal))
	}
	c.helper(r.Helper).ends.AddRun(r)
	if x := partOf[*contexts](c.parts); x != nil {
		x.sum(helperRepo{r.Helper, r.Repo}).ends.AddRun(r)
	}
}

// single is a run of the period, that counts.
func (c *Collector) single(l *decode.Line) *sum.Run {
	r := &c.run
	*r = sum.Run{Line: l, ID: hash.Of(l.Bytes(l.ID)), Code: l.Code, Now: true, Taken: true}
	r.Start, r.End = sum.Times(l)
	c.describe(r)
	return r
}

// FailedAlike are failures of a helper with one fingerprint.
type FailedAlike struct {
	Count, First int64            // First is an end, Unix ms
	Repos        map[string]int64 // how many in each
}

// AddFailed takes failures with the latest of them, or all that ended at its time.
func (c *Collector) AddFailed(s FailedAlike, latest []*decode.Line) {
	if len(latest) == 0 {
		return
	}
	var x *failure
	for _, l := range latest {
		r := c.single(l)
		c.failures.Add(r)
		x = c.failures.find(r)
		x.count--
		x.addRepo(r.Repo, -1)
	}
	x.count += s.Count
	x.first = min(x.first, s.First)
	for repo, n := range s.Repos {
		x.addRepo(c.repoIDs.ID([]byte(repo)), n)
	}
}

// AddGroup takes the runs that have values of the keys that the report groups by, in
// their order; a time key's value is the number of the day.
func (c *Collector) AddGroup(values []string, days []int32, s *sum.State) {
	g := partOf[*groups](c.parts)
	at := &g.root
	for i, key := range c.q.By {
		value := []byte(values[i])
		if key.OfTime() {
			value = g.timeValue(key, days[i])
		}
		at = at.child(value)
		at.Tally.AddState(s)
	}
}

// AddTrend takes the runs of a helper in one of the compared periods.
func (c *Collector) AddTrend(name, kind string, current bool, s *sum.State) {
	i := 1
	if current {
		i = 0
	}
	partOf[*trend](c.parts).row(c.number(name, kind))[i].AddState(s)
}

// AddContext takes the runs of a helper in a repo.
func (c *Collector) AddContext(name, kind, repo string, s *sum.State) {
	partOf[*contexts](c.parts).sum(helperRepo{c.number(name, kind), c.repoIDs.ID([]byte(repo))}).Tally.AddState(s)
}

// AddDay takes the runs of a day of the helper that is asked about.
func (c *Collector) AddDay(name, kind string, day int32, s *sum.State) {
	w := partOf[*why](c.parts)
	at := helperDay{c.number(name, kind), day}
	if w.days[at] == nil {
		w.days[at] = &sum.Tally{}
	}
	w.days[at].AddState(s)
}

// AddTrialRun takes a run of a task or session in which an experiment was.
func (c *Collector) AddTrialRun(l *decode.Line) {
	partOf[*trials](c.every).Add(c.single(l))
}

// Unit is a task, or a session of runs without one, that has an outcome.
type Unit struct {
	Task, Session string    // one of them
	Outcomes      []Outcome // those that came at the latest time
	Before        int64     // runs that started before it
	Used          []Key     // helpers of those that count
}

// Outcome is a run that decides.
type Outcome struct {
	Key
	ID, Repo   string
	Start, End int64 // Unix ms
	OK         bool
	Taken      bool // it passes the filter
	Stated     bool // it only records the outcome
}

// Key is what tells a helper: its name, and its kind or another one of its sort.
type Key struct{ Name, Kind string }

// AddUnit takes a unit.
func (c *Collector) AddUnit(x *Unit) {
	e := partOf[*effect](c.every)
	u := e.newUnit()
	for _, o := range x.Outcomes {
		h := unitHead{at: o.End, id: hash.Of([]byte(o.ID)), began: o.Start, complete: o.OK, by: c.number(o.Name, o.Kind), repo: c.repoIDs.ID([]byte(o.Repo)), compared: o.Taken}
		if o.Stated {
			h.by, h.compared, h.began = 0, false, o.End
		}
		c.helper(h.by)
		u.outcome(h)
	}
	u.before = uint32(x.Before)
	for _, k := range x.Used {
		id := c.number(k.Name, k.Kind)
		c.helper(id)
		u.used.Add(id)
	}
	if x.Task != "" {
		id := c.taskIDs.ID([]byte(x.Task))
		e.task(id)
		e.tasks[id] = u
		return
	}
	e.sessions[max(hash.Of([]byte(x.Session)), 1)] = u
}

// partOf is the part of a type, nil if it is not among them.
func partOf[T part](parts []part) T {
	for _, p := range parts {
		if x, ok := p.(T); ok {
			return x
		}
	}
	var none T
	return none
}
