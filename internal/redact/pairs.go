package redact

import (
	"strings"
	"unicode"
)

// class says how much a key's name promises that its value is a secret.
type class uint8

const (
	ordinary class = iota
	tokenish       // token, api_key: the value must look random
	password       // password, secret: any value
)

// classify judges the name of a key, a variable or an option.
func classify(key string) class {
	if len(key) < 3 {
		return ordinary
	}
	k := plainKey(key)
	switch k {
	case "pwd", "oldpwd", "key":
		return ordinary
	case "sig", "pass", "jwt", "auth":
		return tokenish
	}
	for _, end := range [...]string{"password", "passwd", "passphrase", "passwort", "pwd", "secret", "secretkey",
		"secretaccesskey", "clientsecret", "privatekey", "passcode"} {
		if strings.HasSuffix(k, end) {
			return password
		}
	}
	for _, end := range [...]string{"token", "apikey", "accesskey", "accountkey", "signingkey", "encryptionkey",
		"masterkey", "authkey", "sharedkey", "sharedaccesssignature", "securitytoken", "credential", "credentials",
		"amzsignature", "sessionkey", "subscriptionkey", "applicationkey", "secretkeybase", "connectionstring", "cookie", "authorization"} {
		if strings.HasSuffix(k, end) {
			return tokenish
		}
	}
	if strings.HasSuffix(key, "_PASS") {
		return password
	}
	if strings.HasSuffix(key, "_KEY") || strings.HasSuffix(key, "_AUTH") {
		return tokenish
	}
	return ordinary
}

// plainKey is key in lower case without what separates its words.
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

func isKey(c byte) bool { return isDotted(c) }

// pairs finds key=value, key: value, "key": "value", [key] => value, key%3Dvalue,
// <key>value and their kind.
func (f *finder) pairs() {
	var bare stretch
	for sep := 1; sep < len(f.text); sep++ {
		width := f.separator(sep)
		if width == 0 {
			continue
		}
		end := sep
		for end > 0 && (f.text[end-1] == ' ' || isQuote(f.text[end-1]) || f.text[end-1] == '\\' || f.text[end-1] == ']' && f.text[sep] == '=') {
			end--
		}
		from := end
		for from > 0 && isKey(f.text[from-1]) {
			from--
		}
		c := classify(f.text[f.keyInWords(from, end):end])
		element := f.text[sep] == '>'
		if c == ordinary || element && (end != sep || from == 0 || f.text[from-1] != '<') {
			continue
		}
		value := sep + width
		if value < len(f.text) && (f.text[value] == '=' || f.text[value] == '>') { // := => ==
			value++
		}
		value = f.run(value, func(c byte) bool { return c == ' ' })
		spaced := value > sep+width && f.text[sep+width] == ' '
		f.pairValue(&bare, value, c, f.text[sep] != ':', spaced)
	}
}

// keyInWords is where the key text[from:end] begins when it may be two words,
// as in "API key: X".
func (f *finder) keyInWords(from, end int) int {
	if fold(judged(f.text[from:end])) == "key" {
		for _, word := range [...]string{"api ", "access ", "secret "} {
			if first := from - len(word); first >= 0 && fold(f.text[first:from]) == word {
				return first
			}
		}
	}
	return from
}

// separator is the length of what may stand between a key and its value at i, 0 for
// anything else.
func (f *finder) separator(i int) int {
	switch f.text[i] {
	case '=', ':', '>':
		return 1
	case '%':
		if rest := f.text[i:]; strings.HasPrefix(rest, "%3D") || strings.HasPrefix(rest, "%3d") {
			return 3
		}
	}
	return 0
}

