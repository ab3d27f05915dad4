package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

func (w *writer) effect(e *section.Effect) []block {
	k := block{title: "Effect on task completion", note: e.Caveat}
	k.lines = append(k.lines, cell{w.effectUnits(e), plain})
	g := &grid{columns: []column{
		{title: "helper", left: true, least: 8},
		{title: "with"}, {title: "n"},
		{title: "without"}, {title: "n"},
		{title: "difference [95 %]", drop: 3},
		{title: "in strata [95 %]", drop: 1},
		{title: "verdict", left: true},
		{title: "", left: true, drop: 6},
	}}
	var few []string
	for i := range e.Rows {
		x := &e.Rows[i]
		if x.Verdict == stats.EffectFewData {
			few = append(few, fmt.Sprintf("%s (with %d of %d, without %d of %d)", x.Label(x.Helper), x.With.K, x.With.N, x.Without.K, x.Without.N))
			continue
		}
		g.add(cell{x.Label(x.Helper), strong},
			cell{rate(x.With), plain}, cell{count(x.With.N), faint},
			cell{rate(x.Without), plain}, cell{count(x.Without.N), faint},
			cell{pointsInterval(x.Diff), plain}, cell{pointsInterval(x.Stratified), strong},
			effectVerdict(x), cell{signTurns(x), doubt})
	}
	k.table = g
	if len(few) > 0 {
		k.after = append(k.after, cell{"too little data (fewer than 10 in an arm): " + strings.Join(few, ", "), faint})
	}
	k.after = append(k.after, omitted(e.Omitted)...)
	if note := decidersNote(e.Deciders); note != "" {
		k.after = append(k.after, cell{note, faint})
	}
	if e.Compared > 0 {
		k.after = append(k.after, cell{effectNote(e), faint})
	}
	return append([]block{k}, w.turned(e)...)
}

// effectUnits says what was counted.
func (w *writer) effectUnits(e *section.Effect) string {
	units := e.Tasks + e.Sessions
	if units == 0 {
		s := "no task with a recorded outcome"
		if e.Unknown > 0 {
			s += " (" + count(e.Unknown) + " without)"
		}
		return s + ": record one with pi-track task done|fail ID"
	}
	s := fmt.Sprintf("%s and %s with a recorded outcome, %s completed",
		plural(e.Tasks, "task"), plural(e.Sessions, "session"), rateN(e.Success))
	if e.Unknown > 0 {
		s += " · " + count(e.Unknown) + " without an outcome left out"
	}
	return s
}

// effectNote says in a line what the columns are; the page behind it says more.
func effectNote(e *section.Effect) string {
	return fmt.Sprintf("points; strata: %s; of verdicts on %s 1 in 20 is chance: docs/report.md#effect",
		strataWords(e), plural(e.Compared, "helper"))
}

// strataWords names what the strata are made of.
func strataWords(e *section.Effect) string {
	repos := false
	for i := range e.Rows {
		x := &e.Rows[i]
		switch {
		case x.Verdict == stats.EffectFewData:
		case x.Within == section.WithinSizes:
			return "repo and task size"
		default:
			repos = true
		}
	}
	if repos {
		return "repo"
	}
	return "repo and task size"
}

// decidersNote names the helpers that cannot be compared.
func decidersNote(all []section.Decider) string {
	var names []string
	for _, d := range all {
		names = append(names, fmt.Sprintf("%s (%s of %s)", d.Label(d.Helper), count(d.Decided), count(d.Tasks)))
	}
	if len(names) == 0 {
		return ""
	}
	return "not compared, as their own runs decide the outcome of the task: " + someNames(names)
}

func effectVerdict(x *section.EffectRow) cell {
	switch x.Verdict {
	case stats.EffectHigher:
		return cell{x.Verdict, good}
	case stats.EffectLower:
		return cell{x.Verdict, bad}
	}
	return cell{x.Verdict, faint}
}

func signTurns(x *section.EffectRow) string {
	if turns(x) {
		return "sign turns"
	}
	return ""
}

// turns says whether the sign turns and at least one of the differences is
// clear: else both may be chance, and there is nothing to explain.
func turns(x *section.EffectRow) bool {
	return x.SignTurns && x.Verdict != stats.EffectFewData &&
		(x.Verdict != stats.EffectUnclear || x.Diff.Low > 0 || x.Diff.High < 0)
}

// maxTurned is how many repos are shown of a helper whose sign turns.
const maxTurned = 8

// turnedRepos are the repos of a helper that weigh most in the difference
// within repos, and how many there are besides.
func turnedRepos(x *section.EffectRow) ([]section.Stratum, int) {
	weight := func(s section.Stratum) float64 {
		with, without := float64(s.With.N), float64(s.Without.N)
		return with * without / (with + without)
	}
	repos := slices.Clone(x.Strata)
	slices.SortStableFunc(repos, func(a, b section.Stratum) int { return -cmp.Compare(weight(a), weight(b)) })
	n := min(len(repos), maxTurned)
	return repos[:n], len(repos) - n
}

// turned shows the repos of those helpers whose sign turns: the reader is to
// see why.
func (w *writer) turned(e *section.Effect) []block {
	g := &grid{columns: []column{
		{title: "helper", left: true, least: 8},
		{title: "repo", left: true, least: 8},
		{title: "with"}, {title: "n"}, {title: "without"}, {title: "n"}, {title: "difference"},
	}}
	for i := range e.Rows {
		x := &e.Rows[i]
		if !turns(x) {
			continue
		}
		repos, more := turnedRepos(x)
		for _, s := range repos {
			g.add(cell{x.Label(x.Helper), strong}, cell{w.names.repo(s.Repo), plain},
				cell{rate(s.With), plain}, cell{count(s.With.N), faint},
				cell{rate(s.Without), plain}, cell{count(s.Without.N), faint},
				cell{strataDiff(s), plain})
		}
		if more > 0 {
			g.add(cell{x.Label(x.Helper), strong}, cell{moreRepos(more), faint}, cell{}, cell{}, cell{}, cell{}, cell{})
		}
	}
	if len(g.rows) == 0 {
		return nil
	}
	return []block{{title: "Where the sign turns", note: "overall and within the repos the difference points in opposite directions", table: g}}
}

func moreRepos(n int) string { return "… " + plural(int64(n), "more repo") }

func strataDiff(s section.Stratum) string {
	if s.With.Value == nil || s.Without.Value == nil {
		return nothing
	}
	return points(*s.With.Value - *s.Without.Value)
}
