package redact

import "strings"

// token is a family of secrets that announce themselves by a prefix: prefix,
// then characters of the alphabet, min or more, at most max unless that is 0.
// One that is alone is no part of longer base64 and has a digit: its prefix
// occurs by chance.
type token struct {
	prefix   string
	alphabet func(byte) bool
	min, max int
	alone    bool
	rule     string
}

// shape is a family that a mark within gives away: least…most characters of
// before, the first of them being starts, the mark, min or more of after.
type shape struct {
	mark, starts string
	before       func(byte) bool
	least, most  int
	after        func(byte) bool
	min          int
	rule         string
}

//go:generate go run generate.go generate_cases.go generate_commands.go

// tokens finds what announces itself.
func (f *finder) tokens() {
	runs := [len(wellKnown)]stretch{}
	for i := range len(f.text) {
		if c := f.text[i]; c < 128 && byFirst[c] < byFirst[c+1] && f.startsWord(i) {
			f.prefixed(&runs, i, c)
		}
	}
	for i := range shapes {
		f.shaped(&shapes[i])
	}
	f.discord()
	f.devops()
	f.bitLocker()
	f.jwt()
}

// prefixed looks for the prefixes that begin with c at i. runs holds where
// the characters of each family stand together, as last looked for.
func (f *finder) prefixed(runs *[len(wellKnown)]stretch, i int, c byte) {
	for k := byFirst[c]; k < byFirst[c+1]; k++ {
		t := &wellKnown[k]
		if !strings.HasPrefix(f.text[i:], t.prefix) {
			continue
		}
		body := i + len(t.prefix)
		to := f.runIn(&runs[k], body, t.alphabet)
		for to > body && f.text[to-1] == '.' {
			to--
		}
		if n := to - body; n < t.min || t.max > 0 && n > t.max || !t.holds(f.text[body:to]) || t.alone && f.within(i, to) {
			continue
		}
		f.add(i, to, t.rule)
		return
	}
}

// holds says that body is no word: it has a digit, or sixteen capitals and
// nothing else, or changes its case as no words do, or, in a family whose prefix
// suffices, has both cases.
func (t *token) holds(body string) bool {
	n := tally(judged(body))
	if t.alone && n.uppers < 2 && strings.IndexByte(body, '-') >= 0 {
		return false // words
	}
	if n.uppers >= 16 && n.uppers == len(body) {
		return true
	}
	return n.digits > 0 && n.lowers+n.uppers > 0 || t.alone && jumbled(body) || !t.alone && n.lowers > 0 && n.uppers*5 >= n.lowers || n.digits >= 10
}

// within says that text[from:to] is a part of longer base64, as of an image.
func (f *finder) within(from, to int) bool {
	const around = 300
	first, last := from, to
	for first > 0 && from-first < around && isCredential(f.text[first-1]) {
		first--
	}
	for last < len(f.text) && last-to < around && isCredential(f.text[last]) {
		last++
	}
	surrounding := f.text[first:from] + f.text[to:last]
	return len(surrounding) >= around || strings.IndexByte(surrounding, '+') >= 0 || last > to && f.text[last-1] == '='
}

// shaped finds the tokens of a shape.
func (f *finder) shaped(s *shape) {
	var tail stretch
	eachIndex(f.text, s.mark, func(at int) int {
		from := at
		for from > 0 && at-from <= s.most && s.before(f.text[from-1]) {
			from--
		}
		body := at + len(s.mark)
		to := f.runIn(&tail, body, s.after)
		n := at - from
		if n >= s.least && n <= s.most && to-body >= s.min && strings.HasPrefix(f.text[from:], s.starts) && tally(judged(f.text[from:to])).digits > 0 {
			f.add(from, to, s.rule)
		}
		return body
	})
}

// discord finds the tokens of Discord's bots: the base64 of a number, six or
// seven characters, 27 or more.
func (f *finder) discord() {
	for at := 0; at < len(f.text); {
		if !isDotted(f.text[at]) {
			at++
			continue
		}
		to := f.run(at, isDotted)
		a, rest, _ := strings.Cut(f.text[at:to], ".")
		b, c, _ := strings.Cut(rest, ".")
		if len(a) >= 23 && len(a) <= 28 && strings.IndexByte("MNO", a[0]) >= 0 && (len(b) == 6 || len(b) == 7) &&
			len(c) >= 27 && len(c) <= 40 && random(c) {
			f.add(at, to, "discord")
		}
		at = to
	}
}

