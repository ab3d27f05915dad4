package event

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// Padding is how many readable bytes must follow a line in the buffer that is
// given to Fast, so that it can load eight bytes at a time.
const Padding = 16

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
)

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// Fast decodes the line that starts at b[i] if it has exactly the layout that
// Append writes, has no escapes and ends in a newline. It accounts for every
// byte of the line and returns where the next line starts, or −1 when the
// line is anything else, which says nothing about its worth. b must hold
// Padding bytes behind the line's newline.
func (l *Line) Fast(b []byte, i int) int {
	end := len(b) - Padding // no line reaches beyond
	if i+128 > len(b) {
		return -1
	}
	l.reset(b)
	const head = `{"ts":"`
	const version = `","v":1,"id":"`
	p := i + len(head) + tsLen
	if string(b[i:i+len(head)]) != head || string(b[p:p+len(version)]) != version {
		return -1
	}
	var ok bool
	if l.TS, ok = l.time(b[i+len(head) : p]); !ok {
		return -1
	}
	if p = text(b, p+len(version), end, &l.ID); p < 0 || l.ID.n == 0 {
		return -1
	}
	if p = member(b, p, end, `,"kind":"`, &l.Kind); p < 0 || l.Kind.n == 0 {
		return -1
	}
	if p = member(b, p, end, `,"name":"`, &l.Name); p < 0 || l.Name.n == 0 {
		return -1
	}
	var s Text
	if p = member(b, p, end, `,"status":"`, &s); p < 0 {
		return -1
	}
	if l.Code = status(l.Bytes(s)); l.Code == 0 {
		return -1
	}
	if l.Code != CodeStarted {
		if p = l.fastEnd(b, p, end); p < 0 {
			return -1
		}
	}
	if p = l.fastWhere(b, p, end); p < 0 {
		return -1
	}
	if p = l.fastTail(b, p, end); p < 0 || p+2 > end || b[p] != '}' || b[p+1] != '\n' {
		return -1
	}
	return p + 2
}

// load is the eight bytes at b[p], p < len(b) − Padding + 8.
func load(b []byte, p int) uint64 { return binary.LittleEndian.Uint64(b[p:]) }

// fastEnd decodes what only end lines have.
func (l *Line) fastEnd(b []byte, p, end int) int {
	w := load(b, p)
	if w == keyDuration {
		if p = number(b, p, end, `,"duration_ms":`, &l.DurationMS); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyExit {
		var code int64
		if p = number(b, p, end, `,"exit_code":`, &code); p < 0 || code > 255 {
			return -1
		}
		l.ExitCode = int16(code)
		w = load(b, p)
	}
	if w == keySignal {
		if p = member(b, p, end, `,"signal":"`, &l.Signal); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyError {
		return member(b, p, end, `,"error_summary":"`, &l.Error)
	}
	return p
}

// fastWhere decodes where a run took place.
func (l *Line) fastWhere(b []byte, p, end int) int {
	w := load(b, p)
	if w == keyCWD {
		if p = text(b, p+len(`,"cwd":"`), end, &l.CWD); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyScope {
		if p = member(b, p, end, `,"scope":"`, &l.Scope); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyRepo {
		if p = member(b, p, end, `,"repo":"`, &l.Repo); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keySession {
		if p = member(b, p, end, `,"session_id":"`, &l.Session); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyTask {
		return member(b, p, end, `,"task_id":"`, &l.Task)
	}
	return p
}

// fastTail decodes the rest, up to the closing brace.
func (l *Line) fastTail(b []byte, p, end int) int {
	w := load(b, p)
	if w == keyParent {
		if p = member(b, p, end, `,"parent_id":"`, &l.Parent); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyRoot {
		if p = member(b, p, end, `,"root_id":"`, &l.Root); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyHost {
		if p = member(b, p, end, `,"host":"`, &l.Host); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w&(1<<56-1) == keyPID {
		if p = number(b, p, end, `,"pid":`, &l.PID); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keySrc {
		if p = text(b, p+len(`,"src":"`), end, &l.Src); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyUsage {
		if p = l.fastUsage(b, p, end); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyRusage {
		if p = l.fastRusage(b, p, end); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyCall {
		if p = member(b, p, end, `,"call_id":"`, &l.CallID); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyExt {
		return text(b, p+len(`,"ext":"`), end, &l.Ext)
	}
	return p
}

// member reads a member whose key and opening quote are head.
func member(b []byte, p, end int, head string, t *Text) int {
	if p+len(head) > end || string(b[p:p+len(head)]) != head {
		return -1
	}
	return text(b, p+len(head), end, t)
}

// text reads a string from behind its opening quote at b[p] and returns where
// it is after the closing one. A string with an escape, a control character or
// invalid UTF-8 is refused.
func text(b []byte, p, end int, t *Text) int {
	i := p
	var other uint64 // bytes beyond ASCII
	for i < end {
		w := load(b, i)
		stop := w ^ 2*ones                        // '"' → ' ', control characters stay below it
		stop = (stop - 0x21*ones) & ^stop & highs // less than '!'
		back := w ^ '\\'*ones
		stop |= (back - ones) & ^back & highs
		if stop != 0 {
			n := bits.TrailingZeros64(stop) >> 3
			other |= w & (1<<(n*8) - 1)
			i += n
			break
		}
		other |= w
		i += 8
	}
	if i >= end || b[i] != '"' || other&highs != 0 && !utf8.Valid(b[p:i]) {
		return -1
	}
	t.off, t.n = uint32(p), uint32(i-p)
	return i + 1
}

// number reads a member with an integer in 0…2^53−1 whose key is head.
func number(b []byte, p, end int, head string, v *int64) int {
	if p+len(head) > end || string(b[p:p+len(head)]) != head {
		return -1
	}
	p += len(head)
	n, from := uint64(0), p
	for p < end {
		c := uint64(b[p] - '0')
		if c > 9 {
			break
		}
		n = n*10 + c
		p++
	}
	if digits := p - from; digits == 0 || digits > 16 || n >= 1<<53 || b[from] == '0' && digits > 1 {
		return -1
	}
	*v = int64(n)
	return p
}
