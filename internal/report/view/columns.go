package view

import (
	"slices"
	"strings"
)

// column is one column of rows of T, in every format that shows it. A section
// has one list of them; each format takes the columns that have its function,
// in the order of the list.
type column[T any] struct {
	layout                 // in tables
	cell   func(x *T) cell // of a table on a terminal or in Markdown
	page   func(x *T) htmlCell
	html   htmlColumn // in a page; its Title, where it has none, is that of the layout
	csv    string     // the names of its fields, with blanks between
	fields func(x *T) []string
}

// heading is the title of a column in a page.
func (c *column[T]) heading() htmlColumn {
	h := c.html
	if h.Title == "" {
		h.Title = c.title
	}
	return h
}

// tableOf is the table of a terminal.
func tableOf[T any](w *writer, columns []column[T], rows []T) *grid {
	g := &grid{}
	for _, c := range columns {
		if c.cell != nil {
			g.columns = append(g.columns, c.layout)
		}
	}
	g.rows = cellsOf(columns, rows, func(c *column[T]) func(x *T) cell { return c.cell })
	return w.columnsFor(g)
}

// cellsOf are the cells of each row, of the columns that make some.
func cellsOf[T, C any](columns []column[T], rows []T, of func(c *column[T]) func(x *T) C) [][]C {
	var makers []func(x *T) C
	for i := range columns {
		if m := of(&columns[i]); m != nil {
			makers = append(makers, m)
		}
	}
	var out [][]C
	for i := range rows {
		cells := make([]C, len(makers))
		for j, m := range makers {
			cells[j] = m(&rows[i])
		}
		out = append(out, cells)
	}
	return out
}

// pageOf is the table of a page.
func pageOf[T any](id, caption string, columns []column[T], rows []T) *htmlTable {
	t := &htmlTable{ID: id, Caption: caption}
	for _, c := range columns {
		if c.page != nil {
			t.Columns = append(t.Columns, c.heading())
		}
	}
	t.Rows = cellsOf(columns, rows, func(c *column[T]) func(x *T) htmlCell { return c.page })
	return t
}

// sheetOf are the rows of CSV.
func sheetOf[T any](columns []column[T], rows []T) sheet {
	var s sheet
	for _, c := range columns {
		if c.fields != nil {
			s.header = append(s.header, strings.Fields(c.csv)...)
		}
	}
	for i := range rows {
		var row []string
		for _, c := range columns {
			if c.fields != nil {
				row = append(row, c.fields(&rows[i])...)
			}
		}
		s.rows = append(s.rows, row)
	}
	return s
}

// within makes columns of T of those of a part of it.
func within[T, P any](columns []column[P], part func(x *T) *P) []column[T] {
	var out []column[T]
	for _, c := range columns {
		t := column[T]{layout: c.layout, html: c.html, csv: c.csv}
		if c.cell != nil {
			t.cell = func(x *T) cell { return c.cell(part(x)) }
		}
		if c.page != nil {
			t.page = func(x *T) htmlCell { return c.page(part(x)) }
		}
		if c.fields != nil {
			t.fields = func(x *T) []string { return c.fields(part(x)) }
		}
		out = append(out, t)
	}
	return out
}

// blankWhere is columns with empty cells in the rows for which skip is true.
func blankWhere[T any](columns []column[T], skip func(x *T) bool) []column[T] {
	out := slices.Clone(columns)
	for i := range out {
		c := &out[i]
		if full := c.cell; full != nil {
			c.cell = func(x *T) (empty cell) {
				if skip(x) {
					return empty
				}
				return full(x)
			}
		}
		if full := c.page; full != nil {
			c.page = func(x *T) (empty htmlCell) {
				if skip(x) {
					return empty
				}
				return full(x)
			}
		}
	}
	return out
}

// numbers is how a page shows a column of numbers.
var numbers = htmlColumn{Number: true}

// tally is a column of counts: the same number in each format.
func tally[T any](l layout, s style, csv string, n func(x *T) int64) column[T] {
	c := column[T]{layout: l, html: numbers, csv: csv,
		cell: func(x *T) cell { return cell{count(n(x)), s} },
		page: func(x *T) htmlCell { return num(count(n(x)), float64(n(x))) }}
	if csv != "" {
		c.fields = func(x *T) []string { return []string{integer(n(x))} }
	}
	return c
}

// seldom is a column of counts in which 0 does not catch the eye.
func seldom[T any](l layout, look func(n int64) style, n func(x *T) int64) column[T] {
	return column[T]{layout: l, html: numbers,
		cell: func(x *T) cell { return cell{zero(n(x)), look(n(x))} },
		page: func(x *T) htmlCell { return num(zero(n(x)), float64(n(x))) }}
}

// field is a column that only CSV has.
func field[T any](csv string, text func(x *T) string) column[T] {
	return column[T]{csv: csv, fields: func(x *T) []string { return []string{text(x)} }}
}

// fields are columns that only CSV has.
func fields[T any](csv string, texts func(x *T) []string) column[T] {
	return column[T]{csv: csv, fields: texts}
}
