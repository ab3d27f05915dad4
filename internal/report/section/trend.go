package section

import (
	"cmp"
	"slices"
	"strings"

	"pi-track/internal/report/index"
	"pi-track/internal/report/query"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// SectionTrend compares each helper with the period before.
const SectionTrend query.Section = "trend"

// Trends compares each helper with the period before (Query.Compared).
type Trends struct {
	Rows     []TrendRow `json:"rows"`     // the largest certain change first: by the bound of Success that is nearer to none; few runs last
	Compared int64      `json:"compared"` // helpers with a Success; of the arrows among them at most one in 20 is chance (Benjamini and Hochberg)
	Omitted  int        `json:"omitted"`
}

// TrendRow is one helper's change. Success and P50Ratio are nil when one of
// the periods has no finished or no succeeded run.
type TrendRow struct {
	Helper string `json:"helper"`
	Which
	Runs     Delta           `json:"runs"`
	Current  stats.Rate      `json:"current"`
	Previous stats.Rate      `json:"previous"`
	Success  *stats.Interval `json:"success"` // Current − Previous, Newcombe
	Arrow    string          `json:"arrow"`   // up, down or "": only where P is small among all helpers and Success excludes zero
	P        float64         `json:"p"`       // of Fisher's exact test
	P50      *float64        `json:"p50_ms"`
	PrevP50  *float64        `json:"previous_p50_ms"`
	P50Ratio *float64        `json:"p50_ratio"`
}

// trend compares each helper in the two periods of Query.Compared.
type trend struct {
	s    *shared
	from *trend          // what it was forked from
	rows []*[2]sum.Tally // by number of the helper: current, previous
}

func newTrend(s *shared) (section, part) {
	t := &trend{s: s}
	return t, t
}

func (t *trend) Fork() part { return &trend{s: t.s, from: t} }

func (t *trend) row(name uint32) *[2]sum.Tally {
	for int(name) >= len(t.rows) {
		t.rows = append(t.rows, nil)
	}
	if t.rows[name] == nil {
		t.rows[name] = new([2]sum.Tally)
	}
	return t.rows[name]
}

func (t *trend) Add(r *sum.Run) {
	switch q := t.s.q; {
	case q.Current.Has(r.Start):
		t.row(r.Helper)[0].Add(r)
	case q.Previous.Has(r.Start):
		t.row(r.Helper)[1].Add(r)
	}
}

func (t *trend) Join() {
	for name, b := range t.rows {
		if b != nil {
			a := t.from.row(uint32(name))
			a[0].Merge(&b[0])
			a[1].Merge(&b[1])
		}
	}
}

func (t *trend) Report(all *totals, r *Report) {
	out := &Trends{Rows: []TrendRow{}}
	for id, x := range t.rows {
		if x == nil {
			continue
		}
		row := trendRow(t.s.q, all.name(uint32(id)), all.which(uint32(id)), &x[0], &x[1])
		if row.Success != nil {
			out.Compared++
		}
		out.Rows = append(out.Rows, row)
	}
	var p []float64
	for i := range out.Rows {
		if out.Rows[i].Success != nil {
			p = append(p, out.Rows[i].P)
		}
	}
	limit := stats.BenjaminiHochberg(p, 0.05)
	for i := range out.Rows {
		if x := &out.Rows[i]; x.Success != nil {
			x.Arrow = stats.Arrow(*x.Success, x.P, limit)
		}
	}
	certain := func(r *TrendRow) float64 {
		switch {
		case r.Success == nil:
			return -4
		case min(r.Current.N, r.Previous.N) < int64(t.s.q.MinN):
			return -2 + max(r.Success.Low, -r.Success.High)
		}
		return max(r.Success.Low, -r.Success.High) // below zero where the change is not clear
	}
	slices.SortFunc(out.Rows, func(a, b TrendRow) int {
		return cmp.Or(-cmp.Compare(certain(&a), certain(&b)), strings.Compare(a.Helper, b.Helper), strings.Compare(a.Sort, b.Sort))
	})
	out.Rows, out.Omitted = cut(out.Rows, t.s.q.Limit)
	r.Trend = out
}

func trendRow(q *query.Plan, name string, which Which, now, before *sum.Tally) TrendRow {
	a, b := now.Result(), before.Result()
	row := TrendRow{
		Helper: name, Which: which, Runs: Delta{Current: a.Runs, Previous: b.Runs},
		Current: rateOf(q, a), Previous: rateOf(q, b), P: 1,
	}
	if diff, p, ok := stats.Trend(a.Succeeded, a.Finished(), b.Succeeded, b.Finished()); ok && !q.SomeStatus() {
		row.Success, row.P = &diff, p
	}
	row.P50, row.PrevP50 = median(now), median(before)
	if row.P50 != nil && row.PrevP50 != nil && *row.PrevP50 > 0 {
		ratio := *row.P50 / *row.PrevP50
		row.P50Ratio = &ratio
	}
	return row
}

func median(a *sum.Tally) *float64 {
	if a.Durations.N == 0 {
		return nil
	}
	return &a.Durations.Quantiles(0.5)[0]
}

func (t *trend) Encode(e *index.Writer) {
	index.Put(e, int64(len(t.rows)))
	for _, x := range t.rows {
		if index.Put(e, x != nil); x != nil {
			x[0].Encode(e)
			x[1].Encode(e)
		}
	}
}

func (t *trend) Decode(d *index.Reader) {
	t.rows = make([]*[2]sum.Tally, d.Count())
	for i := range t.rows {
		var present bool
		if index.Get(d, &present); present {
			t.rows[i] = new([2]sum.Tally)
			t.rows[i][0].Decode(d)
			t.rows[i][1].Decode(d)
		}
	}
}
