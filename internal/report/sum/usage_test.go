package sum

import (
	"testing"

	"pi-track/internal/event/decode"
)

// A usage that says nothing is none: lines are sent, and kept by a database, without it.
func TestUsageOfNothingIsNone(t *testing.T) {
	for usage, want := range map[string]int64{
		`{"cost":0}`: 0, `{"tokens":0,"input":0}`: 0, `{"tokens":1}`: 1, `{"cost":0.25}`: 1, `{"cache_write":3}`: 1, `{"model":"m"}`: 1,
	} {
		var l decode.Line
		if err := l.Decode([]byte(`{"ts":"2026-11-22T05:06:33.584Z","v":1,"id":"01a201a2-77d0-7abc-8def-0123456789ab","kind":"script","name":"n","status":"succeeded","usage":` + usage + `}`)); err != nil {
			t.Fatal(err)
		}
		var a Tally
		a.Add(&Run{Line: &l, Code: l.Code})
		got := int64(0)
		if u := a.UsageResult(); u != nil {
			got = u.Runs
		}
		if got != want {
			t.Errorf("%s counts as %d runs with a usage, want %d", usage, got, want)
		}
	}
}
