package query

import "time"

// Query says what was asked, as it was understood.
type Query struct {
	Logs     []string `json:"logs"`
	Period   Period   `json:"period"`
	TZ       string   `json:"tz"`
	By       []Key    `json:"by,omitempty"`
	Filter   Filter   `json:"filter"`
	Sort     Sort     `json:"sort"`
	Limit    int      `json:"limit"` // rows per section; 0 is no limit
	MinN     int      `json:"min_n"`
	Compared Compared `json:"compared"`
}

// Period is the half-open interval [Since, Until); nil is unbounded.
type Period struct {
	Since *time.Time `json:"since"`
	Until *time.Time `json:"until"`
}

// Compared names the two periods of equal length behind Delta and Trend: the
// query's period and the one before it, or, for an unbounded query, the last
// seven days and the seven before.
type Compared struct {
	Current  Period `json:"current"`
	Previous Period `json:"previous"`
}

// Result is the Report's form.
func (q *Plan) Result() Query {
	abs := func(s Span) Period {
		return Period{Since: q.Moment(s.From), Until: q.Moment(s.To)}
	}
	r := Query{
		Logs: q.Logs, TZ: q.zoneName(), By: q.By, Filter: q.Filter, Sort: q.shownSort(), Limit: q.Limit, MinN: q.MinN,
		Compared: Compared{Current: abs(q.Current), Previous: abs(q.Previous)},
	}
	if !q.Since.IsZero() {
		r.Period.Since = q.Moment(q.Period.From)
	}
	if !q.Until.IsZero() {
		r.Period.Until = q.Moment(q.Period.To)
	}
	return r
}

// shownSort is the order of the helpers or of the outermost groups.
func (q *Plan) shownSort() Sort {
	if q.Sort == "" && len(q.By) > 0 && q.By[0].OfTime() {
		return SortLast
	}
	return q.Order
}

// zoneName is the zone's name, or its offset now where it has none.
func (q *Plan) zoneName() string {
	if name := q.Location.String(); name != "Local" {
		return name
	}
	return q.Now.In(q.Location).Format("UTC-07:00")
}

// Moment is a time of the Report, nil for none. What the query names may lie
// before the first year or beyond the last one that RFC 3339 knows.
func (q *Plan) Moment(ms int64) *time.Time {
	if ms == 0 {
		return nil
	}
	const yearOne = -62135510400000 // 0001-01-02: year 1 in any zone
	t := time.UnixMilli(min(max(ms, yearOne), maxMoment)).In(q.Location)
	return &t
}
