package view

import (
	"fmt"
	"strings"
	"time"

	"pi-track/internal/report/section"
)

// why is everything about one helper, the answer first.
func (w *writer) why(x *section.Why) []block {
	h := &x.Helper
	k := block{title: "Why " + h.Label(h.Name), note: h.Kind}
	if h.Runs == 0 {
		k.lines = []cell{{"no runs match", faint}}
		return []block{k}
	}
	k.lines = append(k.lines, w.verdict(&h.Verdict), cell{
		fmt.Sprintf("%s · run success %s (95 %% interval %s) · %s failed · %s cancelled · %s open",
			plural(h.Runs, "run"), rateN(h.Success), bounds(h.Success), count(h.Failed), count(h.Cancelled), count(h.Open)), plain})
	if d := h.Duration; d.N > 0 {
		k.lines = append(k.lines, cell{fmt.Sprintf("succeeded runs take %s on average · p50 %s · p95 %s · p99 %s · max %s (n %s)",
			span(d.Avg), span(d.P50), span(d.P95), span(d.P99), span(d.Max), count(d.N)), plain})
	}
	if v := h.Verdict; v.Failures > 0 && v.Failures < v.N {
		k.lines = append(k.lines, cell{fmt.Sprintf("%s in time order, %.2f × what chance gives · %s · flaky score %.2f",
			plural(v.Flips, "change"), v.FlipRatio, recoveries(v.Recoveries), v.Score), faint})
	}
	for i := range h.Changes {
		k.lines = append(k.lines, w.changeLine(&h.Changes[i]))
	}
	if c := h.Verdict.Cancelled; c != nil && c.TimeoutMS > 0 {
		k.lines = append(k.lines, cell{"cancelled: " + cancelledWords(c), plain})
	}
	if h.Usage != nil {
		k.lines = append(k.lines, cell{usageWords(h.Usage), plain})
	}
	out := []block{k}
	if len(x.Revisions) > 1 {
		out = append(out, w.whyRevisions(x))
	}
	return append(out, w.whyContexts(x), w.whyBlocks(x), w.whyFailures(x), w.whyPeriods(x))
}

func recoveries(n int64) string {
	if n == 1 {
		return "1 recovery"
	}
	return count(n) + " recoveries"
}

func (w *writer) whyContexts(x *section.Why) block {
	k := block{title: "Contexts", note: "every repo, then the tasks with most failures; the latest outcome stands last"}
	contexts, more := shownOfWhy(x.Contexts)
	k.table = tableOf(w, w.whyContextColumns(), contexts)
	if more > 0 {
		k.after = []cell{{moreTasks(more), faint}}
	}
	return k
}

// maxWhyTasks is how many tasks `why` shows besides all repos.
const maxWhyTasks = 20

// shownOfWhy are all repos and the tasks with most failures, and how many tasks
// there are besides.
func shownOfWhy(contexts []section.ContextCounts) ([]section.ContextCounts, int) {
	repos := 0
	for repos < len(contexts) && contexts[repos].Task == "" {
		repos++
	}
	n := min(len(contexts), repos+maxWhyTasks)
	return contexts[:n], len(contexts) - n
}

func moreTasks(n int) string { return "… " + plural(int64(n), "more task") + ": see --json" }

func (w *writer) whyBlocks(x *section.Why) block {
	k := block{title: "Failures in a row", note: "latest first"}
	k.table = tableOf(w, w.whyBlockColumns(), x.Blocks)
	if len(x.Blocks) == 0 {
		k.lines = []cell{{"none: no two failures in a row", faint}}
	}
	return k
}

// blockEnd says when failures in a row ended.
func (w *writer) blockEnd(b *section.Block) string {
	if b.Open {
		return w.clock.minute(b.To) + " (goes on)"
	}
	return w.clock.minute(b.To)
}

func (w *writer) blockRepos(b *section.Block) string {
	var short []string
	for _, r := range b.Repos {
		short = append(short, w.names.repo(r))
	}
	return strings.Join(short, ", ")
}

func (w *writer) whyFailures(x *section.Why) block {
	k := block{title: "Last errors", note: "pi-track show ID tells all about one"}
	k.table = tableOf(w, w.failureColumns(false), x.Failures)
	if len(x.Failures) == 0 {
		k.lines = []cell{{"none", faint}}
	}
	return k
}

func (w *writer) whyPeriods(x *section.Why) block {
	k := block{title: "Over time"}
	if len(x.Periods) == 0 {
		return k
	}
	k.title = "By " + x.Periods[0].Unit
	k.table = tableOf(w, whyPeriodColumns(x.Periods), x.Periods)
	return k
}

// periodName is a day, a week or a month as --by names it.
func periodName(p *section.WhyPeriod) string {
	at, err := time.Parse(time.DateOnly, p.Start)
	switch {
	case err != nil:
		return p.Start
	case p.Unit == "week":
		year, week := at.ISOWeek()
		return fmt.Sprintf("%04d-W%02d", year, week)
	case p.Unit == "month":
		return at.Format("2006-01")
	}
	return p.Start
}

// whyRevisions lists the files that ran under the name.
func (w *writer) whyRevisions(x *section.Why) block {
	k := block{title: "Files that ran", note: "the latest first; --by rev compares them"}
	const most = 10
	k.table = tableOf(w, w.revisionColumns(), x.Revisions[:min(most, len(x.Revisions))])
	if more := len(x.Revisions) - most; more > 0 {
		k.after = []cell{{"… " + count(int64(more)) + " more: see --json", faint}}
	}
	return k
}
