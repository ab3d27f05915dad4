package section

import (
	"cmp"
	"slices"
	"strings"

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
	Which
	Row
	Days    []sum.Day      `json:"days"` // the last 14 days up to the end of the period, oldest first
	Verdict stats.Verdict  `json:"verdict"`
	Changes []HelperChange `json:"changes,omitempty"` // the latest first
}

// Helpers is the table of helpers in the query's order, those with few data
// last and by name.
type Helpers struct {
	Prior   stats.Beta `json:"prior"` // behind Risk
	Rows    []Helper   `json:"rows"`
	Omitted int        `json:"omitted"` // rows cut by Limit
	// Recent is the number of a helper's latest finished runs that verdicts go
	// by, 0 when they go by all runs that match.
	Recent int `json:"recent"`
}

// helpers needs no more than the sums of the helpers.
type helpers struct{}

func newHelpers(*shared) (section, part) { return helpers{}, nil }

func (helpers) Report(t *totals, r *Report) {
	h := &Helpers{Prior: t.prior(), Rows: t.helperRows(), Recent: t.recent()}
	h.Rows, h.Omitted = cut(h.Rows, t.q.Limit)
	r.Helpers = h
}

// makeHelperRows are the rows of all helpers, in the query's order.
func (t *totals) makeHelperRows() []Helper {
	prior, verdicts := t.prior(), t.verdicts()
	rows := []Helper{}
	for id, x := range t.helpers {
		if x != nil && x.Result().Runs > 0 {
			rows = append(rows, t.helperResult(uint32(id), x, prior, &verdicts[id]))
		}
	}
	slices.SortFunc(rows, func(a, b Helper) int {
		return cmp.Or(compareRows(t.q, &a.Row, &b.Row, a.Name, b.Name), strings.Compare(a.Sort, b.Sort))
	})
	return rows
}

// result is the helper's line.
func (t *totals) helperResult(id uint32, h *helper, prior stats.Beta, v *judged) Helper {
	if !t.q.Bounded {
		h.Current, h.Previous = h.between(t.q.CurrentDays()), h.between(t.q.PreviousDays())
	}
	row := rowOf(t.q, &h.Tally, prior)
	if c := v.verdict.Class; c == stats.AlwaysCancelled || c == stats.OftenCancelled {
		row.Few = false // there is enough to say
	}
	return Helper{
		Name: t.name(id), Kind: h.kind, Which: t.which(id), Row: row, Days: h.days.Last(t.q.LastDay(), 14),
		Verdict: v.verdict, Changes: t.told()[id],
	}
}

// atMost is how many runs of each helper the verdicts go by at most, 0 for all of
// the period.
func (t *totals) atMost() int {
	if t.q.Bounded {
		return t.recent()
	}
	return sum.MaxOutcomes
}

// recent is how many runs of each helper the verdicts go by, 0 for all.
func (t *totals) recent() int {
	for _, h := range t.helpers {
		if h != nil && h.Finished() > int64(len(h.ends.Finished.Latest())) {
			return len(h.ends.Finished.Latest())
		}
	}
	return 0
}
