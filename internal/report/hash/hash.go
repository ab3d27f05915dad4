// Package hash is the hash by which reports know texts.
package hash

import (
	"math/bits"

	"github.com/cespare/xxhash/v2"
)

// Of is a 64-bit hash of b (xxHash). It stands for b itself in sets and tables:
// among ten million different texts two are confused with a probability below one
// in 10⁵.
func Of(b []byte) uint64 { return xxhash.Sum64(b) }

// Fold mixes two numbers: the halves of their product.
func Fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}
