package section

import (
	"pi-track/internal/event/decode"
	"pi-track/internal/report/hash"
	"pi-track/internal/report/index"
	"pi-track/internal/report/query"
	"pi-track/internal/report/runs"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// shared is what the workers of a report have in common.
type shared struct {
	q                        *query.Plan
	helperKeys, repos, tasks sum.Dict // see keyOf
	labels                   sum.Dict // signals, and words of experiments
	withs                    sum.Dict // what runs ran with: see withKey
	sessions, hosts          sum.Set
}

// Collector adds up the runs of one worker: what every report needs, and the
// parts of the sections that were asked for.
type Collector struct {
	*shared
	from   *Collector // what it was forked from
	filter *query.RunFilter
	period query.Span

	helperIDs, repoIDs, taskIDs sum.DictCache
	labelIDs, withIDs           sum.DictCache
	sessionsSeen, hostsSeen     sum.SetCache
	calendar                    query.Calendar

	key         []byte    // scratch of Add
	helpers     []*helper // by number
	usedRepos   sum.Flags // by number of the repo
	usedTasks   sum.Flags
	first, last int64 // start of the first and the last run, Unix ms
	failures    *failures
	running     int64 // open runs whose supervisor is alive
	seen        *Seen // what something else counted, instead of what follows from the runs
	run         sum.Run

	sections []section // of the one that is no fork
	parts    []part
	every    []part // of the sections that take every run
	before   bool   // runs before the period matter, too
}

// Collect is one without a run.
func Collect(q *query.Plan) *Collector {
	s := &shared{q: q}
	c := emptyCollector(s)
	for _, k := range asked(q) {
		sec, p := k.make(s)
		c.sections = append(c.sections, sec)
		switch {
		case p == nil:
		case k.everyRun:
			c.every = append(c.every, p)
		default:
			c.parts = append(c.parts, p)
		}
		c.before = c.before || k.before
	}
	return c
}

func emptyCollector(s *shared) *Collector {
	return &Collector{
		shared: s, filter: s.q.RunFilter.Worker(), period: s.q.Period,
		helperIDs: sum.NewDictCache(&s.helperKeys, 256), repoIDs: sum.NewDictCache(&s.repos, 1024), taskIDs: sum.NewDictCache(&s.tasks, 4096),
		labelIDs: sum.NewDictCache(&s.labels, 64), withIDs: sum.NewDictCache(&s.withs, 256),
		sessionsSeen: sum.NewSetCache(&s.sessions, 4096), hostsSeen: sum.NewSetCache(&s.hosts, 64),
		calendar: query.Calendar{Location: s.q.Location}, failures: newFailures(s.q),
	}
}

// Fork is an empty collector for another worker.
func (c *Collector) Fork() runs.Totals {
	o := emptyCollector(c.shared)
	o.from, o.before = c, c.before
	for _, p := range c.parts {
		o.parts = append(o.parts, p.Fork())
	}
	for _, p := range c.every {
		o.every = append(o.every, p.Fork())
	}
	return o
}

// Join adds all to the collector that it was forked from.
func (c *Collector) Join() {
	to := c.from
	for id, h := range c.helpers {
		if h != nil {
			to.helper(uint32(id)).Merge(h)
		}
	}
	if c.first != 0 && (to.first == 0 || c.first < to.first) {
		to.first = c.first
	}
	to.last = max(to.last, c.last)
	to.usedRepos.Merge(c.usedRepos)
	to.usedTasks.Merge(c.usedTasks)
	to.failures.Merge(c.failures)
	to.running += c.running
	for _, p := range c.parts {
		p.Join()
	}
	for _, p := range c.every {
		p.Join()
	}
}

// Add takes a run: its end line, or the start line of one that has none.
func (c *Collector) Add(l *decode.Line, id uint64) {
	r := &c.run
	*r = sum.Run{Line: l, ID: id, Code: l.Code}
	r.Start, r.End = sum.Times(l)
	r.Now = c.period.Has(r.Start)
	r.Prev = !r.Now && c.q.Bounded && c.q.Previous.Has(r.Start)
	if !r.Now && !r.Prev && !c.before {
		return
	}
	r.Taken = c.filter == nil || c.filter.Takes(l)
	if !r.Taken && (len(c.every) == 0 || !c.filter.TakesContext(l)) {
		return
	}
	c.describe(r)
	if r.Now {
		for _, p := range c.every {
			p.Add(r)
		}
	}
	if !r.Taken || r.Nothing || statesOutcome(l) {
		return
	}
	h := c.helper(r.Helper)
	countCompared(c.q, &h.Tally, r)
	if r.Now {
		c.addNow(h, r)
	} else if r.Start < c.period.From {
		h.lastBefore = max(h.lastBefore, r.Start)
	}
	for _, p := range c.parts {
		p.Add(r)
	}
}

// describe fills in what of a run has a number.
func (c *Collector) describe(r *sum.Run) {
	l := r.Line
	sort := query.SortOfKind(l.Bytes(l.Kind))
	if query.OnlyUsed(sort) {
		r.Code = sum.CodeUsed
	}
	c.key = keyOf(c.key[:0], l.Bytes(l.Name), sort)
	r.Helper = c.helperIDs.ID(c.key)
	r.Repo = c.repoIDs.ID(l.Bytes(l.Repo))
	r.Task = c.taskIDs.ID(l.Bytes(l.Task))
	if !l.Session.Empty() {
		r.SessionHash = max(hash.Of(l.Bytes(l.Session)), 1)
	}
	r.Nothing = sum.RanNothing(l)
}

// addNow takes a run of the query's period.
func (c *Collector) addNow(h *helper, r *sum.Run) {
	l := r.Line
	if c.first == 0 || r.Start < c.first {
		c.first = r.Start
	}
	c.last = max(c.last, r.Start)
	if r.SessionHash != 0 {
		c.sessionsSeen.AddHash(r.SessionHash)
	}
	c.hostsSeen.Add(l.Bytes(l.Host))
	c.usedRepos.Add(r.Repo)
	c.usedTasks.Add(r.Task)
	c.addEnd(r)
	h.AddRun(r, c.calendar.Day(r.Start))
	if r.Code == decode.CodeStarted && c.q.Running[string(l.Bytes(l.ID))] {
		c.running++
	}
}

// addEnd notes what a verdict on a run's helper may need besides its end.
func (c *Collector) addEnd(r *sum.Run) {
	l := r.Line
	if c.key = withKey(c.key[:0], l); len(c.key) > len(ranWith{})-1 {
		r.With = c.withIDs.ID(c.key)
	}
	switch r.Code {
	case decode.CodeFailed:
		r.Cause = c.failures.Add(r)
	case decode.CodeCancelled:
		r.Cause = c.labelIDs.ID(l.Bytes(l.Signal))
	}
}

func (c *Collector) helper(id uint32) *helper {
	for int(id) >= len(c.helpers) {
		c.helpers = append(c.helpers, nil)
	}
	if c.helpers[id] == nil {
		c.helpers[id] = newHelper(c.q.Bounded)
	}
	return c.helpers[id]
}

// prior is the prior of the failure rates of all runs.
func (c *Collector) prior() stats.Beta {
	var k, n int64
	for _, h := range c.helpers {
		if h != nil {
			k += h.Failed()
			n += h.Finished()
		}
	}
	return stats.PooledPrior(k, n)
}

// Encode writes all for an index. Numbers of helpers, repos and tasks stay right
// because the dicts are stored with them.
func (c *Collector) Encode(e *index.Writer) {
	for _, d := range []*sum.Dict{&c.helperKeys, &c.repos, &c.tasks, &c.labels, &c.withs} {
		d.Encode(e)
	}
	for _, x := range []*sum.Set{&c.sessions, &c.hosts} {
		x.Encode(e)
	}
	index.PutSlice(e, c.usedRepos)
	index.PutSlice(e, c.usedTasks)
	index.Put(e, [2]int64{c.first, c.last})
	index.Put(e, int64(len(c.helpers)))
	for _, h := range c.helpers {
		index.Put(e, h != nil)
		if h != nil {
			h.Encode(e)
		}
	}
	c.failures.Encode(e)
	for _, p := range c.parts {
		p.Encode(e)
	}
	for _, p := range c.every {
		p.Encode(e)
	}
}

// Decode reads what Encode wrote.
func (c *Collector) Decode(d *index.Reader) {
	for _, x := range []*sum.Dict{&c.helperKeys, &c.repos, &c.tasks, &c.labels, &c.withs} {
		x.Decode(d)
	}
	for _, x := range []*sum.Set{&c.sessions, &c.hosts} {
		x.Decode(d)
	}
	index.GetSlice(d, (*[]uint64)(&c.usedRepos))
	index.GetSlice(d, (*[]uint64)(&c.usedTasks))
	var bounds [2]int64
	index.Get(d, &bounds)
	c.first, c.last = bounds[0], bounds[1]
	c.helpers = make([]*helper, d.Count())
	for i := range c.helpers {
		var present bool
		if index.Get(d, &present); present {
			c.helpers[i] = newHelper(c.q.Bounded)
			c.helpers[i].Decode(d)
		}
	}
	c.failures.Decode(d)
	for _, p := range c.parts {
		p.Decode(d)
	}
	for _, p := range c.every {
		p.Decode(d)
	}
}
