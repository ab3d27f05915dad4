package view

import (
	"slices"
	"strings"

	"pi-track/internal/report/section"
)

// htmlGroups has one row per innermost group and one column per key, so that
// it sorts by each of them.
func (w *writer) htmlGroups(p *page, x *section.Groups) {
	t := &htmlTable{ID: "groups"}
	var keys []string
	for _, k := range w.r.Query.By {
		keys = append(keys, string(k))
		t.Columns = append(t.Columns, htmlColumn{Title: string(k)})
	}
	p.GroupsTitle = "By " + strings.Join(keys, ", ")
	t.Caption = p.GroupsTitle + ", " + w.sortNote()
	t.Columns = append(t.Columns, w.htmlRowColumns()...)
	p.MoreGroups = x.Omitted
	var walk func(rows []section.Group, path []htmlCell)
	walk = func(rows []section.Group, path []htmlCell) {
		for i := range rows {
			g := &rows[i]
			cells := append(slices.Clone(path), htmlCell{Text: w.groupName(g), Head: true})
			if len(g.Groups) > 0 {
				p.MoreGroups += g.Omitted
				walk(g.Groups, cells)
				continue
			}
			t.Rows = append(t.Rows, append(cells, htmlRow(&g.Row)...))
		}
	}
	walk(x.Rows, nil)
	p.Groups = t
}
