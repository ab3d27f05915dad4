package redact

import (
	"slices"
	"strings"
)

// words is a list in order.
type words []string

func (w words) has(s string) bool {
	_, found := slices.BinarySearch(w, s)
	return found
}

// wordEnds is a list of ends of words, by their last letter: those that end in
// the letter 'a'+i begin at at[i].
type wordEnds struct {
	words []string
	at    [27]uint8
}

// end is the longest of the ends that s has, "" of none.
func (w *wordEnds) end(s string) string {
	if s == "" || !isLower(s[len(s)-1]) {
		return ""
	}
	longest, c := "", s[len(s)-1]-'a'
	for _, end := range w.words[w.at[c]:w.at[c+1]] {
		if len(end) > len(longest) && strings.HasSuffix(s, end) {
			longest = end
		}
	}
	return longest
}

// class says how much a key's name promises that its value is a secret.
type class uint8

const (
	ordinary class = iota
	tokenish       // token, api_key: the value must look random
	password       // password, secret: any value
)

// classify judges the name of a key, a variable or an option.
func classify(key string) class {
	if len(key) < 2 {
		return ordinary
	}
	key = strings.TrimRight(key, "0123456789")
	plain := strings.TrimRight(plainKey(key), "0123456789")
	c := classifyPlain(key, plain)
	if tail := tails.end(plain); c == ordinary && tail != "" && len(tail) < len(plain) && !plainWords.has(plain) {
		c = classifyPlain(key, plain[:len(plain)-len(tail)])
	}
	return c
}

// classifyPlain judges key, which is plain without what separates its words.
func classifyPlain(key, plain string) class {
	switch {
	case plainWords.has(plain):
		return ordinary
	case passwordWords.has(plain), passwordEnds.end(plain) != "":
		return password
	}
	if c := classifyUpper(strings.TrimRight(key, "_-.")); c != ordinary {
		return c
	}
	switch {
	case tokenWords.has(plain):
		return tokenish
	case tokenEnds.end(plain) != "" && !strings.HasPrefix(plain, "public"):
		return tokenish
	case strings.HasPrefix(plain, "x") && strings.HasSuffix(plain, "auth") && (key[1] == '-' || key[1] == '_'), headerKey(fold(key)):
		return tokenish
	}
	return classifyPass(key, plain)
}

// headerKey says that name is that of a header which carries a key: x-functions-key.
func headerKey(name string) bool {
	before, ok := strings.CutSuffix(name, "-key")
	return ok && strings.HasPrefix(name, "x-") && !notUpperKey.has(strings.ToUpper(before[strings.LastIndexByte(before, '-')+1:]))
}

// classifyUpper judges a name in capitals.
func classifyUpper(key string) class {
	for _, end := range upperPassword {
		if strings.HasSuffix(key, end) {
			return password
		}
	}
	for _, end := range upperToken {
		if before, ok := strings.CutSuffix(key, end); ok {
			if notUpperKey.has(strings.ToUpper(before[strings.LastIndexByte(before, '_')+1:])) {
				return ordinary
			}
			return tokenish
		}
	}
	return ordinary
}

// classifyPass judges db_pass, sshPass and their kind: the word before says
// whether a password is meant.
func classifyPass(key, plain string) class {
	before, ok := strings.CutSuffix(plain, "pass")
	if !ok || before == "" {
		return ordinary
	}
	c := key[len(key)-len("pass")-1]
	if c != '_' && c != '-' && c != '.' && !isUpper(key[len(key)-len("pass")]) && !passOwners.has(before) {
		return ordinary
	}
	for i := range before {
		if passOwners.has(before[i:]) {
			return password
		}
	}
	return tokenish
}

// plainKey is the end of key in lower case without what separates its words.
func plainKey(key string) string {
	b := make([]byte, 0, 64)
	for i := max(len(key)-64, 0); i < len(key); i++ {
		switch c := key[i]; {
		case isUpper(c):
			b = append(b, c+'a'-'A')
		case c != '_' && c != '-' && c != '.' && c != ' ':
			b = append(b, c)
		}
	}
	return string(b)
}
