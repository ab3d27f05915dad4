package report

import "unsafe"

// encoder appends values as they lie in memory: an index is read by the same
// program on the same machine, or it is made anew.
// Beyond maxIndexBody it drops what comes: full stays set.
type encoder struct {
	b    []byte
	full bool
}

// room says whether n bytes more fit.
func (e *encoder) room(n int) bool {
	e.full = e.full || len(e.b)+n > maxIndexBody
	return !e.full
}

// decoder reads what encoder wrote. Slices and strings that it reads lie in
// what it reads from. bad stays set once something was missing.
type decoder struct {
	b   []byte // what is left
	n   int    // bytes in front of it
	bad bool
}

// take is the next n bytes, which must be there.
func (d *decoder) take(n int) []byte {
	b := d.b[:n:n]
	d.b, d.n = d.b[n:], d.n+n
	return b
}

// aligned is where the values of slices start: at multiples of it.
const aligned = 8

// put appends a value without pointers.
func put[T any](e *encoder, v T) {
	if b := unsafe.Slice((*byte)(unsafe.Pointer(&v)), unsafe.Sizeof(v)); e.room(len(b)) {
		e.b = append(e.b, b...)
	}
}

// get reads a value without pointers.
func get[T any](d *decoder, v *T) {
	size := int(unsafe.Sizeof(*v))
	if d.bad || len(d.b) < size {
		d.bad = true
		return
	}
	copy(unsafe.Slice((*byte)(unsafe.Pointer(v)), size), d.take(size))
}

// putSlice appends a slice of values without pointers.
func putSlice[T any](e *encoder, s []T) {
	put(e, int64(len(s)))
	if len(s) == 0 {
		return
	}
	if n := len(s) * int(unsafe.Sizeof(s[0])); e.room(n + aligned) {
		if unsafe.Alignof(s[0]) > 1 {
			e.b = append(e.b, make([]byte, -len(e.b)&(aligned-1))...)
		}
		e.b = append(e.b, unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), n)...)
	}
}

func getSlice[T any](d *decoder, s *[]T) {
	var n int64
	var zero T
	get(d, &n)
	size := int64(unsafe.Sizeof(zero))
	if d.bad || n < 0 || n > int64(len(d.b))/size {
		d.bad = true
		return
	}
	if *s = nil; n == 0 {
		return
	}
	if gap := -d.n & (aligned - 1); unsafe.Alignof(zero) > 1 {
		if n*size+int64(gap) > int64(len(d.b)) {
			d.bad = true
			return
		}
		d.take(gap)
	}
	*s = unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(d.take(int(n*size))))), n)
}

func putString(e *encoder, s string) {
	putSlice(e, []byte(s))
}

func getString(d *decoder, s *string) {
	var b []byte
	getSlice(d, &b)
	*s = unsafe.String(unsafe.SliceData(b), len(b))
}

// count reads how many items follow, of at least one byte each.
func (d *decoder) count() int {
	var n int64
	if get(d, &n); n < 0 || n > int64(len(d.b)) {
		d.bad = true
		return 0
	}
	return int(n)
}
