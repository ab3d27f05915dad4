package redact

import (
	"sort"
	"strings"
)

// Text makes s fit to be shown: terminal escapes and control characters are
// removed, line ends become blanks, secrets that a pattern knows become
// [redacted:rule]. Doing it twice changes nothing.
func Text(s string) string {
	s = secrets(Strip(s), nil) // first with its lines: a token may be wrapped
	return secrets(strings.TrimSpace(strings.ReplaceAll(s, "\n", " ")), nil)
}

// Field makes s, a name, an id or a directory, fit to be written: terminal
// escapes and control characters are removed, tokens that announce themselves
// become [redacted:rule]. Key words and the values of variables are not looked
// for: that would split what belongs together, a path as this one:
// /srv/password=new. Doing it twice changes nothing.
func Field(s string) string {
	const shortest = 15 // of tokens
	s = strings.ReplaceAll(Strip(s), "\n", " ")
	if len(s) < shortest {
		return s
	}
	f := finder{text: s}
	f.tokens()
	return f.replace()
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
	text   string
	spans  []span
	folded string // text in lower case, once it was asked for
}

// lower is the text in lower case.
func (f *finder) lower() string {
	if len(f.folded) != len(f.text) {
		f.folded = fold(f.text)
	}
	return f.folded
}

// add marks text[from:to], unless it has been replaced already.
func (f *finder) add(from, to int, rule string) {
	if from < to && !f.replaced(from) {
		f.spans = append(f.spans, span{from, to, rule})
	}
}

// replaced says that i lies in a marker.
func (f *finder) replaced(i int) bool {
	const longest = len(marker) + 16
	before := f.text[max(i-longest, 0):min(i+len(marker), len(f.text))]
	k := strings.LastIndex(before, marker)
	return k >= 0 && strings.IndexByte(before[k:max(k, len(before)-len(marker))], ']') < 0
}

// secrets replaces the values and what the rules find in s.
func secrets(s string, values []value) string {
	f := finder{text: s}
	f.values(values)
	f.pem()
	f.encodedPEM()
	f.putty()
	f.vault()
	f.tokens()
	f.accounts()
	f.urls()
	f.webhooks()
	f.links()
	f.schemes()
	if strings.ContainsAny(s, "\"'`") { // they look at what is quoted
		f.calls()
		f.inserted()
		f.fallbacks()
		f.keyed()
		f.objects()
		f.refused()
	}
	f.secureString()
	f.netUse()
	f.elements()
	f.pairs()
	f.spacedPairs()
	f.flags()
	f.programs()
	f.piped()
	f.hereStrings()
	f.substitutions()
	f.protocol()
	f.messages()
	f.repeated()
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

// runMax is run over at most n bytes.
func (f *finder) runMax(i, n int, ok func(byte) bool) int {
	for end := min(i+n, len(f.text)); i < end && ok(f.text[i]); {
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

// startsWord says that no letter or digit stands before i, but for an escape.
func (f *finder) startsWord(i int) bool {
	return i == 0 || !isAlnum(f.text[i-1]) || f.escapeBefore(i)
}

// escapeBefore says that an escape ends at i: \n, \t, \u0022, %20.
func (f *finder) escapeBefore(i int) bool {
	t := f.text
	return i > 1 && t[i-2] == '\\' && strings.IndexByte("nrt", t[i-1]) >= 0 ||
		i > 2 && t[i-3] == '%' && isHex(t[i-2]) && isHex(t[i-1]) ||
		i > 5 && t[i-6] == '\\' && t[i-5] == 'u' && isHex(t[i-4]) && isHex(t[i-3]) && isHex(t[i-2]) && isHex(t[i-1])
}

// atLineStart says that only what quotes or lists a line stands before i in it.
func (f *finder) atLineStart(i int) bool {
	numbered := false
	for i > 0 && strings.IndexByte(" -+>|#*\"'`", f.text[i-1]) >= 0 {
		i--
		numbered = numbered || f.text[i] == '|'
	}
	for numbered && i > 0 && (isDigit(f.text[i-1]) || f.text[i-1] == ' ' || f.text[i-1] == '>') { // 12 | text
		i--
	}
	return i == 0 || f.text[i-1] == '\n'
}

// endsLine says that nothing but a comment follows in the line from i on.
func (f *finder) endsLine(i int) bool {
	i = f.run(i, func(c byte) bool { return c == ' ' || c == ',' || c == ';' })
	return i == len(f.text) || f.text[i] == '\n' || f.text[i] == '#' && f.text[i-1] == ' '
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isHex(c byte) bool   { return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }
func isAlnum(c byte) bool { return isDigit(c) || isLower(c) || isUpper(c) }
func isBlank(c byte) bool { return c == ' ' || c == '\n' }
func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// isToken: letters, digits, _ and -, the alphabet of base64url.
func isToken(c byte) bool { return isAlnum(c) || c == '_' || c == '-' }

// isDotted: isToken and the dot.
func isDotted(c byte) bool { return isToken(c) || c == '.' }

// isCredential: what a bearer token or base64 may consist of.
func isCredential(c byte) bool { return isDotted(c) || c == '~' || c == '+' || c == '/' || c == '=' }

func isUpperDigit(c byte) bool        { return isUpper(c) || isDigit(c) }
func isUpperDigitDash(c byte) bool    { return isUpperDigit(c) || c == '-' }
func isLowerDigit(c byte) bool        { return isLower(c) || isDigit(c) }
func isUpperHex(c byte) bool          { return isDigit(c) || c >= 'A' && c <= 'F' }
func isCredentialPercent(c byte) bool { return isCredential(c) || c == '%' }

// isAzuread: the alphabet of Azure's client secrets.
func isAzuread(c byte) bool { return isDotted(c) || c == '~' }

// isCrypt: what a hashed password may consist of.
func isCrypt(c byte) bool { return isCredential(c) || c == '$' || c == ',' || c == ':' }

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
