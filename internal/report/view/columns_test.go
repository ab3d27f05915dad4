package view

import (
	"html/template"
	"slices"
	"strings"
	"testing"
	"time"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// TestSheets: every row of a section has a field for each name of its header, and no
// name stands there twice.
func TestSheets(t *testing.T) {
	l := &logWriter{}
	mixed(l)
	path := l.write(t)
	seen := map[string]bool{}
	for _, by := range [][]query.Key{nil, {query.ByRepo, query.ByName}} {
		r := build(t, query.Options{Logs: []string{path}, Sections: append(HTML.Sections(), section.SectionWhy), Why: "fetch-fixtures-from-the-archive",
			By: by, Limit: 1, Configured: []query.Configured{{Name: "never-used", Kind: "job"}}})
		r.Experiment = &section.Trials{Rows: []section.TrialResult{{ID: "x1"}}}
		r.Effect = &section.Effect{Rows: []section.EffectRow{{Helper: "deploy"}}}
		for _, s := range newWriter(r, Options{Location: time.UTC}).sections() {
			seen[s.name] = true
			checkSheet(t, s.name, s.sheet())
		}
	}
	if len(seen) != 12 {
		t.Errorf("sections: %v", seen)
	}
}

func checkSheet(t *testing.T, section string, s sheet) {
	t.Helper()
	names := slices.Sorted(slices.Values(s.header))
	if len(slices.Compact(names)) != len(s.header) {
		t.Errorf("%s: a name stands twice in %q", section, s.header)
	}
	if len(s.rows) == 0 {
		t.Errorf("%s has no row", section)
	}
	for _, row := range s.rows {
		if len(row) != len(s.header) {
			t.Errorf("%s: %d fields in %q, the header has %d", section, len(row), row, len(s.header))
		}
	}
}

// TestTableOnAPage: a section that is a table and nothing else needs no part of its own in
// the template.
func TestTableOnAPage(t *testing.T) {
	w := newWriter(&section.Report{}, Options{Location: time.UTC})
	type row = section.UnusedRow
	s := asTable(w, "idle", "Idle helpers", "who rests", &section.Unused{}, w.unusedColumns(), []row{{Name: "deploy<b>", Kind: "job"}}, 3)
	text := parse(t, page{Tables: []*pageTable{s.page(), {Title: "Bare", htmlTable: &htmlTable{ID: "bare"}}}})
	for _, want := range []string{
		"\n<a href=\"#h-idle\">idle</a>\n<a href=\"#h-bare\">bare</a>\n</nav>", `<h2 id="h-idle">Idle helpers</h2>`,
		"<caption>who rests</caption>", "deploy&lt;b&gt;", "3 more: --limit 0 shows all", `<h2 id="h-bare">Bare</h2>` + "\n" + `<p class="faint">none</p>`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if b := s.blocks()[0]; b.title != "Idle helpers" || len(b.table.rows) != 1 || len(b.after) != 1 || len(b.lines) != 0 {
		t.Errorf("%+v", b)
	}
}

func parse(t *testing.T, p page) string {
	t.Helper()
	var b strings.Builder
	if err := template.Must(template.New("report").Parse(htmlTemplate)).Execute(&b, &p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestWidths: names may be shortened to eight columns, and what else is written out to
// more; numbers never.
func TestWidths(t *testing.T) {
	w := newWriter(&section.Report{}, Options{Location: time.UTC})
	for name, layouts := range map[string][]layout{
		"helpers": layoutsOf(w.helperColumns()), "unused": layoutsOf(w.unusedColumns()), "failures": layoutsOf(w.failureColumns(true)),
		"flaky": layoutsOf(w.flakyColumns()), "context": layoutsOf(w.contextColumns(nil)), "trend": layoutsOf(trendColumns()),
	} {
		for _, l := range layouts {
			want := 0
			switch {
			case l.title == "helper" || l.title == "repo":
				want = 8
			case l.title == "error":
				want = 12
			case l.title == "where it fails":
				want = 14
			}
			if l.least != want {
				t.Errorf("%s, %q: %d, not %d", name, l.title, l.least, want)
			}
		}
	}
}

func layoutsOf[R any](columns []column[R]) (out []layout) {
	for _, c := range columns {
		out = append(out, c.layout)
	}
	return out
}
