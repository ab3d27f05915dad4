package view

import "pi-track/internal/report/section"

// shown is a section as each format has it: blocks for terminals and Markdown,
// rows for NDJSON, a sheet for CSV and TSV.
type shown struct {
	name   string
	blocks func() []block
	rows   func() []any // nil: NDJSON has it in a line of its own
	sheet  func() sheet
	last   bool // a sheet of it is printed only where there is no other
}

// sections are those of the report, in the order in which it is read. A new one
// is an entry here; its columns stand in its own file.
func (w *writer) sections() []shown {
	r := w.r
	var out []shown
	add := func(isThere bool, s shown) {
		if isThere {
			out = append(out, s)
		}
	}
	add(r.Digest != nil, shown{name: "digest", last: true,
		blocks: func() []block { return []block{w.digest(r.Digest)} },
		rows:   func() []any { return anys(r.Digest.Rows) },
		sheet:  func() sheet { return digestSheet(r.Digest.Rows) }})
	add(r.Overview != nil, shown{name: "overview", last: true,
		blocks: func() []block { return []block{w.overview(r.Overview)} },
		sheet:  func() sheet { return overviewSheet(r.Overview) }})
	add(r.Helpers != nil, shown{name: "helpers",
		blocks: func() []block { return []block{w.helpers(r.Helpers)} },
		rows:   func() []any { return anys(r.Helpers.Rows) },
		sheet:  func() sheet { return helperSheet(r.Helpers.Rows) }})
	add(r.Groups != nil, shown{name: "groups",
		blocks: func() []block { return []block{w.groups(r.Groups)} },
		rows:   func() []any { return anys(r.Groups.Rows) },
		sheet:  func() sheet { return groupSheet(r) }})
	add(r.Flaky != nil, shown{name: "flaky",
		blocks: func() []block { return []block{w.flaky(r.Flaky)} },
		rows:   func() []any { return anys(r.Flaky.Rows) },
		sheet:  func() sheet { return flakySheet(r.Flaky.Rows) }})
	add(r.Failures != nil, shown{name: "failures",
		blocks: func() []block { return []block{w.failures(r.Failures)} },
		rows:   func() []any { return anys(r.Failures.Rows) },
		sheet:  func() sheet { return failureSheet(r.Failures.Rows) }})
	add(r.Effect != nil, shown{name: "effect",
		blocks: func() []block { return w.effect(r.Effect) },
		rows:   func() []any { return anys(r.Effect.Rows) },
		sheet:  func() sheet { return effectSheet(r.Effect.Rows) }})
	add(r.Experiment != nil, shown{name: "experiment",
		blocks: func() []block { return w.experiment(r.Experiment) },
		rows:   func() []any { return anys(r.Experiment.Rows) },
		sheet:  func() sheet { return trialSheet(r.Experiment.Rows) }})
	add(r.Trend != nil, shown{name: "trend",
		blocks: func() []block { return []block{w.trend(r.Trend)} },
		rows:   func() []any { return anys(r.Trend.Rows) },
		sheet:  func() sheet { return trendSheet(r.Trend.Rows) }})
	add(r.Unused != nil, shown{name: "unused",
		blocks: func() []block { return []block{w.unused(r.Unused)} },
		rows:   func() []any { return anys(r.Unused.Rows) },
		sheet:  func() sheet { return unusedSheet(r.Unused.Rows) }})
	add(r.Context != nil, shown{name: "context",
		blocks: func() []block { return []block{w.context(r.Context)} },
		rows:   func() []any { return anys(r.Context.Rows) },
		sheet:  func() sheet { return contextSheet(r.Context.Rows) }})
	add(r.Why != nil, shown{name: "why",
		blocks: func() []block { return w.why(r.Why) },
		rows:   func() []any { return []any{r.Why} },
		sheet:  func() sheet { return failureSheet(r.Why.Failures) }})
	return out
}

// blocks is the report in the order in which it is read.
func (w *writer) blocks() []block {
	var out []block
	for _, s := range w.sections() {
		out = append(out, s.blocks()...)
	}
	return out
}

// sheetOf is the section that was asked for; of several the first, and what
// stands at the top of every report only where it is alone.
func sheetOf(r *section.Report) sheet {
	list := newWriter(r, Options{}).sections()
	for _, s := range list {
		if !s.last {
			return s.sheet()
		}
	}
	if len(list) > 0 {
		return list[0].sheet()
	}
	return overviewSheet(nil)
}

func anys[T any](rows []T) []any {
	out := make([]any, len(rows))
	for i := range rows {
		out[i] = rows[i]
	}
	return out
}
