package redact

import "strings"

// separator is the length of what may stand between a key and its value at i, 0 for
// anything else.
func (f *finder) separator(i int) int {
	switch c := f.text[i]; c {
	case '=', ':':
		return 1
	case '>':
		if f.text[i-1] == '-' {
			return 1
		}
	case '<':
		if strings.HasPrefix(f.text[i:], "<- ") {
			return 2
		}
	case '(', ',', '{':
		const widest = 24 // as arguments stand in columns
		next := f.runMax(i+1, widest, func(c byte) bool { return c == ' ' })
		if strings.HasPrefix(f.text[next:], "<<") { // Erlang's binaries
			next += 2
		}
		if next < len(f.text) && isQuote(f.text[next]) && next-i <= widest {
			return 1
		}
	case ' ': // "key" "value"
		if i+1 < len(f.text) && isQuote(f.text[i-1]) && f.text[i+1] == f.text[i-1] {
			return 1
		}
	case '.': // Lisp's (key . "value")
		if f.text[i-1] == ' ' && i+2 < len(f.text) && f.text[i+1] == ' ' && isQuote(f.text[i+2]) {
			return 1
		}
	case '%':
		for _, code := range [...]string{"%3D", "%3d", "%3A", "%3a", "%253D", "%253d"} {
			if strings.HasPrefix(f.text[i:], code) {
				return len(code)
			}
		}
	}
	return 0
}

// quotes are the ways to write a quote, other than as itself.
var quotes = [...]string{"%22", "%27", "&quot;", "&#34;", "&#39;", "&#x27;", "&apos;", `\u0022`, `\u0027`, `\x22`, `\x27`}

// keyEnd is the end of the key before the separator at sep.
func (f *finder) keyEnd(sep int) int {
	end := sep
	if f.text[sep] == '>' && f.text[sep-1] == '-' {
		end--
	}
back:
	for end > 1 {
		switch c := f.text[end-1]; {
		case c == ' ', isQuote(c), c == '\\', c == '?', c == '|' && f.text[sep] == '=', c == '.' && f.text[end-2] == ' ', c == ']' && (f.text[sep] == '=' || f.text[sep] == ':' && isQuote(f.text[end-2])):
			end--
			if c == ']' && f.text[end-1] == '[' {
				end--
			}
		case c == '}' && f.text[sep] == '=' && isKey(f.text[end-2]): // Perl's $ENV{X}
			end--
		case c == '*' && f.text[sep] == ':': // Markdown's
			end--
		case (c == ')' || c == ']' && f.text[sep] == ':') && f.bracketed(end) > 0:
			end = f.bracketed(end)
		case c == '>' && end > 3 && f.text[end-2] == '>' && isQuote(f.text[end-3]): // Erlang's binaries
			end -= 2
		default:
			for _, q := range quotes {
				if strings.HasSuffix(f.text[:end], q) {
					end -= len(q)
					continue back
				}
			}
			return end
		}
	}
	return end
}

// bracketed is the start of the brackets that end at end, if what they hold belongs
// to a key: private key (hex): X, NVARCHAR(50) = 'X'. 0 of others.
func (f *finder) bracketed(end int) int {
	const longest = 32
	first, closing := max(end-longest, 0), f.text[end-1]
	open := first + strings.LastIndexByte(f.text[first:end], opening(closing))
	if open <= first || strings.IndexByte(f.text[open:end-1], closing) >= 0 || strings.IndexByte(f.text[open:end], '\n') >= 0 {
		return 0
	}
	if closing == ']' { // password[defaults to that of SSH]: X
		if strings.IndexByte(f.text[open:end], ' ') < 0 {
			return 0
		}
		return open
	}
	if before := fold(f.text[first:open]); strings.HasSuffix(before, " ") || strings.HasSuffix(before, "char") || strings.HasSuffix(before, "varchar2") {
		return open
	}
	return 0
}

// keyStart is where the key that ends at end begins.
func (f *finder) keyStart(end int) int {
	from := end
	for from > 0 && end-from < 128 && isKey(f.text[from-1]) {
		from--
	}
	for _, q := range quotes { // %22password, \u0022password
		if n := len(q) - 1; (q[0] == '%' || q[0] == '\\') && from > 0 && f.text[from-1] == q[0] && strings.HasPrefix(f.text[from:end], q[1:]) {
			return from + n
		}
	}
	if from > 0 && f.text[from-1] == '%' && end-from > 2 && isHex(f.text[from]) && isHex(f.text[from+1]) {
		return from + 2
	}
	if from > 0 && f.text[from-1] == '\\' && end-from > 1 && strings.IndexByte("nrt", f.text[from]) >= 0 {
		return from + 1
	}
	return from
}

func isKey(c byte) bool { return isDotted(c) }

// keyOf is the key text[from:end] and where it begins when it may be of two
// words, as in "API key: X" and "private key: X", or has a type behind it, as
// in "password: string = X".
func (f *finder) keyOf(from, end int) (string, int) {
	key := f.text[from:end]
	if len(key) > 12 {
		return key, from
	}
	switch fold(key) {
	case "string", "str", "text", "char", "value", "varchar", "nvarchar", "varchar2", "token", "key", "phrase", "bytes", "code", "codes":
	case "secret", "password":
		if first, owner := f.wordBefore(from); first < from && passOwners.has(fold(owner)) && (first == 0 || f.text[first-1] != ':') {
			return key, first
		}
		return key, from
	default:
		if !allDigits(key) || len(key) > 2 {
			return key, from
		}
	}
	before := from
	for before > 0 && from-before < 3 && strings.IndexByte(" :&*", f.text[before-1]) >= 0 {
		before--
	}
	if before == from {
		return key, from
	}
	first := before
	for first > 0 && before-first < 40 && isKey(f.text[first-1]) {
		first--
	}
	if word := f.text[first:before]; word != "" {
		if sql := strings.Contains(fold(key), "varchar"); !sql && f.text[before] == ' ' && from-before == 1 {
			if allDigits(key) && first > 4 && f.text[first-1] == ' ' { // unseal key 1
				at := first - 1
				for at > 0 && isKey(f.text[at-1]) {
					at--
				}
				return f.text[at:before], at
			}
			return word + " " + key, first
		}
		if classify(word) != ordinary && classify(key) == ordinary {
			return word, first
		}
	}
	return key, from
}

// wordBefore is the word before the blank before i, and where it begins.
func (f *finder) wordBefore(i int) (int, string) {
	if i < 2 || f.text[i-1] != ' ' {
		return i, ""
	}
	first := i - 1
	for first > 0 && i-first < 24 && isKey(f.text[first-1]) {
		first--
	}
	return first, f.text[first : i-1]
}

// tellingWord says that key ends in token or key.
func tellingWord(key string) bool {
	k := plainKey(key)
	return strings.HasSuffix(k, "token") || strings.HasSuffix(k, "key")
}

// passwordWord says that key means a password, other than a secret.
func passwordWord(key string) bool {
	k := plainKey(key)
	return strings.HasSuffix(k, "password") || strings.HasSuffix(k, "passwd") || strings.HasSuffix(k, "passphrase") ||
		strings.HasSuffix(k, "pwd") || strings.HasSuffix(k, "passcode") || strings.HasSuffix(k, "passwort")
}
