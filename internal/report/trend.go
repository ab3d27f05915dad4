package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"pi-track/internal/stats"
)

// trend compares each helper in the two periods of Query.Compared.
type trend struct {
	s    *shared
	rows []*[2]acc // by number of the name: current, previous
}

func (t *trend) row(name uint32) *[2]acc {
	for int(name) >= len(t.rows) {
		t.rows = append(t.rows, nil)
	}
	if t.rows[name] == nil {
		t.rows[name] = new([2]acc)
	}
	return t.rows[name]
}

func (t *trend) add(r *run) {
	switch q := t.s.q; {
	case q.current.has(r.start):
		t.row(r.name)[0].add(r)
	case q.previous.has(r.start):
		t.row(r.name)[1].add(r)
	}
}

func (t *trend) merge(o section) {
	for name, b := range o.(*trend).rows {
		if b != nil {
			a := t.row(uint32(name))
			a[0].merge(&b[0])
			a[1].merge(&b[1])
		}
	}
}

func (t *trend) report(_ *totals, r *Report) {
	out := &Trends{Rows: []TrendRow{}}
	for name, x := range t.rows {
		if x == nil {
			continue
		}
		row := trendRow(t.s.names.text(uint32(name)), &x[0], &x[1])
		if row.Success != nil {
			out.Compared++
		}
		out.Rows = append(out.Rows, row)
	}
	certain := func(r *TrendRow) float64 {
		switch {
		case r.Success == nil:
			return -4
		case min(r.Current.N, r.Previous.N) < int64(t.s.q.minN):
			return -2 + max(r.Success.Low, -r.Success.High)
		}
		return max(r.Success.Low, -r.Success.High) // below zero where the change is not clear
	}
	slices.SortFunc(out.Rows, func(a, b TrendRow) int {
		return cmp.Or(-cmp.Compare(certain(&a), certain(&b)), strings.Compare(a.Helper, b.Helper))
	})
	out.Rows, out.Omitted = cut(out.Rows, t.s.q.Limit)
	r.Trend = out
}

func trendRow(name string, now, before *acc) TrendRow {
	a, b := now.result(), before.result()
	row := TrendRow{
		Helper: name, Runs: Delta{Current: a.Runs, Previous: b.Runs},
		Current: stats.NewRate(a.Succeeded, a.Finished()), Previous: stats.NewRate(b.Succeeded, b.Finished()),
	}
	if diff, arrow, ok := stats.Trend(a.Succeeded, a.Finished(), b.Succeeded, b.Finished()); ok {
		row.Success, row.Arrow = &diff, arrow
	}
	row.P50, row.PrevP50 = median(now), median(before)
	if row.P50 != nil && row.PrevP50 != nil && *row.PrevP50 > 0 {
		ratio := *row.P50 / *row.PrevP50
		row.P50Ratio = &ratio
	}
	return row
}

func median(a *acc) *float64 {
	if a.durations.n == 0 {
		return nil
	}
	return &a.durations.quantiles(0.5)[0]
}

// unused finds the configured helpers without a run; the helpers' own sums
// hold all it needs.
type unused struct{}

func (unused) add(*run)      {}
func (unused) merge(section) {}

func (unused) report(t *totals, r *Report) {
	out := &Unused{Configured: len(t.q.Configured), Rows: []UnusedRow{}}
	byName := map[string]*helper{}
	for name, h := range t.helpers {
		if h != nil {
			byName[t.names.text(uint32(name))] = h
		}
	}
	for _, c := range t.q.Configured {
		row := UnusedRow{Name: c.Name, Kind: c.Kind}
		if h := byName[c.Name]; h != nil {
			if h.result().Runs > 0 {
				continue
			}
			row.LastUsed = t.q.moment(h.lastBefore)
		}
		out.Rows = append(out.Rows, row)
	}
	slices.SortFunc(out.Rows, func(a, b UnusedRow) int { return strings.Compare(a.Name, b.Name) })
	r.Unused = out
}

// places are the runs by helper and repo.
type places struct {
	s  *shared
	of map[place]*placeSum
}

type place struct{ name, repo uint32 }

type placeSum struct {
	acc
	outcomes outcomes
}

func (p *places) add(r *run) {
	if !r.now {
		return
	}
	key := place{r.name, r.repo}
	x := p.of[key]
	if x == nil {
		x = &placeSum{}
		p.of[key] = x
	}
	x.acc.add(r)
	x.outcomes.addRun(r)
}

func (p *places) merge(o section) {
	for key, b := range o.(*places).of {
		a := p.of[key]
		if a == nil {
			p.of[key] = b
			continue
		}
		a.acc.merge(&b.acc)
		a.outcomes.merge(&b.outcomes)
	}
}

func (p *places) report(t *totals, r *Report) {
	out := &Contexts{Rows: []ContextRow{}}
	g := gatherer{shared: t.shared}
	for key, x := range p.of {
		c := x.result()
		v := t.q.local(stats.Decide(g.evidence(&x.outcomes), t.q.now))
		row := ContextRow{
			Helper: t.names.text(key.name), Repo: t.repos.text(key.repo), Counts: c,
			Success: stats.NewRate(c.Succeeded, c.Finished()), Verdict: v, LastRun: t.q.moment(x.lastRun),
		}
		row.P50 = x.durations.quantiles(0.5)[0]
		out.Rows = append(out.Rows, row)
	}
	slices.SortFunc(out.Rows, func(a, b ContextRow) int {
		return cmp.Or(strings.Compare(a.Helper, b.Helper), -cmp.Compare(a.Failed, b.Failed),
			-cmp.Compare(a.Runs, b.Runs), strings.Compare(a.Repo, b.Repo))
	})
	out.Rows, out.Omitted = cut(out.Rows, t.q.Limit)
	r.Context = out
}

// date is the date of a day number.
func date(day int32) string { return dayDate(day).Format(time.DateOnly) }
