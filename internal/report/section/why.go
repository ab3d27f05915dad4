package section

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"pi-track/internal/report/index"
	"pi-track/internal/report/query"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// SectionWhy is everything about one helper, Options.Why.
const SectionWhy query.Section = "why"

// Why is everything about one helper.
type Why struct {
	Helper   Helper          `json:"helper"`
	Contexts []ContextCounts `json:"contexts"` // every repo, then every task; of each most failures first
	Blocks   []Block         `json:"blocks"`   // runs of two or more failures in a row, latest first, at most 10
	Failures []Failure       `json:"failures"` // latest first, at most 10
	Periods  []WhyPeriod     `json:"periods"`  // oldest first
	// Revisions are the files that the runs of the verdict ran, the latest first.
	Revisions []Revision `json:"revisions"`
}

// Block is an unbroken row of failures in time order.
type Block struct {
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	Failures int64     `json:"failures"`
	Repos    []string  `json:"repos"`
	Open     bool      `json:"open"` // no success has followed
}

// Revision is one of the files that ran under the helper's name.
type Revision struct {
	Rev     string     `json:"rev"`
	First   time.Time  `json:"first"` // start of its first and its last run
	Last    time.Time  `json:"last"`
	Success stats.Rate `json:"success"`
}

// WhyPeriod is one day, week or month of a helper; which, depends on the
// length of the report's period (up to 31 days, up to 26 weeks, else months).
type WhyPeriod struct {
	Start string `json:"start"` // 2006-01-02
	Unit  string `json:"unit"`  // day, week or month
	sum.Counts
	Success  stats.Rate    `json:"success"`
	Duration sum.Durations `json:"duration"`
}

// why collects what only `report why` needs: the runs of helpers of one name by
// day.
type why struct {
	s        *shared
	from     *why // what it was forked from
	days     map[helperDay]*sum.Tally
	calendar query.Calendar
}

type helperDay struct {
	helper uint32
	day    int32
}

func whyKey(_ *kind, q *query.Plan) string { return fmt.Sprintf("why %q", q.Why) }

func newWhy(s *shared) (section, part) {
	w := emptyWhy(s)
	return w, w
}

func emptyWhy(s *shared) *why {
	return &why{s: s, days: map[helperDay]*sum.Tally{}, calendar: query.Calendar{Location: s.q.Location}}
}

func (w *why) Fork() part {
	o := emptyWhy(w.s)
	o.from = w
	return o
}

func (w *why) Add(r *sum.Run) {
	if !r.Now || string(r.Line.Bytes(r.Line.Name)) != w.s.q.Why {
		return
	}
	at := helperDay{r.Helper, w.calendar.Day(r.Start)}
	if w.days[at] == nil {
		w.days[at] = &sum.Tally{}
	}
	w.days[at].Add(r)
}

func (w *why) Join() {
	for at, b := range w.days {
		if a := w.from.days[at]; a != nil {
			a.Merge(b)
		} else {
			w.from.days[at] = b
		}
	}
}

// WhyNone is the answer for a helper without a run.
func WhyNone(name string) *Why {
	return &Why{
		Helper: Helper{
			Name: name, Row: Row{Success: stats.NewRate(0, 0), Few: true, Duration: sum.Durations{Exact: true}},
			Days: []sum.Day{}, Verdict: stats.Verdict{Class: stats.FewData},
		},
		Contexts: []ContextCounts{}, Blocks: []Block{}, Failures: []Failure{}, Periods: []WhyPeriod{}, Revisions: []Revision{},
	}
}

// Report leaves the section out when no helper of the name has a run, and when
// several have: then Report.WhySorts names them.
func (w *why) Report(t *totals, r *Report) {
	if sorts := t.sorts[t.q.Why]; len(sorts) != 1 {
		r.WhySorts = sorts
		return
	}
	id := t.helperKeys.Find(keyOf(nil, []byte(t.q.Why), t.sorts[t.q.Why][0]))
	h := t.helpers[id]
	g := gatherer{shared: t.shared}
	list := h.ends.Finished.Latest()
	e := g.evidence(list, true)
	out := &Why{
		Helper: t.helperResult(id, h, t.prior(), &t.verdicts()[id]),
		Blocks: t.blocks(list), Failures: []Failure{}, Periods: w.periods(t, id),
		Revisions: t.revisions(list),
	}
	out.Contexts = append(t.contextCounts(list, e.Repos, 0), t.contextCounts(list, e.Tasks, 0)...)
	for _, f := range t.failures.Result(t) {
		if f.Helper == out.Helper.Name && f.Sort == out.Helper.Sort && len(out.Failures) < 10 {
			out.Failures = append(out.Failures, f)
		}
	}
	r.Why = out
}

