package report

import (
	"pi-track/internal/event"
)

// shared is what the workers of a report have in common.
type shared struct {
	q                   *query
	names, repos, tasks dict
	sessions, hosts     set
}

// section collects what one part of the report needs beyond the helpers.
type section interface {
	add(r *run)
	merge(o section) // o is of the same type and not used any more
	encode(e *encoder)
	decode(d *decoder) // into a fresh one, what encode wrote
}

// collector is what one worker adds up.
type collector struct {
	*shared
	filter *filter
	period span

	nameIDs, repoIDs, taskIDs dictCache
	sessionsSeen, hostsSeen   setCache
	calendar                  calendar

	helpers     []*helper // by number of the name
	usedRepos   flags     // by number of the repo
	usedTasks   flags
	first, last int64 // start of the first and the last run, Unix ms
	failures    *failures
	sections    []section // in the order of newSections
	effect      *effect   // nil: not asked for
	running     int64     // open runs whose supervisor is alive
	run         run
}

func newCollector(s *shared) *collector {
	c := &collector{
		shared: s, filter: s.q.filter.worker(), period: s.q.period(),
		nameIDs: newDictCache(&s.names, 256), repoIDs: newDictCache(&s.repos, 1024), taskIDs: newDictCache(&s.tasks, 4096),
		sessionsSeen: newSetCache(&s.sessions, 4096), hostsSeen: newSetCache(&s.hosts, 64),
		calendar: calendar{location: s.q.location}, failures: newFailures(s.q), sections: newSections(s),
	}
	if s.q.sections[SectionEffect] {
		c.effect = &effect{s: s, units: map[uint64]*unit{}}
	}
	return c
}

// add takes a run: its end line, or the start line of one that has none.
func (c *collector) add(l *event.Line, id uint64) {
	r := &c.run
	*r = run{line: l, id: id, code: l.Code}
	r.start, r.end = times(l)
	r.now = c.period.has(r.start)
	r.prev = !r.now && c.q.bounded && c.q.previous.has(r.start)
	if !r.now && !r.prev && !c.q.sections[SectionUnused] {
		return
	}
	takes := c.filter == nil || c.filter.takes(l)
	if !takes && (c.effect == nil || !c.filter.takesPlace(l)) {
		return
	}
	r.name = c.nameIDs.id(l.Bytes(l.Name))
	r.repo = c.repoIDs.id(l.Bytes(l.Repo))
	r.task = c.taskIDs.id(l.Bytes(l.Task))
	if c.effect != nil && r.now {
		c.effect.add(r, takes)
	}
	if !takes || isRecord(l) {
		return
	}
	h := c.helper(r.name)
	c.q.compare(&h.acc, r)
	if r.now {
		c.addNow(h, r)
	} else if r.start < c.period.from {
		h.lastBefore = max(h.lastBefore, r.start)
	}
	for _, s := range c.sections {
		s.add(r)
	}
}

// addNow takes a run of the query's period.
func (c *collector) addNow(h *helper, r *run) {
	l := r.line
	if c.first == 0 || r.start < c.first {
		c.first = r.start
	}
	c.last = max(c.last, r.start)
	c.sessionsSeen.add(l.Bytes(l.Session))
	c.hostsSeen.add(l.Bytes(l.Host))
	c.usedRepos.add(r.repo)
	c.usedTasks.add(r.task)
	h.addRun(r, c.calendar.day(r.start))
	if r.code == event.CodeStarted && c.q.running[string(l.Bytes(l.ID))] {
		c.running++
	}
	if r.code == event.CodeFailed {
		c.failures.add(r)
	}
}

func (c *collector) helper(name uint32) *helper {
	for int(name) >= len(c.helpers) {
		c.helpers = append(c.helpers, nil)
	}
	if c.helpers[name] == nil {
		c.helpers[name] = newHelper()
	}
	return c.helpers[name]
}

// merge adds all of o.
func (c *collector) merge(o *collector) {
	for name, h := range o.helpers {
		if h != nil {
			c.helper(uint32(name)).merge(h)
		}
	}
	if o.first != 0 && (c.first == 0 || o.first < c.first) {
		c.first = o.first
	}
	c.last = max(c.last, o.last)
	c.usedRepos.merge(o.usedRepos)
	c.usedTasks.merge(o.usedTasks)
	c.failures.merge(o.failures)
	if c.effect != nil {
		c.effect.merge(o.effect)
	}
	c.running += o.running
	for i, s := range c.sections {
		s.merge(o.sections[i])
	}
}

// times are a run's start and end in Unix milliseconds. An end line is written
// when the run ends, so that it started its duration before; a reaped or
// imported one is written later, and the id tells when it was made. A clock
// that was never set, or a duration of centuries, comes to minMoment at least.
func times(l *event.Line) (start, end int64) {
	if l.Code == event.CodeStarted {
		return moment(l.TS), moment(l.TS)
	}
	start = l.TS - l.DurationMS
	if src := l.Bytes(l.Src); string(src) == "reaped" || string(src) == "import" {
		if at, ok := idTime(l.Bytes(l.ID)); ok && at <= l.TS {
			start = at
		}
	}
	return moment(start), moment(start + l.DurationMS)
}

// minMoment and maxMoment bound a run's times: 0 stands for none, and beyond
// the year 9999, in any zone, a time has no RFC 3339 form.
const (
	minMoment = 1
	maxMoment = 253402214400000 // 9999-12-31
)

// moment is ms within the bounds.
func moment(ms int64) int64 { return min(max(ms, minMoment), maxMoment) }

// idTime is the time of a UUIDv7 in Unix milliseconds.
func idTime(id []byte) (int64, bool) {
	if len(id) != 36 || id[8] != '-' || id[14] != '7' {
		return 0, false
	}
	var ms int64
	for i := 0; i < 13; i++ {
		if i == 8 {
			continue
		}
		var d byte
		switch c := id[i]; {
		case c >= '0' && c <= '9':
			d = c - '0'
		case c >= 'a' && c <= 'f':
			d = c - 'a' + 10
		case c >= 'A' && c <= 'F':
			d = c - 'A' + 10
		default:
			return 0, false
		}
		ms = ms<<4 | int64(d)
	}
	return ms, true
}
