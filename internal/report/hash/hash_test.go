package hash

import (
	"math/bits"
	"math/rand/v2"
	"testing"
)

// Texts that differ in one byte or in their length differ in about half of the
// bits of their hashes, wherever the byte is.
func TestEveryByteCounts(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	seen := map[uint64]bool{}
	for n := range 70 {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		h := Of(b)
		if h != Of(append([]byte(nil), b...)) || seen[h] {
			t.Fatalf("%d bytes", n)
		}
		seen[h] = true
		for i := range b {
			if n < 4 && i > 0 && i < n-1 && i != n/2 {
				continue
			}
			total := 0
			for range 40 {
				c := append([]byte(nil), b...)
				for c[i] == b[i] {
					c[i] = byte(rng.Uint32())
				}
				d := bits.OnesCount64(h ^ Of(c))
				if total += d; d < 8 {
					t.Errorf("byte %d of %d changes %d bits", i, n, d)
				}
			}
			if mean := total / 40; mean < 26 || mean > 38 {
				t.Errorf("byte %d of %d changes %d bits on average", i, n, mean)
			}
		}
	}
}

func TestFold(t *testing.T) {
	for _, v := range [][3]uint64{{3, 5, 15}, {1 << 63, 2, 1}, {1 << 63, 6, 3}, {0, 7, 0}, {1<<64 - 1, 1<<64 - 1, 1<<64 - 2 ^ 1}} {
		if got := Fold(v[0], v[1]); got != v[2] {
			t.Errorf("%d and %d: %d", v[0], v[1], got)
		}
	}
}
