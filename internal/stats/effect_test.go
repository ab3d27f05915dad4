package stats

import (
	"math/rand/v2"
	"testing"
)

// TestChanceOfSmallArms: of helpers without effect that few tasks used, in many
// strata, hardly more are as clear as a strict p-value says than it says.
func TestChanceOfSmallArms(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 0))
	const many, strata, tasks, limit = 20000, 60, 240, .001
	clear := 0
	for range many {
		tables := make([]Table, strata)
		for i := range tasks {
			tables[r.IntN(strata)].Add(i < 15, r.IntN(20) < 9)
		}
		if c := Compare(tables); c.Strict <= limit {
			clear++
		}
	}
	if share := float64(clear) / many; share > 2*limit {
		t.Errorf("%.4f of the p-values are below %g", share, limit)
	}
}

// verdictOf is the verdict on strata that are compared alone.
func verdictOf(strata []Table) string {
	c := Compare(strata)
	return c.Verdict(0.05)
}
