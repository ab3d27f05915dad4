package view

import (
	"fmt"
	"slices"
	"strings"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// sortWords says what each order means.
var sortWords = map[query.Sort]string{
	query.SortRisk:  "risk: the failure rate that each exceeds with 95 % certainty",
	query.SortFails: "number of failures",
	query.SortRate:  "failure rate",
	query.SortRuns:  "number of runs",
	query.SortName:  "name",
	query.SortP50:   "median duration",
	query.SortP95:   "95th percentile of the duration",
	query.SortTotal: "total time of succeeded runs",
	query.SortLast:  "latest run",
	query.SortCost:  "cost",
}

func (w *writer) sortNote() string { return "sorted by " + sortWords[w.r.Query.Sort] }

func (w *writer) helpers(h *section.Helpers) block {
	k := block{title: "Helpers", note: w.sortNote()}
	g := &grid{columns: append([]column{{title: "helper", left: true, least: 8}, {title: "kind", left: true, drop: wideOnly}}, w.rowColumns()...)}
	g.columns = append(g.columns,
		column{title: "last 14 days", left: true, drop: 9},
		column{title: "verdict", left: true})
	var few []string
	for _, x := range h.Rows {
		if x.Few {
			few = append(few, fewWords(x))
			continue
		}
		cells := append([]cell{{x.Label(x.Name), strong}, {x.Kind, faint}}, w.rowCells(&x.Row)...)
		g.add(append(cells, cell{spark(x.Days), plain}, w.verdict(&x.Verdict))...)
	}
	k.table = w.columnsFor(g)
	if len(few) > 0 {
		k.after = append(k.after, cell{"few data: " + strings.Join(few, ", "), faint})
	}
	if len(h.Rows) == 0 {
		k.lines = append(k.lines, cell{"none", faint})
	}
	k.after = append(k.after, omitted(h.Omitted)...)
	if h.Recent > 0 || w.r.Query.Period.Since != nil {
		k.after = append(k.after, cell{"verdicts go " + recentWords(h.Recent, w.r), faint})
	}
	return k
}

// fewWords is a helper with too few runs for a rate: its counts.
func fewWords(x section.Helper) string {
	if x.Finished() == 0 {
		parts := []string{}
		if x.Cancelled > 0 {
			parts = append(parts, count(x.Cancelled)+" cancelled")
		}
		if x.Open > 0 {
			parts = append(parts, count(x.Open)+" open")
		}
		return x.Label(x.Name) + " (" + strings.Join(parts, ", ") + ")"
	}
	return x.Label(x.Name) + " (" + count(x.Failed) + " of " + count(x.Finished()) + " failed)"
}

// wideOnly marks columns of the wide format; the table leaves them out.
const wideOnly = 99

// columnsFor leaves out what the format does not show.
func (w *writer) columnsFor(g *grid) *grid {
	for i := len(g.columns) - 1; i >= 0; i-- {
		if g.columns[i].drop != wideOnly {
			continue
		}
		if w.wide {
			g.columns[i].drop = 1
		} else {
			g = g.without(i)
		}
	}
	return g
}

// rowColumns belong to rowCells.
func (w *writer) rowColumns() []column {
	change := "Δ"
	if w.r.Query.Period.Since == nil && !slices.ContainsFunc(w.r.Query.By, query.Key.OfTime) {
		change = "Δ 7d" // an unbounded report compares the last seven days
	}
	return []column{
		{title: "runs"},
		{title: change, drop: 6},
		{title: "success"},
		{title: "n"},
		{title: "95 %", drop: 5},
		{title: "failed"},
		{title: "failure rate", left: true, drop: 7},
		{title: "canc.", drop: 4},
		{title: "avg", drop: 4},
		{title: "p50", drop: 2},
		{title: "p95", drop: 8},
		{title: "p99", drop: wideOnly},
		{title: "max", drop: wideOnly},
		{title: "tokens", drop: 5},
		{title: "cost", drop: 5},
		{title: "user", drop: wideOnly},
		{title: "sys", drop: wideOnly},
		{title: "max RSS", drop: wideOnly},
	}
}

func (w *writer) rowCells(x *section.Row) []cell {
	d := x.Duration
	cells := []cell{
		{count(x.Runs), plain},
		{delta(x.Delta), faint},
		{rate(x.Success), rateStyle(x.Success)},
		{count(x.Success.N), faint},
		{bounds(x.Success), faint},
		{zero(x.Failed), failStyle(x.Failed)},
		{failBar(x.Success), bad},
		{zero(x.Cancelled), plain},
		{spanOf(d.N, d.Avg), plain},
		{spanOf(d.N, d.P50), plain},
		{spanOf(d.N, d.P95), plain},
		{spanOf(d.N, d.P99), plain},
		{spanOf(d.N, d.Max), plain},
	}
	if u := x.Usage; u != nil {
		cells = append(cells, cell{zero(u.Tokens), plain}, cell{money(u.Cost), plain})
	} else {
		cells = append(cells, cell{}, cell{})
	}
	if s := x.Resources; s != nil && s.Runs > 0 {
		cells = append(cells, cell{span(s.UserMS), plain}, cell{span(s.SysMS), plain}, cell{kilobytes(s.MaxRSSKB), plain})
	} else {
		cells = append(cells, cell{}, cell{}, cell{})
	}
	return cells
}

// zero is a count in which 0 does not catch the eye.
func zero(n int64) string {
	if n == 0 {
		return nothing
	}
	return count(n)
}

func failBar(r stats.Rate) string {
	if r.Value == nil {
		return ""
	}
	return bar(1 - *r.Value)
}

func failStyle(n int64) style {
	if n > 0 {
		return bad
	}
	return faint
}

// rateStyle goes by the whole interval: green when it surely is above 90 %,
// red when it surely is below.
func rateStyle(r stats.Rate) style {
	switch {
	case r.Value == nil:
		return faint
	case r.Low > .9:
		return good
	case r.High < .9:
		return bad
	}
	return plain
}

// verdict is a verdict in at most 23 characters; only names in it are cut.
func (w *writer) verdict(v *stats.Verdict) cell {
	where := ""
	switch v.Level {
	case stats.LevelRepo:
		where = middle(w.names.repo(v.Repo), 14)
	case stats.LevelTask:
		where = middle("task "+v.Task, 14)
	}
	switch v.Class {
	case stats.Broken:
		return cell{"broken", bad}
	case stats.BrokenSince:
		return cell{"broken since " + w.clock.day(*v.From), bad}
	case stats.WorseSince:
		return cell{"worse since " + w.clock.day(*v.From), bad}
	case stats.BetterSince:
		return cell{"better since " + w.clock.day(*v.From), good}
	case stats.AlwaysCancelled:
		return cell{string(v.Class), bad}
	case stats.OftenCancelled:
		return cell{string(v.Class), doubt}
	case stats.ContextBound:
		if !stats.Sound(v.Elsewhere()) {
			return cell{"mostly in " + where, bad}
		}
		return cell{"only in " + where, bad}
	case stats.FailsOften:
		if where != "" {
			return cell{"fails often (" + middle(where, 9) + ")", bad}
		}
		return cell{string(v.Class), bad}
	case stats.FlakyClass:
		if where != "" {
			return cell{"flaky (" + where + ")", doubt}
		}
		return cell{"flaky", doubt}
	case stats.Outage:
		return cell{"outage " + w.days(v), doubt}
	case stats.Used, stats.Unjudged:
		return cell{nothing, faint}
	case stats.Solid:
		return cell{"solid", good}
	}
	return cell{string(v.Class), faint}
}

// days is when an outage was: Nov 3, Nov 3–5 or Oct 30–Nov 2.
func (w *writer) days(v *stats.Verdict) string {
	from, to := v.From.In(w.clock.loc), v.To.In(w.clock.loc)
	a, b := w.clock.day(from), w.clock.day(to)
	switch {
	case a == b:
		return a
	case from.Year() == to.Year() && from.Month() == to.Month() && len(a) <= len("Jan 22"):
		return a + "–" + to.Format("2")
	}
	return a + "–" + b
}

func (w *writer) groups(x *section.Groups) block {
	var keys []string
	for _, k := range w.r.Query.By {
		keys = append(keys, string(k))
	}
	k := block{title: "By " + strings.Join(keys, ", "), note: w.sortNote()}
	g := &grid{columns: append([]column{{title: strings.Join(keys, " / "), left: true, least: 8}}, w.rowColumns()...)}
	w.addGroups(g, x.Rows, "")
	k.table = w.columnsFor(g)
	if len(x.Rows) == 0 {
		k.lines = append(k.lines, cell{"none", faint})
	}
	k.after = omitted(x.Omitted)
	return k
}

func (w *writer) addGroups(g *grid, rows []section.Group, indent string) {
	for i := range rows {
		x := &rows[i]
		name := cell{indent + w.groupName(x), plain}
		if len(x.Groups) > 0 {
			name.style = strong
		}
		cells := w.rowCells(&x.Row)
		g.add(append([]cell{name}, cells...)...)
		w.addGroups(g, x.Groups, indent+"  ")
		if x.Omitted > 0 {
			row := make([]cell, len(g.columns))
			row[0] = cell{fmt.Sprintf("%s  … %d more", indent, x.Omitted), faint}
			g.add(row...)
		}
	}
}

func (w *writer) groupName(x *section.Group) string {
	switch {
	case x.Value == "" && x.Key == query.ByRepo:
		return outside
	case x.Value == "":
		return "(no " + string(x.Key) + ")"
	case x.Key == query.ByRepo:
		return w.names.repo(x.Value)
	}
	return x.Value
}
