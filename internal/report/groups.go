package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/stats"
)

// groups are the runs by the keys of --by, nested.
type groups struct {
	s        *shared
	root     group
	calendar calendar
	scratch  []byte
}

type group struct {
	acc
	value string
	in    map[uint64]*group // by the hash of the value
}

func newGroups(s *shared) *groups {
	return &groups{s: s, calendar: calendar{location: s.q.location}}
}

func (g *groups) add(r *run) {
	at := &g.root
	for _, key := range g.s.q.By {
		at = at.child(g.value(key, r))
		g.s.q.compare(&at.acc, r)
		if r.now {
			at.acc.add(r)
		}
	}
}

func (g *group) child(value []byte) *group {
	if g.in == nil {
		g.in = map[uint64]*group{}
	}
	h := hash(value)
	c := g.in[h]
	if c == nil {
		c = &group{value: string(value)}
		g.in[h] = c
	}
	return c
}

// compare counts a run in the compared periods.
func (q *query) compare(a *acc, r *run) {
	if q.current.has(r.start) {
		a.current++
	} else if q.previous.has(r.start) {
		a.previous++
	}
}

// value is a run's value of a key.
func (g *groups) value(key Key, r *run) []byte {
	l := r.line
	switch key {
	case ByName:
		return l.Bytes(l.Name)
	case ByKind:
		return l.Bytes(l.Kind)
	case ByScope:
		return l.Bytes(l.Scope)
	case ByRepo:
		return l.Bytes(l.Repo)
	case ByCWD:
		return l.Bytes(l.CWD)
	case ByTask:
		return l.Bytes(l.Task)
	case BySession:
		return l.Bytes(l.Session)
	case ByHost:
		return l.Bytes(l.Host)
	case ByModel:
		return l.Bytes(l.Model)
	case ByExitCode:
		return g.exitCode(l)
	}
	day := dayDate(g.calendar.day(r.start))
	g.scratch = g.scratch[:0]
	switch key {
	case ByDay:
		g.scratch = day.AppendFormat(g.scratch, time.DateOnly)
	case ByWeek:
		y, w := day.ISOWeek()
		g.scratch = fmt.Appendf(g.scratch, "%04d-W%02d", y, w)
	case ByMonth:
		g.scratch = day.AppendFormat(g.scratch, "2006-01")
	}
	return g.scratch
}

// exitCode is the exit code, or the signal's name.
func (g *groups) exitCode(l *event.Line) []byte {
	if l.ExitCode < 0 {
		return l.Bytes(l.Signal)
	}
	g.scratch = strconv.AppendInt(g.scratch[:0], int64(l.ExitCode), 10)
	return g.scratch
}

func (g *groups) merge(o section) { g.root.merge(&o.(*groups).root) }

func (g *group) merge(o *group) {
	g.acc.merge(&o.acc)
	for h, b := range o.in {
		if a := g.in[h]; a != nil {
			a.merge(b)
			continue
		}
		if g.in == nil {
			g.in = map[uint64]*group{}
		}
		g.in[h] = b
	}
}

func (g *groups) report(t *totals, r *Report) {
	prior := t.prior()
	rows := g.s.q.groupRows(&g.root, prior, g.s.q.By)
	out := &Groups{Prior: prior}
	out.Rows, out.Omitted = cut(rows, g.s.q.Limit)
	r.Groups = out
}

// groupRows are the rows inside g, of the first of the keys.
func (q *query) groupRows(g *group, prior stats.Beta, keys []Key) []Group {
	rows := []Group{}
	for _, c := range g.in {
		if c.result().Runs == 0 {
			continue // in the period before only
		}
		row := Group{Key: keys[0], Value: c.value, Row: c.row(q, prior)}
		if len(keys) > 1 {
			row.Groups, row.Omitted = cut(q.groupRows(c, prior, keys[1:]), q.Limit)
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b Group) int {
		if q.Sort == "" && keys[0].ofTime() {
			return -strings.Compare(a.Value, b.Value)
		}
		return q.compareRows(&a.Row, &b.Row, a.Value, b.Value)
	})
	return rows
}
