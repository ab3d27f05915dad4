package redact

import "strings"

// objects finds secrets in two ways to write an object: PHP's s:8:"password";s:9:"X"; and
// the private parts of a JSON web key.
func (f *finder) objects() {
	eachIndex(f.text, `";s:`, func(at int) int {
		from := at
		for from > 0 && at-from < 64 && isKey(f.text[from-1]) {
			from--
		}
		value := f.run(at+len(`";s:`), isDigit) + len(`:"`)
		end := f.quotedAt(value - 1)
		if end <= value || f.text[value-2] != ':' {
			return at + len(`";s:`)
		}
		c := classify(f.text[from:at])
		if v := f.text[value : end-1]; (c == password && len(v) >= 3 || c != ordinary && random(v)) && !placeholder(v) {
			f.add(value, end-1, "key")
		}
		return value
	})
	if !strings.Contains(f.text, `"kty"`) {
		return
	}
	for _, name := range [...]string{`"d"`, `"p"`, `"q"`, `"dp"`, `"dq"`, `"qi"`, `"k"`} {
		eachIndex(f.text, name, func(at int) int {
			const shortest = 16
			from := f.runMax(at+len(name), 4, func(c byte) bool { return c == ' ' || c == ':' || c == '"' })
			if to := f.run(from, isToken); to-from >= shortest {
				f.add(from, to, "key")
			}
			return at + len(name)
		})
	}
}
