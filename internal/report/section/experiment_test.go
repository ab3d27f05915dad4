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
