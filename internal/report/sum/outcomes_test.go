package sum

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

func TestOutcomesKeepTheLatest(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var ordered, mixed Outcomes
	for i := range 3000 {
		ordered.Add(Outcome{At: int64(i)})
	}
	for _, i := range rng.Perm(3000) {
		mixed.Add(Outcome{At: int64(i)})
	}
	if !reflect.DeepEqual(ordered.Latest(), mixed.Latest()) || len(mixed.Latest()) != MaxOutcomes || mixed.Latest()[0].At != 3000-MaxOutcomes {
		t.Errorf("%d kept, from %v", len(mixed.Latest()), mixed.Latest()[0])
	}
	for _, parts := range [][2]int{{0, 3000}, {3000, 0}, {2, 2}, {700, 1}, {1, 700}, {1500, 1500}, {400, 600}} {
		var want, a, b Outcomes
		for n, i := range rng.Perm(parts[0] + parts[1]) {
			x := Outcome{At: int64(i / 2), ID: uint32(i)}
			want.Add(x)
			if n < parts[0] {
				a.Add(x)
			} else {
				b.Add(x)
			}
		}
		if a.Merge(&b); !slices.Equal(a.Latest(), want.Latest()) {
			t.Errorf("merged of %d: %d kept, want %d", parts, len(a.Latest()), len(want.Latest()))
		}
	}
}
