package report

import (
	"encoding/binary"
	"math/bits"
	"sync"
	"unsafe"
)

// hash is a 64-bit hash of b (two rounds of folded 64 × 64 multiplication a
// word). It stands for b itself in sets and tables: among ten million
// different texts two are confused with a probability below one in 10⁵.
func hash(b []byte) uint64 {
	const k0, k1, k2 = 0x9e3779b97f4a7c15, 0xd6e8feb86659fd93, 0xa0761d6478bd642f
	h := uint64(len(b))*k0 ^ k2
	for len(b) >= 16 {
		h = fold(binary.LittleEndian.Uint64(b)^k1, binary.LittleEndian.Uint64(b[8:])^h)
		b = b[16:]
	}
	var first, last uint64
	switch n := len(b); {
	case n >= 8:
		first, last = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	case n >= 4:
		first, last = uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[n-4:]))
	case n > 0:
		first = uint64(b[0]) | uint64(b[n/2])<<8 | uint64(b[n-1])<<16
	}
	return fold(fold(first^k1, last^h), k0^h)
}

func fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// dict numbers texts from 1 in the order in which they first occur; "" is 0.
// It is shared by the workers; each looks in a cache of its own first.
type dict struct {
	mu    sync.Mutex
	index table
	arena []byte
	ends  []uint32 // of text i+1 in arena
}

// dictCache is a worker's recently used part of a dict.
type dictCache struct {
	d    *dict
	used []struct {
		hash uint64
		id   uint32
	}
}

func newDictCache(d *dict, size int) dictCache {
	c := dictCache{d: d}
	c.used = make([]struct {
		hash uint64
		id   uint32
	}, size) // a power of two
	return c
}

// id is the number of a text.
func (c *dictCache) id(b []byte) uint32 {
	if len(b) == 0 {
		return 0
	}
	h := hash(b)
	u := &c.used[h&uint64(len(c.used)-1)]
	if u.hash != h {
		u.hash, u.id = h, c.d.add(h, b)
	}
	return u.id
}

func (d *dict) add(h uint64, b []byte) uint32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	id, isNew := d.index.put(h, uint32(len(d.ends)+1))
	if isNew {
		d.arena = append(d.arena, b...)
		d.ends = append(d.ends, uint32(len(d.arena)))
	}
	return id
}

// text is the text with a number.
func (d *dict) text(id uint32) string {
	if id == 0 {
		return ""
	}
	from := uint32(0)
	if id > 1 {
		from = d.ends[id-2]
	}
	b := d.arena[from:d.ends[id-1]]
	return unsafe.String(unsafe.SliceData(b), len(b)) // no byte of the arena changes
}

// table maps hashes to numbers: open addressing, linear probing.
type table struct {
	keys   []uint64 // 0 is free
	values []uint32
	n      int
}

// put returns the number under h and stores v there if there is none.
func (t *table) put(h uint64, v uint32) (uint32, bool) {
	if h == 0 {
		h = 1
	}
	if t.n*4 >= len(t.keys)*3 {
		t.grow()
	}
	mask := uint64(len(t.keys) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		switch t.keys[i] {
		case h:
			return t.values[i], false
		case 0:
			t.keys[i], t.values[i] = h, v
			t.n++
			return v, true
		}
	}
}

// clear empties the table but keeps its memory.
func (t *table) clear() {
	clear(t.keys)
	t.n = 0
}

func (t *table) grow() {
	old := *t
	size := max(64, 2*len(old.keys))
	t.keys, t.values, t.n = make([]uint64, size), make([]uint32, size), 0
	for i, h := range old.keys {
		if h != 0 {
			t.put(h, old.values[i])
		}
	}
}

// set counts different hashes. It is shared by the workers.
type set struct {
	mu   sync.Mutex
	keys []uint64 // 0 is free
	n    int
}

// setCache is a worker's recently added part of a set.
type setCache struct {
	s    *set
	used []uint64
}

func newSetCache(s *set, size int) setCache {
	return setCache{s: s, used: make([]uint64, size)} // a power of two
}

// add adds a text that is not empty.
func (c *setCache) add(b []byte) {
	if len(b) == 0 {
		return
	}
	h := max(hash(b), 1)
	u := &c.used[h&uint64(len(c.used)-1)]
	if *u != h {
		*u = h
		c.s.mu.Lock()
		c.s.add(h)
		c.s.mu.Unlock()
	}
}

func (s *set) add(h uint64) {
	if s.n*4 >= len(s.keys)*3 {
		old := s.keys
		s.keys, s.n = make([]uint64, max(64, 2*len(old))), 0
		for _, k := range old {
			if k != 0 {
				s.add(k)
			}
		}
	}
	mask := uint64(len(s.keys) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		switch s.keys[i] {
		case h:
			return
		case 0:
			s.keys[i] = h
			s.n++
			return
		}
	}
}

// flags are a set of numbers of a dict; 0, the empty text, is never in it.
type flags []uint64

func (f *flags) add(id uint32) {
	k := int(id >> 6)
	for k >= len(*f) {
		*f = append(*f, 0)
	}
	(*f)[k] |= 1 << (id & 63)
}

func (f *flags) merge(o flags) {
	for k, w := range o {
		if k >= len(*f) {
			*f = append(*f, 0)
		}
		(*f)[k] |= w
	}
}

// count is how many numbers are in the set.
func (f flags) count() int64 {
	n := 0
	for k, w := range f {
		if k == 0 {
			w &^= 1
		}
		n += bits.OnesCount64(w)
	}
	return int64(n)
}
