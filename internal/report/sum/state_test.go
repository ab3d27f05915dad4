package sum

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pi-track/internal/event/decode"
)

// A tally out of states is the one that adds up the runs themselves, whether few or
// many durations stand behind its quantiles, and however the runs are split.
func TestStatesAddUpAsRunsDo(t *testing.T) {
	bounds := DurationBounds()
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 300, MaxExact, MaxExact + 1, 30000} {
		var want, got Tally
		for part := range 3 {
			var s State
			all := []int64{}
			for range n / 3 * (part + 1) / 2 {
				ms := rng.Int64N(1 << rng.IntN(41))
				all = append(all, ms)
				want.Add(&Run{Line: &decode.Line{LineHead: decode.LineHead{DurationMS: ms}}, Code: decode.CodeSucceeded})
				s.Sum += ms
			}
			s.Counts[decode.CodeSucceeded] = int64(len(all))
			if len(all) <= MaxExact {
				s.Values = all
			} else {
				s.Min, s.Max, s.Buckets = slices.Min(all), slices.Max(all), map[int64]int64{}
				for _, ms := range all {
					i, found := slices.BinarySearch(bounds, ms)
					if !found {
						i--
					}
					s.Buckets[bounds[i]]++
				}
			}
			got.AddState(&s)
		}
		if a, b := want.Durations.Result(), got.Durations.Result(); !reflect.DeepEqual(a, b) {
			t.Errorf("%d runs: %+v, want %+v", n, b, a)
		}
	}
}

// Every bound begins a bucket, of the sketch or of the histogram, and none is left out.
func TestBoundsOfDurations(t *testing.T) {
	bounds := DurationBounds()
	for i, ms := range bounds[1:] {
		if before := bounds[i]; sketchBucket(max(before, 1)) != sketchBucket(ms-1) && before > 0 {
			t.Fatalf("a bucket begins between %d and %d", before, ms)
		}
	}
	if last := bounds[len(bounds)-1]; last < 1<<53 || len(bounds) > 2500 {
		t.Errorf("%d bounds up to %d", len(bounds), last)
	}
}
