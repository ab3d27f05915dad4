// Package view prints a report.Report: as tables for a terminal, as JSON,
// NDJSON, CSV, TSV, Markdown, as one HTML file and as a Prometheus text file.
//
// A renderer computes nothing that another consumer of the Report would want;
// it only formats. All text of the log is redacted and cleaned of control
// characters before any renderer sees it.
package view

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// Format names a renderer.
type Format string

// The formats.
const (
	Table    Format = "table"
	Wide     Format = "wide" // table with every column
	JSON     Format = "json"
	NDJSON   Format = "ndjson" // one line per row, with its section
	CSV      Format = "csv"    // the rows of one section
	TSV      Format = "tsv"
	Markdown Format = "md"
	HTML     Format = "html"
	Prom     Format = "prom" // a node_exporter text file
)

// Formats lists all formats in the order of the help text.
var Formats = []Format{Table, Wide, JSON, NDJSON, CSV, TSV, Markdown, HTML, Prom}

// Options say how to print.
type Options struct {
	Format   Format         // "" is Table
	Width    int            // columns of the terminal; 0 is unlimited
	Color    bool           // table and wide
	NoHeader bool           // no titles and column names
	Location *time.Location // of printed times; nil is UTC

	Portal *Portal // of an HTML page that is one of several
}

// Portal is what a page of a portal knows of the others.
type Portal struct {
	Home    string                         // where the page of all helpers is; "" for that page
	Link    func(name, sort string) string // where the page about a helper is, "" for none
	Running map[string]int64               // jobs and other runs that go on now, by kind
}

// Generator stands in the head of every page of a portal.
const Generator = `<meta name="generator" content="pi-track publish">`

// Sections is what a format shows when no section was asked for; nil is
// report.DefaultSections.
func (f Format) Sections() []query.Section {
	switch f {
	case HTML:
		return []query.Section{
			section.SectionDigest, section.SectionOverview, section.SectionHelpers, section.SectionFlaky, section.SectionFailures,
			section.SectionEffect, section.SectionExperiment, section.SectionTrend, section.SectionUnused, section.SectionContext,
		}
	case Prom:
		return []query.Section{section.SectionOverview, section.SectionHelpers}
	case CSV, TSV:
		return []query.Section{section.SectionHelpers}
	}
	return section.DefaultSections
}

// Render prints the report.
func Render(w io.Writer, r *section.Report, o Options) error {
	if o.Location == nil {
		o.Location = time.UTC
	}
	r = clean(r)
	switch o.Format {
	case Table, Wide, "":
		return renderText(w, r, o)
	case JSON:
		return renderJSON(w, r)
	case NDJSON:
		return renderNDJSON(w, r, o)
	case CSV:
		return renderCSV(w, r, ',', o)
	case TSV:
		return renderTSV(w, r, o)
	case Markdown:
		return renderMarkdown(w, r, o)
	case HTML:
		return renderHTML(w, r, o)
	case Prom:
		return renderProm(w, r)
	}
	return fmt.Errorf("unknown format %q", o.Format)
}

func renderJSON(w io.Writer, r *section.Report) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