// pairValue judges the value that starts at i, quoted or not; bare is where the
// last one without quotes stood. Behind a colon or a blank it may be ordinary
// text or code.
func (f *finder) pairValue(bare *stretch, i int, c class, equals, spaced bool) {
	from := f.run(i, func(c byte) bool { return c == '\\' })
	escaped := from > i // and so is the quote that closes it
	if from < len(f.text) && isQuote(f.text[from]) {
		quote := f.text[from]
		from++
		inside := func(c byte) bool { return c != quote && c != '\n' }
		to := f.run(from, inside)
		for !escaped && to < len(f.text) && f.text[to] == quote && f.text[to-1] == '\\' {
			to = f.run(to+1, inside)
		}
		for to > from && f.text[to-1] == '\\' {
			to--
		}
		v := f.text[from:to]
		if v == "" || placeholder(v) || strings.IndexByte(v, ' ') >= 0 && !(c == password && equals) {
			return
		}
		if c == password && len(v) >= 4 || random(v) || userAndPassword(v) {
			f.add(from, to, "key")
		}
		return
	}
	to := f.runIn(bare, i, func(c byte) bool { return !isBlank(c) && !isQuote(c) && strings.IndexByte("&;)}]<>", c) < 0 })
	for to > i && strings.IndexByte(".,:!\\", f.text[to-1]) >= 0 {
		to--
	}
	v := f.text[i:to]
	if v == "" || placeholder(v) || strings.Contains(judged(v), "://") || strings.IndexByte(judged(v), '(') >= 0 || spaced && dottedName(v) {
		return
	}
	if c == password && (equals && len(v) >= 4 || mixed(v)) || random(v) || userAndPassword(v) {
		f.add(i, to, "key")
	}
}

// mixed says that v, behind a password's colon, is no word of a sentence.
func mixed(v string) bool {
	return len(v) >= 6 && strings.ContainsAny(v, "0123456789") && strings.ContainsFunc(v, unicode.IsLetter)
}

// dottedName says that v is a name of a program's text: letters and dots.
func dottedName(v string) bool {
	for i := range len(v) {
		if c := v[i]; !isLower(c) && !isUpper(c) && c != '.' && c != '_' {
			return false
		}
	}
	return strings.IndexByte(v, '.') > 0
}

// flags finds --token X, --password X and their kind, and the user:password
// of curl's -u.
func (f *finder) flags() {
	for at := 0; ; {
		i := strings.Index(f.text[at:], "-")
		if i < 0 {
			return
		}
		dash := at + i
		end := f.run(dash, isKey)
		at = max(end, dash+1)
		if dash > 0 && !isBlank(f.text[dash-1]) && !isQuote(f.text[dash-1]) || !f.endsFlag(end) {
			continue
		}
		from := f.run(end, func(c byte) bool { return c == ' ' || c == ',' || isQuote(c) })
		to := f.run(from, func(c byte) bool { return !isBlank(c) && !isQuote(c) })
		name, v := f.text[dash:end], f.text[from:to]
		if v == "" || v[0] == '-' || placeholder(v) {
			continue
		}
		if name == "-u" || name == "--user" || name == "--proxy-user" {
			if k := strings.IndexByte(v, ':'); k > 0 && v[k-1] != '[' && len(v)-k > 4 && !allDigits(v[k+1:]) {
				f.add(from+k+1, to, "flag")
			}
			continue
		}
		if name == "-p" && f.logsIn(dash) && len(v) >= 4 && !allDigits(v) {
			f.add(from, to, "flag")
		}
		if !strings.HasPrefix(name, "--") {
			continue
		}
		if c := classify(name); random(v) && c != ordinary || c == password && len(v) >= 6 && !usageWord(v) {
			f.add(from, to, "flag")
		}
	}
}

// endsFlag says that at i an option ends whose value follows: in a command
// line or in a list of arguments.
func (f *finder) endsFlag(i int) bool {
	rest := f.text[i:]
	return rest != "" && (rest[0] == ' ' || isQuote(rest[0]) && len(rest) > 1 && rest[1] == ',')
}

// logsIn says that -p at i takes a password: docker login, sshpass.
func (f *finder) logsIn(i int) bool {
	before := f.text[max(i-100, 0):i]
	before = before[strings.LastIndexByte(before, '\n')+1:]
	return strings.Contains(before, "login") || strings.Contains(before, "sshpass")
}

// usageWord says that v, behind --password, is how a help text goes on.
func usageWord(v string) bool {
	switch strings.TrimRight(fold(v), ".,:;)]") {
	case "string", "option", "options", "instead", "cannot", "requires", "required", "should", "argument", "because",
		"without", "prompt", "stdin", "environment", "variable", "missing", "together", "before", "after", "rather", "either":
		return true
	}
	return v == strings.ToUpper(v) && !strings.ContainsAny(v, "0123456789") // TOKEN in a synopsis
}
