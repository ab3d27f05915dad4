package decode

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// Padding is how many readable bytes must follow a line in the buffer that is
// given to Fast, so that it can load eight bytes at a time.
const Padding = 32

var padding [Padding]byte

// Eight bytes each of what every line has.
const (
	headTS = uint64('{') | '"'<<8 | 't'<<16 | 's'<<24 | '"'<<32 | ':'<<40 | '"'<<48
	headV  = uint64('"') | ','<<8 | '"'<<16 | 'v'<<24 | '"'<<32 | ':'<<40 | '1'<<48 | ','<<56
	headID = uint64('1') | ','<<8 | '"'<<16 | 'i'<<24 | 'd'<<32 | '"'<<40 | ':'<<48 | '"'<<56
)

// Fast decodes the line that starts at b[i] if it has exactly the layout that
// Append writes, has no escapes and ends in a newline. It accounts for every
// byte of the line and returns where the next line starts, or −1 when the
// line is anything else, which says nothing about its worth. b must hold
// Padding bytes behind the line's newline, and m must be what Mark found in b.
func (l *Line) Fast(b []byte, m Marks, i int) int {
	if i+128 > len(b) || len(m)*64 < len(b) {
		return -1
	}
	l.reset(b)
	p := i + 31 // behind the ts
	if load(b, i)&(1<<56-1) != headTS || load(b, p) != headV || load(b, p+6) != headID {
		return -1
	}
	var ok bool
	if l.TS, ok = l.time(b[i+7 : p]); !ok {
		return -1
	}
	if p = l.str(b, m, p+14, &l.ID); p < 0 || l.ID.n == 0 || load(b, p) != keyKind || b[p+8] != '"' {
		return -1
	}
	if p = l.str(b, m, p+9, &l.Kind); p < 0 || l.Kind.n == 0 || load(b, p) != keyName || b[p+8] != '"' {
		return -1
	}
	if p = l.str(b, m, p+9, &l.Name); p < 0 || l.Name.n == 0 || load(b, p) != keyStatus || load(b, p+3) != tailStatus {
		return -1
	}
	var s Text
	if p = l.str(b, m, p+11, &s); p < 0 {
		return -1
	}
	if l.Code = status(l.Bytes(s)); l.Code == 0 {
		return -1
	}
	if p = l.fastMembers0(b, m, p); p < 0 || b[p] != '}' || b[p+1] != '\n' {
		return -1
	}
	l.raw = b[i : p+1]
	return p + 2
}

// load is the eight bytes at b[p].
func load(b []byte, p int) uint64 { return binary.LittleEndian.Uint64(b[p : p+8 : p+8]) }

// str reads a string from behind its opening quote at b[p] and returns where
// it is after the closing one; it leaves at least eight bytes of b to load.
// A string with an escape, a control character or invalid UTF-8 is refused.
func (l *Line) str(b []byte, m Marks, p int, t *Text) int {
	k := uint(p) >> 6
	if k >= uint(len(m)) {
		return -1
	}
	// The marks of the next 64 bytes, from two words: nearly every string ends
	// within them, so that the branch is well predicted.
	i, w := p, m[k]>>(uint(p)&63)
	if k+1 < uint(len(m)) {
		w |= m[k+1] << 1 << (^uint(p) & 63)
	}
	if w != 0 {
		i += bits.TrailingZeros64(w)
	} else if i = m.next(int(k) + 1); i < 0 {
		return -1
	}
	if i > len(b)-Padding {
		return -1
	}
	if b[i] != '"' {
		if i = wide(b, m, p, i); i < 0 {
			return -1
		}
	}
	t.off, t.n = uint32(p), uint32(i-p)
	return i + 1
}

// wide is str's end of a string that is not ASCII at b[i].
func wide(b []byte, m Marks, p, i int) int {
	for b[i] >= utf8.RuneSelf {
		k := (i + 1) >> 6
		if w := m[k] >> (uint(i+1) & 63); w != 0 {
			i += 1 + bits.TrailingZeros64(w)
		} else if i = m.next(k + 1); i < 0 {
			return -1
		}
		if i > len(b)-Padding {
			return -1
		}
	}
	if b[i] != '"' || !utf8.Valid(b[p:i]) {
		return -1
	}
	return i
}

// integer reads an integer in 0…2^53−1 at b[p] and returns where it ends.
func integer(b []byte, p int, v *int64) int {
	if p > len(b)-Padding {
		return -1
	}
	w := load(b, p)
	n := bits.TrailingZeros64(notDigits(w)) >> 3
	if n == 8 {
		return longInteger(b, p, v)
	}
	if n == 0 || b[p] == '0' && n > 1 {
		return -1
	}
	*v = int64(digits(w << ((64 - 8*uint(n)) & 63)))
	return p + n
}

// notDigits has the top bit set of each byte of w that is not a decimal digit,
// exactly so up to the first of them.
func notDigits(w uint64) uint64 {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	return (w&^highs + (0x80-'9'-1)*ones | ^(w&^highs + (0x80-'0')*ones) | w) & highs
}

// digits is the number that the bytes of w say as decimal digits, the first of
// them the lowest byte; zero bytes in front count as zeros. Pairs, fours and
// all eight are joined by one multiplication each.
func digits(w uint64) uint64 {
	w &= 0x0f0f0f0f0f0f0f0f
	w = w * (10<<8 + 1) >> 8 & 0x00ff00ff00ff00ff
	w = w * (100<<16 + 1) >> 16 & 0x0000ffff0000ffff
	return w * (10000<<32 + 1) >> 32
}

// longInteger is integer for eight digits or more.
func longInteger(b []byte, p int, v *int64) int {
	n, from := uint64(0), p
	for p < len(b)-Padding {
		c := uint64(b[p] - '0')
		if c > 9 {
			break
		}
		n = n*10 + c
		p++
	}
	if p-from > 16 || n >= 1<<53 || b[from] == '0' {
		return -1
	}
	*v = int64(n)
	return p
}
