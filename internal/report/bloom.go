package report

import (
	"encoding/binary"
	"math/bits"
)

// bloom is a set of ids that sometimes finds one that was never added: a
// blocked Bloom filter, six bits of an id within 64 bytes. It is made of pages
// that fit a core's first cache; an id's page depends on the minutes in which
// it was made, so that a scan, which goes through time, adds to few pages at a
// time. With 27 bits an id it errs about once in 7000.
type bloom struct {
	pages []*bloomPage              // nil: empty or not loaded
	load  func(page int) *bloomPage // loads a page; nil: nothing to load
	fresh []bloomPage               // not used yet
}

// bloomPage is a page: 64 blocks.
type bloomPage [64][8]uint64

// maxBloom is the largest filter in pages of 4 KiB: 16 MB.
const maxBloom = 1 << 12

// freshPages is how many pages are allocated at once.
const freshPages = 8

// newBloom is a filter for the ends in size bytes of log.
func newBloom(size int64) *bloom {
	n := int64(1) << bits.Len64(uint64(size/(64<<10)))
	return &bloom{pages: make([]*bloomPage, min(n, maxBloom))}
}

func (b *bloom) block(page uint32, h uint64) *[8]uint64 {
	p := &b.pages[page&uint32(len(b.pages)-1)]
	if *p == nil {
		*p = b.page(int(page & uint32(len(b.pages)-1)))
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

func (b *bloom) add(page uint32, h uint64) {
	block := b.block(page, h)
	for x, i := h*0x9e3779b97f4a7c15, 0; i < 6; i++ {
		block[x>>61] |= 1 << (x >> 55 & 63)
		x = bits.RotateLeft64(x, 9)
	}
}

func (b *bloom) has(page uint32, h uint64) bool {
	block := b.block(page, h)
	for x, i := h*0x9e3779b97f4a7c15, 0; i < 6; i++ {
		if block[x>>61]&(1<<(x>>55&63)) == 0 {
			return false
		}
		x = bits.RotateLeft64(x, 9)
	}
	return true
}

// idPage is the page of an id: of a UUIDv7 the 4.4 minutes in which it was
// made, of any other id something from its first eight bytes.
func idPage(id []byte) uint32 {
	if len(id) < 8 {
		return uint32(hash(id))
	}
	const low = 0x0f0f0f0f0f0f0f0f
	w := binary.LittleEndian.Uint64(id)
	w = w&low + 9*(w>>6&0x0101010101010101) // the digits' values
	w = (w<<4 | w>>8) & 0x00ff00ff00ff00ff
	w = (w<<8 | w>>16) & 0x0000ffff0000ffff
	return uint32(w<<16|w>>32) >> 2
}
