package view

import (
	"slices"
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
