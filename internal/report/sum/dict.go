package sum

import (
	"iter"
	"math/bits"
	"sync"
	"unsafe"

	"pi-track/internal/report/hash"
	"pi-track/internal/report/index"
)

// Dict numbers texts from 1 in the order in which they first occur; "" is 0.
// It is shared by the workers; each looks in a cache of its own first.
type Dict struct {
	mu    sync.Mutex
	index Table
	arena []byte
	ends  []uint32 // of text i+1 in arena
}

// DictCache is a worker's recently used part of a dict.
type DictCache struct {
	d    *Dict
	used []struct {
		hash uint64
		id   uint32
	}
}

func NewDictCache(d *Dict, size int) DictCache {
	c := DictCache{d: d}
	c.used = make([]struct {
		hash uint64
		id   uint32
	}, size) // a power of two
	return c
}

// ID is the number of a text.
func (c *DictCache) ID(b []byte) uint32 {
	if len(b) == 0 {
		return 0
	}
	h := hash.Of(b)
	u := &c.used[h&uint64(len(c.used)-1)]
	if u.hash != h {
		u.hash, u.id = h, c.d.Add(h, b)
	}
	return u.id
}

func (d *Dict) Add(h uint64, b []byte) uint32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	id, isNew := d.index.Put(h, uint32(len(d.ends)+1))
	if isNew {
		d.arena = append(d.arena, b...)
		d.ends = append(d.ends, uint32(len(d.arena)))
	}
	return id
}

// Len is the largest number.
func (d *Dict) Len() int { return len(d.ends) }

// Find is the number of a text that was added.
func (d *Dict) Find(b []byte) uint32 { return d.Add(hash.Of(b), b) }

// Text is the text with a number.
func (d *Dict) Text(id uint32) string {
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

// Table maps hashes to numbers: open addressing, linear probing.
type Table struct {
	keys   []uint64 // 0 is free
	values []uint32
	n      int
}

// Put returns the number under h and stores v there if there is none.
func (t *Table) Put(h uint64, v uint32) (uint32, bool) {
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

// Clear empties the table but keeps its memory.
func (t *Table) Clear() {
	clear(t.keys)
	t.n = 0
}

func (t *Table) grow() {
	old := *t
	size := max(64, 2*len(old.keys))
	t.keys, t.values, t.n = make([]uint64, size), make([]uint32, size), 0
	for i, h := range old.keys {
		if h != 0 {
			t.Put(h, old.values[i])
		}
	}
}

// Set counts different hashes. It is shared by the workers.
type Set struct {
	mu   sync.Mutex
	keys []uint64 // 0 is free
	N    int
}

// SetCache is a worker's recently added part of a set.
type SetCache struct {
	s    *Set
	used []uint64
}

func NewSetCache(s *Set, size int) SetCache {
	return SetCache{s: s, used: make([]uint64, size)} // a power of two
}

// Add adds a text that is not empty.
func (c *SetCache) Add(b []byte) {
	if len(b) > 0 {
		c.AddHash(hash.Of(b))
	}
}

// AddHash adds the text with a hash.
func (c *SetCache) AddHash(h uint64) {
	h = max(h, 1)
	u := &c.used[h&uint64(len(c.used)-1)]
	if *u != h {
		*u = h
		c.s.mu.Lock()
		c.s.Add(h)
		c.s.mu.Unlock()
	}
}

func (s *Set) Add(h uint64) {
	if s.N*4 >= len(s.keys)*3 {
		old := s.keys
		s.keys, s.N = make([]uint64, max(64, 2*len(old))), 0
		for _, k := range old {
			if k != 0 {
				s.Add(k)
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
			s.N++
			return
		}
	}
}

// Flags are a set of numbers of a dict; 0, the empty text, is never in it.
type Flags []uint64

func (f *Flags) Add(id uint32) {
	k := int(id >> 6)
	for k >= len(*f) {
		*f = append(*f, 0)
	}
	(*f)[k] |= 1 << (id & 63)
}

func (f *Flags) Merge(o Flags) {
	for k, w := range o {
		if k >= len(*f) {
			*f = append(*f, 0)
		}
		(*f)[k] |= w
	}
}

// All are the numbers in the set, in order.
func (f Flags) All() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for k, w := range f {
			for ; w != 0; w &= w - 1 {
				if !yield(uint32(k<<6 + bits.TrailingZeros64(w))) {
					return
				}
			}
		}
	}
}

// Count is how many numbers are in the set.
func (f Flags) Count() int64 {
	n := 0
	for k, w := range f {
		if k == 0 {
			w &^= 1
		}
		n += bits.OnesCount64(w)
	}
	return int64(n)
}

func (d *Dict) Encode(e *index.Writer) {
	index.PutSlice(e, d.index.keys)
	index.PutSlice(e, d.index.values)
	index.Put(e, int64(d.index.n))
	index.PutSlice(e, d.arena)
	index.PutSlice(e, d.ends)
}

func (d *Dict) Decode(from *index.Reader) {
	index.GetSlice(from, &d.index.keys)
	index.GetSlice(from, &d.index.values)
	var n int64
	index.Get(from, &n)
	d.index.n = int(n)
	index.GetSlice(from, &d.arena)
	index.GetSlice(from, &d.ends)
}

func (s *Set) Encode(e *index.Writer) {
	index.PutSlice(e, s.keys)
	index.Put(e, int64(s.N))
}

func (s *Set) Decode(d *index.Reader) {
	index.GetSlice(d, &s.keys)
	var n int64
	index.Get(d, &n)
	s.N = int(n)
}
