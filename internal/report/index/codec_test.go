package index

import "testing"

// TestWriterThatIsFull: an index that has become too large takes nothing more, not even
// what would fit.
func TestWriterThatIsFull(t *testing.T) {
	e := &Writer{b: make([]byte, maxBody-8)}
	if Put(e, int64(1)); e.Full || len(e.b) != maxBody {
		t.Errorf("%d bytes of %d, full: %t", len(e.b), maxBody, e.Full)
	}
	if Put(e, byte(1)); !e.Full || len(e.b) != maxBody {
		t.Errorf("a byte more: %d bytes of %d, full: %t", len(e.b), maxBody, e.Full)
	}
	e.b = e.b[:8]
	if Put(e, byte(1)); !e.Full || len(e.b) != 8 {
		t.Errorf("behind what is missing: %d bytes, full: %t", len(e.b), e.Full)
	}
}
