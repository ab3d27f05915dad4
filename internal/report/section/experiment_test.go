package section

import (
	"fmt"
	"testing"

	"pi-track/internal/event/decode"
	"pi-track/internal/report/query"
	"pi-track/internal/report/runs"
	"pi-track/internal/report/sum"
)

// An experiment whose lines name several helpers is told as that of the same one each time.
func TestExperimentOfSeveralHelpersIsToldAlike(t *testing.T) {
	q, err := query.New(query.Options{Sections: []query.Section{SectionExperiment}})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		c := Collect(q)
		for i := range 12 {
			var l decode.Line
			if err := l.Decode(fmt.Appendf(nil, `{"ts":"2026-11-22T05:06:%02d.584Z","v":1,"id":"01a201a2-77d0-7abc-8def-0123456789%02d","kind":"script","name":"h%d","status":"succeeded","task_id":"t%d","experiment":"x","arm":"on"}`, i, i, i%4, i)); err != nil {
				t.Fatal(err)
			}
			partOf[*trials](c.every).Add(&sum.Run{Line: &l, Code: l.Code, Start: l.TS, End: l.TS, Now: true, Taken: true})
		}
		if r := Answer(c, &runs.Counted{}); r.Experiment == nil || len(r.Experiment.Rows) != 1 || r.Experiment.Rows[0].Helper != "h0" {
			t.Fatalf("%+v", r.Experiment)
		}
	}
}

// What is known already is not asked for once more: as many tasks as came, fewer are
// missing.
func TestTasksThatAreMissing(t *testing.T) {
	q, err := query.New(query.Options{Sections: []query.Section{SectionExperiment}})
	if err != nil {
		t.Fatal(err)
	}
	missing := func(arms [2]int) int64 {
		var x trialArms
		for i, n := range arms {
			for at := range n {
				x.known[i].Add(true, at%2 == 0)
			}
		}
		return x.result(q).More
	}
	few := missing([2]int{10, 10})
	for arms, want := range map[[2]int]int64{{14, 10}: few - 4, {10, 16}: few - 6, {20, 20}: few - 20} {
		if got := missing(arms); few < 100 || got != want {
			t.Errorf("of %v %d are missing, not %d", arms, got, want)
		}
	}
}

// Single runs are needed where a list of them is shown, or a verdict goes by them.
func TestSectionsOfSingleRuns(t *testing.T) {
	for name, want := range map[query.Section][2]bool{
		SectionHelpers: {true, false}, SectionFailures: {false, true}, SectionWhy: {true, true}, SectionFlaky: {true, false}, SectionUnused: {false, false},
	} {
		o := query.Options{Sections: []query.Section{name}}
		if name == SectionWhy {
			o.Why = "deploy"
		}
		q, err := query.New(o)
		if err != nil {
			t.Fatal(err)
		}
		if latest, failed := NewRuns(q); latest != want[0] || failed != want[1] {
			t.Errorf("%s: the latest %t, failed ones %t", name, latest, failed)
		}
	}
	q, err := query.New(query.Options{Sections: []query.Section{SectionHelpers}, By: []query.Key{"repo"}})
	if err != nil {
		t.Fatal(err)
	}
	if latest, failed := NewRuns(q); latest || failed {
		t.Error("groups of helpers have no verdict")
	}
}
