package view

import (
	"fmt"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

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
	g := &grid{columns: []column{
		{title: "arm", left: true}, {title: x.Unit + "s"}, {title: "completed"}, {title: "n"}, {title: "95 %", drop: 2},
		{title: "calls", drop: 3}, {title: "runs ok", drop: 4}, {title: "time, median", drop: 5}, {title: "cost", drop: 6}, {title: "tokens", drop: 7},
	}}
	for _, a := range []section.Arm{x.First, x.Second} {
		g.add(cell{a.Name, strong}, cell{count(a.Units), plain}, cell{rate(a.Success), rateStyle(a.Success)},
			cell{count(a.Success.N), faint}, cell{bounds(a.Success), faint}, cell{count(a.Calls), plain}, cell{rate(a.Runs), plain},
			cell{span(a.WallMS), plain}, cell{money(a.Cost), plain}, cell{zero(int64(a.Tokens)), plain})
	}
	k.table = g
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
