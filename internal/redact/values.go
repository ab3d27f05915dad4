package redact

import "strings"

// pairValue judges the value that starts at i, quoted or not; bare is where the
// last one without quotes stood.
func (f *finder) pairValue(bare *stretch, i int, p pair) {
	from := f.run(i, func(c byte) bool { return c == '\\' })
	if from < len(f.text) && isQuote(f.text[from]) {
		f.quotedValue(from, from > i, p)
		return
	}
	for _, q := range quotes {
		if strings.HasPrefix(f.text[i:], q) {
			from := i + len(q)
			if n := strings.Index(f.text[from:min(from+judgedMax, len(f.text))], q); n > 0 && quotedSecret(f.text[from:from+n], p) {
				f.add(from, from+n, "key")
			}
			return
		}
	}
	if p.sep == '(' || p.sep == '{' || p.sep == ',' {
		return
	}
	if from, to := f.bracedValue(i, p); from > i {
		if quotedSecret(f.text[from:to], p) {
			f.add(from, to, "key")
		}
		return
	}
	f.bareValue(bare, i, p)
}

// bracedValue is the text in what Perl and Ruby take for quotes, q{X} and %Q(X), or in
// the braces of an ODBC address, {X};, at i; from is i of none.
func (f *finder) bracedValue(i int, p pair) (from, to int) {
	open := i
	for _, mark := range [...]string{"qq", "q", "%q", "%Q"} {
		if strings.HasPrefix(f.text[i:], mark) {
			open = i + len(mark)
			break
		}
	}
	if open == len(f.text) || open == i && (f.text[i] != '{' || p.sep != '=' || !p.tight) {
		return i, i
	}
	k := strings.IndexByte("{([<", f.text[open])
	if k < 0 {
		return i, i
	}
	closing := "})]>"[k]
	to = f.runMax(open+1, judgedMax, func(c byte) bool { return c != closing && c != '\n' })
	if to == len(f.text) || f.text[to] != closing {
		return i, i
	}
	if v := f.text[open+1 : to]; open == i && (identifier(v) && !mixed(v) || to+1 < len(f.text) && strings.IndexByte(";\n\"'`", f.text[to+1]) < 0) {
		return i, i
	}
	return open + 1, to
}

// quotedValue judges the value in the quotes that open at i; escaped ones are
// closed by such.
func (f *finder) quotedValue(i int, escaped bool, p pair) {
	quote := f.text[i]
	from := i + 1
	if strings.HasPrefix(f.text[from:], string([]byte{quote, quote})) { // """
		from += 2
	}
	if rest := f.text[from:]; len(rest) > 1 && rest[0] == quote && isAlnum(rest[1]) { // a quote within quotes: password=''X''
		if end := f.runMax(from+1, judgedMax, func(c byte) bool { return !isBlank(c) && c != quote }); strings.HasPrefix(f.text[end:], string([]byte{quote, quote})) {
			if quotedSecret(f.text[from+1:end], p) {
				f.add(from+1, end, "key")
			}
			return
		}
	}
	inside := func(c byte) bool { return c != quote && c != '\n' }
	to := f.run(from, inside)
	for !escaped && to < len(f.text) && f.text[to] == quote && (f.text[to-1] == '\\' || quote == '\'' && strings.HasPrefix(f.text[to:], "''") && to > from) {
		if f.text[to-1] != '\\' {
			to++ // SQL's quote within quotes
		}
		to = f.run(to+1, inside)
	}
	for to > from && f.text[to-1] == '\\' {
		to--
	}
	closing := from < to && f.text[from] == ' ' && (to == len(f.text) || f.text[to] == '\n') // `password=' for nil
	if !closing && quotedSecret(f.text[from:to], p) {
		f.add(from, to, "key")
	} else if to == len(f.text) || f.text[to] == '\n' { // cut off
		if to = f.runMax(from, judgedMax, isDotted); random(f.text[from:to]) && quotedSecret(f.text[from:to], p) {
			f.add(from, to, "key")
		}
		return
	}
	const arrow = ` -> "` // Terraform's: "old" -> "new"
	if quote == '"' && !escaped && strings.HasPrefix(f.text[min(to+1, len(f.text)):], arrow) {
		f.quotedValue(to+len(arrow), false, p)
	}
}

// quotedSecret says that v, in quotes, is the secret of p.
func quotedSecret(v string, p pair) bool {
	// In quotes, dbPassword is a value, and db.password a name.
	name := named(v) && (p.class != password || (p.sep == ',' || p.sep == ' ') && !p.setter || strings.ContainsAny(v, "._["))
	if placeholder(v) || strings.HasPrefix(v, marker) || path(v) || name || p.long && len(v) < 6 || strings.Contains(judged(v), "${") || strings.Contains(judged(v), "--BEGIN ") {
		return false
	}
	if strings.IndexByte(judged(v), ' ') >= 0 {
		if p.class != ordinary && seedPhrase(v) {
			return true
		}
		return p.class == password && p.sep != '(' && p.sep != '{' && (p.sep == '=' && !p.equals || !sentence(v)) && len(v) >= 6 || p.class != ordinary && len(v) >= 40 && tally(judged(v)).odd > 3
	}
	switch {
	case p.class == password:
		argument := p.sep == ',' || p.sep == '(' || p.sep == '{' || p.sep == ' '
		return len(v) >= 4 && (!argument || p.setter || mixed(v) || !identifier(v) && !p.member)
	case p.member:
		return random(v) && len(v) >= 16
	}
	return random(v) || jumbled(v) || userAndPassword(v) || mixed(v) && (p.sep == '=' && p.tight || p.word && (p.sep != ',' && p.sep != '(' || p.setter))
}

