package redact

import (
	"sort"
	"strings"
)

// Text makes s fit to be shown: terminal escapes and control characters are
// removed, line ends become blanks, secrets that a pattern knows become
// [redacted:rule]. Doing it twice changes nothing.
func Text(s string) string {
	return secrets(strings.TrimSpace(strings.ReplaceAll(Strip(s), "\n", " ")), nil)
}

// marker is what every replacement begins with.
const marker = "[redacted:"

// span is a part of a text that is to be replaced.
type span struct {
	from, to int
	rule     string
}

// finder looks for the secrets of one family in a text.
type finder struct {
	text  string
	spans []span
}

// add marks text[from:to], unless it has been replaced already.
func (f *finder) add(from, to int, rule string) {
	if from < to && !strings.HasPrefix(f.text[from:], marker) {
		f.spans = append(f.spans, span{from, to, rule})
	}
}

// secrets replaces the values and what the patterns find in s.
func secrets(s string, values []value) string {
	f := finder{text: s}
	f.values(values)
	f.pem()
	f.encodedPEM()
	f.tokens()
	f.jwt()
	f.urls()
	f.webhooks()
	f.schemes()
	f.pairs()
	f.flags()
	return f.replace()
}

// replace puts the markers in. Spans that overlap become one, named by the
// one that starts first.
func (f *finder) replace() string {
	if len(f.spans) == 0 {
		return f.text
	}
	sort.SliceStable(f.spans, func(i, j int) bool { return f.spans[i].from < f.spans[j].from })
	var b strings.Builder
	at := 0
	for i := 0; i < len(f.spans); {
		s := f.spans[i]
		for i++; i < len(f.spans) && f.spans[i].from < s.to; i++ {
			s.to = max(s.to, f.spans[i].to)
		}
		b.WriteString(f.text[at:s.from])
		b.WriteString(marker)
		b.WriteString(s.rule)
		b.WriteByte(']')
		at = s.to
	}
	b.WriteString(f.text[at:])
	return b.String()
}

// run returns the end of the longest stretch of text from i on whose bytes
// all satisfy ok.
func (f *finder) run(i int, ok func(byte) bool) int {
	for i < len(f.text) && ok(f.text[i]) {
		i++
	}
	return i
}

// stretch is where the bytes of a class stand together, as last looked for.
type stretch struct{ from, to int }

// runIn is run for calls with one class and growing i, each within the
// stretch that the call before found or behind it. Many of them, each
// reading to the end of the text, would take quadratic time.
func (f *finder) runIn(s *stretch, i int, ok func(byte) bool) int {
	if i < s.from || i >= s.to {
		*s = stretch{i, f.run(i, ok)}
	}
	return s.to
}

// startsWord says that no letter or digit stands before i.
func (f *finder) startsWord(i int) bool { return i == 0 || !isAlnum(f.text[i-1]) }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isAlnum(c byte) bool { return isDigit(c) || isLower(c) || isUpper(c) }
func isBlank(c byte) bool { return c == ' ' || c == '\n' }
func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// isToken: letters, digits, _ and -, the alphabet of base64url.
func isToken(c byte) bool { return isAlnum(c) || c == '_' || c == '-' }

// isDotted: isToken and the dot.
func isDotted(c byte) bool { return isToken(c) || c == '.' }

// isCredential: what a bearer token or base64 may consist of.
func isCredential(c byte) bool { return isDotted(c) || c == '~' || c == '+' || c == '/' || c == '=' }

// fold is s in lower case; ASCII only, so that offsets stay.
func fold(s string) string {
	b := []byte(s)
	for i, c := range b {
		if isUpper(c) {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
