package view

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// trialColumns have one experiment a row, for CSV; the others show its arms.
func trialColumns() []column[section.TrialResult] {
	type row = section.TrialResult
	arm := func(name string, of func(x *row) *section.Arm) column[row] {
		return fields(strings.ReplaceAll("ARM ARM_units ARM_ok ARM_n", "ARM", name), func(x *row) []string {
			a := of(x)
			return []string{a.Name, integer(a.Units), integer(a.Success.K), integer(a.Success.N)}
		})
	}
	return []column[row]{
		fields("experiment helper unit share running", func(x *row) []string {
			return []string{x.ID, x.Helper, x.Unit, strconv.Itoa(x.Share), strconv.FormatBool(x.Running)}
		}),
		arm("first", func(x *row) *section.Arm { return &x.First }),
		arm("second", func(x *row) *section.Arm { return &x.Second }),
		fields("difference difference_low difference_high", func(x *row) []string { return interval(x.Diff) }),
		fields("sequence sequence_low sequence_high", func(x *row) []string { return interval(x.Sequence) }),
		fields("verdict ratio_p", func(x *row) []string { return []string{x.Verdict, number(x.RatioP)} }),
	}
}

// armsColumns have one arm of an experiment a row.
func armsColumns(x *section.TrialResult) []column[section.Arm] {
	type arm = section.Arm
	figure := func(title string, drop int, text func(a *arm) string, by func(a *arm) float64) column[arm] {
		return column[arm]{
			layout: layout{title: title, drop: drop}, html: numbers,
			cell: func(a *arm) cell { return cell{text(a), plain} },
			page: func(a *arm) htmlCell { return num(text(a), by(a)) },
		}
	}
	completed := rateColumns(2, func(a *arm) stats.Rate { return a.Success })
	completed[0].title = "completed"
	completed[0].page = func(a *arm) htmlCell { return taskRate(a.Success) }
	return slices.Concat([]column[arm]{{
		layout: layout{title: "arm", left: true},
		cell:   func(a *arm) cell { return cell{a.Name, strong} },
		page:   func(a *arm) htmlCell { return htmlCell{Text: a.Name, Head: true} },
	}, tally(layout{title: x.Unit + "s"}, plain, "", func(a *arm) int64 { return a.Units })}, completed, []column[arm]{
		tally(layout{title: "calls", drop: 3}, plain, "", func(a *arm) int64 { return a.Calls }),
		{
			layout: layout{title: "runs ok", drop: 4}, html: numbers,
			cell: func(a *arm) cell { return cell{rate(a.Runs), plain} },
			page: func(a *arm) htmlCell { return rateCell(a.Runs) },
		},
		figure("time, median", 5, func(a *arm) string { return span(a.WallMS) }, func(a *arm) float64 { return a.WallMS }),
		figure("cost", 6, func(a *arm) string { return money(a.Cost) }, func(a *arm) float64 { return a.Cost }),
		figure("tokens", 7, func(a *arm) string { return zero(int64(a.Tokens)) }, func(a *arm) float64 { return a.Tokens }),
	})
}

// experiment shows each experiment as a block of its own: the arms and what may
// be said.
func (w *writer) experiment(t *section.Trials) []block {
	if len(t.Rows) == 0 {
		return []block{{title: "Experiments", lines: []cell{{"none has a call in the log: pi-track experiment start NAME", faint}}}}
	}
	var out []block
	for i := range t.Rows {
		out = append(out, w.trial(&t.Rows[i]))
	}
	return out
}

func (w *writer) trial(x *section.TrialResult) block {
	k := block{title: "Experiment " + x.Helper, note: trialNote(x)}
	k.lines = append(k.lines, trialVerdict(x))
	k.table = tableOf(w, armsColumns(x), []section.Arm{x.First, x.Second})
	arms := x.First.Name + " − " + x.Second.Name
	if x.Sequence != nil {
		k.after = append(k.after, cell{fmt.Sprintf("%s: %s points as looked at always, %s as looked at once, %s within repos",
			arms, pointsInterval(x.Sequence), pointsInterval(x.Diff), pointsInterval(x.Stratified)), plain})
	}
	for _, r := range []struct {
		what  string
		ratio *stats.Interval
	}{{"time from first to last run", x.WallRatio}, {"cost", x.CostRatio}, {"duration of the helper's runs", x.RunRatio}} {
		if r.ratio != nil {
			k.after = append(k.after, cell{fmt.Sprintf("%s, %s ÷ %s: × %.2f [%.2f, %.2f]",
				r.what, x.First.Name, x.Second.Name, r.ratio.Value, r.ratio.Low, r.ratio.High), plain})
		}
	}
	if x.RatioOff {
		k.after = append(k.after, cell{fmt.Sprintf("! the arms hold %s and %s, which a lot of %d %% hardly makes (p %.1g): do not trust the verdict",
			count(x.First.Units), count(x.Second.Units), x.Share, x.RatioP), bad})
	}
	return k
}

func trialNote(x *section.TrialResult) string {
	state := "ended"
	if x.Running {
		state = "running"
	}
	if !x.Known {
		state = "not of this installation"
	}
	return fmt.Sprintf("%s · %s · %d %% of %ss %s", x.ID, state, x.Share, x.Unit, x.Second.Name)
}

// trialVerdict is what may be said, at any look.
func trialVerdict(x *section.TrialResult) cell {
	two := x.First.Name == "a"
	switch x.Verdict {
	case stats.TrialHelps:
		if two {
			return cell{"a does better than b", good}
		}
		return cell{"it helps: more are completed with it", good}
	case stats.TrialHurts:
		if two {
			return cell{"b does better than a", good}
		}
		return cell{"it hurts: fewer are completed with it", bad}
	case stats.TrialSame:
		return cell{fmt.Sprintf("no difference of more than %.0f points", 100*stats.TrialMargin), plain}
	}
	return cell{fmt.Sprintf("not yet: about %s more %ss with an outcome find %.0f points", count(x.More), x.Unit, 100*stats.TrialMargin), doubt}
}
