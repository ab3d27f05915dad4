package decode

import "strconv"

// maxDepth is how deep arrays and objects may be nested, the line's own
// object included: as deep as encoding/json allows.
const maxDepth = 10000

// Slow decodes any line: it is the complete decoder behind the fast path.
// line has no newline at its end.
func (l *Line) Slow(line []byte) error {
	scratch := l.scratch[:0]
	if len(scratch) == 0 && cap(scratch) < len(line) {
		scratch = make([]byte, 0, len(line))
	}
	l.scratch = scratch
	l.reset(nil)
	l.raw = line
	d := decoder{b: line, l: l}
	d.blank()
	isObject := d.i < len(line) && line[d.i] == '{'
	start := d.i
	valid := d.skip(0)
	if valid {
		d.blank()
	}
	switch {
	case !valid && d.i >= len(line):
		return ErrTorn
	case !valid || d.i < len(line):
		return ErrSyntax
	case !isObject:
		return ErrNotEvent
	}
	d.event(start)
	l.base = l.scratch
	switch {
	case d.newer:
		return ErrNewer
	case d.bad || !d.hasTS || !d.hasVersion || l.Code == 0 || l.ID.n == 0 || l.Kind.n == 0 || l.Name.n == 0:
		return ErrNotEvent
	}
	return nil
}

// decoder reads JSON in two steps: skip proves that a value is valid and
// finds its end; the other methods rely on that and interpret it.
type decoder struct {
	b []byte
	i int
	l *Line

	bad, newer, hasTS, hasVersion bool
}

// blank skips white space.
func (d *decoder) blank() {
	for d.i < len(d.b) {
		switch d.b[d.i] {
		case ' ', '\t', '\r', '\n':
			d.i++
		default:
			return
		}
	}
}

// at says whether the next byte is c, and skips it.
func (d *decoder) at(c byte) bool {
	if d.i < len(d.b) && d.b[d.i] == c {
		d.i++
		return true
	}
	return false
}

// skip validates the value at d.i, inside depth others, and goes behind it.
// When it is not valid, d.i is where that shows: at the end of a torn text.
func (d *decoder) skip(depth int) bool {
	if d.i >= len(d.b) {
		return false
	}
	switch c := d.b[d.i]; {
	case c == '{' || c == '[':
		if depth >= maxDepth {
			return false
		}
		d.i++
		return d.skipNested(depth+1, c == '{')
	case c == '"':
		return d.skipString()
	case c == '-' || c >= '0' && c <= '9':
		return d.skipNumber()
	case c == 't':
		return d.word("true")
	case c == 'f':
		return d.word("false")
	case c == 'n':
		return d.word("null")
	}
	return false
}

// skipNested is skip from behind the opening bracket.
func (d *decoder) skipNested(depth int, object bool) bool {
	closing := byte(']')
	if object {
		closing = '}'
	}
	if d.blank(); d.at(closing) {
		return true
	}
	for {
		d.blank()
		if object {
			if d.i >= len(d.b) || d.b[d.i] != '"' || !d.skipString() {
				return false
			}
			if d.blank(); !d.at(':') {
				return false
			}
			d.blank()
		}
		if !d.skip(depth) {
			return false
		}
		d.blank()
		if d.at(closing) {
			return true
		}
		if !d.at(',') {
			return false
		}
	}
}

func (d *decoder) word(w string) bool {
	for n := 0; n < len(w); n++ {
		if !d.at(w[n]) {
			return false
		}
	}
	return true
}

func (d *decoder) skipString() bool {
	for d.i++; d.i < len(d.b); d.i++ {
		switch c := d.b[d.i]; {
		case c == '"':
			d.i++
			return true
		case c < ' ':
			return false
		case c == '\\':
			if d.i++; d.i >= len(d.b) || !d.skipEscape() {
				return false
			}
		}
	}
	return false
}

// skipEscape validates an escape from behind its backslash and stops at its
// last byte.
func (d *decoder) skipEscape() bool {
	switch d.b[d.i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return true
	case 'u':
		for n := 0; n < 4; n++ {
			if d.i++; d.i >= len(d.b) || unhex(d.b[d.i]) < 0 {
				return false
			}
		}
		return true
	}
	return false
}

func (d *decoder) skipNumber() bool {
	d.at('-')
	if !d.at('0') && !d.digits() {
		return false
	}
	if d.at('.') && !d.digits() {
		return false
	}
	if d.at('e') || d.at('E') {
		if !d.at('+') {
			d.at('-')
		}
		return d.digits()
	}
	return true
}

func (d *decoder) digits() bool {
	from := d.i
	for d.i < len(d.b) && d.b[d.i] >= '0' && d.b[d.i] <= '9' {
		d.i++
	}
	return d.i > from
}

// next goes, within an object that skip found valid, to the value of the next
// member. It returns the member's key and the value's bytes, and is false at
// the object's end. d.i stands behind the opening brace or the last value.
func (d *decoder) next() (key, value []byte, ok bool) {
	d.blank()
	d.at(',')
	if d.blank(); d.at('}') {
		return nil, nil, false
	}
	from := d.i
	d.skipString()
	key = appendUnescaped(nil, d.b[from+1:d.i-1])
	d.blank()
	d.at(':')
	d.blank()
	from = d.i
	d.skip(0)
	return key, d.b[from:d.i], true
}

// text interprets a value as a string.
func (d *decoder) text(t *Text, value []byte) {
	switch {
	case value[0] == 'n':
	case value[0] != '"':
		d.bad = true
	default:
		off := len(d.l.scratch)
		d.l.scratch = appendUnescaped(d.l.scratch, value[1:len(value)-1])
		t.off, t.n = uint32(off), uint32(len(d.l.scratch)-off)
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
