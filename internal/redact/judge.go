package redact

import (
	"encoding/base64"
	"strings"
)

// judgedMax is how much of a value is looked at, in bytes. It bounds the time
// that a text takes in which each of many values goes on to its end.
const judgedMax = 512

func judged(s string) string { return s[:min(len(s), judgedMax)] }

// count is how many characters of each sort a text has.
type count struct{ digits, lowers, uppers, odd int }

func tally(s string) (n count) {
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			n.digits++
		case isLower(c):
			n.lowers++
		case isUpper(c):
			n.uppers++
		case strings.IndexByte("!@#$%^*+~?", c) >= 0:
			n.odd++
		}
	}
	return n
}

// random says that s does not look like a word or a name: it has 8 characters
// or more, letters and digits; or 16 or more, in both cases and not as words
// written together have them; or a character that only passwords have.
func random(s string) bool {
	n := tally(judged(s))
	letters := n.lowers + n.uppers
	return len(s) >= 8 && letters > 0 && n.digits > 0 || len(s) >= 16 && n.lowers > 0 && n.uppers*5 >= letters || len(s) >= 6 && letters > 0 && n.odd > 0
}

// jumbled says that v is ten letters or more that change their case as no words do
// that are written together.
func jumbled(v string) bool {
	if len(v) < 10 || len(v) > judgedMax {
		return false
	}
	n, humps := tally(v), 0
	for i := 1; i < len(v); i++ {
		if isUpper(v[i]) && isLower(v[i-1]) {
			humps++
		}
	}
	letters := n.lowers + n.uppers
	return letters == len(v) && n.uppers*3 >= letters && n.lowers*4 >= letters && humps >= 3
}

// mixed says that v, behind a password's colon, is no word of a sentence.
func mixed(v string) bool {
	n := tally(judged(v))
	return len(v) >= 6 && n.digits > 0 && n.lowers+n.uppers > 0
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// placeholder says that s stands for a secret and is none.
func placeholder(s string) bool {
	switch {
	case s == "", strings.Trim(s, "*x.X•…") == "", strings.Trim(s, s[:1]) == "" && len(s) > 2:
		return true
	case s[0] == '<' || s[0] == '{' && s[len(s)-1] == '}' || s[0] == '[' && s[len(s)-1] == ']' || s[0] == '(' && s[len(s)-1] == ')':
		return true
	case hasAnyPrefix(s, "arn:aws", "#{", "$env:", "ENC[", ".*", "[^"): // where it is, encrypted, an expression
		return true
	case s[0] == '.' && len(s) > 1 && isUpper(s[1]) && letters(s[1:]): // a field in a template
		return true
	case s[0] == '@' && (placeholders.has(fold(s[1:])) || classify(s[1:]) != ordinary): // a parameter of SQL
		return true
	case s[0] == '$' || s[0] == '%' || s[0] == '!' || s[0] == '&' || s[0] == '{':
		return substituted(s)
	case strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == "" && strings.IndexByte(s, '_') > 0:
		return true
	case s[0] == ':' && letters(strings.ReplaceAll(s[1:], "_", "")): // a parameter of SQL, an atom of Ruby
		return true
	case len(s) > 64:
		return false
	case hexNumber(strings.TrimPrefix(s, "-")), reference(s):
		return true
	}
	word := strings.TrimRight(fold(s), "!?.,;:)]}|")
	first, _, _ := strings.Cut(word, "|") // required|min:8
	return placeholders.has(word) || first != "" && placeholders.has(first) || strings.HasPrefix(word, "your-") || strings.HasPrefix(word, "your_") ||
		strings.HasSuffix(word, "-here") || strings.HasSuffix(word, "_here") || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == "" && strings.HasPrefix(word, "your")
}

// reference says that s tells where a secret is: file:///run/secrets/x, vault:secret/x#key,
// op://vault/item, env:NAME.
func reference(s string) bool {
	if name, ok := strings.CutPrefix(s, "env:"); ok {
		return identifier(name) && tally(name).lowers == 0
	}
	return hasAnyPrefix(s, "file:", "vault:", "op://", "ref+", "ssm:", "keyring:") && strings.IndexByte(s, '/') > 0
}

// hexNumber says that s is a number of at most 32 bits as programs write it.
func hexNumber(s string) bool {
	digits, ok := strings.CutPrefix(s, "0x")
	return ok && len(digits) <= 8 && strings.Trim(digits, "0123456789abcdefABCDEF") == ""
}

// substituted says that s is a reference to a value: $NAME, ${name}, $(command),
// %s, %(name)s, %NAME%, {{ name }}; a tag of YAML; an alias.
func substituted(s string) bool {
	rest := s[1:]
	switch {
	case rest == "":
		return true
	case strings.IndexByte("{(%", rest[0]) >= 0 || s[0] == '{' && rest[0] == '{' || s[0] == '%' && rest[len(rest)-1] == '%':
		return true
	case s[0] == '%':
		return len(rest) <= 2 || strings.IndexByte("sdcxvu", rest[0]) >= 0 && strings.IndexByte(rest, '%') > 0
	case s[0] == '$' && strings.IndexByte("@*#?$!-", rest[0]) >= 0:
		return len(rest) == 1
	}
	return s[0] != '{' && identifier(strings.TrimRight(rest, ".,;:"))
}

// parameter says that v is the next one of a list, as in token_type=Bearer expires_in=3600.
func parameter(v string) bool {
	name, value, ok := strings.Cut(v, "=")
	return ok && strings.Trim(value, "=") != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") == ""
}

// identifier says that s is a name in a program's text.
func identifier(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlnum(c) && c != '_' {
			return false
		}
	}
	return s != ""
}

