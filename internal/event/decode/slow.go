package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"unicode/utf8"
)

// Slow decodes any line: it is the complete decoder behind the fast path.
// line has no newline at its end.
func (l *Line) Slow(line []byte) error {
	scratch := l.scratch[:0]
	if cap(scratch) < len(line) {
		scratch = make([]byte, 0, len(line))
	}
	l.scratch = scratch
	l.reset(nil)
	l.raw = line
	if !json.Valid(line) {
		return invalid(line)
	}
	object := bytes.TrimSpace(line)
	if object[0] != '{' {
		return ErrNotEvent
	}
	d := decoder{l: l}
	for key, value := range d.members(object) {
		d.member(key, value)
	}
	l.base = l.scratch
	switch {
	case d.newer:
		return ErrNewer
	case d.bad || !d.hasTS || !d.hasVersion || l.Code == 0 || l.ID.n == 0 || l.Kind.n == 0 || l.Name.n == 0:
		return ErrNotEvent
	}
	return nil
}

// invalid says what is wrong with a line that is not JSON: a torn one is wrong only
// behind its last byte.
func invalid(line []byte) error {
	var syntax *json.SyntaxError
	err := json.Unmarshal(append(line[:len(line):len(line)], 0), new(json.RawMessage))
	if errors.As(err, &syntax) && syntax.Offset == int64(len(line))+1 {
		return ErrTorn
	}
	return ErrSyntax
}

// decoder interprets the members of a line that encoding/json found valid.
type decoder struct {
	l *Line

	bad, newer, hasTS, hasVersion bool
}

// next are the first member of a valid object from behind its brace or the last
// member, and what stands behind it; the key is nil at the object's end.
func next(b []byte) (key, value, rest []byte) {
	b = bytes.TrimLeft(b, ", \t\r\n")
	if b[0] == '}' {
		return nil, nil, b
	}
	key = b[:end(b)]
	b = bytes.TrimLeft(b[len(key):], ": \t\r\n")
	value = b[:end(b)]
	return key, value, b[len(value):]
}

// end is where the valid value at the start of b ends.
func end(b []byte) int {
	depth := 0
	for i := 0; ; i++ {
		switch b[i] {
		case '"':
			for i++; b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
			if depth == 0 {
				return i + 1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
		}
	}
}

// unquote is the content of a JSON string: a part of it where it can be. Invalid
// UTF-8 and lone surrogates become U+FFFD.
func unquote(quoted []byte) []byte {
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return inner
	}
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		panic("a string of a valid line is not valid")
	}
	return []byte(s)
}

// text interprets a value as a string.
func (d *decoder) text(t *Text, value []byte) {
	switch value[0] {
	case 'n':
	case '"':
		off := len(d.l.scratch)
		d.l.scratch = append(d.l.scratch, unquote(value)...)
		t.off, t.n = uint32(off), uint32(len(d.l.scratch)-off)
	default:
		d.bad = true
	}
}

// integer interprets a value as an integer in 0…most.
func (d *decoder) integer(v *int64, value []byte, most int64) bool {
	if value[0] == 'n' {
		return false
	}
	var n int64
	for i, c := range value {
		if c < '0' || c > '9' || i == 16 {
			d.bad = true
			return false
		}
		n = n*10 + int64(c-'0')
	}
	if n > most {
		d.bad = true
		return false
	}
	*v = n
	return true
}

// float interprets a value as a finite number.
func (d *decoder) float(v *float64, value []byte) {
	if value[0] == 'n' {
		return
	}
	f, err := strconv.ParseFloat(string(value), 64)
	if err != nil { // no other JSON is a number to strconv; what is not finite is an error
		d.bad = true
		return
	}
	*v = f
}
