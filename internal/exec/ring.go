package exec

import "sync/atomic"

// prepare makes sure that there is memory.
func (r *Ring) prepare() {
	if r.Map != nil {
		r.Bytes, r.Total = r.Map()
		r.Map = nil
	}
}

// write appends b to the stream that the ring keeps the end of.
func (r *Ring) write(b []byte) {
	r.prepare()
	total := atomic.LoadUint64(r.Total)
	if n := uint64(len(r.Bytes)); uint64(len(b)) > n {
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
		return nil // nothing has been stored
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