// seedPhrase says that v may be the words that a wallet's key is made of: twelve
// or more, all in small letters.
func seedPhrase(v string) bool {
	if strings.Count(v, " ") < 11 || len(v) > 24*9 {
		return false
	}
	for word := range strings.SplitSeq(v, " ") {
		if n := tally(word); n.lowers < 3 || n.lowers > 8 || n.lowers != len(word) {
			return false
		}
	}
	return true
}

// bareValue judges the value without quotes that starts at i. Behind a colon
// or a blank it may be ordinary text or code.
func (f *finder) bareValue(bare *stretch, i int, p pair) {
	to := f.runIn(bare, i, func(c byte) bool { return !isBlank(c) && !isQuote(c) && c != '<' })
	if v := f.text[i:to]; p.spoken && f.endsLine(to) && (mixed(v) || len(v) >= 6 && tally(judged(v)).odd > 0) && !placeholder(v) && !strings.HasPrefix(v, marker) {
		f.add(i, to, "key") // what ends other values may be a part of it
		return
	}
	if n := valueEnd(f.text[i:min(to, i+judgedMax)], p); n < judgedMax {
		to = i + n
	}
	v := f.text[i:to]
	if end := f.runMax(i, 24*9, func(c byte) bool { return c == ' ' || isLower(c) }); seedPhrase(strings.TrimRight(f.text[i:end], " ")) {
		f.add(i, end, "key")
		return
	}
	if p.sep == ':' && (dashedName(v) || !p.word && strings.IndexByte(v, '-') > 0 && strings.Trim(v, "abcdefghijklmnopqrstuvwxyz-") == "") {
		return
	}
	if bareSecret(v, p) || (p.line || p.label) && !p.tight && p.class == password && p.sep == ':' && len(v) >= 4 && f.endsLine(to) && !placeholder(v) && !described(v) && !named(v) && !called(v) && !path(v) && v[0] != '-' {
		f.add(i, to, "key")
	}
}

// dashedName says that v is the name of a secret, as of Kubernetes: db-secret.
func dashedName(v string) bool {
	return strings.IndexByte(v, '-') > 0 && strings.Trim(v, "abcdefghijklmnopqrstuvwxyz-") == "" && classify(v) != ordinary
}

// valueEnd is where the value at the start of s ends: before what closes the
// text around it, if that does not belong to the value.
func valueEnd(s string, p pair) int {
	end := len(s)
	for i := range len(s) {
		c := s[i]
		if c == ';' || c == '>' || c == '\\' && (strings.HasPrefix(s[i:], `\n`) || strings.HasPrefix(s[i:], `\r\n`)) || c == '&' && (p.query || strings.IndexByte(s[i:], '=') > 0 || i+1 == len(s)) || c == '%' && p.sep == '%' && hasAnyPrefix(s[i:], "%26", "%3B", "%3b") {
			end = i
			break
		}
		if (c == ')' || c == ']' || c == '}') && (i+1 == len(s) || strings.IndexByte(",.;:)]}", s[i+1]) >= 0) && strings.LastIndexByte(s[:i], opening(c)) < 0 {
			end = i
			break
		}
	}
	for end > 0 && strings.IndexByte(".,:!\\", s[end-1]) >= 0 {
		end--
	}
	return end
}

func opening(c byte) byte {
	switch c {
	case ')':
		return '('
	case ']':
		return '['
	}
	return '{'
}

// bareSecret says that v, without quotes, is the secret of p.
func bareSecret(v string, p pair) bool {
	if placeholder(v) || strings.HasPrefix(v, marker) || p.long && len(v) < 6 || named(v) || path(v) || called(v) || strings.Contains(judged(v), "://") {
		return false
	}
	if p.sep == '>' && p.tight && identifier(v) && (tally(v).digits == 0 || strings.IndexByte(v, '_') >= 0) {
		return false // a member of a struct
	}
	equals := p.sep == '=' || p.sep == '>' || p.sep == '%' || p.sep == '<'
	switch {
	case p.class == tokenish && len(v) == 16 && strings.Trim(v, "0123456789ABCDEF") == "":
		return false // the number of a key of GPG
	case random(v), jumbled(v), userAndPassword(v):
		return true
	case p.equals:
		return false
	case p.class == password && (equals || p.option):
		return len(v) >= 4 || p.tight && len(v) >= 3
	case p.class == password:
		return mixed(v) || len(v) >= 6 && tally(v).odd > 0 || p.inside && len(v) >= 4 && !described(v)
	case equals && p.tight && userOf(v) != "" && !p.word:
		return true
	case equals && p.tight:
		return len(v) >= 6 && !strings.Contains(v, "/") && (mixed(v) || identifier(v) && (p.query || p.word && !allDigits(v)))
	}
	return p.line && p.word && mixed(v)
}

// userOf is the user of user:password, "" of anything else.
func userOf(v string) string {
	user, secret, ok := strings.Cut(v, ":")
	if !ok || !identifier(user) || !userPassword(user, secret) || strings.ContainsAny(secret, "/:") {
		return ""
	}
	return user
}

// called says that v is a call or an index of a program's text: name(, a[0].
func called(v string) bool {
	v = strings.TrimLeft(judged(v), "&*$")
	i := strings.IndexAny(v, "([{")
	return i > 0 && (identifier(v[:i]) || v[i] == '(' && identifier(strings.ReplaceAll(v[:i], ".", "")) || named(v[:i]) || strings.Contains(v[:i], "::")) || i == 0
}
