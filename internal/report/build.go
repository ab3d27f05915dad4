package report

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/stats"
)

// Build reads the logs and computes the report. Its errors are about options
// (a malformed glob) and logs that cannot be read; whatever is wrong inside a
// log is a Warning. It ends soon with ctx's error when ctx is done.
func Build(ctx context.Context, o Options) (*Report, error) {
	q, err := newQuery(o)
	if err != nil {
		return nil, err
	}
	t, err := totalsOf(ctx, q)
	if err != nil {
		return nil, err
	}
	return t.report(), nil
}

// totals are everything that a report is computed from.
type totals struct {
	*collector
	lines, badLines, bytes int64
	warnings               []Warning
}

// report computes the Report.
func (t *totals) report() *Report {
	q := t.q
	r := &Report{Schema: Schema, GeneratedAt: q.now.In(q.location), Query: q.result(), Warnings: t.warnings}
	if r.Warnings == nil {
		r.Warnings = []Warning{}
	}
	if q.sections[SectionOverview] {
		r.Overview = t.overview()
	}
	prior := t.prior()
	needsVerdicts := q.sections[SectionHelpers] && len(q.By) == 0 || q.sections[SectionFlaky]
	var verdicts []verdictOf
	if needsVerdicts {
		verdicts = t.verdicts()
	}
	if q.sections[SectionHelpers] && len(q.By) == 0 {
		r.Helpers = t.helperRows(prior, verdicts)
	}
	if q.sections[SectionFlaky] {
		r.Flaky = t.flakyRows(verdicts)
	}
	if q.sections[SectionFailures] {
		rows, omitted := cut(t.failures.result(t.shared), q.Limit)
		r.Failures = &Failures{Rows: rows, Omitted: omitted}
	}
	for _, s := range t.sections {
		s.(reporter).report(t, r)
	}
	if t.effect != nil {
		t.effect.report(t, r)
	}
	return r
}

func (t *totals) overview() *Overview {
	var all acc
	var days days
	helpers := int64(0)
	for _, h := range t.helpers {
		if h == nil || h.result().Runs == 0 {
			continue
		}
		helpers++
		all.addCounts(&h.acc)
		days.merge(h.days)
	}
	c := all.result()
	o := &Overview{
		First: t.q.moment(t.first), Last: t.q.moment(t.last), Counts: c,
		Success: stats.NewRate(c.Succeeded, c.Finished()), Running: t.running,
		Helpers: helpers, Repos: t.usedRepos.count(), Sessions: int64(t.sessions.n),
		Tasks: t.usedTasks.count(), Hosts: int64(t.hosts.n),
		Lines: t.lines, BadLines: t.badLines, Bytes: t.bytes, Usage: all.usageResult(),
		Days: []Day{},
	}
	if c.Runs > 0 {
		first := dayNumber(o.First.In(t.q.location))
		last := dayNumber(o.Last.In(t.q.location))
		o.Days = days.last(last, min(int(last-first)+1, 366))
	}
	return o
}

// prior is the prior of the failure rates of all runs.
func (t *totals) prior() stats.Beta {
	var k, n int64
	for _, h := range t.helpers {
		if h != nil {
			k += h.failed()
			n += h.finished()
		}
	}
	return stats.PooledPrior(k, n)
}

// verdictOf is the verdict on a helper and what it rests on.
type verdictOf struct {
	name     uint32
	evidence *stats.Evidence // nil: it is solid, has few data, or no runs
	verdict  stats.Verdict
}

// local puts a verdict's times into the query's zone.
func (q *query) local(v stats.Verdict) stats.Verdict {
	in := func(t *time.Time) *time.Time {
		if t == nil {
			return nil
		}
		l := t.In(q.location)
		return &l
	}
	v.From, v.To = in(v.From), in(v.To)
	return v
}

