package redact

import (
	"strings"
	"unicode/utf8"
)

// Strip removes what drives a terminal: escape sequences (CSI, OSC and the
// other string types, in their 7-bit and 8-bit forms, complete or not),
// control characters and characters that only change the direction or are not
// seen. Tabs become blanks, a backspace takes the character before it, CR,
// CR LF and the Unicode line separators become a newline, invalid UTF-8
// becomes U+FFFD.
func Strip(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= ' ' && s[i] < 0x7f
	}
	if plain {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case r == 0x1b || r >= 0x80 && r < 0xa0:
			i = escape(s, i, r)
		case r == '\n', r == 0x2028, r == 0x2029:
			out = append(out, '\n')
		case r == '\r':
			if !strings.HasPrefix(s[i:], "\n") {
				out = append(out, '\n')
			}
		case r == '\t':
			out = append(out, ' ')
		case r == '\b':
			if last, size := utf8.DecodeLastRune(out); size > 0 && last != '\n' {
				out = out[:len(out)-size]
			}
		case r < ' ', r == 0x7f, unseen(r):
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	return string(out)
}

// escape returns the end of the sequence whose first character, ESC or a C1
// control, ends at i.
func escape(s string, i int, r rune) int {
	if r == 0x1b {
		if i == len(s) || s[i] >= 0x7f || s[i] < ' ' {
			return i
		}
		if s[i] < '0' { // ESC, intermediates, one final byte: a character set
			for i < len(s) && s[i] >= ' ' && s[i] < '0' {
				i++
			}
			if i < len(s) && s[i] >= '0' && s[i] < 0x7f {
				i++
			}
			return i
		}
		r = rune(s[i]) + 0x40 // ESC [ is 0x9b, and so on
		i++
	}
	switch r {
	case 0x9b: // CSI: parameters, intermediates, one final byte
		for i < len(s) && s[i] >= ' ' && s[i] < '@' {
			i++
		}
		if i < len(s) && s[i] >= '@' && s[i] < 0x7f {
			i++
		}
	case 0x90, 0x98, 0x9d, 0x9e, 0x9f: // DCS, SOS, OSC, PM, APC: up to BEL or ST
		return stringEnd(s, i)
	}
	return i
}

// stringEnd returns the end of a control string. One that is not closed ends
// with its line.
func stringEnd(s string, i int) int {
	for ; i < len(s); i++ {
		switch {
		case s[i] == 0x07:
			return i + 1
		case s[i] == 0x1b && strings.HasPrefix(s[i+1:], `\`), strings.HasPrefix(s[i:], "\u009c"):
			return i + 2
		case s[i] == '\n':
			return i
		}
	}
	return i
}

// unseen says that r is not seen, or only changes the direction of what is:
// Unicode's Default_Ignorable_Code_Point, the annotation characters, and the
// blanks that no font shows.
func unseen(r rune) bool {
	if r < 0xad {
		return false
	}
	switch {
	case r == 0xad, r == 0x34f, r == 0x61c, r >= 0x115f && r <= 0x1160, r >= 0x17b4 && r <= 0x17b5, r >= 0x180b && r <= 0x180f,
		r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0x3164,
		r >= 0xfe00 && r <= 0xfe0f, r == 0xfeff, r == 0xffa0, r >= 0xfff0 && r <= 0xfffb,
		r >= 0x13430 && r <= 0x1343f, r >= 0x1bca0 && r <= 0x1bca3, r >= 0x1d173 && r <= 0x1d17a, r >= 0xe0000 && r <= 0xe0fff:
		return true
	}
	return false
}
