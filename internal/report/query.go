package report

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// query is Options, resolved.
type query struct {
	Options
	location *time.Location
	now      time.Time
	minN     int
	sort     Sort
	sections map[Section]bool
	filter   *filter // nil takes all
	running  map[string]bool

	since    span // the period
	current  span // Compared
	previous span
	bounded  bool // the compared periods come from the query's period
}

// span is a half-open interval of Unix milliseconds.
type span struct{ from, to int64 }

func (s span) has(ms int64) bool { return s.from <= ms && ms < s.to }

// newQuery resolves and checks the options.
func newQuery(o Options) (*query, error) {
	q := &query{Options: o, location: o.Location, now: o.Now, minN: o.MinN, sort: o.Sort}
	if q.location == nil {
		q.location = time.Local
	}
	if q.now.IsZero() {
		q.now = time.Now()
	}
	if q.minN == 0 {
		q.minN = 5
	}
	q.minN = max(q.minN, 0)
	if q.sort == "" {
		q.sort = SortRisk
	}
	sections := o.Sections
	if sections == nil {
		sections = DefaultSections
	}
	q.sections = map[Section]bool{}
	for _, s := range sections {
		q.sections[s] = true
	}
	q.running = map[string]bool{}
	for _, id := range o.Running {
		q.running[id] = true
	}
	for _, k := range o.By {
		if !slices.Contains(Keys, k) {
			return nil, fmt.Errorf("unknown key %q", k)
		}
	}
	if !slices.Contains(Sorts, q.sort) {
		return nil, fmt.Errorf("unknown order %q", q.sort)
	}
	var err error
	if q.filter, err = newFilter(o.Filter); err != nil {
		return nil, err
	}
	q.setPeriods()
	return q, nil
}

func (q *query) setPeriods() {
	q.since = span{math.MinInt64, math.MaxInt64}
	if !q.Since.IsZero() {
		q.since.from = q.Since.UnixMilli()
	}
	if !q.Until.IsZero() {
		q.since.to = q.Until.UnixMilli()
	}
	end := q.Until
	if end.IsZero() {
		end = q.now
	}
	if q.Since.IsZero() {
		y, m, d := dayDate(q.lastDay()).Date()
		day := func(n int) int64 { return midnight(y, m, d+n, q.location).UnixMilli() }
		q.current, q.previous = span{day(-6), day(1)}, span{day(-13), day(-6)}
		return
	}
	q.bounded = true
	if end.Before(q.Since) {
		end = q.Since // a period in the future, as lines of a fast clock are: nothing to compare
	}
	q.current = span{q.Since.UnixMilli(), end.UnixMilli()}
	q.previous = span{2*q.current.from - q.current.to, q.current.from}
}

// period is the query's period.
func (q *query) period() span { return q.since }

// currentDays and previousDays are the compared periods of a query without
// bounds, which are whole days.
func (q *query) currentDays() (from, to int32)  { d := q.lastCompared(); return d - 6, d + 1 }
func (q *query) previousDays() (from, to int32) { d := q.lastCompared(); return d - 13, d - 6 }

func (q *query) lastCompared() int32 {
	return dayNumber(time.UnixMilli(q.current.to - 1).In(q.location))
}

// firstNeeded is the earliest start of a run that matters, Unix ms.
func (q *query) firstNeeded() int64 {
	if q.sections[SectionUnused] {
		return math.MinInt64 // a helper's last use may be long ago
	}
	if q.bounded {
		return q.previous.from
	}
	return q.since.from
}

// lastDay is the last day of the period, as a day number.
func (q *query) lastDay() int32 {
	end := q.now
	if !q.Until.IsZero() {
		end = q.Until.Add(-time.Millisecond)
	}
	return dayNumber(end.In(q.location))
}

// result is the Report's form.
func (q *query) result() Query {
	abs := func(s span) Period {
		return Period{Since: q.moment(s.from), Until: q.moment(s.to)}
	}
	r := Query{
		Logs: q.Logs, TZ: q.location.String(), By: q.By, Filter: q.Filter, Sort: q.shownSort(), Limit: q.Limit, MinN: q.minN,
		Compared: Compared{Current: abs(q.current), Previous: abs(q.previous)},
	}
	if !q.Since.IsZero() {
		r.Period.Since = q.moment(q.since.from)
	}
	if !q.Until.IsZero() {
		r.Period.Until = q.moment(q.since.to)
	}
	return r
}

// shownSort is the order of the helpers or of the outermost groups.
func (q *query) shownSort() Sort {
	if q.Sort == "" && len(q.By) > 0 && q.By[0].ofTime() {
		return SortLast
	}
	return q.sort
}

// dayNumber is the number of t's calendar day, counted from 1970-01-01.
func dayNumber(t time.Time) int32 {
	y, m, d := t.Date()
	return int32(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// dayDate is midnight UTC of a day number: for its date only.
func dayDate(day int32) time.Time { return time.Unix(int64(day)*86400, 0).UTC() }

// calendar finds the day of a time; times near each other are cheap.
type calendar struct {
	location *time.Location
	span
	number int32
}

func (c *calendar) day(ms int64) int32 {
	if c.has(ms) {
		return c.number
	}
	t := time.UnixMilli(ms).In(c.location)
	c.number = dayNumber(t)
	y, m, d := t.Date()
	from, to := midnight(y, m, d, c.location), midnight(y, m, d+1, c.location)
	c.span = span{from.UnixMilli(), to.UnixMilli()}
	if !c.has(ms) || from.Day() != d || to.Add(-time.Millisecond).In(c.location).Day() != d {
		c.span = span{ms, ms + 1} // no midnight on that day
	}
	return c.number
}
