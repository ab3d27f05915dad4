//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	pitrack "pi-track"
)

// newEnvironmentTopic is a help topic, not a command: `pi-track help environment`.
func newEnvironmentTopic(*app) *cobra.Command {
	return &cobra.Command{
		Use:   "environment",
		Short: "list the environment variables that pi-track reads and sets",
		Long:  plainPage(pitrack.EnvironmentPage),
	}
}

// plainPage is a page of ours in Markdown as text for 80 columns. It knows the
// titles, paragraphs and tables of two columns that the page has.
func plainPage(page string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.ReplaceAll(page, "`", "")) {
		line = strings.TrimSpace(line)
		cells := strings.Split(line, "|")
		switch {
		case strings.HasPrefix(line, "|---"), strings.HasPrefix(line, "| variable"):
		case len(cells) == 4:
			fmt.Fprintf(&b, "  %s\n%s", strings.TrimSpace(cells[1]), wrapped(cells[2], "      "))
		default:
			b.WriteString(wrapped(strings.TrimLeft(line, "# "), ""))
		}
	}
	return strings.TrimSpace(b.String())
}

// wrapped breaks a paragraph into indented lines of at most 78 columns.
func wrapped(paragraph, indent string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(text.WrapSoft(strings.TrimSpace(paragraph), 78-len(indent)), "\n") {
		b.WriteString(strings.TrimRight(indent+line, " ") + "\n")
	}
	return b.String()
}
