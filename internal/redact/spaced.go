package redact

import "strings"

// spacedPairs finds a value that only blanks part from its key: password "X",
// IDENTIFIED BY 'X', machine … password X, set DB_PASSWORD X, columns.
func (f *finder) spacedPairs() {
	for at := 0; at < len(f.text); {
		if !isKey(f.text[at]) {
			at++
			continue
		}
		end := f.run(at, isKey)
		if end < len(f.text) && f.text[end] == ' ' && end-at <= 64 && end-at >= 2 {
			f.spacedPair(at, end)
		}
		at = end
	}
}

// spacedPair judges what follows the word text[from:end] and a blank.
func (f *finder) spacedPair(from, end int) {
	key := f.text[from:end]
	value := f.run(end, func(c byte) bool { return c == ' ' })
	wide := value-end > 1
	if value < len(f.text) && f.text[value] == '|' {
		value, wide = f.run(value+1, func(c byte) bool { return c == ' ' }), true
	}
	if fold(key) == "by" { // IDENTIFIED BY
		said := f.text[max(from-60, 0):from]
		before := fold(said)
		sql := strings.Contains(said, "IDENTIFIED ") || containsAny(before, "user ", "grant ", "role ", "link ", "connect ")
		if !strings.Contains(before, "identified ") || !sql || strings.HasSuffix(before, "revision identified ") {
			return
		}
		f.spacedValue(value, password, true, true, true)
		if to := f.runMax(value, judgedMax, isToken); strings.HasSuffix(f.text[:from], "IDENTIFIED ") && to-value >= 4 && !placeholder(f.text[value:to]) {
			f.add(value, to, "password") // CONNECT TO user IDENTIFIED BY X USING …
		}
		return
	}
	if fold(key) == "using" { // DB2's connect to x user y using X
		if before := fold(f.text[max(from-80, 0):from]); strings.Contains(before, "connect ") && strings.Contains(before, " user ") {
			f.spacedValue(value, password, true, true, true)
		}
		return
	}
	set := false // as a key in a store: put prod/db/password X
	if from > 1 && f.text[from-1] == '/' && (passwordWord(key) || classify(key) == tokenish) {
		path := from
		for path > 0 && from-path < 128 && (isKey(f.text[path-1]) || f.text[path-1] == '/') {
			path--
		}
		if set = f.assigned(path); set {
			from = path
		}
	}
	if !set && from > 0 && (f.text[from-1] == '-' || f.text[from-1] == '/') || key[0] == '-' || strings.HasSuffix(key, "--") || strings.HasSuffix(key, ".") || from > 0 && f.text[from-1] == '=' {
		return
	}
	c := classify(key)
	if key == "sshpass" { // a program
		return
	}
	with := false // with password X
	compound := strings.ContainsAny(key, "_-") || camelCase(key) || c == tokenish && f.assigned(from) || strings.IndexByte(key[:len(key)-1], '.') > 0
	if fold(key) == "pass" && strings.Contains(f.text[max(from-40, 0):from], " user ") { // user bob pass X
		f.spacedValue(value, password, true, true, false)
		return
	}
	if k := fold(key); k == "code" { // verification code is 123456
		if word, _ := f.keyOf(from, end); pinWords.has(plainKey(word)) && strings.HasPrefix(f.text[value:], "is ") {
			f.pin(value + len("is "))
		}
		return
	} else if k == "pass" && f.assigned(from) {
		c, compound = password, true
	} else if k == "key" {
		word, _ := f.keyOf(from, end)
		c = classify(word)
		if word = fold(word); word == "option key" { // of OpenWrt
			f.spacedValue(value, password, true, true, false)
			return
		}
		compound = word != "secret key" && word != "signing key"
	} else if c == password && k != "secret" {
		_, before := f.wordBefore(from)
		with = passwordWord(key) && (before == "with" || before == "using")
		compound = compound || !passwordWord(key) || f.assigned(from) || with
	}
	if c == ordinary {
		return
	}
	if k := fold(key); strings.HasPrefix(k, "cred") || k == "auth" { // credentials bob:X
		from, to := f.wordAt(value)
		v := strings.TrimRight(f.text[from:to], ".,;)")
		if user := userOf(v); user != "" && (mixed(v[len(user)+1:]) || tally(v).odd > 0) {
			f.add(from+len(user)+1, from+len(v), "password")
			return
		}
	}
	certain := set && passwordWord(key) || c == password && (identifier(key) && fold(key) != "key" && fold(key) != "pass" && !passwordWord(key) && !strings.HasSuffix(fold(key), "secret") && fold(key) != "psk" ||
		passwordWord(key) && strings.Contains(fold(f.text[max(from-80, 0):from]), "login ") ||
		key == "SECRET" && value < len(f.text) && f.text[value] == '\'' ||
		key == "secret" && f.configured(from) ||
		strings.IndexByte(key, '-') > 0 && f.lineStarts(from, "set ") ||
		strings.IndexByte(key, '_') > 0 && f.assigned(from))
	for _, mark := range [...]string{"/d ", "/t REG_SZ /d ", "-Value "} { // of Windows' reg add and Set-ItemProperty
		if strings.HasPrefix(f.text[value:], mark) {
			if from, to, _ := f.argument(value+len(mark), min(value+judgedMax, len(f.text))); from >= 0 && c == password && to-from >= 3 && !placeholder(f.text[from:to]) {
				f.add(from, to, "key")
			}
			return
		}
	}
	if end := f.quotedAt(value); with && end-value > 5 && !sentence(f.text[value+1:end-1]) && !placeholder(f.text[value+1:end-1]) && f.text[value+1] != ' ' {
		f.add(value+1, end-1, "key")
		return
	}
	f.spacedValue(value, c, passwordWord(key), wide || compound || set, certain)
}