// devops finds the older tokens of Azure DevOps: 52 characters of base32 in small
// letters. Nothing announces them.
func (f *finder) devops() {
	const length = 52
	for at := 0; at+length <= len(f.text); {
		if !isAlnum(f.text[at]) {
			at++
			continue
		}
		to := f.run(at, isAlnum)
		if v := f.text[at:to]; len(v) == length {
			if n := tally(v); n.digits >= 3 && n.digits+n.lowers == length && n.digits < n.lowers && !strings.ContainsAny(v, "0189") {
				f.add(at, to, "azure")
			}
		}
		at = to
	}
}

// bitLocker finds the recovery keys of BitLocker: eight groups of six digits.
func (f *finder) bitLocker() {
	const groups, digits = 8, 6
	for at := 0; at < len(f.text); {
		if !isToken(f.text[at]) {
			at++
			continue
		}
		to := f.run(at, isToken)
		found := to-at == groups*(digits+1)-1
		for i := at; i < to && found; i++ {
			dash := (i-at)%(digits+1) == digits
			found = dash && f.text[i] == '-' || !dash && isDigit(f.text[i])
		}
		if found {
			f.add(at, to, "bitlocker")
		}
		at = to
	}
}

// jwt finds JSON web tokens: base64url of an object, a dot, and more of it,
// also over several lines.
func (f *finder) jwt() {
	for at := 0; ; {
		i := strings.Index(f.text[at:], "eyJ")
		if i < 0 {
			return
		}
		from := at + i
		head := f.run(from, isToken)
		to := f.run(from, isDotted)
		if f.startsWord(from) && head-from >= 10 {
			whole := f.wrapped(from, to)
			body := strings.IndexByte(f.text[from:whole], '.')
			if body >= 10 && whole-from-body > 10 || strings.HasPrefix(f.text[from:], "eyJhbGciOi") {
				to = whole
				f.add(from, to, "jwt")
			}
		}
		at = max(to, from+3)
	}
}

// wrappedMax is how many bytes a token may have on the lines behind its first.
const wrappedMax = 4096

// likeBefore is where what stands before from in its line, such as a moment or the name of a
// service, ends in the line at i, its digits being others; i if that begins otherwise.
func (f *finder) likeBefore(from, i int) int {
	const longest = 48
	first := max(from-longest, 0)
	before := f.text[first+strings.LastIndexByte(f.text[first:from], '\n')+1 : from]
	if len(before) > len(f.text)-i {
		return i
	}
	for k := range len(before) {
		if a, b := before[k], f.text[i+k]; a != b && !(isDigit(a) && isDigit(b)) {
			return i
		}
	}
	return i + len(before)
}

// wrapped is the end of the token text[from:to] when it goes on in the lines
// that follow: each is one word of such characters.
func (f *finder) wrapped(from, to int) int {
	dots := strings.Count(f.text[from:to], ".")
	for limit := to + wrappedMax; to < len(f.text) && to < limit; {
		i := f.runMax(to, 4, func(c byte) bool { return isQuote(c) || c == '\\' || c == '+' || c == ' ' || c == ',' || c == '|' })
		if strings.HasPrefix(f.text[i:], `r\n`) && i > to { // escaped
			i += 2
		}
		if i == len(f.text) || f.text[i] != '\n' && (f.text[i] != 'n' || f.text[i-1] != '\\') {
			return to
		}
		first := f.run(f.likeBefore(from, i+1), func(c byte) bool { return c == ' ' || c == '|' || c == '>' || isQuote(c) })
		end := f.run(first, isDotted)
		word := f.text[first:end]
		behind := end == len(f.text) || strings.IndexByte("\n\\\"'`,;+| ", f.text[end]) >= 0
		n := tally(judged(word))
		if word == "" || len(word) > wrappedMax || !behind && !(dots < 2 && len(word) >= 16) || dots >= 2 && (n.digits == 0 && n.uppers == 0 || strings.IndexByte(word, '.') >= 0) {
			return to
		}
		dots += strings.Count(word, ".")
		to = end
	}
	return to
}
