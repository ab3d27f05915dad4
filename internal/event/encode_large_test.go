package event_test

import (
	"math"
	"testing"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
)

// Sums of usage can pass what readers take: the end line must not be lost for it.
func TestLargeNumbersCanBeRead(t *testing.T) {
	for _, n := range []int64{event.MaxInteger, event.MaxInteger + 1, math.MaxInt64} {
		e := event.Event{ID: "i", Kind: "loop", Name: "n", Status: "succeeded", Src: "shim", DurationMS: n,
			Usage: &event.Usage{Tokens: n}}
		line := e.Append(nil)
		var back event.Event
		if err := decode.Event(line, &back); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if back.DurationMS != event.MaxInteger || back.Usage == nil || back.Usage.Tokens != event.MaxInteger {
			t.Errorf("%d became %s", n, line)
		}
	}
}
