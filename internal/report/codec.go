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

// decoder reads what encoder wrote. bad stays set once something was missing.
type decoder struct {
	b   []byte
	bad bool
}

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
	copy(unsafe.Slice((*byte)(unsafe.Pointer(v)), size), d.b)
	d.b = d.b[size:]
}

// putSlice appends a slice of values without pointers.
func putSlice[T any](e *encoder, s []T) {
	put(e, int64(len(s)))
	if len(s) == 0 {
		return
	}
	if n := len(s) * int(unsafe.Sizeof(s[0])); e.room(n) {
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
	if *s = make([]T, n); n > 0 {
		copy(unsafe.Slice((*byte)(unsafe.Pointer(&(*s)[0])), n*size), d.b)
	}
	d.b = d.b[n*size:]
}

func putString(e *encoder, s string) {
	putSlice(e, []byte(s))
}

func getString(d *decoder, s *string) {
	var b []byte
	getSlice(d, &b)
	*s = string(b)
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
