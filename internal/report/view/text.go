package view

import (
	"bufio"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"pi-track/internal/report/section"
)

// indent of everything below a title.
const indent = "  "

func renderText(w io.Writer, r *section.Report, o Options) error {
	b := bufio.NewWriter(w)
	for i, block := range newWriter(r, o).blocks() {
		if i > 0 {
			b.WriteString("\n")
		}
		writeBlock(b, block, o)
	}
	return b.Flush()
}

func writeBlock(b *bufio.Writer, k block, o Options) {
	pad, width := indent, max(0, o.Width-len(indent))
	if o.NoHeader || k.title == "" { // the digest stands at the edge
		pad, width = "", o.Width
	}
	if !o.NoHeader && k.title != "" {
		b.WriteString(title.paint(k.title, o.Color))
		if k.note != "" {
			writeNote(b, k, o)
		}
		b.WriteString("\n")
	}
	writeLines(b, k.lines, pad, width, o.Color)
	if k.table != nil && len(k.table.rows) > 0 {
		drawn := k.table.draw(width, o.Color, !o.NoHeader)
		b.WriteString(pad + strings.ReplaceAll(drawn, "\n", "\n"+pad) + "\n")
	}
	writeLines(b, k.after, pad, width, o.Color)
}

// writeNote puts the note beside the title, or below it when it is too long.
func writeNote(b *bufio.Writer, k block, o Options) {
	if o.Width == 0 || text.StringWidth(k.title)+text.StringWidth(k.note)+gap <= o.Width {
		b.WriteString(indent + faint.paint(k.note, o.Color))
		return
	}
	for _, line := range wrap(k.note, o.Width-len(indent)) {
		b.WriteString("\n" + indent + faint.paint(line, o.Color))
	}
}

func writeLines(b *bufio.Writer, lines []cell, pad string, width int, color bool) {
	for _, l := range lines {
		for _, part := range wrap(l.text, width) {
			b.WriteString(strings.TrimRight(pad+l.style.paint(part, color), " ") + "\n")
		}
	}
}

// wrap breaks a line between words so that no part is wider than width; a
// word that is longer stays whole. Width 0 is unlimited.
func wrap(s string, width int) []string {
	if width <= 0 || text.StringWidth(s) <= width {
		return []string{s}
	}
	hang := s[:len(s)-len(strings.TrimLeft(s, " "))]
	var lines []string
	line := hang
	for _, word := range strings.Fields(s) {
		switch {
		case line == hang:
			line += word
		case text.StringWidth(line)+1+text.StringWidth(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = hang + word
		}
	}
	return append(lines, line)
}
