package exec

import "sync/atomic"

// maxStores is how often Store is called for one stream: above that a mapping
// is cheaper.
const maxStores = 4

// prepare makes sure that there is memory.
func (r *Ring) prepare() {
	if r.Map == nil {
		return
	}
	r.Bytes, r.Total = r.Map()
	r.Map = nil
	if n := len(r.early); n > 0 && atomic.LoadUint64(r.Total) != uint64(n) { // not the memory that Store wrote to
		r.put(0, r.early)
	}
}

// store keeps b, from offset at of the stream on, without a mapping, if that
// can be done and is cheaper.
func (r *Ring) store(at uint64, b []byte) bool {
	if r.Map == nil || r.Store == nil || r.stores == maxStores || at > uint64(len(r.early)) || at+uint64(len(b)) > TailSize {
		return false
	}
	if r.stores++; r.Store(at, b) != nil {
		return false
	}
	r.early = append(r.early[:at], b...)
	return true
}

// total is how many bytes the stream has had, size of how many the end is kept.
func (r *Ring) total() uint64 {
	if r.Map != nil {
		return uint64(len(r.early))
	}
	return atomic.LoadUint64(r.Total)
}

func (r *Ring) size() uint64 {
	if r.Map != nil {
		return TailSize
	}
	return uint64(len(r.Bytes))
}

// write appends b to the stream that the ring keeps the end of.
func (r *Ring) write(b []byte) {
	total := r.total()
	if n := r.size(); uint64(len(b)) > n {
		skip := uint64(len(b)) - n
		b, total = b[skip:], total+skip
	}
	r.put(total, b)
}

// skip passes over n bytes of the stream. At least len(r.Bytes) bytes have to
// be written next.
func (r *Ring) skip(n uint64) {
	if n > 0 {
		r.prepare()
		atomic.AddUint64(r.Total, n)
	}
}

// put writes b as the bytes of the stream from offset at on.
func (r *Ring) put(at uint64, b []byte) {
	if r.store(at, b) {
		return
	}
	r.prepare()
	size := uint64(len(r.Bytes))
	if size == 0 {
		return
	}
	for done := 0; done < len(b); {
		done += copy(r.Bytes[(at+uint64(done))%size:], b[done:])
	}
	atomic.StoreUint64(r.Total, at+uint64(len(b)))
}

// tail returns the last bytes in order, at most TailSize.
func (r *Ring) tail() []byte {
	if r.Map != nil {
		return r.early
	}
	total, size := atomic.LoadUint64(r.Total), uint64(len(r.Bytes))
	n := min(total, size, TailSize)
	if n == 0 {
		return nil
	}
	out := make([]byte, n)
	from := (total - n) % size
	copy(out[copy(out, r.Bytes[from:]):], r.Bytes)
	return out
}

func newRing() *Ring {
	return &Ring{Bytes: make([]byte, TailSize), Total: new(uint64)}
}
