package redact

import "strings"

// pair is a key and how its value follows.
type pair struct {
	class  class
	sep    byte // '=', ':', '>', '(', ' ', '.' or ','
	tight  bool // no blanks around the separator
	line   bool // the key begins its line
	option bool // the key is an option: -Dx=, /p:
	query  bool // the key is a parameter of a URL
	word   bool // the key is password, token, key or the like, not secret
	long   bool // only values of 6 characters and more count
	setter bool // the argument of a function that sets something
	equals bool // compared: ==
	label  bool // the key stands behind a file's name and a colon, or has several words
	inside bool // a field of a struct or a map as Go prints them
	member bool // in a list of two, or the argument of a method of this name
	spoken bool // the words before speak of a password
}

// pairs finds key=value, key: value, "key": "value", [key] => value,
// key%3Dvalue, ('key', 'value'), key('value') and their kind.
func (f *finder) pairs() {
	var bare stretch
	for sep := 1; sep < len(f.text); sep++ {
		width := f.separator(sep)
		if width == 0 {
			continue
		}
		end := f.keyEnd(sep)
		from := f.keyStart(end)
		key, first := f.keyOf(from, end)
		if key == "PASS" && end == sep && f.text[sep] == ':' {
			continue // a test's outcome
		}
		p := pair{class: classify(key), sep: f.text[sep], line: f.atLineStart(first)}
		p.word = passwordWord(key) || p.class == tokenish && tellingWord(key)
		value := sep + width
		if p.class == ordinary {
			if pinWords.has(plainKey(key)) {
				f.pin(value)
			}
			p.class, value = f.otherKey(from, end, value)
			if p.class == ordinary {
				continue
			}
		}
		if !f.mayBeKey(&p, first, end, sep) {
			continue
		}
		p.spoken = classify(key) == ordinary && p.class == password && p.sep == ':' && f.speaksOfPassword(from)
		p.label = p.class == password && (first == 0 || f.text[first-1] != '/') && (strings.IndexByte(key, '_') > 0 || p.word && strings.HasSuffix(f.text[:first], ": "))
		p.inside = end == sep && (f.field(first) || p.sep == ':' && f.flow(first))
		if strings.HasPrefix(f.text[value:], "?") && strings.HasSuffix(f.text[:from], "${") {
			continue // the shell's ${NAME:?message}
		}
		if value < len(f.text) && (f.text[value] == '=' || f.text[value] == '>') { // := => ==
			p.equals = p.sep == '=' && f.text[value] == '='
			value++
			if p.equals && strings.HasPrefix(f.text[value:], "=") { // ===
				value++
			}
		}
		behind := value
		value = f.skipToValue(value)
		p.tight = (end == sep || p.sep == '>' && end == sep-1) && value == behind
		if p.tight && f.alone(from, end, value) {
			continue
		}
		if value < len(f.text) && fold(key) == "pass" && (p.sep != ':' || key != "PASS") && !isDigit(f.text[value]) {
			p.class, p.long = password, true
		}
		f.pairValue(&bare, value, p)
	}
}

// field says that the key at i is one of those in map[…] or {…} as Go prints them:
// {User:bob Password:X}.
func (f *finder) field(i int) bool {
	before := f.text[max(i-200, 0):i]
	if before == "" || strings.IndexByte("[{ ", before[len(before)-1]) < 0 {
		return false
	}
	open := strings.LastIndexAny(before, "[{\n")
	if open < 0 || before[open] == '\n' || strings.IndexByte(before[open:], ',') >= 0 {
		return false
	}
	return strings.HasSuffix(before[:open+1], "map[") || before[open] == '{' && isUpper(f.text[i])
}

// flow says that the key at i stands in a mapping of YAML on one line: smtp: {user: a, password: X}.
// An object of JavaScript has a blank behind its brace.
func (f *finder) flow(i int) bool {
	first := max(i-200, 0)
	open := first + strings.LastIndexAny(f.text[first:i], "{[\n")
	return open > first+1 && f.text[open] == '{' && f.text[open+1] != ' ' && (strings.HasSuffix(f.text[:open], ": ") || strings.HasSuffix(f.text[:open], "- "))
}

// alone says that the value is no more than the key again, as in f(authkey=authkey), or that
// what looks like the start of it ends what the key stands in: print('password:', x).
func (f *finder) alone(from, end, value int) bool {
	key := f.text[from:end]
	if strings.HasPrefix(f.text[value:], key) && key != "" {
		next := value + len(key)
		return next == len(f.text) || !isKey(f.text[next]) && f.text[next] != '='
	}
	return from > 0 && value < len(f.text) && isQuote(f.text[value]) && f.text[from-1] == f.text[value] && f.text[end] == ':'
}