// named says that v is a name of a program's text rather than a value: with
// dots between its words, or with a word that promises a secret of its own.
func named(v string) bool {
	if identifier(v) && camelCase(v) && tally(v).digits == 0 && classify(v) != ordinary {
		return true
	}
	letters, dots := 0, 0
	for i := range len(v) {
		switch c := v[i]; {
		case isLower(c), isUpper(c):
			letters++
		case c == '.':
			dots++
		case c != '_' && c != '[':
			return false
		}
	}
	if letters == 0 {
		return false
	}
	words := strings.IndexByte(v, '_') > 0 || camelCase(v)
	return dots > 0 && v[0] != '.' || words && (classify(v) != ordinary || strings.HasPrefix(fold(v), "get"))
}

// camelCase says that s has words written together.
func camelCase(s string) bool {
	for i := 1; i < len(s); i++ {
		if isUpper(s[i]) && isLower(s[i-1]) {
			return true
		}
	}
	return false
}

// path says that v is a file's name with its directories.
func path(v string) bool {
	switch {
	case strings.HasPrefix(v, "~/"), strings.HasPrefix(v, "./"), strings.HasPrefix(v, "../"), strings.HasPrefix(v, `.\`), strings.HasPrefix(v, "projects/"):
		return true
	case len(v) > 2 && v[1] == ':' && (v[2] == '\\' || v[2] == '/') && !isDigit(v[0]):
		return true
	case v == "" || v[0] != '/':
		return false
	}
	for part := range strings.SplitSeq(judged(v[1:]), "/") {
		n := tally(part)
		if strings.ContainsAny(part, "+=") || n.digits > 0 && n.lowers > 0 && n.uppers > 1 && len(part) >= 10 {
			return false
		}
	}
	return true
}

// userAndPassword says that s is base64 of user:password.
func userAndPassword(s string) bool {
	s = strings.TrimRight(judged(s), "=")
	if len(s) < 6 {
		return false
	}
	b, err := base64.RawStdEncoding.DecodeString(s[:len(s)-len(s)%4])
	if err != nil {
		return false
	}
	colon := false
	for _, c := range b {
		if c < ' ' || c >= 0x7f || !colon && !isKey(c) && strings.IndexByte(`:@\+/ `, c) < 0 {
			return false
		}
		colon = colon || c == ':'
	}
	return colon
}

// usageWord says that v, behind --password, is how a help text goes on.
func usageWord(v string) bool {
	n := tally(v)
	return usageWords.has(strings.TrimRight(fold(v), ".,:;)]")) ||
		n.lowers+n.digits == 0 && strings.IndexByte(v, '=') < 0 // TOKEN in a synopsis
}

// described says that v is a word that says of something how it is.
func described(v string) bool {
	word := strings.TrimRight(fold(v), "!?.,;:")
	if !letters(word) {
		return false
	}
	for _, end := range [...]string{"ed", "ing", "able", "ible", "ory", "ous", "ive", "ful"} {
		if strings.HasSuffix(word, end) {
			return true
		}
	}
	return false
}

// sentence says that v, of several words, speaks of a password.
func sentence(v string) bool {
	for word := range strings.SplitSeq(judged(v), " ") {
		if sentenceWords.has(strings.Trim(fold(word), ".,:;!?")) {
			return true
		}
	}
	return false
}
