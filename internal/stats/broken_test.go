package stats

import "testing"

// TestBrokenFrom: where all fails since a moment and little did before, that moment is
// when the helper broke; what fails in one task, or as it did before, is no other moment.
func TestBrokenFrom(t *testing.T) {
	history := func(outcomes string, inSession int) (trials []Trial) {
		for i, c := range outcomes {
			trials = append(trials, Trial{At: int64(i), Session: uint32(1 + i/inSession), Failed: c == 'F'})
		}
		return trials
	}
	const solid = "............"
	for name, c := range map[string]struct {
		trials []Trial
		from   int
	}{
		"two failures a while before": {history(solid+"F....F....FFFFFFFFFF", 3), 22},
		"from the first failure on":   {history(solid+"FFFFFFFFFFFF", 3), 12},
		"seven since":                 {history(solid+"F....F....FFFFFFF", 3), 12},
		"in two sessions":             {history(solid+"F....F....FFFFFFFFFF", 12), 12},
		"half failed before":          {history(solid+"F.F.F.F.F.FFFFFFFFFF", 3), 12},
		"it succeeds now":             {history(solid+"F....F....FFFFFFFFFF.", 3), 12},
	} {
		if got := brokenFrom(c.trials, len(solid)); got != c.from {
			t.Errorf("%s: from %d, want %d", name, got, c.from)
		}
	}
	trials := history(solid+"F....F....FFFFFFFFFF", 30)
	for i := range trials {
		trials[i].Session = 0
	}
	if got := brokenFrom(trials, len(solid)); got != 22 {
		t.Errorf("without sessions: from %d", got)
	}
}
