package stats_test

import (
	"testing"
	"time"

	. "pi-track/internal/stats"
	"pi-track/internal/stats/reference"
)

// TestScoreOfAWrongClock: failures of any time have a score that is a number.
func TestScoreOfAWrongClock(t *testing.T) {
	const year = 366 * 24 * 3600 * 1000
	for _, years := range []int64{-2000, -55, 10, 40, 75, 7900} {
		at := WeightRef + years*year
		runs := append(history("web", ".F.F.F.F.F", at), history("web", ".F.F.F.F.F", WeightRef)...)
		if s := reference.Classify(runs, time.UnixMilli(WeightRef+year)).Score; !(s >= 0 && s <= 1) {
			t.Errorf("%d years ahead: %v", years, s)
		}
	}
}
