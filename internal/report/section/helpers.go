package section

import (
	"slices"

	"pi-track/internal/report/query"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// SectionHelpers is the table of helpers, or of Groups when Options.By is set.
const SectionHelpers query.Section = "helpers"

// Helper is everything about one helper in one line.
type Helper struct {
	Name string `json:"name"`
	Kind string `json:"kind"` // that of its latest run
	Row
	Days    []sum.Day     `json:"days"` // the last 14 days up to the end of the period, oldest first
	Verdict stats.Verdict `json:"verdict"`
}

// Helpers is the table of helpers in the query's order, those with few data
// last and by name.
type Helpers struct {
	Prior   stats.Beta `json:"prior"` // behind Risk
	Rows    []Helper   `json:"rows"`
	Omitted int        `json:"omitted"` // rows cut by Limit
}

// helpers needs no more than the sums of the helpers.
type helpers struct{}

func newHelpers(*shared) (section, part) { return helpers{}, nil }

func (helpers) Report(t *totals, r *Report) {
	prior, verdicts := t.prior(), t.verdicts()
	h := &Helpers{Prior: prior, Rows: []Helper{}}
	for name, x := range t.helpers {
		if x != nil && x.Result().Runs > 0 {
			h.Rows = append(h.Rows, t.helperResult(t.names.Text(uint32(name)), x, prior, verdicts[name].verdict))
		}
	}
	slices.SortFunc(h.Rows, func(a, b Helper) int { return compareRows(t.q, &a.Row, &b.Row, a.Name, b.Name) })
	h.Rows, h.Omitted = cut(h.Rows, t.q.Limit)
	r.Helpers = h
}

// result is the helper's line.
func (s *shared) helperResult(name string, h *helper, prior stats.Beta, v stats.Verdict) Helper {
	if !s.q.Bounded {
		h.Current, h.Previous = h.between(s.q.CurrentDays()), h.between(s.q.PreviousDays())
	}
	return Helper{Name: name, Kind: h.kind, Row: rowOf(s.q, &h.Tally, prior), Days: h.days.Last(s.q.LastDay(), 14), Verdict: v}
}
