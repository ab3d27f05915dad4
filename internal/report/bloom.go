package report

import "math/bits"

// bloom is a set of hashes that sometimes finds what was never added: a
// blocked Bloom filter, all bits of a hash within 64 bytes, which are one
// line of a core's cache. With 27 bits a hash it errs about once in 7000.
type bloom struct{ blocks [][8]uint64 }

// maxBloom is the largest filter in blocks: 16 MB.
const maxBloom = 1 << 18

// newBloom is a filter for the ends in size bytes of log.
func newBloom(size int64) *bloom {
	n := int64(1) << bits.Len64(uint64(size/8192))
	return &bloom{make([][8]uint64, min(max(n, 64), maxBloom))}
}

func (b *bloom) block(h uint64) *[8]uint64 { return &b.blocks[h>>40&uint64(len(b.blocks)-1)] }

// add sets six bits of the block of a hash.
func (b *bloom) add(h uint64) {
	block := b.block(h)
	for x, i := h*0x9e3779b97f4a7c15, 0; i < 6; i++ {
		block[x>>61] |= 1 << (x >> 55 & 63)
		x = bits.RotateLeft64(x, 9)
	}
}

func (b *bloom) has(h uint64) bool {
	block := b.block(h)
	for x, i := h*0x9e3779b97f4a7c15, 0; i < 6; i++ {
		if block[x>>61]&(1<<(x>>55&63)) == 0 {
			return false
		}
		x = bits.RotateLeft64(x, 9)
	}
	return true
}
