package decode

import "math/bits"

// Marks are a bitmap of a buffer, a bit a byte: set where a string of JSON
// ends or is not plain: at quotes, backslashes, control characters and bytes
// beyond ASCII.
type Marks []uint64

// Mark finds the marks of b in the memory of m.
func Mark(m Marks, b []byte) Marks {
	n := (len(b) + 63) / 64
	if cap(m) < n {
		m = make(Marks, n)
	}
	m = m[:n]
	whole := len(b) / 64
	mark(m[:whole], b)
	if whole < n {
		var last [64]byte // blanks are no marks
		for i := range last {
			last[i] = ' '
		}
		copy(last[:], b[whole*64:])
		mark(m[whole:], last[:])
	}
	return m
}

// next is the first mark at the word k or behind, −1 if there is none.
func (m Marks) next(k int) int {
	for ; k < len(m); k++ {
		if m[k] != 0 {
			return k<<6 + bits.TrailingZeros64(m[k])
		}
	}
	return -1
}

// markGo is mark without vector instructions: eight bytes at a time.
func markGo(m Marks, b []byte) {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for k := range m {
		var bits uint64
		for i := 0; i < 64; i += 8 {
			w := load(b, k*64+i)
			// Within seven bits no sum carries into the next byte.
			low := w &^ highs
			quote := low ^ '"'*ones
			back := low ^ '\\'*ones
			plain := (low + (0x80-0x20)*ones) & (quote + 0x7f*ones) & (back + 0x7f*ones)
			hits := (^plain | w) & highs
			bits |= (hits >> 7 * 0x0102040810204080 >> 56) << i
		}
		m[k] = bits
	}
}
