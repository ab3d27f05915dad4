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
		next := f.run(i+1, func(c byte) bool { return c == ' ' })
		if strings.HasPrefix(f.text[next:], "<<") { // Erlang's binaries
			next += 2
		}
		if next < len(f.text) && isQuote(f.text[next]) && next-i < 6 {
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
	if f.text[open-1] == ' ' || strings.HasSuffix(fold(f.text[max(open-8, 0):open]), "char") || strings.HasSuffix(fold(f.text[max(open-8, 0):open]), "varchar2") {
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

// otherKey judges keys that their own name does not give away: pwd, the code
// of an OAuth address, and what is named by a value before, as in
// name="password" value="X".
func (f *finder) otherKey(from, end, value int) (class, int) {
	switch key := f.text[from:end]; fold(judged(key)) {
	case "pwd":
		v := f.skipToValue(value)
		if v < len(f.text) && strings.IndexByte("/~.$\\", f.text[v]) < 0 && (v+1 == len(f.text) || f.text[v+1] != ':') {
			end := f.runMax(v, 64, func(c byte) bool { return !isBlank(c) && c != ';' })
			if key != "PWD" || end < len(f.text) && f.text[end] == ';' || from > 0 && f.text[from-1] == ';' {
				return password, value
			}
		}
	case "code", "ticket", "key":
		if google := strings.HasPrefix(f.text[value:], "4/0A") || strings.HasPrefix(f.text[value:], "4%2F0A"); google || from > 0 && strings.IndexByte("?&#", f.text[from-1]) >= 0 || f.oauthFollows(value) {
			to := f.runMax(value, 2*judgedMax, func(c byte) bool { return isCredential(c) || c == '%' })
			v := f.text[value:to]
			n := tally(v)
			state := strings.Contains(f.text[value:min(to+judgedMax, len(f.text))], "state=") || strings.Contains(f.text[max(from-judgedMax/2, 0):from], "state=")
			if n.digits > 0 && n.lowers+n.uppers > 0 && strings.IndexByte(v, '/') < 0 || google {
				both := n.uppers > 1 && n.lowers > 1
				if len(v) >= 20 && (key != "key" || both || n.digits > 5 && strings.IndexByte(v, '-') < 0) || len(v) >= 16 && both && n.digits > 1 || len(v) >= 8 && state {
					f.add(value, to, "key")
				}
			}
			return ordinary, value
		}
		if from, to := f.wordAt(value); key == "code" && from == value && to-from >= 40 && f.text[value-1] == '=' && !isBlank(f.text[value-2]) {
			if n := tally(judged(f.text[from:to])); n.digits > 2 && n.lowers > 2 && n.uppers > 2 && f.run(from, isDotted) == to {
				f.add(from, to, "key")
			}
		}
		if fold(key) == "key" {
			if c := classify(f.owner(from) + "Key"); c != ordinary {
				return c, value
			}
			if own := f.atLineStart(from) || strings.HasSuffix(f.text[:from], ": "); own && f.padded(value) || f.besideUserName(from, value) {
				return tokenish, value
			}
			return f.namedBefore(value)
		}
	case "sessionid", "session_id", "sid": // in an address, where it is no name of a session's log
		if to := f.runMax(value, judgedMax, isAlnum); from > 0 && strings.IndexByte("?&", f.text[from-1]) >= 0 && to-value >= 20 && random(f.text[value:to]) {
			return tokenish, value
		}
	case "routing_key", "routingkey": // PagerDuty's, not those of a queue
		if from, to := f.wordAt(value); to-from == 32 && f.run(from, isHex) == to {
			return tokenish, value
		}
	case "default":
		return f.variable(from), value
	case "name", "key_name", "k", "variable", "property", "param", "field", "id", "header":
		return f.namedBefore(value)
	case "login", "userpwd":
		if from, to := f.wordAt(value); userOf(f.text[from:to]) != "" && mixed(f.text[from:to]) {
			f.add(from+strings.IndexByte(f.text[from:to], ':')+1, to, "key")
		}
	case "seed", "phrase", "words":
		from := f.skipToValue(value)
		if to := f.runMax(from, 24*9, func(c byte) bool { return c == ' ' || isLower(c) }); seedPhrase(strings.TrimRight(f.text[from:to], " ")) {
			f.add(from, to, "key")
		} else if from, to = f.wordAt(value); to-from >= 64 && strings.Trim(f.text[from:to], hexDigits) == "" {
			f.add(from, to, "key")
		}
	case ".key":
		if strings.Contains(f.text[max(from-40, 0):from], "wireless.") { // of OpenWrt
			return password, value
		}
	default:
		if strings.HasPrefix(key, "BUNDLE_") && strings.Contains(key, "__") { // the account at a host, as Bundler names it
			if from, to := f.wordAt(value); userOf(f.text[from:to]) != "" {
				f.add(from, to, "key")
			}
		}
		if f.text[value-1] == ':' && f.speaksOfPassword(from) {
			return password, f.runMax(value, 4, isBlank)
		}
	}
	return ordinary, value
}

// wordAt is the word at i, without the blank and the quotes around it.
func (f *finder) wordAt(i int) (from, to int) {
	from = f.runMax(i, 4, func(c byte) bool { return c == ' ' || isQuote(c) })
	return from, f.runMax(from, judgedMax, func(c byte) bool { return !isBlank(c) && !isQuote(c) })
}

// speaksOfPassword says that the words before i are "password for" and the
// like.
func (f *finder) speaksOfPassword(i int) bool {
	before := fold(f.text[max(i-60, 0):i])
	before = before[strings.LastIndexByte(before, '\n')+1:]
	return strings.Contains(before, "password for ") || strings.Contains(before, "password of ") || strings.Contains(before, "following password ") ||
		strings.Contains(before, "generated for ") && strings.Contains(before, "password")
}

// oauthFollows says that the value at i is one of a form of OAuth.
func (f *finder) oauthFollows(i int) bool {
	to := f.runMax(i, judgedMax, func(c byte) bool { return isCredential(c) || c == '%' })
	return strings.HasPrefix(f.text[to:], "&redirect_uri=") || strings.HasPrefix(f.text[to:], "&state=") || strings.HasPrefix(f.text[to:], "&grant_type=")
}

// variable is the class of the name in variable "name" { … default = X }, the default
// being at i.
func (f *finder) variable(i int) class {
	before := f.text[max(i-200, 0):i]
	block := strings.LastIndex(before, `variable "`)
	if block < 0 {
		return ordinary
	}
	name, rest, _ := strings.Cut(before[block+len(`variable "`):], `"`)
	if strings.IndexByte(rest, '}') >= 0 {
		return ordinary
	}
	return classify(name)
}

// namedBefore judges name="password" value="X" from behind the first equals
// sign: the class of the name, and where the value begins.
func (f *finder) namedBefore(i int) (class, int) {
	ok := func(c byte) bool { return c == ' ' || isQuote(c) || c == '\\' }
	from := f.runMax(i, 8, ok)
	end := f.runMax(from, 64, isKey)
	c := classify(f.text[from:end])
	if c == ordinary {
		return c, i
	}
	at := f.runMax(end, 64, func(c byte) bool { return isBlank(c) || isQuote(c) || c == ',' || c == '\\' || c == '-' })
	for _, word := range [...]string{"value", "Value", "content", "val", "v"} {
		rest := f.text[at:]
		if !strings.HasPrefix(rest, word) {
			continue
		}
		sep := f.runMax(at+len(word), 4, ok)
		if sep < len(f.text) && (f.text[sep] == '=' || f.text[sep] == ':') {
			return c, sep + 1
		}
	}
	return ordinary, i
}
