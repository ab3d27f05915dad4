package report

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// TestModelsThatComeAndGoAreNoChange: a helper that fails with one model fails more
// while that model is used more. Said is the model; a helper that fails more with any
// model since that day is worse since.
func TestModelsThatComeAndGoAreNoChange(t *testing.T) {
	p := &plantedRuns{}
	r := rand.New(rand.NewPCG(3, 0))
	for day := range 30 {
		for n := range 6 {
			model := "m-1"
			if n == 0 || day >= 20 && n < 4 {
				model = "m-2"
			}
			for i := range 6 {
				rate := map[string]float64{"by-model": .01, "by-day": .01}
				if model == "m-2" {
					rate["by-model"] = .6
				}
				if day >= 20 {
					rate["by-day"] = .5
				}
				for _, name := range []string{"by-model", "by-day"} {
					p.add(name, changeStart.AddDate(0, 0, day).Add(time.Duration(n*80+i)*time.Minute), r.Float64() < rate[name], func(e *event.Event) {
						e.Repo, e.Model, e.SessionID = fmt.Sprint("/r/", (day+n)%2), model, fmt.Sprint("s-", day, "-", n)
					})
				}
			}
		}
	}
	report := reportOf(t, query.Options{Logs: []string{p.write(t)}, Sections: []query.Section{section.SectionHelpers, section.SectionDigest}})
	if changes := helperOf(t, report, "by-model").Changes; len(changes) > 0 {
		t.Errorf("by-model: %+v", changes)
	}
	var told []string
	for _, x := range report.Digest.Rows {
		switch {
		case x.Code == section.MostUsed || x.Code == section.FailsMost || x.Code == section.RetryLoop:
		case x.Code == section.FailsWith:
			told = append(told, x.Helper+" "+x.Code+" "+x.Tied.Value)
		default:
			told = append(told, x.Helper+" "+x.Code)
		}
	}
	slices.Sort(told)
	if want := []string{"by-day worse since", "by-model fails with m-2"}; !slices.Equal(told, want) {
		t.Errorf("told: %q, want %q", told, want)
	}
}

// TestFailsWithSinceItsFirstRun: what a helper fails with is told with the day on which it
// was new; what was there from the beginning has none.
func TestFailsWithSinceItsFirstRun(t *testing.T) {
	for _, first := range []int{0, 20} {
		p := &plantedRuns{}
		r := rand.New(rand.NewPCG(5, 0))
		for day := range 40 {
			for n := range 12 {
				model, rate := "m-1", .01
				if day >= first && n%4 == 0 {
					model, rate = "m-2", .6
				}
				p.add("by-model", changeStart.AddDate(0, 0, day).Add(time.Duration(n*80)*time.Minute), r.Float64() < rate, func(e *event.Event) {
					e.Repo, e.Model, e.SessionID = fmt.Sprint("/r/", (day+n)%2), model, fmt.Sprint("s-", day, "-", n)
				})
			}
		}
		rows := reportOf(t, query.Options{Logs: []string{p.write(t)}, Sections: []query.Section{section.SectionDigest}}).Digest.Rows
		i := slices.IndexFunc(rows, func(x section.Sentence) bool { return x.Code == section.FailsWith })
		if i < 0 {
			t.Errorf("from day %d on: %+v", first, rows)
			continue
		}
		from := rows[i].From
		if began := changeStart.AddDate(0, 0, first); first == 0 && from != nil || first > 0 && (from == nil || from.Sub(began).Abs() > 24*time.Hour) {
			t.Errorf("from day %d on, told from %v", first, from)
		}
	}
}
