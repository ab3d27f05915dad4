package section

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"pi-track/internal/report/index"
	"pi-track/internal/report/query"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// SectionContext is helper × repo.
const SectionContext query.Section = "context"

// Contexts is helper × repo: what the flakiness grid shows.
type Contexts struct {
	Rows    []ContextRow `json:"rows"` // by helper, then most failures first
	Omitted int          `json:"omitted"`
}

// ContextRow is one helper in one repo ("" outside any).
type ContextRow struct {
	Helper string `json:"helper"`
	Which
	Repo string `json:"repo"`
	sum.Counts
	Success stats.Rate    `json:"success"`
	Verdict stats.Verdict `json:"verdict"` // of the runs in this repo alone
	P50     float64       `json:"p50_ms"`
	LastRun *time.Time    `json:"last_run,omitempty"`
}

// contexts are the runs by helper and repo.
type contexts struct {
	s    *shared
	from *contexts // what it was forked from
	of   map[helperRepo]*contextSum
}

type helperRepo struct{ helper, repo uint32 }

type contextSum struct {
	sum.Tally
	ends sum.Ends
}

func newContexts(s *shared) (section, part) {
	c := &contexts{s: s, of: map[helperRepo]*contextSum{}}
	return c, c
}

func (c *contexts) Fork() part {
	return &contexts{s: c.s, from: c, of: map[helperRepo]*contextSum{}}
}

func (c *contexts) Add(r *sum.Run) {
	if !r.Now {
		return
	}
	x := c.sum(helperRepo{r.Helper, r.Repo})
	x.Tally.Add(r)
	x.ends.AddRun(r)
}

func (c *contexts) sum(key helperRepo) *contextSum {
	x := c.of[key]
	if x == nil {
		x = &contextSum{ends: sum.NewEnds(c.s.q.Bounded)}
		c.of[key] = x
	}
	return x
}

func (c *contexts) Join() {
	for key, b := range c.of {
		a := c.from.of[key]
		if a == nil {
			c.from.of[key] = b
			continue
		}
		a.Tally.Merge(&b.Tally)
		a.ends.Merge(&b.ends)
	}
}

func (c *contexts) Report(t *totals, r *Report) {
	out := &Contexts{Rows: []ContextRow{}}
	var keys []helperRepo
	var all []*runsOf
	for key, x := range c.of {
		keys, all = append(keys, key), append(all, &runsOf{&x.Tally, &x.ends})
	}
	verdicts := t.judge(all)
	for i, key := range keys {
		x := c.of[key]
		n, v := x.Result(), verdicts[i].verdict
		row := ContextRow{
			Helper: t.name(key.helper), Which: t.which(key.helper), Repo: t.repos.Text(key.repo), Counts: n,
			Success: rateOf(t.q, n), Verdict: v, LastRun: t.q.Moment(x.LastRun),
		}
		row.P50 = x.Durations.Quantiles(0.5)[0]
		out.Rows = append(out.Rows, row)
	}
	slices.SortFunc(out.Rows, func(a, b ContextRow) int {
		return cmp.Or(strings.Compare(a.Helper, b.Helper), strings.Compare(a.Sort, b.Sort), -cmp.Compare(a.Failed, b.Failed),
			-cmp.Compare(a.Runs, b.Runs), strings.Compare(a.Repo, b.Repo))
	})
	out.Rows, out.Omitted = cut(out.Rows, t.q.Limit)
	r.Context = out
}

func (c *contexts) Encode(e *index.Writer) {
	index.Put(e, int64(len(c.of)))
	for key, x := range c.of {
		if index.Put(e, key); e.Full {
			return
		}
		x.Tally.Encode(e)
		x.ends.Encode(e)
	}
}

func (c *contexts) Decode(d *index.Reader) {
	for range d.Count() {
		var key helperRepo
		x := &contextSum{ends: sum.NewEnds(c.s.q.Bounded)}
		if index.Get(d, &key); d.Bad {
			return
		}
		x.Tally.Decode(d)
		x.ends.Decode(d)
		c.of[key] = x
	}
}
