package sum

import "bytes"

// Masker makes fingerprints; it keeps its buffers.
type Masker struct{ a, b []byte }

// Mask is the fingerprint of an error text: what differs between two
// occurrences of one error is replaced. In this order, each over the whole
// result of the one before, as regular expressions (RE2) with their
// replacements:
//
//	(^|[^0-9A-Za-z_])("[^"]*"|'[^']*'|`[^`]*`)      \1…    quoted
//	[0-9A-Za-z_.~@+-]*/[0-9A-Za-z_.~@+/-]*          /…     paths
//	[0-9A-Za-z_-]*[0-9][0-9A-Za-z_-]*               #      numbers, hex, ids
//	\b[a-fA-F]{8,}\b                                #      hex without digits
//
// The result is valid until the next call.
func (m *Masker) Mask(text []byte) []byte {
	m.a = maskQuoted(m.a[:0], text)
	m.b = maskRuns(m.b[:0], m.a, pathByte, func(run []byte) string {
		if bytes.IndexByte(run, '/') >= 0 {
			return "/…"
		}
		return ""
	})
	m.a = maskRuns(m.a[:0], m.b, idByte, func(run []byte) string {
		if bytes.ContainsAny(run, "0123456789") {
			return "#"
		}
		return ""
	})
	m.b = maskRuns(m.b[:0], m.a, wordByte, func(run []byte) string {
		if len(run) < 8 {
			return ""
		}
		for _, c := range run {
			if c |= 0x20; c < 'a' || c > 'f' {
				return ""
			}
		}
		return "#"
	})
	return m.b
}

func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_'
}

func idByte(c byte) bool { return wordByte(c) || c == '-' }

func pathByte(c byte) bool {
	return idByte(c) || c == '.' || c == '~' || c == '@' || c == '+' || c == '/'
}

// maskRuns replaces each longest run of bytes of a class for which with has a
// replacement.
func maskRuns(dst, s []byte, class func(byte) bool, with func([]byte) string) []byte {
	for i := 0; i < len(s); {
		from := i
		for i < len(s) && class(s[i]) {
			i++
		}
		if i == from {
			dst = append(dst, s[i])
			i++
		} else if r := with(s[from:i]); r != "" {
			dst = append(dst, r...)
		} else {
			dst = append(dst, s[from:i]...)
		}
	}
	return dst
}

// maskQuoted replaces quoted texts. An apostrophe inside a word opens none.
func maskQuoted(dst, s []byte) []byte {
	behind := 0 // the last match
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c == '"' || c == '\'' || c == '`') && (i == 0 || i > behind && !wordByte(s[i-1])) {
			if n := bytes.IndexByte(s[i+1:], c); n >= 0 {
				dst = append(dst, "…"...)
				i += n + 1
				behind = i + 1
				continue
			}
		}
		dst = append(dst, c)
	}
	return dst
}
