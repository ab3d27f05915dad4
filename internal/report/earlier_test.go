package report

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// TestChangesBeforeTheLastRuns: a helper with hundreds of runs a day broke, got slower or
// had an outage of hours weeks ago, long before the last runs that are all kept.
func TestChangesBeforeTheLastRuns(t *testing.T) {
	p := &plantedRuns{}
	r := rand.New(rand.NewPCG(5, 0))
	day := func(i int) float64 { return float64(i) * 2 / 24 / 60 }
	in := func(e *event.Event) {
		e.Repo, e.SessionID = fmt.Sprint("/r/", r.IntN(2)), fmt.Sprint("s-", r.IntN(1000))
		e.DurationMS = int64(1000 * math.Exp(.5*r.NormFloat64()))
	}
	for i := range 30 * 24 * 30 {
		at := changeStart.Add(time.Duration(i)*2*time.Minute + time.Duration(r.IntN(100))*time.Second)
		p.add("deploy", at, day(i) >= 8 || r.IntN(50) == 0, in)
		p.add("search", at, r.Float64() < .03 || day(i) >= 11 && r.Float64() < .3, in)
		p.add("fetch", at, day(i) >= 6 && day(i) < 6.2 || r.IntN(100) == 0, in)
		p.add("steady", at, r.IntN(12) == 0, in)
		p.add("render", at, false, func(e *event.Event) {
			if in(e); day(i) >= 9 {
				e.DurationMS *= 2
			}
		})
	}
	log := p.write(t)
	o := query.Options{Logs: []string{log}, Sections: []query.Section{section.SectionHelpers, section.SectionDigest}}
	found := map[string]string{}
	for _, x := range reportOf(t, o).Digest.Rows {
		if x.From != nil && x.Code != section.RetryLoop {
			found[x.Helper] += x.Code + " " + x.From.Format("Jan 2 ")
		}
	}
	want := map[string]string{}
	for name, x := range map[string]struct {
		code stats.Class
		day  int
	}{"deploy": {stats.BrokenSince, 8}, "search": {stats.WorseSince, 11}, "fetch": {stats.Outage, 6}, "render": {stats.SlowerSince, 9}} {
		want[name] = string(x.code) + changeStart.AddDate(0, 0, x.day).Format(" Jan 2 ")
	}
	if !maps.Equal(found, want) {
		t.Errorf("found %v, want %v", found, want)
	}
	indexSoon(t)
	sameWithout(t, "earlier runs", o)
}

// TestRetriesAreNoEarlierChange: of runs that are thinned, fewer follow another one of
// their session. Rows of failures that go on all the time are no change.
func TestRetriesAreNoEarlierChange(t *testing.T) {
	p := &plantedRuns{}
	r := rand.New(rand.NewPCG(6, 0))
	for session := range 1200 {
		at := changeStart.Add(time.Duration(session) * 20 * time.Minute)
		row := 0
		for range 12 {
			at = at.Add(time.Duration(20+r.IntN(40)) * time.Second)
			if row--; row < 0 && r.IntN(40) == 0 {
				row = 8
			}
			p.add("fetch", at, row > 0, func(e *event.Event) { e.SessionID, e.Repo = fmt.Sprint("s-", session), fmt.Sprint("/r/", session%3) })
		}
	}
	got := reportOf(t, query.Options{Logs: []string{p.write(t)}, Sections: []query.Section{section.SectionHelpers}})
	if changes := helperOf(t, got, "fetch").Changes; len(changes) > 0 {
		t.Errorf("%+v", changes)
	}
}
