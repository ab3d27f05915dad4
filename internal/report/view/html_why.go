package view

import "pi-track/internal/report/section"

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
	contexts, more := shownOfWhy(x.Contexts)
	byContext := pageOf("why-contexts", "Contexts: every repo, then the tasks with most failures", w.whyContextColumns(), contexts)
	byContext.More = more
	p.Parts = []whyPart{
		{"Contexts", "none", byContext},
		{"Failures in a row", "no two failures in a row", pageOf("why-blocks", "Failures in a row, latest first", w.whyBlockColumns(), x.Blocks)},
		{"Last errors", "none", w.htmlFailures("why-failures", x.Failures)},
		{blocks[len(blocks)-1].title, "none", pageOf("why-periods", "Runs and durations over time", whyPeriodColumns(x.Periods), x.Periods)},
	}
	return p
}
