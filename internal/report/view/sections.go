package view

import "pi-track/internal/report/section"

// shown is a section as each format has it: blocks for terminals and Markdown,
// rows for NDJSON, a sheet for CSV and TSV.
type shown struct {
	name   string
	blocks func() []block
	rows   func() []any // nil: NDJSON has it in a line of its own
	sheet  func() sheet
	page   func() *pageTable // nil: the template of the page has a part for it
	last   bool              // a sheet of it is printed only where there is no other
}

// sections are those of the report, in the order in which it is read. A new one is an
// entry here, most easily by asTable; its columns stand in its own file.
func (w *writer) sections() []shown {
	var out []shown
	add := func(s shown) { out = append(out, s) }
	r := w.r
	if x := r.Digest; x != nil {
		s := asBlock("digest", x, w.digest, digestColumns(), x.Rows)
		s.last = true
		add(s)
	}
	if x := r.Overview; x != nil {
		s := asBlock("overview", x, w.overview, overviewColumns(), []section.Overview{*x})
		s.rows, s.last = nil, true
		add(s)
	}
	if x := r.Helpers; x != nil {
		add(asBlock("helpers", x, w.helpers, w.helperColumns(), x.Rows))
	}
	if x := r.Groups; x != nil {
		s := asBlock("groups", x, w.groups, w.groupColumns(), innermost(x.Rows))
		s.rows = func() []any { return anys(x.Rows) }
		add(s)
	}
	if x := r.Flaky; x != nil {
		add(asBlock("flaky", x, w.flaky, w.flakyColumns(), x.Rows))
	}
	if x := r.Failures; x != nil {
		add(asBlock("failures", x, w.failures, w.failureColumns(true), x.Rows))
	}
	if x := r.Effect; x != nil {
		add(asBlocks("effect", x, w.effect, effectColumns(), x.Rows))
	}
	if x := r.Experiment; x != nil {
		add(asBlocks("experiment", x, w.experiment, trialColumns(), x.Rows))
	}
	if x := r.Trend; x != nil {
		add(asBlock("trend", x, w.trend, trendColumns(), x.Rows))
	}
	if x := r.Unused; x != nil {
		add(asBlock("unused", x, w.unused, w.unusedColumns(), x.Rows))
	}
	if x := r.Context; x != nil {
		s := asTable(w, "context", "Helpers by repo", "each verdict is of the runs in that repo alone", x, w.contextColumns(x.Rows), x.Rows, x.Omitted)
		s.page = nil // which draws a matrix
		add(s)
	}
	if x := r.Why; x != nil {
		s := asBlocks("why", x, w.why, w.failureColumns(true), x.Failures)
		s.rows = func() []any { return []any{x} }
		add(s)
	}
	return out
}

// asBlocks is a section S with rows of T.
func asBlocks[S, T any](name string, x *S, blocks func(x *S) []block, columns []column[T], rows []T) shown {
	return shown{
		name:   name,
		blocks: func() []block { return blocks(x) },
		rows:   func() []any { return anys(rows) },
		sheet:  func() sheet { return sheetOf(columns, rows) },
	}
}

func asBlock[S, T any](name string, x *S, one func(x *S) block, columns []column[T], rows []T) shown {
	return asBlocks(name, x, func(x *S) []block { return []block{one(x)} }, columns, rows)
}

// asTable is a section that is a table and nothing else, in every format: a title and
// what the table is of. A limit has cut more of its rows.
func asTable[S, T any](w *writer, name, title, note string, x *S, columns []column[T], rows []T, more int) shown {
	s := asBlock(name, x, func(*S) block {
		k := block{title: title, note: note, table: tableOf(w, columns, rows), after: omitted(more)}
		if len(rows) == 0 {
			k.lines = append(k.lines, cell{"none", faint})
		}
		return k
	}, columns, rows)
	s.page = func() *pageTable {
		t := pageOf(name, note, columns, rows)
		t.More = more
		return &pageTable{title, t}
	}
	return s
}

// blocks is the report in the order in which it is read.
func (w *writer) blocks() []block {
	var out []block
	for _, s := range w.sections() {
		out = append(out, s.blocks()...)
	}
	return out
}

// chosenSheet is the section that was asked for; of several the first, and what
// stands at the top of every report only where it is alone.
func chosenSheet(r *section.Report, o Options) sheet {
	list := newWriter(r, o).sections()
	for _, s := range list {
		if !s.last {
			return s.sheet()
		}
	}
	if len(list) > 0 {
		return list[0].sheet()
	}
	return sheetOf(overviewColumns(), nil)
}

func anys[T any](rows []T) []any {
	out := make([]any, len(rows))
	for i := range rows {
		out[i] = rows[i]
	}
	return out
}