// mayBeKey says whether what stands around the key, text[from:end] before the
// separator at sep, allows that its value is a secret, and notes it in p.
func (f *finder) mayBeKey(p *pair, from, end, sep int) bool {
	before := byte('\n')
	if from > 0 {
		before = f.text[from-1]
	}
	if before == '/' && strings.HasSuffix(f.text[:from], "checksum/") {
		return false // Helm's checksum/secret: X
	}
	if before == ':' && p.sep == ':' {
		word := f.text[max(from-judgedMax/4, 0):from]
		if strings.HasPrefix(word[strings.LastIndexAny(word, " \n\"'`(=")+1:], "arn:aws") {
			return false // the name of a secret
		}
	}
	quoted := end < sep && f.text[sep-1] != ']' && (f.text[sep-1] != ' ' || f.text[sep] == ',' && isQuote(f.text[end]))
	switch p.sep {
	case '>': // key->value
		return end < sep
	case ',': // the second argument of a call
		open := from - 2
		for open > 0 && (f.text[open] == ' ' || f.text[open] == 'u' || f.text[open] == 'b' || f.text[open] == '<') {
			open--
		}
		if open > 0 && strings.HasPrefix(f.text[from-3:], `<<"`) && (f.text[open] == ',' || f.text[open] == '{') {
			p.setter = true // Erlang's binaries in a tuple
			return p.class == password
		}
		p.setter = open > 0 && f.text[open] == '(' && setter(strings.TrimRight(f.text[max(open-24, 0):open], " "))
		if before == '{' || before == ':' {
			p.setter = true // as in Erlang and Elixir
			return p.class == password && end == sep
		}
		p.member = p.class != password && open >= 0 && f.text[open] == '['
		return quoted && open >= 0 && (f.text[open] == '(' || p.member || (f.text[open] == '[' || f.text[open] == '{') && p.class == password)
	case '.':
		return before == '(' || isQuote(before) && from > 1 && f.text[from-2] == '('
	case ' ':
		p.setter = from > 0 && f.assigned(from-1)
		return p.class == password && end == sep-1 && before == f.text[end]
	case '(', '{':
		argument := f.quotedAt(f.run(sep+1, func(c byte) bool { return c == ' ' }))
		name := fold(f.text[from:end])
		method := strings.LastIndexByte(name, '.') + 1
		name, method = name[method:], min(method, 1)
		named := strings.HasPrefix(name, "pass")                                                         // not getPassword
		alone := named && argument < len(f.text) && (f.text[argument] == ')' || f.text[argument] == '}') // password('X')
		sets := hasAnyPrefix(name, "set", "with")
		p.setter = p.word && (alone || sets)
		p.member = !p.word && (sets || method > 0)
		return end == sep && (p.word || p.member && p.class == password)
	}
	p.query = before == '?' || before == '&'
	p.option = f.text[from] == '-' || before == '-' || before == '/' && p.sep == ':' && (from < 2 || isBlank(f.text[from-2]) || isQuote(f.text[from-2]))
	return true
}

// setter says that the name of a function that sets something ends before.
func setter(before string) bool {
	word := fold(before)
	for _, end := range [...]string{"define", "env", "set", "put", "add", "append", "header", "property", "default", "config", "option", "attr", "setitem", "store", "insert"} {
		if strings.HasSuffix(word, end) {
			return true
		}
	}
	return false
}

// skipToValue is where the value behind a separator begins: behind blanks, the
// shell's line continuation, a tag of YAML, the mark of a literal or of a
// wrapper such as SecretStr(.
func (f *finder) skipToValue(i int) int {
	blank := func(c byte) bool { return c == ' ' }
	i = f.run(i, blank)
	if stars := f.runMax(i, 2, func(c byte) bool { return c == '*' }); stars > i && stars < len(f.text) && f.text[stars] == ' ' {
		i = f.run(stars, blank) // **Password:** X
	}
	rest := f.text[i:min(i+32, len(f.text))]
	if strings.HasPrefix(rest, "string(") { // PHP's var_dump: string(8) "X"
		if k := strings.Index(rest, ") \""); k > 0 {
			return i + k + 2
		}
	}
	if strings.HasPrefix(rest, "(string) (len=") { // spew's (string) (len=8) "X"
		if k := strings.Index(rest, ") \""); k > 0 {
			return i + k + 2
		}
	}
	for _, mark := range [...]string{"\\\n", "|\n", ">\n", "|-\n", ">-\n", "|+\n", "!!str ", "!!binary ", "new ", "&"} {
		if strings.HasPrefix(rest, mark) {
			if mark == "&" && !isQuote(f.text[min(i+1, len(f.text)-1)]) {
				break
			}
			return f.run(i+len(mark), blank)
		}
	}
	for _, mark := range [...]string{"b", "B", "u", "U", "r", "f", "N", "n", "@", "$", "rb", "br", "SecretStr(", "SecretBytes(",
		"<<", "[", "[ ", "[]string{", "Some(", "Just(", "String(", "Secret(", "Password(", "String::from(", "&"} {
		if next := i + len(mark); strings.HasPrefix(rest, mark) && next < len(f.text) && isQuote(f.text[next]) {
			return next
		}
	}
	return i
}
