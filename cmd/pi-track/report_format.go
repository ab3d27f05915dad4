//go:build linux || darwin || freebsd || openbsd

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pi-track/internal/report/view"
	"pi-track/internal/suggest"
)

// textEndings are those of files that hold the report as a terminal shows it.
var textEndings = []string{"", "txt", "text", "log", "out"}

// chooseFormat decides by --json, --open, --format and the extension of --output.
func (f *reportFlags) chooseFormat(cmd *cobra.Command) (view.Format, error) {
	named := cmd.Flags().Changed("format")
	switch {
	case f.json && named && f.format != string(view.JSON):
		return "", usageErrorf("leave one of them out", "--json and --format %s cannot be used together", f.format)
	case f.open && (f.json || named && f.format != string(view.HTML) || f.watch > 0):
		return "", usageErrorf("leave the other out, or write a file with --output", "--open shows the page: no other format and no --watch can be used with it")
	case f.json:
		return view.JSON, nil
	case f.open:
		return view.HTML, nil
	case named:
		return oneOf("format", f.format, view.Formats)
	}
	if st, err := os.Stat(f.output); err == nil && !st.Mode().IsRegular() {
		return view.Table, nil // the ending of a device or a pipe means nothing; a directory is refused later
	}
	return formatOf(f.output)
}

// formatOf is the format that a file's name asks for by its ending.
func formatOf(name string) (view.Format, error) {
	ending := ""
	if base := filepath.Base(name); strings.LastIndex(base, ".") > 0 { // .report has none
		ending = strings.ToLower(strings.TrimPrefix(filepath.Ext(base), "."))
	}
	switch ending {
	case "htm":
		return view.HTML, nil
	case "markdown":
		return view.Markdown, nil
	case "jsonl":
		return view.NDJSON, nil
	}
	if slices.Contains(textEndings, ending) {
		return view.Table, nil
	}
	known := []string{"html", "json", "ndjson", "csv", "tsv", "md", "prom", "txt"}
	if slices.Contains(known, ending) && ending != "txt" {
		return view.Format(ending), nil
	}
	hint := "known extensions: ." + strings.Join(known, ", .") + "; or name the format with --format"
	if near := suggest.Nearest(ending, known); near != "" {
		hint = "did you mean ." + near + "? Or name the format with --format"
	}
	return "", usageErrorf(hint, "the extension of --output %s names no format", name)
}
