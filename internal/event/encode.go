package event

import (
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// MaxError is the longest error_summary in characters (code points).
const MaxError = 200

// TimeFormat is the layout of ts, always in UTC: 24 bytes, so that the order
// of the bytes is the order in time.
const TimeFormat = "2006-01-02T15:04:05.000Z"

//go:generate go run generate.go generate_go.go

// Append appends e as one line, newline included, and returns the extended
// slice. Keys come in the order of the package's table, empty ones are left
// out, invalid UTF-8 becomes U+FFFD. duration_ms, exit_code, signal and
// error_summary are written on end lines only, error_summary on failed and
// cancelled ones only; writer on start lines only, inferred on
// end lines only.
//
// The line is at most [MaxLine] bytes: when it would be longer, the error
// text is cut first, then the unknown keys are dropped, then every other text
// is cut to the same, ever smaller length. The id is never cut.
func (e *Event) Append(dst []byte) []byte {
	start := len(dst)
	text := clean(e.Error)
	dst = e.line(dst, text, true, MaxLine)
	for over := len(dst) - start - MaxLine; over > 0 && text != ""; over = len(dst) - start - MaxLine {
		text = cut(text, len(text)-over)
		dst = e.line(dst[:start], text, true, MaxLine)
	}
	for limit := MaxLine / 4; len(dst)-start > MaxLine; limit /= 2 {
		dst = e.line(dst[:start], "", false, limit)
	}
	return dst
}

// line writes the line with the given error text; extra says whether unknown
// keys are written, limit is the longest other text in bytes. The keys and
// their order follow from keys.json.
func (e *Event) line(dst []byte, text string, extra bool, limit int) []byte {
	dst = append(dst, `{"ts":"`...)
	dst = AppendTime(dst, e.TS)
	dst = append(dst, `","v":`...)
	dst = strconv.AppendInt(dst, int64(max(e.V, Version)), 10)
	dst = appendKey(dst, "id")
	dst = appendString(dst, cut(e.ID, 64))
	dst = appendText(dst, "kind", string(e.Kind), limit)
	dst = appendText(dst, "name", e.Name, limit)
	dst = appendText(dst, "status", string(e.Status), limit)
	dst = e.members(dst, text, limit)
	if extra {
		dst = appendExtra(dst, e.Extra)
	}
	return append(dst, "}\n"...)
}

// appendText writes a text of at most limit bytes, unless it is empty.
func appendText(dst []byte, key, value string, limit int) []byte {
	if value = cut(value, limit); value != "" {
		dst = appendString(appendKey(dst, key), value)
	}
	return dst
}

// append writes the usage object, unless nothing is known.
func (u *Usage) append(dst []byte, limit int) []byte {
	if u == nil {
		return dst
	}
	before := len(dst)
	dst = appendKey(dst, "usage")
	at := len(dst)
	for _, f := range [...]struct {
		key   string
		value int64
	}{
		{"tokens", u.Tokens}, {"input", u.Input}, {"output", u.Output},
		{"cache_read", u.CacheRead}, {"cache_write", u.CacheWrite},
	} {
		if f.value != 0 {
			dst = appendInt(dst, f.key, f.value)
		}
	}
	if u.Cost != 0 && !math.IsNaN(u.Cost) && !math.IsInf(u.Cost, 0) {
		dst = appendKey(dst, "cost")
		dst = appendFloat(dst, u.Cost)
	}
	if u.Model != "" {
		dst = appendKey(dst, "model")
		dst = appendString(dst, cut(u.Model, limit))
	}
	if len(dst) == at {
		return dst[:before]
	}
	return closeObject(dst, at)
}

// append writes the rusage object; zeros are measurements and are kept.
func (r *Rusage) append(dst []byte) []byte {
	if r == nil {
		return dst
	}
	dst = appendKey(dst, "rusage")
	at := len(dst)
	dst = appendInt(dst, "user_ms", r.UserMS)
	dst = appendInt(dst, "sys_ms", r.SysMS)
	dst = appendInt(dst, "max_rss_kb", r.MaxRSSKB)
	return closeObject(dst, at)
}

// closeObject turns the members from at on, each written with a comma in
// front, into an object.
func closeObject(dst []byte, at int) []byte {
	dst[at] = '{'
	return append(dst, '}')
}

func appendExtra(dst []byte, extra []Member) []byte {
	for _, m := range extra {
		dst = appendKey(dst, m.Key)
		at := len(dst)
		dst = append(dst, m.Raw...)
		for i := at; i < len(dst); i++ {
			if dst[i] == '\n' || dst[i] == '\r' {
				dst[i] = ' ' // valid JSON has line ends only between tokens
			}
		}
	}
	return dst
}

// appendKey writes `,"key":`.
func appendKey(dst []byte, key string) []byte {
	dst = append(dst, ',')
	dst = appendString(dst, key)
	return append(dst, ':')
}

// appendInt writes at most MaxInteger: readers refuse a line with more.
func appendInt(dst []byte, key string, value int64) []byte {
	return strconv.AppendInt(appendKey(dst, key), min(value, MaxInteger), 10)
}

// appendFloat writes f as ECMAScript does, so that both languages write the
// same line.
func appendFloat(dst []byte, f float64) []byte {
	if a := math.Abs(f); a >= 1e-6 && a < 1e21 {
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	if n := len(dst); n >= 4 && dst[n-4] == 'e' && dst[n-3] == '-' && dst[n-2] == '0' {
		dst[n-2] = dst[n-1] // e-09 → e-9
		dst = dst[:n-1]
	}
	return dst
}

// AppendTime appends t in [TimeFormat], cut to the millisecond. Years outside
// 0–9999 become the nearest moment that can be written.
func AppendTime(dst []byte, t time.Time) []byte {
	t = t.UTC()
	switch y := t.Year(); {
	case y < 0:
		t = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	case y > 9999:
		t = time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC)
	}
	return t.AppendFormat(dst, TimeFormat)
}

// appendString writes s as a JSON string, as JSON.stringify does; each run of
// invalid bytes becomes U+FFFD, byte by byte.
func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(dst, s[from:i]...)
				dst = append(dst, "\uFFFD"...)
				from = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[from:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, `\b`...)
		case '\f':
			dst = append(dst, `\f`...)
		case '\n':
			dst = append(dst, `\n`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '\t':
			dst = append(dst, `\t`...)
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		from = i
	}
	dst = append(dst, s[from:]...)
	return append(dst, '"')
}

// clean makes an error text of s as the schema wants it: valid, one line, no
// control characters, at most [MaxError] characters.
func clean(s string) string {
	n := 0
	for i, r := range s {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError || n == MaxError {
			return cleanSlow(s, i, n)
		}
		n++
	}
	return s
}

func cleanSlow(s string, good, n int) string {
	out := append(make([]byte, 0, len(s)), s[:good]...)
	for _, r := range s[good:] {
		if n == MaxError {
			break
		}
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			r = ' '
		}
		out = utf8.AppendRune(out, r)
		n++
	}
	return string(out)
}

// cut shortens s to at most n bytes without splitting a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n = max(n, 0)
	for back := range min(utf8.UTFMax, n+1) { // farther back only in invalid text
		if utf8.RuneStart(s[n-back]) {
			return s[:n-back]
		}
	}
	return s[:n]
}
