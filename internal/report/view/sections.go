package view

import (
	"fmt"
	"math"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// comparedWords names the two periods behind trends.
func (w *writer) comparedWords() string {
	c := w.r.Query.Compared
	if c.Current.Since == nil || c.Previous.Since == nil {
		return "no period to compare with: give --last or --since"
	}
	return fmt.Sprintf("since %s against the same time before, since %s",
		w.clock.moment(*c.Current.Since), w.clock.moment(*c.Previous.Since))
}

func (w *writer) trend(t *section.Trends) block {
	k := block{title: "Trend", note: w.comparedWords()}
	g := &grid{columns: []column{
		{title: "helper", left: true, least: 8},
		{title: "runs"}, {title: "before", drop: 6},
		{title: "success"}, {title: "before"},
		{title: "change [95 %]", drop: 2},
		{title: "", left: true},
		{title: "p50", drop: 4}, {title: "before", drop: 4}, {title: "ratio", drop: 3},
	}}
	for _, x := range t.Rows {
		g.add(cell{x.Label(x.Helper), strong},
			cell{count(x.Runs.Current), plain}, cell{count(x.Runs.Previous), faint},
			cell{rateN(x.Current), plain}, cell{rateN(x.Previous), faint},
			cell{pointsInterval(x.Success), plain}, arrow(x.Arrow),
			cell{spanOrNothing(x.P50), plain}, cell{spanOrNothing(x.PrevP50), faint}, cell{ratio(x.P50Ratio), plain})
	}
	k.table = g
	if len(t.Rows) == 0 {
		k.lines = append(k.lines, cell{"none", faint})
	} else {
		k.after = append(k.after, cell{"an arrow stands only where the interval of the change excludes zero", faint})
	}
	if note := byChance(t.Compared); note != "" {
		k.after = append(k.after, cell{note, faint})
	}
	k.after = append(k.after, omitted(t.Omitted)...)
	return k
}

func arrow(a string) cell {
	switch a {
	case stats.ArrowUp:
		return cell{"▲ better", good}
	case stats.ArrowDown:
		return cell{"▼ worse", bad}
	}
	return cell{}
}

func spanOrNothing(ms *float64) string {
	if ms == nil {
		return nothing
	}
	return span(*ms)
}

func ratio(x *float64) string {
	if x == nil || math.IsInf(*x, 0) || math.IsNaN(*x) {
		return nothing
	}
	return fmt.Sprintf("×%.2f", *x)
}

func (w *writer) unused(u *section.Unused) block {
	k := block{title: "Unused", note: "configured, but without a run in the period"}
	if u.Configured == 0 {
		k.lines = append(k.lines, cell{"no helpers are configured: pi-track install", faint})
		return k
	}
	g := &grid{columns: []column{{title: "helper", left: true, least: 8}, {title: "kind", left: true}, {title: "last used", left: true}}}
	for _, x := range u.Rows {
		last := "never"
		if x.LastUsed != nil {
			last = w.clock.minute(*x.LastUsed)
		}
		g.add(cell{x.Label(x.Name), strong}, cell{x.Kind, plain}, cell{last, plain})
	}
	k.table = g
	if len(u.Rows) == 0 {
		k.lines = append(k.lines, cell{"none: all " + plural(int64(u.Configured), "helper") + " were used", faint})
	}
	return k
}

func (w *writer) context(c *section.Contexts) block {
	k := block{title: "Helpers by repo", note: "each verdict is of the runs in that repo alone"}
	g := &grid{columns: []column{
		{title: "helper", left: true, least: 8},
		{title: "repo", left: true, least: 8},
		{title: "runs", drop: 4}, {title: "success"}, {title: "n"},
		{title: "95 %", drop: 5}, {title: "failed", drop: 3}, {title: "canc.", drop: 6},
		{title: "p50", drop: 7}, {title: "last run", left: true, drop: 8},
		{title: "verdict", left: true},
	}}
	last := ""
	for _, x := range c.Rows {
		name := x.Label(x.Helper)
		if name == last {
			name = ""
		}
		last = x.Label(x.Helper)
		when := nothing
		if x.LastRun != nil {
			when = w.clock.minute(*x.LastRun)
		}
		p50 := nothing
		if x.Succeeded > 0 {
			p50 = span(x.P50)
		}
		g.add(cell{name, strong}, cell{w.names.repo(x.Repo), plain},
			cell{count(x.Runs), plain}, cell{rate(x.Success), rateStyle(x.Success)}, cell{count(x.Success.N), faint},
			cell{bounds(x.Success), faint}, cell{zero(x.Failed), failStyle(x.Failed)}, cell{zero(x.Cancelled), plain},
			cell{p50, plain}, cell{when, plain}, w.verdict(&x.Verdict))
	}
	k.table = g
	if len(c.Rows) == 0 {
		k.lines = append(k.lines, cell{"none", faint})
	}
	k.after = omitted(c.Omitted)
	return k
}

// byChance says how many clear differences n comparisons would show if there
// were none: of 95 % intervals one in 20 excludes zero. It is empty where that
// is not even half a one.
func byChance(n int64) string {
	if n < 10 {
		return ""
	}
	return plural(n, "helper") + " compared: of the arrows at most 1 in 20 is chance"
}
