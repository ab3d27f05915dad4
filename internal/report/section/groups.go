package section

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pi-track/internal/event/decode"
	"pi-track/internal/report/hash"
	"pi-track/internal/report/index"
	"pi-track/internal/report/query"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// Groups are nested as the keys of Query.By.
type Groups struct {
	Prior   stats.Beta `json:"prior"`
	Rows    []Group    `json:"rows"`
	Omitted int        `json:"omitted"`
}

// Group is one value of one key, with the groups of the next key inside.
type Group struct {
	Key   query.Key `json:"key"`
	Value string    `json:"value"` // "" when the runs lack it
	Row
	Groups  []Group `json:"groups,omitempty"`
	Omitted int     `json:"omitted,omitempty"` // of Groups, by Limit
}

// groups are the runs by the keys of --by, nested.
type groups struct {
	s        *shared
	from     *groups // what it was forked from
	root     group
	calendar query.Calendar
	scratch  []byte
}

type group struct {
	sum.Tally
	value string
	in    map[uint64]*group // by the hash of the value
}

func groupsKey(_ *kind, q *query.Plan) string { return fmt.Sprintf("by %q", q.By) }

func newGroups(s *shared) (section, part) {
	g := emptyGroups(s)
	return g, g
}

func emptyGroups(s *shared) *groups {
	return &groups{s: s, calendar: query.Calendar{Location: s.q.Location}}
}

func (g *groups) Fork() part {
	o := emptyGroups(g.s)
	o.from = g
	return o
}

func (g *groups) Add(r *sum.Run) {
	at := &g.root
	for _, key := range g.s.q.By {
		at = at.child(g.value(key, r))
		countCompared(g.s.q, &at.Tally, r)
		if r.Now {
			at.Tally.Add(r)
		}
	}
}

func (g *group) child(value []byte) *group {
	if g.in == nil {
		g.in = map[uint64]*group{}
	}
	h := hash.Of(value)
	c := g.in[h]
	if c == nil {
		c = &group{value: string(value)}
		g.in[h] = c
	}
	return c
}

// countCompared counts a run in the compared periods.
func countCompared(q *query.Plan, a *sum.Tally, r *sum.Run) {
	if q.Current.Has(r.Start) {
		a.Current++
	} else if q.Previous.Has(r.Start) {
		a.Previous++
	}
}

// value is a run's value of a key.
func (g *groups) value(key query.Key, r *sum.Run) []byte {
	l := r.Line
	switch key {
	case query.ByName:
		return l.Bytes(l.Name)
	case query.ByKind:
		return l.Bytes(l.Kind)
	case query.ByExt:
		return l.Bytes(l.Ext)
	case query.ByScope:
		return l.Bytes(l.Scope)
	case query.ByRepo:
		return l.Bytes(l.Repo)
	case query.ByCWD:
		return l.Bytes(l.CWD)
	case query.ByTask:
		return l.Bytes(l.Task)
	case query.BySession:
		return l.Bytes(l.Session)
	case query.ByHost:
		return l.Bytes(l.Host)
	case query.ByModel:
		return modelOf(l)
	case query.ByRev:
		return l.Bytes(l.Rev)
	case query.ByAgent:
		return l.Bytes(l.Agent)
	case query.ByExitCode:
		return g.exitCode(l)
	}
	return g.timeValue(key, g.calendar.Day(r.Start))
}

// timeValue is the value of a day, by its number.
func (g *groups) timeValue(key query.Key, number int32) []byte {
	day := query.DayDate(number)
	g.scratch = g.scratch[:0]
	switch key {
	case query.ByDay:
		g.scratch = day.AppendFormat(g.scratch, time.DateOnly)
	case query.ByWeek:
		y, w := day.ISOWeek()
		g.scratch = fmt.Appendf(g.scratch, "%04d-W%02d", y, w)
	case query.ByMonth:
		g.scratch = day.AppendFormat(g.scratch, "2006-01")
	}
	return g.scratch
}

// exitCode is the exit code, or the signal's name.
func (g *groups) exitCode(l *decode.Line) []byte {
	if l.ExitCode < 0 {
		return l.Bytes(l.Signal)
	}
	g.scratch = strconv.AppendInt(g.scratch[:0], int64(l.ExitCode), 10)
	return g.scratch
}

func (g *groups) Join() { g.from.root.Merge(&g.root) }

func (g *group) Merge(o *group) {
	g.Tally.Merge(&o.Tally)
	for h, b := range o.in {
		if a := g.in[h]; a != nil {
			a.Merge(b)
			continue
		}
		if g.in == nil {
			g.in = map[uint64]*group{}
		}
		g.in[h] = b
	}
}

func (g *groups) Report(t *totals, r *Report) {
	prior := t.prior()
	rows := groupRows(g.s.q, &g.root, prior, g.s.q.By, false)
	out := &Groups{Prior: prior}
	out.Rows, out.Omitted = cut(rows, g.s.q.Limit)
	r.Groups = out
}

// groupRows are the rows inside g, of the first of the keys; withinTime says
// that g is a day, a week or a month.
func groupRows(q *query.Plan, g *group, prior stats.Beta, keys []query.Key, withinTime bool) []Group {
	rows := []Group{}
	ofTime := keys[0].OfTime()
	for _, c := range g.in {
		if c.Result().Runs == 0 {
			continue // in the period before only
		}
		row := Group{Key: keys[0], Value: c.value, Row: rowOf(q, &c.Tally, prior)}
		if ofTime || withinTime {
			row.Delta = nil // the compared periods are others
		}
		if len(keys) > 1 {
			row.Groups, row.Omitted = cut(groupRows(q, c, prior, keys[1:], ofTime || withinTime), q.Limit)
		}
		rows = append(rows, row)
	}
	if ofTime {
		compareWithBefore(rows)
	}
	slices.SortFunc(rows, func(a, b Group) int {
		if q.Sort == "" && ofTime {
			return -strings.Compare(a.Value, b.Value)
		}
		return compareRows(q, &a.Row, &b.Row, a.Value, b.Value)
	})
	return rows
}

// compareWithBefore compares each day, week or month with the one before it that
// has runs.
func compareWithBefore(rows []Group) {
	slices.SortFunc(rows, func(a, b Group) int { return strings.Compare(a.Value, b.Value) })
	for i := 1; i < len(rows); i++ {
		rows[i].Delta = &Delta{Current: rows[i].Runs, Previous: rows[i-1].Runs}
	}
}

func (g *groups) Encode(e *index.Writer) { g.root.Encode(e) }

func (g *groups) Decode(d *index.Reader) { g.root.Decode(d, len(g.s.q.By)) }

func (g *group) Encode(e *index.Writer) {
	g.Tally.Encode(e)
	index.PutString(e, g.value)
	index.Put(e, int64(len(g.in)))
	for h, c := range g.in {
		if index.Put(e, h); e.Full {
			return // what follows is dropped
		}
		c.Encode(e)
	}
}

// Decode takes groups nested at most so deep.
func (g *group) Decode(d *index.Reader, depth int) {
	g.Tally.Decode(d)
	index.GetString(d, &g.value)
	n := d.Count()
	if n > 0 && depth == 0 {
		d.Bad = true
	}
	for range n {
		var h uint64
		c := &group{}
		if index.Get(d, &h); d.Bad {
			return
		}
		c.Decode(d, depth-1)
		if g.in == nil {
			g.in = make(map[uint64]*group, n)
		}
		g.in[h] = c
	}
}
