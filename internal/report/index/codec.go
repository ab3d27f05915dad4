// Package index keeps the sums of a log beside it, so that a report reads only what
// was written since. The package knows files and bytes; their meaning is up to the
// code that writes and reads them.
//
// Only the program that wrote an index can read it: its name and its content begin
// with the program's identity.
package index

import "unsafe"

// Writer appends values as they lie in memory: an index is read by the same
// program on the same machine, or it is made anew.
// Beyond maxBody it drops what comes: full stays set.
type Writer struct {
	b    []byte
	Full bool
}

// room says whether n bytes more fit.
func (e *Writer) room(n int) bool {
	e.Full = e.Full || len(e.b)+n > maxBody
	return !e.Full
}

// Reader reads what encoder wrote. Slices and strings that it reads lie in
// what it reads from. bad stays set once something was missing.
type Reader struct {
	b   []byte // what is left
	n   int    // bytes in front of it
	Bad bool
}

// Fail says that what was read makes no sense.
func (d *Reader) Fail() { d.Bad = true }

// take is the next n bytes, which must be there.
func (d *Reader) take(n int) []byte {
	b := d.b[:n:n]
	d.b, d.n = d.b[n:], d.n+n
	return b
}

// aligned is where the values of slices start: at multiples of it.
const aligned = 8

// Put appends a value without pointers.
func Put[T any](e *Writer, v T) {
	if b := unsafe.Slice((*byte)(unsafe.Pointer(&v)), unsafe.Sizeof(v)); e.room(len(b)) {
		e.b = append(e.b, b...)
	}
}

// Get reads a value without pointers.
func Get[T any](d *Reader, v *T) {
	size := int(unsafe.Sizeof(*v))
	if d.Bad || len(d.b) < size {
		d.Bad = true
		return
	}
	copy(unsafe.Slice((*byte)(unsafe.Pointer(v)), size), d.take(size))
}

// PutSlice appends a slice of values without pointers.
func PutSlice[T any](e *Writer, s []T) {
	Put(e, int64(len(s)))
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

func GetSlice[T any](d *Reader, s *[]T) {
	var n int64
	var zero T
	Get(d, &n)
	size := int64(unsafe.Sizeof(zero))
	if d.Bad || n < 0 || n > int64(len(d.b))/size {
		d.Bad = true
		return
	}
	if *s = nil; n == 0 {
		return
	}
	if gap := -d.n & (aligned - 1); unsafe.Alignof(zero) > 1 {
		if n*size+int64(gap) > int64(len(d.b)) {
			d.Bad = true
			return
		}
		d.take(gap)
	}
	*s = unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(d.take(int(n*size))))), n)
}

func PutString(e *Writer, s string) {
	PutSlice(e, []byte(s))
}

func GetString(d *Reader, s *string) {
	var b []byte
	GetSlice(d, &b)
	*s = unsafe.String(unsafe.SliceData(b), len(b))
}

// Count reads how many items follow, of at least one byte each.
func (d *Reader) Count() int {
	var n int64
	if Get(d, &n); n < 0 || n > int64(len(d.b)) {
		d.Bad = true
		return 0
	}
	return int(n)
}