func (t *totals) helperRows(prior stats.Beta, verdicts []verdictOf) *Helpers {
	h := &Helpers{Prior: prior, Rows: []Helper{}}
	for name, x := range t.helpers {
		if x != nil && x.result().Runs > 0 {
			h.Rows = append(h.Rows, t.helperResult(t.names.text(uint32(name)), x, prior, verdicts[name].verdict))
		}
	}
	slices.SortFunc(h.Rows, func(a, b Helper) int { return t.q.compareRows(&a.Row, &b.Row, a.Name, b.Name) })
	h.Rows, h.Omitted = cut(h.Rows, t.q.Limit)
	return h
}

func (t *totals) flakyRows(verdicts []verdictOf) *Flaky {
	f := &Flaky{Rows: []HelperVerdict{}, Few: []string{}, Recent: maxOutcomes}
	for name, v := range verdicts {
		switch v.verdict.Class {
		case "": // no runs
		case stats.Solid:
			f.Solid++
		case stats.FewData:
			f.Few = append(f.Few, t.names.text(uint32(name)))
		default:
			f.Rows = append(f.Rows, HelperVerdict{
				Helper: t.names.text(uint32(name)), Kind: t.helpers[name].kind, Verdict: v.verdict,
				Success:  stats.NewRate(v.verdict.N-v.verdict.Failures, v.verdict.N),
				Contexts: t.contextCounts(&t.helpers[name].outcomes, shownContexts(&v), 8),
				Last:     t.lastOutcomes(t.helpers[name].outcomes.latest(), &stats.Context{}),
			})
		}
	}
	slices.Sort(f.Few)
	rank := []stats.Class{stats.Broken, stats.BrokenSince, stats.ContextBound, stats.FlakyClass, stats.Outage}
	slices.SortFunc(f.Rows, func(a, b HelperVerdict) int {
		return cmp.Or(
			cmp.Compare(slices.Index(rank, a.Verdict.Class), slices.Index(rank, b.Verdict.Class)),
			-cmp.Compare(a.Verdict.Score, b.Verdict.Score),
			-cmp.Compare(a.Verdict.Failures, b.Verdict.Failures),
			strings.Compare(a.Helper, b.Helper))
	})
	f.Rows, f.Omitted = cut(f.Rows, t.q.Limit)
	return f
}

// shownContexts are those at the level that the verdict names, else the repos.
func shownContexts(v *verdictOf) []stats.Context {
	if v.verdict.Level == stats.LevelTask {
		return v.evidence.Tasks
	}
	return v.evidence.Repos
}

// contextCounts are the contexts with the most failures, at most limit.
func (t *totals) contextCounts(o *outcomes, contexts []stats.Context, limit int) []ContextCounts {
	contexts = slices.Clone(contexts)
	slices.SortStableFunc(contexts, func(a, b stats.Context) int {
		return cmp.Or(-cmp.Compare(a.Failures, b.Failures), -cmp.Compare(a.N, b.N))
	})
	contexts, _ = cut(contexts, limit)
	out := make([]ContextCounts, len(contexts))
	for i, c := range contexts {
		out[i] = ContextCounts{
			Repo: c.Repo, Task: c.Task, Success: stats.NewRate(c.N-c.Failures, c.N), Recoveries: c.Recoveries,
			Last: t.lastOutcomes(o.latest(), &c),
		}
	}
	return out
}

// lastOutcomes are the last 20 outcomes in a context.
func (t *totals) lastOutcomes(list []outcome, c *stats.Context) string {
	var last []byte
	for i := len(list) - 1; i >= 0 && len(last) < 20; i-- {
		x := list[i]
		if c.Level != stats.LevelNone && t.repos.text(x.repo) != c.Repo ||
			c.Level == stats.LevelTask && t.tasks.text(x.task) != c.Task {
			continue
		}
		mark := byte('.')
		if x.failed {
			mark = 'F'
		}
		last = append(last, mark)
	}
	slices.Reverse(last)
	return string(last)
}

// isEnd says whether a line ends a run.
func isEnd(c event.Code) bool { return c != event.CodeStarted }
