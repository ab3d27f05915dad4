package query

import (
	"fmt"
	"math"
	"slices"
	"time"

	"pi-track/internal/report/hash"
)

// Plan is Options, resolved: Location, Now and MinN are what they mean.
type Plan struct {
	Options
	Order     Sort
	Wanted    map[Section]bool
	RunFilter *RunFilter // nil takes all
	Running   map[string]bool

	Period   Span
	Current  Span // Compared
	Previous Span
	Bounded  bool // the compared periods come from the query's period
}

// SomeStatus says whether only runs of some statuses are taken: then nothing can
// be said about rates.
func (q *Plan) SomeStatus() bool { return len(q.Filter.Status) > 0 }

// Span is a half-open interval of Unix milliseconds.
type Span struct{ From, To int64 }

func (s Span) Has(ms int64) bool { return s.From <= ms && ms < s.To }

// New resolves and checks the options.
func New(o Options) (*Plan, error) {
	q := &Plan{Options: o, Order: o.Sort}
	if q.Location == nil {
		q.Location = time.Local
	}
	if q.Now.IsZero() {
		q.Now = time.Now()
	}
	if q.MinN == 0 {
		q.MinN = FewRuns
	}
	q.MinN = max(q.MinN, 0)
	if q.Order == "" {
		q.Order = SortRisk
	}
	q.Wanted = map[Section]bool{}
	for _, s := range o.Sections {
		q.Wanted[s] = true
	}
	q.Running = map[string]bool{}
	for _, id := range o.Running {
		q.Running[id] = true
	}
	for _, k := range o.By {
		if !slices.Contains(Keys, k) {
			return nil, fmt.Errorf("unknown key %q", k)
		}
	}
	if !slices.Contains(Sorts, q.Order) {
		return nil, fmt.Errorf("unknown order %q", q.Order)
	}
	var err error
	if q.RunFilter, err = newRunFilter(o.Filter); err != nil {
		return nil, err
	}
	q.setPeriods()
	return q, nil
}

func (q *Plan) setPeriods() {
	q.Period = Span{math.MinInt64, math.MaxInt64}
	if !q.Since.IsZero() {
		q.Period.From = q.Since.UnixMilli()
	}
	if !q.Until.IsZero() {
		q.Period.To = q.Until.UnixMilli()
	}
	end := q.Until
	if end.IsZero() {
		end = q.Now
	}
	if q.Since.IsZero() {
		y, m, d := DayDate(q.LastDay()).Date()
		day := func(n int) int64 { return midnight(y, m, d+n, q.Location).UnixMilli() }
		q.Current, q.Previous = Span{day(-6), day(1)}, Span{day(-13), day(-6)}
		return
	}
	q.Bounded = true
	if end.Before(q.Since) {
		end = q.Since // a period in the future, as lines of a fast clock are: nothing to compare
	}
	q.Current = Span{q.Since.UnixMilli(), end.UnixMilli()}
	q.Previous = Span{2*q.Current.From - q.Current.To, q.Current.From}
}

// CurrentDays and previousDays are the compared periods of a query without
// bounds, which are whole days.
func (q *Plan) CurrentDays() (from, to int32)  { d := q.lastCompared(); return d - 6, d + 1 }
func (q *Plan) PreviousDays() (from, to int32) { d := q.lastCompared(); return d - 13, d - 6 }

func (q *Plan) lastCompared() int32 {
	return DayNumber(time.UnixMilli(q.Current.To - 1).In(q.Location))
}

// LastDay is the last day of the period, as a day number.
func (q *Plan) LastDay() int32 {
	end := q.Now
	if !q.Until.IsZero() {
		end = q.Until.Add(-time.Millisecond)
	}
	return DayNumber(end.In(q.Location))
}

// Shape tells apart the queries that add up the same runs differently, whatever
// their sections: by their days, logs and filter.
func (q *Plan) Shape() string {
	shape := fmt.Sprintf("zone %x", hash.Of(q.clockChanges()))
	if len(q.Logs) > 1 {
		shape += fmt.Sprintf(" logs %q", q.Logs)
	}
	if q.RunFilter != nil {
		shape += fmt.Sprintf(" filter %q", q.Filter)
	}
	return shape
}

// clockChanges is every change of the zone's clocks up to two years from now: a
// database of time zones changes, too.
func (q *Plan) clockChanges() []byte {
	var out []byte
	for at := time.Unix(0, 0); at.Before(q.Now.AddDate(2, 0, 0)); {
		at = at.In(q.Location)
		_, offset := at.Zone()
		_, end := at.ZoneBounds()
		out = fmt.Appendf(out, "%d until %d\n", offset, end.Unix())
		if end.IsZero() {
			break
		}
		if !end.After(at) { // at the turn of a year Go's rule for later years returns the time itself
			end = at.AddDate(0, 0, 1)
		}
		at = end
	}
	return out
}
