package report

import (
	"fmt"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/manifest"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// trialLog plants tasks of an experiment with notes: of four tasks three are
// completed in the first arm, of two one in the second.
func trialLog(t *testing.T, x *manifest.Experiment, tasks int) string {
	p := &plantedRuns{}
	done := map[bool]int{}
	for i := range tasks {
		task := fmt.Sprint("T-", i)
		at := changeStart.Add(time.Duration(i) * 20 * time.Minute)
		in := func(e *event.Event) { e.TaskID, e.SessionID = task, "" }
		second := x.Second(task)
		for call := range 2 {
			p.add("notes", at.Add(time.Duration(call)*time.Minute), false, func(e *event.Event) {
				in(e)
				e.Trial = event.Trial{Experiment: x.ID, Arm: x.Arm(task)}
				if second {
					e.DurationMS = 0
				}
			})
		}
		n := done[second]
		done[second]++
		fails := n%4 == 0
		if second {
			fails = n%2 == 0
		}
		p.add("task", at.Add(10*time.Minute), fails, func(e *event.Event) { in(e); e.Kind, e.Src = event.Job, "emit" })
	}
	return p.write(t)
}

func TestExperimentReport(t *testing.T) {
	x := &manifest.Experiment{ID: "x1", Unit: "task", Share: 50}
	log := trialLog(t, x, 600)
	o := query.Options{Logs: []string{log}, Sections: []query.Section{section.SectionExperiment}}
	o.Experiments = []query.Experiment{{ID: "x1", Unit: "task", Share: 50}}
	r := reportOf(t, o)
	if len(r.Experiment.Rows) != 1 {
		t.Fatalf("%+v", r.Experiment)
	}
	row := r.Experiment.Rows[0]
	if row.Helper != "notes" || row.First.Units+row.Second.Units != 600 || row.First.Calls != 2*row.First.Units || row.Second.Calls != 2*row.Second.Units {
		t.Errorf("%+v", row)
	}
	if row.Verdict != stats.TrialHelps || row.Sequence.Low <= 0 || row.Sequence.Low >= row.Diff.Low || row.RatioOff || !row.Running {
		t.Errorf("%+v %+v", row, row.Sequence)
	}
	if f := *row.First.Success.Value; f < .74 || f > .76 || *row.Second.Success.Value != .5 && *row.Second.Success.Value < .49 {
		t.Errorf("completed %v and %v", f, *row.Second.Success.Value)
	}
	o.Experiments[0].Share = 20 // it was told another share: the arms do not fit it
	if row := reportOf(t, o).Experiment.Rows[0]; !row.RatioOff {
		t.Errorf("the sizes of the arms: %+v", row)
	}
	o.Trial = "other"
	if got := reportOf(t, o).Experiment.Rows; len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// TestExperimentOfSessions: the unit is the session although the runs have tasks.
func TestExperimentOfSessions(t *testing.T) {
	p := &plantedRuns{}
	for i := range 40 {
		session := fmt.Sprint("S-", i/4)
		p.add("notes", changeStart.Add(time.Duration(i)*time.Hour), false, func(e *event.Event) {
			e.SessionID, e.TaskID = session, fmt.Sprint("T-", i)
			e.Trial = event.Trial{Experiment: "x2", Arm: []string{"a", "b"}[i/4%2]}
		})
	}
	o := query.Options{Logs: []string{p.write(t)}, Sections: []query.Section{section.SectionExperiment}}
	o.Experiments = []query.Experiment{{ID: "x2", Unit: "session", Share: 50, Until: changeStart}}
	row := reportOf(t, o).Experiment.Rows[0]
	if row.First.Units != 5 || row.Second.Units != 5 || row.First.Name != "a" || row.Running || row.First.Runs.N != 20 || row.Verdict != stats.TrialNotYet {
		t.Errorf("%+v", row)
	}
}
