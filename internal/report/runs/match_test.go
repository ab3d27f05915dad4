package runs

import "testing"

// TestOrphansAreBounded: of ends without a start the latest are remembered, in any number.
func TestOrphansAreBounded(t *testing.T) {
	m := newMatcher(nil, nil)
	const n = 2*maxOrphans + 3
	for id := range uint64(n) {
		m.addOrphan(id)
	}
	if len(m.orphans) != maxOrphans {
		t.Errorf("%d are remembered", len(m.orphans))
	}
	for _, id := range []uint64{n - 1, n - maxOrphans} {
		if _, ok := m.orphans[id]; !ok {
			t.Errorf("end %d of %d is forgotten", id, n)
		}
	}
}
