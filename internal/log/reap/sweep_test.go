package reap

import (
	"fmt"
	"os"
	"testing"
	"time"

	"pi-track/internal/log/box"
)

// However many boxes hold nothing, one call removes a part of them, and a few calls
// all.
func TestSweepTakesAPart(t *testing.T) {
	home := t.TempDir()
	if err := os.Mkdir(home+"/open", 0o700); err != nil {
		t.Fatal(err)
	}
	const n = 9 * sweepMin
	past := time.Now().Add(-2 * makingTime)
	for i := range n {
		path := box.Path(home, fmt.Sprintf("%08x-0000-7000-8000-000000000000", i))
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, past, past); err != nil {
			t.Fatal(err)
		}
	}
	left := n
	for calls := 1; left > 0; calls++ {
		r, err := Boxes(home)
		if err != nil || r.Blank != left || calls > 9 {
			t.Fatalf("call %d: %d hold nothing, %d are left, %v", calls, r.Blank, left, err)
		}
		now, err := os.ReadDir(home + "/open")
		if err != nil || len(now) != left-min(left, max(sweepMin, left/8)) {
			t.Fatalf("call %d: %d of %d are left, %v", calls, len(now), left, err)
		}
		left = len(now)
	}
}