// configured says that before the word at i a device is told of a user: username bob
// privilege 15 secret X, enable secret X.
func (f *finder) configured(i int) bool {
	line := f.text[max(i-80, 0):i]
	line = line[strings.LastIndexByte(line, '\n')+1:]
	return containsAny(line, "username ", "enable ") && strings.IndexByte(line, ',') < 0
}

// lineStarts says that the line of i starts with word, behind what lists it.
func (f *finder) lineStarts(i int, word string) bool {
	line := f.text[max(i-120, 0):i]
	return strings.HasPrefix(strings.TrimLeft(line[strings.LastIndexByte(line, '\n')+1:], " +#>$"), word)
}

// assigned says that a word that sets something stands before i.
func (f *finder) assigned(i int) bool {
	before := strings.TrimRight(f.text[max(i-40, 0):i], " ")
	word := strings.TrimLeft(before[strings.LastIndexAny(before, " \n")+1:], "(")
	if option := len(before) - len(word); option > 0 && len(word) <= 4 && strings.HasPrefix(word, "-") { // fish's set -gx
		before = strings.TrimRight(before[:option], " ")
		word = before[strings.LastIndexAny(before, " \n")+1:]
	}
	switch fold(word) {
	case "set", "setenv", "env", "#define", "define", "export", "put", "arg", "passwordset":
		return true
	}
	return false
}

