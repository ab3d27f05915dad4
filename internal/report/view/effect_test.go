package view

import (
	"fmt"
	"testing"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// TestTurnedRepos: of many repos those that weigh most are shown, and only
// where a difference is clear is there something to explain.
func TestTurnedRepos(t *testing.T) {
	x := &section.EffectRow{SignTurns: true, Verdict: stats.EffectUnclear, Diff: &stats.Interval{Value: -.01, Low: -.1, High: .08}}
	if turns(x) {
		t.Error("a sign that turns between two unclear differences is shown")
	}
	x.Diff.High = -.005
	if !turns(x) {
		t.Error("a clear difference whose sign turns is not shown")
	}
	x.Verdict, x.Diff.High = stats.EffectHigher, .08
	if !turns(x) {
		t.Error("a clear verdict whose sign turns is not shown")
	}
	for i := range 20 {
		with := int64(i)
		x.Strata = append(x.Strata, section.Stratum{
			Repo: fmt.Sprintf("r%02d", i), With: stats.NewRate(with, with), Without: stats.NewRate(3, 20),
		})
	}
	repos, more := turnedRepos(x)
	if len(repos) != 8 || more != 12 || repos[0].Repo != "r19" || repos[7].Repo != "r12" {
		t.Errorf("%d repos and %d more: %+v", len(repos), more, repos)
	}
	if x.Strata[0].Repo != "r00" {
		t.Error("the report itself was sorted")
	}
}
