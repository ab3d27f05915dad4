package view

import (
	"slices"
	"strings"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
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

// helperColumns are those of one helper a row.
func (w *writer) helperColumns() []column[section.Helper] {
	type row = section.Helper
	return slices.Concat([]column[row]{{
		layout: layout{title: "helper", left: true, least: 8},
		cell:   func(x *row) cell { return cell{x.Label(x.Name), strong} },
		page:   func(x *row) htmlCell { return w.head(x.Label(x.Name), x.Name, x.Sort, x.Kind) },
		csv:    "helper", fields: func(x *row) []string { return []string{x.Name} },
	}, {
		layout: layout{title: "kind", left: true, drop: wideOnly},
		cell:   func(x *row) cell { return cell{x.Kind, faint} },
		csv:    "kind", fields: func(x *row) []string { return []string{x.Kind} },
	}, {
		html: htmlColumn{Title: "verdict"},
		page: func(x *row) htmlCell { return w.verdictCell(&x.Verdict) },
	}}, within(w.rowColumns(), func(x *row) *section.Row { return &x.Row }), []column[row]{{
		layout: layout{title: "last 14 days", left: true, drop: 9},
		cell:   func(x *row) cell { return cell{spark(x.Days), plain} },
		page:   func(x *row) htmlCell { return htmlCell{Spark: newSpark(w, x.Days)} },
	}, {
		layout: layout{title: "verdict", left: true},
		cell:   func(x *row) cell { return w.verdict(&x.Verdict) },
		csv:    verdictFields, fields: func(x *row) []string { return verdictTexts(&x.Verdict) },
	}, field("sort", func(x *row) string { return x.Sort })})
}

func (w *writer) helpers(h *section.Helpers) block {
	k := block{title: "Helpers", note: w.sortNote()}
	rows, few := fewApart(h)
	k.table = tableOf(w, w.helperColumns(), rows)
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

func (w *writer) htmlHelpers(p *page, h *section.Helpers) {
	rows, few := fewApart(h)
	p.Helpers = pageOf("helpers", "Helpers, "+w.sortNote(), w.helperColumns(), rows)
	p.Helpers.More, p.Few = h.Omitted, strings.Join(few, ", ")
}

// fewApart are the rows of helpers with enough runs, and the others in words.
func fewApart(h *section.Helpers) (rows []section.Helper, few []string) {
	for _, x := range h.Rows {
		if x.Few {
			few = append(few, fewWords(x))
		} else {
			rows = append(rows, x)
		}
	}
	return rows, few
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