// spacedValue judges the value that starts at i. key says that it belongs to
// password or the like, strong that it is written as a pair rather than in a
// sentence, certain that any word there is one.
func (f *finder) spacedValue(i int, c class, key, strong, certain bool) {
	i = f.run(i, func(c byte) bool { return c == '\\' })
	told := strings.HasPrefix(f.text[i:], "is ") || strings.HasPrefix(f.text[i:], "is: ")
	for _, word := range [...]string{"with value ", "to value ", "is: ", "is ", "was ", "IS ", "ENC ", "7 ", "0 ", "5 ", "6 ", "8 ", "9 "} {
		if strings.HasPrefix(f.text[i:], word) {
			i += len(word)
			break
		}
	}
	if i >= len(f.text) {
		return
	}
	if q := f.text[i]; isQuote(q) {
		to := f.run(i+1, func(c byte) bool { return c != q && c != '\n' })
		v := strings.TrimRight(f.text[i+1:to], `\`)
		blank := strings.IndexByte(judged(v), ' ') >= 0
		switch {
		case placeholder(v), path(v), named(v) && (!certain || strings.ContainsAny(v, "._[")), blank && sentence(v), strings.HasPrefix(v, "-"), to == len(f.text):
		case (key || certain || c == password && (tally(judged(v)).odd > 0 && len(v) >= 6 || jumbled(v))) && len(v) >= 4 && !blank, key && blank && len(v) >= 8, !blank && (random(v) && len(v) >= 12 && !dashedWords(v) || strong && mixed(v)):
			f.add(i+1, i+1+len(v), "key")
		}
		return
	}
	to := f.runMax(i, judgedMax, func(c byte) bool { return !isBlank(c) && !isQuote(c) && c != '|' })
	for to > i && strings.IndexByte(".,:;)]", f.text[to-1]) >= 0 {
		to--
	}
	v := f.text[i:to]
	if placeholder(v) || path(v) || fileName(v) || fileLine(v) || named(strings.TrimLeft(v, "*")) || called(v) || email(v) || strings.Contains(v, "://") || strings.Contains(v, ":error:") || strings.Contains(v, "](") || parameter(v) || v[0] == '*' && identifier(strings.Trim(v, "*;,)")) || v[0] == '#' && letters(v[1:]) || strings.Contains(v, marker) || address(v) || strings.HasPrefix(v, "HTTP/") || v[0] == '-' || strings.IndexByte("=:|>", v[0]) >= 0 || !strong && strings.IndexByte(strings.TrimRight(v, "="), '=') > 0 {
		return
	}
	n := tally(v)
	letters := n.lowers + n.uppers
	switch {
	case (certain || told && key) && len(v) >= 4 && f.endsWords(to) && !described(v),
		key && (random(v) || jumbled(v)) && !versionLike(v),
		strong && c == password && key && mixed(v),
		strong && random(v) && !versionLike(v),
		(c == tokenish || strings.IndexByte(v, '-') < 0) && len(v) >= 16 && letters > 1 && (n.digits > 1 || n.digits > 0 && n.uppers > 2 && n.lowers > 2) && !f.parsed(i) && !versionLike(v):
		f.add(i, to, "password")
	}
}

// address says that v is the address of an account or a contract of Ethereum.
func address(v string) bool {
	return len(v) == 42 && strings.HasPrefix(v, "0x") && strings.Trim(v[2:], hexDigits) == ""
}

// email says that v is an address: letters, @, a domain.
func email(v string) bool {
	name, domain, ok := strings.Cut(v, "@")
	return ok && identifier(strings.ReplaceAll(name, ".", "")) && strings.IndexByte(domain, '.') > 0 && identifier(strings.ReplaceAll(domain, ".", ""))
}

// fileName says that v is the name of a file with a key or the like: server1.pem.
func fileName(v string) bool {
	dot := strings.LastIndexByte(v, '.')
	if dot <= 0 {
		return false
	}
	switch v[dot+1:] {
	case "pem", "key", "crt", "cer", "der", "pub", "asc", "gpg", "jks", "pfx", "json", "yaml", "yml", "toml", "txt", "env", "ini", "conf", "cfg", "xml", "properties":
		return true
	}
	return false
}

// fileLine says that v is a location in a file, a.c:2:13, as the line behind a
// word such as password may begin with it.
func fileLine(v string) bool {
	name, rest, _ := strings.Cut(v, ":")
	line, column, _ := strings.Cut(rest, ":")
	dot := strings.LastIndexByte(name, '.')
	return dot > 0 && len(name)-dot <= 6 && identifier(name[dot+1:]) && line != "" && allDigits(line) && allDigits(column)
}

// endsWords says that at i a line or a sentence ends.
func (f *finder) endsWords(i int) bool {
	i = f.run(i, func(c byte) bool { return c == '.' || c == ';' || c == ' ' || c == '!' })
	return i == len(f.text) || f.text[i] == '\n' || isQuote(f.text[i]) && (i+1 == len(f.text) || !isAlnum(f.text[i+1])) || f.text[i-1] == ';'
}

// versionLike says that v is a version, a date, a number with its unit or a
// name with dots or slashes.
func versionLike(v string) bool {
	n := tally(v)
	return strings.ContainsAny(v, "/") && n.odd == 0 && min(n.uppers, n.lowers, n.digits) < 3 || strings.Count(v, ".") > 1 && n.odd == 0 || strings.Count(v, "-") > 1 && n.digits < 4 && n.odd == 0
}

// parsed says that the word before the key before i speaks of a parser.
func (f *finder) parsed(i int) bool {
	before := fold(f.text[max(i-40, 0):i])
	return strings.Contains(before, "unexpected ") || strings.Contains(before, "expected ") || strings.Contains(before, "signing ") || strings.Contains(before, "public ")
}
