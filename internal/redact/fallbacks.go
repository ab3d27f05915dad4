package redact

import "strings"

// fallbacks finds what a program takes where a variable is not set:
// DB_PASSWORD || 'X', ENV["DB_PASS"] ?: "X".
func (f *finder) fallbacks() {
	for _, mark := range [...]string{" || ", " ?? ", " ?: ", " // ", " or "} {
		eachIndex(f.text, mark, func(at int) int {
			from := at + len(mark)
			end := f.quotedAt(from)
			if end == from || at == 0 || isQuote(f.text[at-1]) {
				return from
			}
			last := at
			for last > 0 && (isQuote(f.text[last-1]) || strings.IndexByte(")]}", f.text[last-1]) >= 0) {
				last--
			}
			first := last
			for first > 0 && last-first < 64 && (isAlnum(f.text[first-1]) || f.text[first-1] == '_' || f.text[first-1] == '-') {
				first--
			}
			if c := classify(f.text[first:last]); c != ordinary && quotedSecret(f.text[from+1:end-1], pair{class: c, sep: '=', tight: true}) {
				f.add(from+1, end-1, "key")
			}
			return from
		})
	}
}
