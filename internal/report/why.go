package report

import (
	"cmp"
	"slices"
	"time"

	"pi-track/internal/stats"
)

// why collects what only `report why` needs: one helper's runs by day.
type why struct {
	s        *shared
	name     uint32
	days     map[int32]*acc
	calendar calendar
}

func newWhy(s *shared) *why {
	id := uint32(0)
	if s.q.Why != "" {
		name := []byte(s.q.Why)
		id = s.names.add(hash(name), name)
	}
	return &why{s: s, name: id, days: map[int32]*acc{}, calendar: calendar{location: s.q.location}}
}

func (w *why) add(r *run) {
	if r.name != w.name || !r.now {
		return
	}
	day := w.calendar.day(r.start)
	if w.days[day] == nil {
		w.days[day] = &acc{}
	}
	w.days[day].add(r)
}

func (w *why) merge(o section) {
	for day, b := range o.(*why).days {
		if a := w.days[day]; a != nil {
			a.merge(b)
		} else {
			w.days[day] = b
		}
	}
}

// WhyNone is the answer for a helper without a run.
func WhyNone(name string) *Why {
	return &Why{
		Helper: Helper{
			Name: name, Row: Row{Success: stats.NewRate(0, 0), Few: true, Duration: Durations{Exact: true}},
			Days: []Day{}, Verdict: stats.Verdict{Class: stats.FewData},
		},
		Contexts: []ContextCounts{}, Blocks: []Block{}, Failures: []Failure{}, Periods: []WhyPeriod{},
	}
}

// report leaves the section out when the helper has no run.
func (w *why) report(t *totals, r *Report) {
	if int(w.name) >= len(t.helpers) || t.helpers[w.name] == nil || t.helpers[w.name].result().Runs == 0 {
		return
	}
	h := t.helpers[w.name]
	g := gatherer{shared: t.shared}
	e := g.evidence(&h.outcomes)
	name := t.names.text(w.name)
	out := &Why{
		Helper: t.helperResult(name, h, t.prior(), t.q.local(stats.Decide(e, t.q.now))),
		Blocks: t.blocks(&h.outcomes), Failures: []Failure{}, Periods: w.periods(t),
	}
	out.Contexts = t.contextCounts(&h.outcomes, slices.Concat(e.Repos, e.Tasks), 0)
	for _, f := range t.failures.result(t.shared) {
		if f.Helper == name && len(out.Failures) < 10 {
			out.Failures = append(out.Failures, f)
		}
	}
	r.Why = out
}

// blocks are the unbroken rows of two and more failures, the latest first.
func (t *totals) blocks(o *outcomes) []Block {
	out := []Block{}
	var now *Block
	repos := map[uint32]bool{}
	end := func(open bool) {
		if now != nil && now.Failures > 1 {
			for id := range repos {
				now.Repos = append(now.Repos, t.repos.text(id))
			}
			slices.Sort(now.Repos)
			now.Open = open
			out = append(out, *now)
		}
		now = nil
		clear(repos)
	}
	for _, x := range o.latest() {
		if !x.failed {
			end(false)
			continue
		}
		at := time.UnixMilli(x.at).In(t.q.location)
		if now == nil {
			now = &Block{From: at, Repos: []string{}}
		}
		now.To = at
		now.Failures++
		repos[x.repo] = true
	}
	end(true)
	slices.Reverse(out)
	out, _ = cut(out, 10)
	return out
}

// periods are the days, weeks or months of the helper, oldest first.
func (w *why) periods(t *totals) []WhyPeriod {
	days := make([]int32, 0, len(w.days))
	for day := range w.days {
		days = append(days, day)
	}
	slices.Sort(days)
	first, last := days[0], days[len(days)-1]
	if !t.q.Since.IsZero() {
		first = min(first, dayNumber(t.q.Since.In(t.q.location)))
		last = max(last, t.q.lastDay())
	}
	unit, start := "month", func(d int32) int32 { return d - int32(dayDate(d).Day()) + 1 }
	switch n := last - first + 1; {
	case n <= 31:
		unit, start = "day", func(d int32) int32 { return d }
	case n <= 26*7:
		unit, start = "week", func(d int32) int32 { return d - (d+3)%7 } // Monday; 1970-01-01 was a Thursday
	}
	sums := map[int32]*acc{}
	for _, day := range days {
		a := sums[start(day)]
		if a == nil {
			a = &acc{}
			sums[start(day)] = a
		}
		a.merge(w.days[day])
	}
	out := []WhyPeriod{}
	for day, a := range sums {
		c := a.result()
		out = append(out, WhyPeriod{
			Start: date(day), Unit: unit, Counts: c, Success: stats.NewRate(c.Succeeded, c.Finished()), Duration: a.durations.result(),
		})
	}
	slices.SortFunc(out, func(a, b WhyPeriod) int { return cmp.Compare(a.Start, b.Start) })
	return out
}
