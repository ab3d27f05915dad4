package section

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"pi-track/internal/event/decode"
	"pi-track/internal/report/query"
	"pi-track/internal/report/runs"
	"pi-track/internal/report/sum"
)

// An experiment has the same figures whatever the order of its lines: with calls of both arms at one time in a task, and
// with arms of two kinds.
func TestExperimentInAnyOrder(t *testing.T) {
	q, err := query.New(query.Options{Sections: []query.Section{SectionExperiment}})
	if err != nil {
		t.Fatal(err)
	}
	var lines []decode.Line
	for i := range 40 {
		var l decode.Line
		if err := l.Decode(fmt.Appendf(nil, `{"ts":"2026-11-22T05:06:10.584Z","v":1,"id":"01a201a2-77d0-7abc-8def-0123456789%02d","kind":"script","name":"h%d","status":"%s","duration_ms":%d,"task_id":"t%d","experiment":"x","arm":"%s"}`,
			i, i%3, []string{"succeeded", "failed", "succeeded"}[i*7%3], i, i/4, []string{"on", "a", "b", "off"}[i%4])); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
	}
	want := ""
	for range 30 {
		c := Collect(q)
		for _, i := range rand.Perm(len(lines)) {
			l := &lines[i]
			partOf[*trials](c.every).Add(&sum.Run{Line: l, Code: l.Code, Start: l.TS, End: l.TS + l.DurationMS, Now: true, Taken: true})
		}
		got, err := json.Marshal(Answer(c, &runs.Counted{}).Experiment)
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = string(got)
		}
		if string(got) != want {
			t.Fatalf("%s\nand\n%s", want, got)
		}
	}
}
