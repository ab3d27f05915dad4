package section

import (
	"cmp"
	"slices"
	"strings"

	"pi-track/internal/report/query"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// SectionFlaky lists the helpers whose verdict is a trouble.
const SectionFlaky query.Section = "flaky"

// Flaky lists the helpers that have something to say: every verdict but
// solid and few data, the worst first.
type Flaky struct {
	Rows    []HelperVerdict `json:"rows"`
	Solid   int             `json:"solid"`  // helpers with that verdict
	Few     []string        `json:"few"`    // names with too few runs to tell
	Recent  int             `json:"recent"` // verdicts go by at most so many of a helper's latest finished runs; 0 is all of the period
	Omitted int             `json:"omitted"`
}

// HelperVerdict is a verdict with its evidence per context.
type HelperVerdict struct {
	Helper string `json:"helper"`
	Kind   string `json:"kind"`
	Which
	Verdict  stats.Verdict   `json:"verdict"`
	Changes  []HelperChange  `json:"changes,omitempty"` // the latest first
	Success  stats.Rate      `json:"success"`
	Last     string          `json:"last"`     // as in ContextCounts, of all contexts together
	Contexts []ContextCounts `json:"contexts"` // repos, or tasks when the verdict names one; most failures first, at most 8
	id       int             // number of the helper
}

// ContextCounts is one context of a helper; Task is empty at repo level, Repo
// outside any repo.
type ContextCounts struct {
	Repo       string     `json:"repo"`
	Task       string     `json:"task,omitempty"`
	Success    stats.Rate `json:"success"`
	Recoveries int64      `json:"recoveries"`     // a failure followed by a success
	Last       string     `json:"last,omitempty"` // the last 20 outcomes, oldest first: . succeeded, F failed
}

// flaky needs no more than the sums of the helpers.
type flaky struct{}

func newFlaky(*shared) (section, part) { return flaky{}, nil }

func (flaky) Report(t *totals, r *Report) {
	f := &Flaky{Rows: []HelperVerdict{}, Few: []string{}, Recent: t.atMost()}
	for id, v := range t.verdicts() {
		switch v.verdict.Class {
		case "", stats.Used, stats.Unjudged: // no runs, or no success
		case stats.Solid:
			f.Solid++
		case stats.FewData:
			f.Few = append(f.Few, t.name(uint32(id)))
		default:
			f.Rows = append(f.Rows, HelperVerdict{
				Helper: t.name(uint32(id)), Kind: t.helpers[id].kind, Which: t.which(uint32(id)), Verdict: v.verdict,
				Changes: t.told()[id],
				Success: stats.NewRate(v.verdict.N-v.verdict.Failures, v.verdict.N),
				id:      id,
			})
		}
	}
	slices.Sort(f.Few)
	rank := []stats.Class{
		stats.Broken, stats.BrokenSince, stats.WorseSince, stats.AlwaysCancelled, stats.ContextBound, stats.FlakyClass,
		stats.FailsOften, stats.OftenCancelled, stats.Outage, stats.BetterSince,
	}
	slices.SortFunc(f.Rows, func(a, b HelperVerdict) int {
		return cmp.Or(
			cmp.Compare(slices.Index(rank, a.Verdict.Class), slices.Index(rank, b.Verdict.Class)),
			-cmp.Compare(a.Verdict.Score, b.Verdict.Score),
			-cmp.Compare(a.Verdict.Failures, b.Verdict.Failures),
			strings.Compare(a.Helper, b.Helper), strings.Compare(a.Sort, b.Sort))
	})
	f.Rows, f.Omitted = cut(f.Rows, t.q.Limit)
	for i := range f.Rows { // of those that are shown
		x := &f.Rows[i]
		list := t.helpers[x.id].ends.Finished.Latest()
		x.Contexts = t.contextCounts(list, shownContexts(&t.verdicts()[x.id]), 8)
		x.Last = t.lastOutcomes(list, &stats.Context{})
	}
	r.Flaky = f
}

// shownContexts are those at the level that the verdict names, else the repos.
func shownContexts(v *judged) []stats.Context {
	if v.verdict.Level == stats.LevelTask {
		return v.evidence.Tasks
	}
	return v.evidence.Repos
}

// contextCounts are the contexts with the most failures, at most limit.
func (t *totals) contextCounts(list []sum.Outcome, contexts []stats.Context, limit int) []ContextCounts {
	contexts = slices.Clone(contexts)
	slices.SortStableFunc(contexts, func(a, b stats.Context) int {
		return cmp.Or(-cmp.Compare(a.Failures, b.Failures), -cmp.Compare(a.N, b.N))
	})
	contexts, _ = cut(contexts, limit)
	out := make([]ContextCounts, len(contexts))
	for i, c := range contexts {
		out[i] = ContextCounts{
			Repo: c.Repo, Task: c.Task, Success: stats.NewRate(c.N-c.Failures, c.N), Recoveries: c.Recoveries,
			Last: t.lastOutcomes(list, &c),
		}
	}
	return out
}

// lastOutcomes are the last 20 outcomes in a context.
func (t *totals) lastOutcomes(list []sum.Outcome, c *stats.Context) string {
	var last []byte
	for i := len(list) - 1; i >= 0 && len(last) < 20; i-- {
		x := &list[i]
		if c.Level != stats.LevelNone && t.repos.Text(x.Repo) != c.Repo ||
			c.Level == stats.LevelTask && t.tasks.Text(x.Task) != c.Task {
			continue
		}
		mark := byte('.')
		if x.Failed {
			mark = 'F'
		}
		last = append(last, mark)
	}
	slices.Reverse(last)
	return string(last)
}
