package view

import (
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"pi-track/internal/report/section"
)

// renderMarkdown writes the tables of the terminal for an issue or a wiki page:
// without what goes first on a terminal, because a page is narrow, too.
func renderMarkdown(w io.Writer, r *section.Report, o Options) error {
	var b strings.Builder
	o.Format = Markdown
	for i, k := range newWriter(r, o).blocks() {
		if i > 0 {
			b.WriteString("\n")
		}
		if !o.NoHeader && k.title != "" {
			b.WriteString("## " + markdownText(k.title) + "\n\n")
			if k.note != "" {
				b.WriteString("*" + markdownText(k.note) + "*\n\n")
			}
		}
		for _, l := range k.lines {
			b.WriteString(markdownText(l.text) + "\n\n")
		}
		if k.table != nil && len(k.table.rows) > 0 {
			b.WriteString(markdownTable(k.table.narrow().fit(0), !o.NoHeader) + "\n")
		}
		for _, l := range k.after {
			b.WriteString("\n" + markdownText(l.text) + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func markdownTable(g *grid, header bool) string {
	w := table.NewWriter()
	var configs []table.ColumnConfig
	var head table.Row
	for i, c := range g.columns {
		align := text.AlignRight
		if c.left {
			align = text.AlignLeft
		}
		configs = append(configs, table.ColumnConfig{Number: i + 1, Align: align})
		head = append(head, c.title)
	}
	w.SetColumnConfigs(configs)
	if header {
		w.AppendHeader(head)
	}
	for _, r := range g.rows {
		var row table.Row
		for _, c := range r {
			row = append(row, markdownText(c.text))
		}
		w.AppendRow(row)
	}
	return w.RenderMarkdown()
}

// markdownText escapes what Markdown or the HTML inside it would act on. The
// bar between cells is the table library's business.
func markdownText(s string) string {
	return strings.NewReplacer(
		`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`,
		"<", "&lt;", ">", "&gt;", "&", "&amp;", "#", `\#`, "~", `\~`,
	).Replace(s)
}
