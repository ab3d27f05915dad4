package redact

import "strings"

// otherKey judges keys that their own name does not give away: pwd, the code
// of an OAuth address, and what is named by a value before, as in
// name="password" value="X".
func (f *finder) otherKey(from, end, value int) (class, int) {
	switch key := f.text[from:end]; fold(judged(key)) {
	case "pwd":
		v := f.skipToValue(value)
		if v < len(f.text) && strings.IndexByte("/~.$\\", f.text[v]) < 0 && (v+1 == len(f.text) || f.text[v+1] != ':') {
			end := f.runMax(v, 64, func(c byte) bool { return !isBlank(c) && c != ';' })
			if key != "PWD" || end < len(f.text) && f.text[end] == ';' || from > 0 && f.text[from-1] == ';' || from > 2 && strings.EqualFold(f.text[from-3:from], "%3b") {
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
	case "accounts":
		f.privateKeys(value, min(value+4*judgedMax, len(f.text)))
	case "default":
		return f.variable(from), value
	case "name", "key_name", "k", "variable", "property", "param", "field", "id", "header", "parameterkey", "path":
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
		if strings.HasPrefix(key, "wireless.") && strings.HasSuffix(key, ".key") {
			return password, value // of OpenWrt
		}
		if v, ok := strings.CutPrefix(f.text[value:f.runMax(value, judgedMax, func(c byte) bool { return c != '\n' })], " static:"); ok && userOf(v) != "" {
			to := value + len(" static:") + len(v) // of Postfix
			f.add(to-len(v)+strings.IndexByte(v, ':')+1, to, "key")
		}
		if strings.HasPrefix(f.text[value-1:], "= ") {
			if c := f.annotated(from, value); c != ordinary {
				return c, value
			}
		}
		if strings.HasPrefix(fold(key), "user") {
			f.userOfShare(from, value)
		}
		if f.text[value-1] == ':' && f.speaksOfPassword(from) {
			return password, f.runMax(value, 4, isBlank)
		}
	}
	return ordinary, value
}

// annotated is the class of a name with a type that has several words or brackets, before the
// value in quotes that begins at value: name: Optional[str] = "X".
func (f *finder) annotated(i, value int) class {
	const longest = 48 // of a type
	v := f.skipToValue(value)
	if v == len(f.text) || !isQuote(f.text[v]) {
		return ordinary
	}
	colon := i
	for colon > 0 && i-colon < longest && f.text[colon-1] != ':' && (isKey(f.text[colon-1]) || strings.IndexByte(" |[]<>&?,*", f.text[colon-1]) >= 0) {
		colon--
	}
	if colon < 2 || f.text[colon-1] != ':' || !strings.ContainsAny(f.text[colon:value], "|[<") {
		return ordinary
	}
	end := colon - 1
	if f.text[end-1] == '?' {
		end--
	}
	return classify(f.text[f.keyStart(end):end])
}

// userOfShare finds the password behind the name of a user, whose key is at i: user=bob%X, as
// what mounts a share of Windows takes it.
func (f *finder) userOfShare(i, value int) {
	before := fold(f.text[max(i-judgedMax/2, 0):i])
	if !containsAny(before[strings.LastIndexByte(before, '\n')+1:], "cifs", "smb") {
		return
	}
	to := f.runMax(value, judgedMax, func(c byte) bool { return !isBlank(c) && !isQuote(c) && c != ',' })
	if k := strings.IndexByte(f.text[value:to], '%'); k > 0 && to-value-k > 3 {
		f.add(value+k+1, to, "key")
	}
}

// privateKeys finds the keys in a list from i to limit of accounts of Ethereum, whose addresses
// are shorter.
func (f *finder) privateKeys(i, limit int) {
	const digits = 64
	for i < limit && f.text[i] != ']' && f.text[i] != '}' {
		to := f.run(i, isAlnum)
		if v := strings.TrimPrefix(f.text[i:to], "0x"); len(v) == digits && strings.Trim(v, hexDigits) == "" {
			f.add(i, to, "key")
		}
		i = max(to, i+1)
	}
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
	end := f.runMax(from, 64, func(c byte) bool { return isKey(c) || c == '/' })
	from += strings.LastIndexByte(f.text[from:end], '/') + 1
	c := classify(f.text[from:end])
	if c == ordinary {
		return c, i
	}
	at := f.runMax(end, 64, func(c byte) bool { return isBlank(c) || isQuote(c) || c == ',' || c == '\\' || c == '-' })
	for _, word := range [...]string{"value", "Value", "ParameterValue", "content", "val", "v"} {
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
