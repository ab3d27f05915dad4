package view

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// style is how a cell looks on a terminal with colours. What it says is
// always said by the text, too.
type style string

// The styles, as SGR parameters.
const (
	plain  style = ""
	strong style = "1"
	faint  style = "2"
	bad    style = "31"
	good   style = "32"
	doubt  style = "33"
	title  style = "1;36"
)

func (s style) paint(t string, color bool) string {
	if !color || s == plain || t == "" {
		return t
	}
	return "\x1b[" + string(s) + "m" + t + "\x1b[0m"
}

// cell is one text of a table.
type cell struct {
	text  string
	style style
}

// layout is what a table must know of a column.
type layout struct {
	title string
	left  bool // texts; numbers stand right
	drop  int  // columns with the highest value go first; 0 never goes
	least int  // a text may be shortened to this width; 0 is never shortened
	prose bool // shorten at the end: what comes first says most
}

// grid is a table before it is laid out.
type grid struct {
	columns []layout
	rows    [][]cell
}

// gap is the number of blanks between two columns.
const gap = 2

// fit drops columns and shortens texts until the grid is at most width wide.
// Width 0 is unlimited. Numbers are never cut: what then still is too wide
// stays too wide.
func (g *grid) fit(width int) *grid {
	g = g.withoutEmpty()
	for width > 0 && g.width() > width {
		last := -1
		for i, c := range g.columns {
			if c.drop > 0 && (last < 0 || c.drop >= g.columns[last].drop) {
				last = i
			}
		}
		if last < 0 || g.shrinkable() >= g.width()-width && g.columns[last].drop < dropLate {
			break
		}
		g = g.without(last)
	}
	if width > 0 {
		g.shrink(g.width() - width)
	}
	return g
}

// narrow leaves out what a terminal of usual width does.
func (g *grid) narrow() *grid {
	for i := len(g.columns) - 1; i >= 0; i-- {
		if g.columns[i].drop > dropLate {
			g = g.without(i)
		}
	}
	return g
}

// dropLate is the drop value from which a column goes before any text is
// shortened.
const dropLate = 4

// withoutEmpty leaves out columns that may go and hold nothing.
func (g *grid) withoutEmpty() *grid {
	for i := len(g.columns) - 1; i >= 0; i-- {
		if g.columns[i].drop == 0 {
			continue
		}
		empty := true
		for _, r := range g.rows {
			empty = empty && (r[i].text == "" || r[i].text == nothing)
		}
		if empty {
			g = g.without(i)
		}
	}
	return g
}

func (g *grid) without(i int) *grid {
	out := &grid{columns: append(append([]layout(nil), g.columns[:i]...), g.columns[i+1:]...)}
	for _, r := range g.rows {
		out.rows = append(out.rows, append(append([]cell(nil), r[:i]...), r[i+1:]...))
	}
	return out
}

func (g *grid) columnWidth(i int) int {
	w := text.StringWidth(g.columns[i].title)
	for _, r := range g.rows {
		w = max(w, text.StringWidth(r[i].text))
	}
	return w
}

func (g *grid) width() int {
	total := gap * (len(g.columns) - 1)
	for i := range g.columns {
		total += g.columnWidth(i)
	}
	return total
}

// shrinkable is how much narrower the texts can get.
func (g *grid) shrinkable() int {
	total := 0
	for i, c := range g.columns {
		if c.least > 0 {
			total += max(0, g.columnWidth(i)-max(c.least, text.StringWidth(c.title)))
		}
	}
	return total
}

// shrink takes excess from the widest texts first.
func (g *grid) shrink(excess int) {
	limits := make([]int, len(g.columns))
	for i := range limits {
		limits[i] = g.columnWidth(i)
	}
	for ; excess > 0; excess-- {
		widest := -1
		for i, c := range g.columns {
			if c.least == 0 || limits[i] <= max(c.least, text.StringWidth(c.title)) {
				continue
			}
			if widest < 0 || limits[i] > limits[widest] {
				widest = i
			}
		}
		if widest < 0 {
			break // it stays too wide, by as little as can be
		}
		limits[widest]--
	}
	for _, r := range g.rows {
		for i, c := range g.columns {
			switch {
			case c.least > 0 && c.prose:
				r[i].text = text.Snip(r[i].text, limits[i], "…")
			case c.least > 0:
				r[i].text = middle(r[i].text, limits[i])
			}
		}
	}
}

// middle cuts the middle out of a text so that it is at most width wide:
// both ends tell names apart.
func middle(s string, width int) string {
	if text.StringWidth(s) <= width {
		return s
	}
	runes := []rune(s)
	head, tail, used := 0, len(runes), text.RuneWidth('…')
	for head < tail {
		w := text.RuneWidth(runes[head])
		if used+w > width {
			break
		}
		used += w
		head++
		if head == tail {
			break
		}
		w = text.RuneWidth(runes[tail-1])
		if used+w > width {
			break
		}
		used += w
		tail--
	}
	return string(runes[:head]) + "…" + string(runes[tail:])
}

// draw prints the grid for a terminal.
func (g *grid) draw(width int, color, header bool) string {
	g = g.fit(width)
	w := table.NewWriter()
	w.SetStyle(table.Style{Box: table.BoxStyle{PaddingRight: strings.Repeat(" ", gap)}})
	var configs []table.ColumnConfig
	var head table.Row
	for i, c := range g.columns {
		align := text.AlignRight
		if c.left {
			align = text.AlignLeft
		}
		configs = append(configs, table.ColumnConfig{Number: i + 1, Align: align, AlignHeader: align})
		head = append(head, faint.paint(c.title, color))
	}
	w.SetColumnConfigs(configs)
	if header {
		w.AppendHeader(head)
	}
	for _, r := range g.rows {
		var row table.Row
		for _, c := range r {
			row = append(row, c.style.paint(c.text, color))
		}
		w.AppendRow(row)
	}
	return trimLines(w.Render())
}

// trimLines takes the blanks off the ends of lines.
func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
