package event

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// Padding is how many readable bytes must follow a line in the buffer that is
// given to Fast, so that it can load eight bytes at a time.
const Padding = 32

var padding [Padding]byte

// The first eight bytes of each optional key, as a little-endian load sees
// them, in the order of the layout.
const (
	keyDuration = uint64(',') | '"'<<8 | 'd'<<16 | 'u'<<24 | 'r'<<32 | 'a'<<40 | 't'<<48 | 'i'<<56
	keyExit     = uint64(',') | '"'<<8 | 'e'<<16 | 'x'<<24 | 'i'<<32 | 't'<<40 | '_'<<48 | 'c'<<56
	keySignal   = uint64(',') | '"'<<8 | 's'<<16 | 'i'<<24 | 'g'<<32 | 'n'<<40 | 'a'<<48 | 'l'<<56
	keyError    = uint64(',') | '"'<<8 | 'e'<<16 | 'r'<<24 | 'r'<<32 | 'o'<<40 | 'r'<<48 | '_'<<56
	keyCWD      = uint64(',') | '"'<<8 | 'c'<<16 | 'w'<<24 | 'd'<<32 | '"'<<40 | ':'<<48 | '"'<<56
	keyScope    = uint64(',') | '"'<<8 | 's'<<16 | 'c'<<24 | 'o'<<32 | 'p'<<40 | 'e'<<48 | '"'<<56
	keyRepo     = uint64(',') | '"'<<8 | 'r'<<16 | 'e'<<24 | 'p'<<32 | 'o'<<40 | '"'<<48 | ':'<<56
	keySession  = uint64(',') | '"'<<8 | 's'<<16 | 'e'<<24 | 's'<<32 | 's'<<40 | 'i'<<48 | 'o'<<56
	keyTask     = uint64(',') | '"'<<8 | 't'<<16 | 'a'<<24 | 's'<<32 | 'k'<<40 | '_'<<48 | 'i'<<56
	keyParent   = uint64(',') | '"'<<8 | 'p'<<16 | 'a'<<24 | 'r'<<32 | 'e'<<40 | 'n'<<48 | 't'<<56
	keyRoot     = uint64(',') | '"'<<8 | 'r'<<16 | 'o'<<24 | 'o'<<32 | 't'<<40 | '_'<<48 | 'i'<<56
	keyHost     = uint64(',') | '"'<<8 | 'h'<<16 | 'o'<<24 | 's'<<32 | 't'<<40 | '"'<<48 | ':'<<56
	keyPID      = uint64(',') | '"'<<8 | 'p'<<16 | 'i'<<24 | 'd'<<32 | '"'<<40 | ':'<<48
	keySrc      = uint64(',') | '"'<<8 | 's'<<16 | 'r'<<24 | 'c'<<32 | '"'<<40 | ':'<<48 | '"'<<56
	keyUsage    = uint64(',') | '"'<<8 | 'u'<<16 | 's'<<24 | 'a'<<32 | 'g'<<40 | 'e'<<48 | '"'<<56
	keyRusage   = uint64(',') | '"'<<8 | 'r'<<16 | 'u'<<24 | 's'<<32 | 'a'<<40 | 'g'<<48 | 'e'<<56
	keyCall     = uint64(',') | '"'<<8 | 'c'<<16 | 'a'<<24 | 'l'<<32 | 'l'<<40 | '_'<<48 | 'i'<<56
	keyExt      = uint64(',') | '"'<<8 | 'e'<<16 | 'x'<<24 | 't'<<32 | '"'<<40 | ':'<<48 | '"'<<56
	keyRev      = uint64(',') | '"'<<8 | 'r'<<16 | 'e'<<24 | 'v'<<32 | '"'<<40 | ':'<<48 | '"'<<56
	keyAgent    = uint64(',') | '"'<<8 | 'a'<<16 | 'g'<<24 | 'e'<<32 | 'n'<<40 | 't'<<48 | '"'<<56
	keyModel    = uint64(',') | '"'<<8 | 'm'<<16 | 'o'<<24 | 'd'<<32 | 'e'<<40 | 'l'<<48 | '"'<<56
	keyTrial    = uint64(',') | '"'<<8 | 'e'<<16 | 'x'<<24 | 'p'<<32 | 'e'<<40 | 'r'<<48 | 'i'<<56
	keyArm      = uint64(',') | '"'<<8 | 'a'<<16 | 'r'<<24 | 'm'<<32 | '"'<<40 | ':'<<48 | '"'<<56
	keyInferred = uint64(',') | '"'<<8 | 'i'<<16 | 'n'<<24 | 'f'<<32 | 'e'<<40 | 'r'<<48 | 'r'<<56
	keyWriter   = uint64(',') | '"'<<8 | 'w'<<16 | 'r'<<24 | 'i'<<32 | 't'<<40 | 'e'<<48 | 'r'<<56
)

// Eight bytes each of what every line has.
const (
	headTS     = uint64('{') | '"'<<8 | 't'<<16 | 's'<<24 | '"'<<32 | ':'<<40 | '"'<<48
	headV      = uint64('"') | ','<<8 | '"'<<16 | 'v'<<24 | '"'<<32 | ':'<<40 | '1'<<48 | ','<<56
	headID     = uint64('1') | ','<<8 | '"'<<16 | 'i'<<24 | 'd'<<32 | '"'<<40 | ':'<<48 | '"'<<56
	keyKind    = uint64(',') | '"'<<8 | 'k'<<16 | 'i'<<24 | 'n'<<32 | 'd'<<40 | '"'<<48 | ':'<<56
	keyName    = uint64(',') | '"'<<8 | 'n'<<16 | 'a'<<24 | 'm'<<32 | 'e'<<40 | '"'<<48 | ':'<<56
	keyStatus  = uint64(',') | '"'<<8 | 's'<<16 | 't'<<24 | 'a'<<32 | 't'<<40 | 'u'<<48 | 's'<<56
	tailStatus = uint64('t') | 'a'<<8 | 't'<<16 | 'u'<<24 | 's'<<32 | '"'<<40 | ':'<<48 | '"'<<56
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
	if l.Code != CodeStarted {
		if p = l.fastEnd(b, m, p); p < 0 {
			return -1
		}
	}
	if p = l.fastWhere(b, m, p); p < 0 {
		return -1
	}
	if p = l.fastTail(b, m, p); p < 0 || b[p] != '}' || b[p+1] != '\n' {
		return -1
	}
	l.raw = b[i : p+1]
	return p + 2
}

// load is the eight bytes at b[p].
func load(b []byte, p int) uint64 { return binary.LittleEndian.Uint64(b[p : p+8 : p+8]) }

// two are the two bytes at b[p].
func two(b []byte, p int) uint16 { return binary.LittleEndian.Uint16(b[p : p+2 : p+2]) }

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