// revisions are the files of the outcomes; runs of which it is not known are left
// out.
func (t *totals) revisions(list []sum.Outcome) []Revision {
	out := []Revision{}
	index := map[string]int{}
	var runs []stats.Fraction
	for _, x := range list {
		rev := t.with(x.With)[0]
		if rev == "" {
			continue
		}
		at := time.UnixMilli(x.At - int64(x.Duration)).In(t.q.Location)
		i, ok := index[rev]
		if !ok {
			i = len(out)
			index[rev] = i
			out, runs = append(out, Revision{Rev: rev, First: at}), append(runs, stats.Fraction{})
		}
		n := &runs[i]
		n.N++
		if x.Failed {
			n.K++
		}
		out[i].Last, out[i].Success = at, stats.NewRate(n.N-n.K, n.N)
	}
	slices.SortFunc(out, func(a, b Revision) int { return b.First.Compare(a.First) })
	return out
}

// blocks are the unbroken rows of two and more failures, the latest first.
func (t *totals) blocks(list []sum.Outcome) []Block {
	out := []Block{}
	var now *Block
	repos := map[uint32]bool{}
	end := func(open bool) {
		if now != nil && now.Failures > 1 {
			for id := range repos {
				now.Repos = append(now.Repos, t.repos.Text(id))
			}
			slices.Sort(now.Repos)
			now.Open = open
			out = append(out, *now)
		}
		now = nil
		clear(repos)
	}
	for _, x := range list {
		if !x.Failed {
			end(false)
			continue
		}
		at := time.UnixMilli(x.At).In(t.q.Location)
		if now == nil {
			now = &Block{From: at, Repos: []string{}}
		}
		now.To = at
		now.Failures++
		repos[x.Repo] = true
	}
	end(true)
	slices.Reverse(out)
	out, _ = cut(out, 10)
	return out
}

// periods are the days, weeks or months of the helper, oldest first.
func (w *why) periods(t *totals, id uint32) []WhyPeriod {
	days := make([]int32, 0, len(w.days))
	for at := range w.days {
		if at.helper == id {
			days = append(days, at.day)
		}
	}
	slices.Sort(days)
	first, last := days[0], days[len(days)-1]
	if !t.q.Since.IsZero() {
		first = min(first, query.DayNumber(t.q.Since.In(t.q.Location)))
		last = max(last, t.q.LastDay())
	}
	unit, start := "month", func(d int32) int32 { return d - int32(query.DayDate(d).Day()) + 1 }
	switch n := last - first + 1; {
	case n <= 31:
		unit, start = "day", func(d int32) int32 { return d }
	case n <= 26*7:
		unit, start = "week", func(d int32) int32 { return d - (d+3)%7 } // Monday; 1970-01-01 was a Thursday
	}
	sums := map[int32]*sum.Tally{}
	for _, day := range days {
		a := sums[start(day)]
		if a == nil {
			a = &sum.Tally{}
			sums[start(day)] = a
		}
		a.Merge(w.days[helperDay{id, day}])
	}
	out := []WhyPeriod{}
	for day, a := range sums {
		c := a.Result()
		out = append(out, WhyPeriod{
			Start: sum.Date(day), Unit: unit, Counts: c, Success: rateOf(t.q, c), Duration: a.Durations.Result(),
		})
	}
	slices.SortFunc(out, func(a, b WhyPeriod) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

func (w *why) Encode(e *index.Writer) {
	index.Put(e, int64(len(w.days)))
	for at, a := range w.days {
		index.Put(e, at)
		a.Encode(e)
	}
}

func (w *why) Decode(d *index.Reader) {
	for range d.Count() {
		var at helperDay
		a := &sum.Tally{}
		if index.Get(d, &at); d.Bad {
			return
		}
		a.Decode(d)
		w.days[at] = a
	}
}
