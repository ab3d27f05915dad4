package runs

import (
	"encoding/binary"
	"math/bits"

	"pi-track/internal/report/hash"
)

// bloom is a set of ids that sometimes finds one that was never added: a
// blocked Bloom filter, six bits of an id within 64 bytes. A scan goes through
// time, so the time at which an id was made picks a group of pages, which fits
// a core's second cache, and its hash the block in it. The time goes round all
// groups about twice: a scan is done with a group soon, yet busy days and quiet
// ones share it. With 27 bits an id the filter errs about once in 7000.
type bloom struct {
	pages []*bloomPage              // nil: empty or not loaded
	load  func(page int) *bloomPage // loads a page; nil: nothing to load
	fresh []bloomPage               // not used yet
	shift uint                      // of the time, for the number of its group
}

// groupPages is how many pages a group has.
const groupPages = 32

// bloomPage is a page: 64 blocks.
type bloomPage [64][8]uint64

// maxBloom is the largest filter in pages of 4 KiB: 16 MB.
const maxBloom = 1 << 12

// freshPages is how many pages are allocated at once.
const freshPages = 8

// newBloom is a filter for the ends in size bytes of log that were made
// between two times in Unix milliseconds.
func newBloom(size, from, to int64) *bloom {
	n := int64(1) << bits.Len64(uint64(size/(64<<10)))
	b := &bloom{pages: make([]*bloomPage, min(n, maxBloom))}
	round := max(len(b.pages)/groupPages, 1)
	b.shift = uint(bits.Len64(uint64(max(to-from, 0)) >> madeShift / uint64(2*round)))
	return b
}

// block is the block of an id with the hash h.
func (b *bloom) block(made uint32, h uint64) *[8]uint64 {
	i := int(uint64(made)>>b.shift*groupPages+h%groupPages) & (len(b.pages) - 1)
	p := &b.pages[i]
	if *p == nil {
		*p = b.page(i)
	}
	return &(*p)[h>>58]
}

// page is a page that has not been used yet.
func (b *bloom) page(i int) *bloomPage {
	if b.load != nil {
		return b.load(i)
	}
	if len(b.fresh) == 0 {
		b.fresh = make([]bloomPage, freshPages)
	}
	p := &b.fresh[0]
	b.fresh = b.fresh[1:]
	// Written before it is read: at the first read of new memory the kernel maps
	// a page of zeros, and to replace that later it interrupts all cores.
	p[0] = [8]uint64{}
	return p
}

func (b *bloom) add(made uint32, h uint64) {
	block := b.block(made, h)
	for x, i := h*0x9e3779b97f4a7c15, 0; i < 6; i++ {
		block[x>>61] |= 1 << (x >> 55 & 63)
		x = bits.RotateLeft64(x, 9)
	}
}

func (b *bloom) has(made uint32, h uint64) bool {
	block := b.block(made, h)
	for x, i := h*0x9e3779b97f4a7c15, 0; i < 6; i++ {
		if block[x>>61]&(1<<(x>>55&63)) == 0 {
			return false
		}
		x = bits.RotateLeft64(x, 9)
	}
	return true
}

// madeShift makes the times of ids out of Unix milliseconds.
const madeShift = 10

// idMade is when an id was made: of a UUIDv7 in units of 1.024 s, of any other
// id something from its first bytes.
func idMade(id []byte) uint32 {
	if len(id) < 11 {
		return uint32(hash.Of(id))
	}
	const low = 0x0f0f0f0f0f0f0f0f
	w := binary.LittleEndian.Uint64(id)
	w = w&low + 9*(w>>6&0x0101010101010101) // the digits' values
	w = (w<<4 | w>>8) & 0x00ff00ff00ff00ff
	w = (w<<8 | w>>16) & 0x0000ffff0000ffff
	v := uint32(id[9]&15+9*(id[9]>>6))<<4 | uint32(id[10]&15+9*(id[10]>>6)) // behind the dash
	return uint32(w<<16|w>>32)<<6 | v>>2&63
}
