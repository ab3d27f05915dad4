package redact

import "strings"

// schemes finds the credentials behind the words Bearer, Basic and SSWS (Okta's), and the
// values of the headers that carry credentials.
func (f *finder) schemes() {
	lower := f.lower()
	wrapped := strings.ReplaceAll(lower, "\n", " ")
	for _, word := range [...]string{"bearer ", "basic ", "ssws "} {
		eachIndex(wrapped, word, func(at int) int {
			from := f.run(at+len(word), func(c byte) bool { return isBlank(c) || c == '\\' })
			to := f.run(from, func(c byte) bool { return isCredential(c) || c == ':' && word == "bearer " })
			for to > from && f.text[to-1] == ':' {
				to--
			}
			if v := f.text[from:to]; f.startsWord(at) && (word == "basic " && userAndPassword(v) || word != "basic " && random(v) && !placeholder(v) && !parameter(v)) {
				f.add(from, to, word[:len(word)-1])
			}
			return from
		})
	}
	for _, name := range [...]string{"authorization", "cookie"} {
		var line stretch
		eachIndex(lower, name, func(at int) int {
			end := f.run(at+len(name), func(c byte) bool { return isQuote(c) || c == '\\' || c == ' ' || c == ']' || c == ')' })
			if end == len(f.text) || strings.IndexByte(":=,", f.text[end]) < 0 {
				return at + len(name)
			}
			from := f.run(end+1, func(c byte) bool { return c == ' ' || c == '>' || c == '[' || c == '\\' || isQuote(c) })
			f.header(&line, name, from)
			return from
		})
	}
}

// header judges the value of the header name that starts at from.
func (f *finder) header(line *stretch, name string, from int) {
	to := f.runIn(line, from, func(c byte) bool { return c != '\n' && !isQuote(c) })
	v := judged(f.text[from:to])
	if name == "cookie" {
		if pair := strings.IndexByte(v, '='); pair > 0 && !(strings.HasPrefix(v[pair:], "=;") && containsAny(fold(v), "max-age=", "expires=")) && len(v) > pair+3 && strings.IndexByte(v[:pair], ' ') < 0 && v[len(v)-1] != '(' {
			f.add(from, to, "cookie")
		}
		return
	}
	word := strings.IndexByte(v, ' ')
	if word < 0 {
		f.addValue(from, f.run(from, isCredential), "authorization")
		return
	}
	scheme := fold(v[:word])
	if scheme == "digest" || scheme == "oauth" || scheme == "hawk" || scheme == "mac" {
		if strings.IndexByte(v, '=') > 0 {
			f.add(from+word+1, f.runMax(from, 4*judgedMax, func(c byte) bool { return c != '\n' }), "authorization")
		}
		return
	}
	if last := f.run(from+word+1, func(c byte) bool { return isCredential(c) || c == ':' }); last-from-word >= 6 {
		f.addValue(from+word+1, last, "authorization")
	}
}

// addValue is add for a value that may be a word of ordinary text.
func (f *finder) addValue(from, to int, rule string) {
	if v := f.text[from:to]; random(v) && !placeholder(v) {
		f.add(from, to, rule)
	}
}
