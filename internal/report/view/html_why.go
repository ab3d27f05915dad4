package view

import (
	"fmt"

	"pi-track/internal/report/section"
)

// htmlWhy is everything about one helper: the words of the terminal, and the
// tables so that they sort.
type htmlWhy struct {
	Title, Kind string
	Lines       []string
	Parts       []whyPart
}

// whyPart is a table with its title; Note stands in place of one without rows.
type whyPart struct {
	Title, Note string
	Table       *htmlTable
}

func (w *writer) htmlWhy(x *section.Why) *htmlWhy {
	blocks := w.why(x)
	p := &htmlWhy{Title: blocks[0].title, Kind: blocks[0].note}
	for _, l := range blocks[0].lines {
		p.Lines = append(p.Lines, l.text)
	}
	if x.Helper.Runs == 0 {
		return p
	}
	errors := w.htmlFailures(&section.Failures{Rows: x.Failures})
	errors.ID = "why-failures"
	p.Parts = []whyPart{
		{"Contexts", "none", w.whyContextTable(x)},
		{"Failures in a row", "no two failures in a row", w.whyBlockTable(x)},
		{"Last errors", "none", errors},
		{blocks[len(blocks)-1].title, "none", whyPeriodTable(x)},
	}
	return p
}

func (w *writer) whyContextTable(x *section.Why) *htmlTable {
	t := &htmlTable{ID: "why-contexts", Caption: "Contexts: every repo, then the tasks with most failures", Columns: []htmlColumn{
		{Title: "repo"}, {Title: "task"}, {Title: "success", Number: true}, {Title: "n", Number: true},
		{Title: "95 %", Number: true}, {Title: "failed", Number: true}, {Title: "recoveries", Number: true},
		{Title: "last outcomes", Help: "oldest first; ✗ failed, · succeeded"},
	}}
	contexts, more := shownOfWhy(x.Contexts)
	for _, c := range contexts {
		failed := c.Success.N - c.Success.K
		t.Rows = append(t.Rows, []htmlCell{
			{Text: w.names.repo(c.Repo), Head: true, Tip: c.Repo}, {Text: c.Task}, rateCell(c.Success),
			num(count(c.Success.N), float64(c.Success.N)), num(bounds(c.Success), c.Success.Low),
			num(zero(failed), float64(failed)), num(zero(c.Recoveries), float64(c.Recoveries)),
			{Text: outcomes(c.Last), Class: "outcomes"},
		})
	}
	t.More = more
	return t
}

func (w *writer) whyBlockTable(x *section.Why) *htmlTable {
	t := &htmlTable{ID: "why-blocks", Caption: "Failures in a row, latest first", Columns: []htmlColumn{
		{Title: "from", Number: true}, {Title: "to", Number: true}, {Title: "failures", Number: true}, {Title: "repos"},
	}}
	for _, b := range x.Blocks {
		to, repos := w.blockWords(&b)
		t.Rows = append(t.Rows, []htmlCell{
			{Text: w.clock.minute(b.From), Sort: timeSort(&b.From)}, {Text: to, Sort: timeSort(&b.To)},
			num(count(b.Failures), float64(b.Failures)), {Text: repos},
		})
	}
	return t
}

func whyPeriodTable(x *section.Why) *htmlTable {
	t := &htmlTable{ID: "why-periods", Caption: "Runs and durations over time"}
	if len(x.Periods) == 0 {
		return t
	}
	t.Columns = []htmlColumn{
		{Title: x.Periods[0].Unit}, {Title: "runs", Number: true}, {Title: "success", Number: true}, {Title: "n", Number: true},
		{Title: "failed", Number: true}, {Title: "p50", Number: true}, {Title: "p95", Number: true},
	}
	for _, p := range x.Periods {
		ms := func(ms float64) htmlCell {
			if p.Duration.N == 0 {
				return htmlCell{Text: nothing}
			}
			return num(span(ms), ms)
		}
		p50 := ms(p.Duration.P50)
		p50.Tip = fmt.Sprintf("of %d succeeded runs", p.Duration.N)
		t.Rows = append(t.Rows, []htmlCell{
			{Text: periodName(&p), Head: true}, num(count(p.Runs), float64(p.Runs)), rateCell(p.Success),
			num(count(p.Success.N), float64(p.Success.N)), num(zero(p.Failed), float64(p.Failed)), p50, ms(p.Duration.P95),
		})
	}
	return t
}
