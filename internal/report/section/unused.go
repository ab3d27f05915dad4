package section

import (
	"slices"
	"strings"
	"time"

	"pi-track/internal/report/query"
)

// SectionUnused lists configured helpers without a run.
const SectionUnused query.Section = "unused"

// Unused lists the helpers that are configured but were not used in the
// period, by name.
type Unused struct {
	Configured int         `json:"configured"` // how many helpers are configured; 0: none known
	Rows       []UnusedRow `json:"rows"`
}

// UnusedRow is one configured helper; LastUsed is its last run before the
// period, nil when there is none in the log.
type UnusedRow struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	Which
	LastUsed *time.Time `json:"last_used"`
}

// unused finds the configured helpers without a run; the helpers' own sums
// hold all it needs.
type unused struct{}

func newUnused(*shared) (section, part) { return unused{}, nil }

func (unused) Report(t *totals, r *Report) {
	out := &Unused{Configured: len(t.q.Configured), Rows: []UnusedRow{}}
	byKey := map[string]*helper{}
	for id, h := range t.helpers {
		if h != nil {
			byKey[t.helperKeys.Text(uint32(id))] = h
		}
	}
	for _, c := range t.q.Configured {
		sort := query.SortOfKind([]byte(c.Kind))
		row := UnusedRow{Name: c.Name, Kind: c.Kind, Which: Which{Sort: sort, Several: len(t.sorts[c.Name]) > 0}}
		if h := byKey[string(keyOf(nil, []byte(c.Name), sort))]; h != nil {
			if h.Result().Runs > 0 {
				continue
			}
			row.LastUsed = t.q.Moment(h.lastBefore)
		}
		out.Rows = append(out.Rows, row)
	}
	slices.SortFunc(out.Rows, func(a, b UnusedRow) int { return strings.Compare(a.Name, b.Name) })
	r.Unused = out
}
