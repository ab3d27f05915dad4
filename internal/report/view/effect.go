package view

import (
	"fmt"
	"strconv"
	"strings"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// effectColumns have one helper a row; a page draws them as a forest plot.
func effectColumns() []column[section.EffectRow] {
	type row = section.EffectRow
	with, withN := armColumns("with", func(x *row) stats.Rate { return x.With })
	without, withoutN := armColumns("without", func(x *row) stats.Rate { return x.Without })
	return []column[row]{{
		layout: layout{title: "helper", left: true, least: 8},
		cell:   func(x *row) cell { return cell{x.Label(x.Helper), strong} },
		csv:    "helper", fields: func(x *row) []string { return []string{x.Helper} },
	}, with, withN, without, withoutN, {
		layout: layout{title: "difference [95 %]", drop: 3},
		cell:   func(x *row) cell { return cell{pointsInterval(x.Diff), plain} },
		csv:    "difference difference_low difference_high", fields: func(x *row) []string { return interval(x.Diff) },
	}, {
		layout: layout{title: "in strata [95 %]", drop: 1},
		cell:   func(x *row) cell { return cell{pointsInterval(x.Stratified), strong} },
		csv:    "stratified stratified_low stratified_high", fields: func(x *row) []string { return interval(x.Stratified) },
	}, {
		layout: layout{title: "verdict", left: true},
		cell:   effectVerdict,
		csv:    "verdict", fields: func(x *row) []string { return []string{x.Verdict} },
	}, {
		layout: layout{left: true, drop: 6},
		cell:   func(x *row) cell { return cell{signTurns(x), doubt} },
		csv:    "sign_turns sort", fields: func(x *row) []string { return []string{strconv.FormatBool(x.SignTurns), x.Sort} },
	}}
}

// armColumns are how many of the tasks of an arm were completed.
func armColumns[T any](title string, of func(x *T) stats.Rate) (completed, n column[T]) {
	completed = column[T]{
		layout: layout{title: title}, html: numbers,
		cell: func(x *T) cell { return cell{rate(of(x)), plain} },
		page: func(x *T) htmlCell { return taskRate(of(x)) },
		csv:  title + "_ok", fields: func(x *T) []string { return []string{integer(of(x).K)} },
	}
	return completed, tally(layout{title: "n"}, faint, title+"_n", func(x *T) int64 { return of(x).N })
}

func (w *writer) effect(e *section.Effect) []block {
	k := block{title: "Effect on task completion", note: e.Caveat}
	k.lines = append(k.lines, cell{w.effectUnits(e), plain})
	rows, few := enoughOfEffect(e)
	k.table = tableOf(w, effectColumns(), rows)
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

// enoughOfEffect are the rows that say something, and the others in words.
func enoughOfEffect(e *section.Effect) (rows []section.EffectRow, few []string) {
	for _, x := range e.Rows {
		if x.Verdict == stats.EffectFewData {
			few = append(few, fmt.Sprintf("%s (with %d of %d, without %d of %d)", x.Label(x.Helper), x.With.K, x.With.N, x.Without.K, x.Without.N))
		} else {
			rows = append(rows, x)
		}
	}
	return rows, few
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
