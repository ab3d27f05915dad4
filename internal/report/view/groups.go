package view

import (
	"fmt"
	"slices"
	"strings"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// groupLine is a line of the table of groups: a group, or how many a limit cut.
type groupLine struct {
	path    []*section.Group // from the outermost to its own
	omitted int              // of the groups in it, when that is what the line says
}

func (x *groupLine) group() *section.Group { return x.path[len(x.path)-1] }

// linesOf are all groups and what was cut, in the order in which they are printed.
func linesOf(rows []section.Group, outer []*section.Group) []groupLine {
	var out []groupLine
	for i := range rows {
		path := append(slices.Clone(outer), &rows[i])
		out = append(out, groupLine{path: path})
		out = append(out, linesOf(rows[i].Groups, path)...)
		if n := rows[i].Omitted; n > 0 {
			out = append(out, groupLine{path, n})
		}
	}
	return out
}

// innermost are the groups without others in them.
func innermost(rows []section.Group) []groupLine {
	return slices.DeleteFunc(linesOf(rows, nil), func(x groupLine) bool { return x.omitted > 0 || len(x.group().Groups) > 0 })
}

// groupColumns name a group: a terminal shows groups within groups, and the others
// have one column a key, so that they sort by each.
func (w *writer) groupColumns() []column[groupLine] {
	columns := []column[groupLine]{{
		layout: layout{title: strings.Join(w.by(), " / "), left: true, least: 8},
		cell: func(x *groupLine) cell {
			indent := strings.Repeat("  ", len(x.path)-1)
			switch {
			case x.omitted > 0:
				return cell{fmt.Sprintf("%s  … %d more", indent, x.omitted), faint}
			case len(x.group().Groups) > 0:
				return cell{indent + w.groupName(x.group()), strong}
			}
			return cell{indent + w.groupName(x.group()), plain}
		},
	}}
	for i, key := range w.by() {
		columns = append(columns, column[groupLine]{
			html: htmlColumn{Title: key},
			page: func(x *groupLine) htmlCell { return htmlCell{Text: w.groupName(x.path[i]), Head: true} },
			csv:  key, fields: func(x *groupLine) []string { return []string{x.path[i].Value} },
		})
	}
	rows := within(w.rowColumns(), func(x *groupLine) *section.Row { return &x.group().Row })
	return append(columns, blankWhere(rows, func(x *groupLine) bool { return x.omitted > 0 })...)
}

// by are the keys of the groups.
func (w *writer) by() []string {
	var keys []string
	for _, k := range w.r.Query.By {
		keys = append(keys, string(k))
	}
	return keys
}

func (w *writer) groups(x *section.Groups) block {
	k := block{title: "By " + strings.Join(w.by(), ", "), note: w.sortNote()}
	k.table = tableOf(w, w.groupColumns(), linesOf(x.Rows, nil))
	if len(x.Rows) == 0 {
		k.lines = append(k.lines, cell{"none", faint})
	}
	k.after = omitted(x.Omitted)
	return k
}

func (w *writer) htmlGroups(p *page, x *section.Groups) {
	p.GroupsTitle = "By " + strings.Join(w.by(), ", ")
	p.Groups = pageOf("groups", p.GroupsTitle+", "+w.sortNote(), w.groupColumns(), innermost(x.Rows))
	p.MoreGroups = x.Omitted
	for _, line := range linesOf(x.Rows, nil) {
		p.MoreGroups += line.omitted
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
