package redact

import "strings"

// links finds the tokens in the paths of addresses that are sent to one person or
// program: /reset/X, /invite/X, /webhook/X.
func (f *finder) links() {
	for at := 0; at < len(f.text); {
		i := strings.IndexByte(f.text[at:], '/')
		if i < 0 {
			return
		}
		from := at + i + 1
		end := f.runMax(from, 40, isToken)
		at = from
		if end == from || end == len(f.text) || f.text[end] != '/' || !linkWords.has(fold(f.text[from:end])) {
			continue
		}
		at = f.linkToken(end + 1)
	}
}

// linkToken judges the parts of a path from i on, the first two, and returns where to go on.
func (f *finder) linkToken(i int) int {
	const shortest = 20
	for range 2 {
		to := f.runMax(i, judgedMax, isToken)
		v := f.text[i:to]
		n := tally(v)
		ends := to == len(f.text) || strings.IndexByte(" \n\"'`?#&/,;:)]}>|", f.text[to]) >= 0 || f.text[to] == '.' && f.endsWords(to)
		if len(v) >= shortest && !dashedWords(v) && n.digits > 0 && n.lowers+n.uppers > 0 && ends && (n.digits > 3 || n.uppers > 2 && n.lowers > 2) {
			f.add(i, to, "url")
			return to
		}
		if to == len(f.text) || f.text[to] != '/' || v == "" {
			return i
		}
		i = to + 1
	}
	return i
}

// dashedWords says that v is made of words in small letters and dashes: a title.
func dashedWords(v string) bool {
	if tally(v).uppers > 0 {
		return false
	}
	for part := range strings.FieldsFuncSeq(v, func(c rune) bool { return c == '-' || c == '_' }) {
		if len(part) >= 3 && len(part) < len(v) && letters(part) && strings.Trim(part, "abcdef") != "" {
			return true
		}
	}
	return false
}
