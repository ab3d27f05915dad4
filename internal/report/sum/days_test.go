package sum

import (
	"math/rand/v2"
	"testing"
)

// Days are counted alike in whatever order they come and are merged.
func TestDaysInAnyOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	want := map[int32]int64{}
	parts := make([]Days, 3)
	for range 2000 {
		day, code := int32(rng.IntN(60)-20), rng.IntN(5)
		parts[rng.IntN(3)].Of(day)[code]++
		want[day]++
	}
	var all Days
	for _, p := range parts {
		all.Merge(p)
	}
	if len(all) != len(want) {
		t.Errorf("%d days, want %d", len(all), len(want))
	}
	for i, x := range all {
		if i > 0 && all[i-1].Day >= x.Day {
			t.Errorf("day %d comes after %d", x.Day, all[i-1].Day)
		}
		sum := int64(0)
		for _, n := range x.N {
			sum += n
		}
		if sum != want[x.Day] {
			t.Errorf("day %d has %d runs, want %d", x.Day, sum, want[x.Day])
		}
	}
}
