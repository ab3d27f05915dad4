package event

import (
	"math"
	"testing"
)

// Sums of usage can pass what readers take: the end line must not be lost for it.
func TestLargeNumbersCanBeRead(t *testing.T) {
	for _, n := range []int64{MaxInteger, MaxInteger + 1, math.MaxInt64} {
		e := Event{ID: "i", Kind: "loop", Name: "n", Status: "succeeded", Src: "shim", DurationMS: n,
			Usage: &Usage{Tokens: n}}
		line := e.Append(nil)
		var back Event
		if err := Decode(line, &back); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if back.DurationMS != MaxInteger || back.Usage == nil || back.Usage.Tokens != MaxInteger {
			t.Errorf("%d became %s", n, line)
		}
	}
}
