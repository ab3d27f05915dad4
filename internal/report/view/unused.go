package view

import "pi-track/internal/report/section"

func (w *writer) unusedColumns() []column[section.UnusedRow] {
	type row = section.UnusedRow
	last := func(x *row) string {
		if x.LastUsed == nil {
			return "never"
		}
		return w.clock.minute(*x.LastUsed)
	}
	return []column[row]{{
		layout: layout{title: "helper", left: true, least: 8},
		cell:   func(x *row) cell { return cell{x.Label(x.Name), strong} },
		page:   func(x *row) htmlCell { return htmlCell{Text: x.Label(x.Name), Head: true} },
		csv:    "helper", fields: func(x *row) []string { return []string{x.Name} },
	}, {
		layout: layout{title: "kind", left: true},
		cell:   func(x *row) cell { return cell{x.Kind, plain} },
		page:   func(x *row) htmlCell { return htmlCell{Text: x.Kind} },
		csv:    "kind", fields: func(x *row) []string { return []string{x.Kind} },
	}, {
		layout: layout{title: "last used", left: true}, html: numbers,
		cell: func(x *row) cell { return cell{last(x), plain} },
		page: func(x *row) htmlCell { return htmlCell{Text: last(x), Sort: timeSort(x.LastUsed)} },
		csv:  "last_used", fields: func(x *row) []string { return []string{instant(x.LastUsed)} },
	}, field("sort", func(x *row) string { return x.Sort })}
}

func (w *writer) unused(u *section.Unused) block {
	k := block{title: "Unused", note: "configured, but without a run in the period"}
	if u.Configured == 0 {
		k.lines = append(k.lines, cell{"no helpers are configured: pi-track install", faint})
		return k
	}
	k.table = tableOf(w, w.unusedColumns(), u.Rows)
	if len(u.Rows) == 0 {
		k.lines = append(k.lines, cell{"none: all " + plural(int64(u.Configured), "helper") + " were used", faint})
	}
	return k
}

func (w *writer) htmlUnused(p *page, u *section.Unused) {
	p.UnusedNote = "all " + plural(int64(u.Configured), "configured helper") + " were used"
	if u.Configured == 0 {
		p.UnusedNote = "no helpers are configured"
	}
	p.Unused = pageOf("unused", "Configured, but without a run in the period", w.unusedColumns(), u.Rows)
}
