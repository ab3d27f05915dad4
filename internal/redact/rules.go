package redact

import (
	"encoding/base64"
	"strings"
)

// pem finds private keys, also those whose begin or end was cut off.
func (f *finder) pem() {
	const begin, end = "-----BEGIN ", "-----END "
	// Behind the last of one kind, each of the other would have the rest
	// searched.
	lastBegin, lastEnd := strings.LastIndex(f.text, begin), strings.LastIndex(f.text, end)
	for at := 0; ; {
		i, j := -1, -1
		if at <= lastBegin {
			i = strings.Index(f.text[at:], begin)
		}
		if at <= lastEnd {
			j = strings.Index(f.text[at:], end)
		}
		if i < 0 && j < 0 {
			return
		}
		if i < 0 || j >= 0 && j < i { // an end whose begin was cut off
			to := f.lineOfPEM(at + j)
			if privateKey(f.text[at+j : to]) {
				f.add(f.bodyOfPEM(at, at+j), to, "pem")
			}
			at = to
			continue
		}
		from := at + i
		label := f.lineOfPEM(from)
		if at = label; privateKey(f.text[from:label]) {
			at = len(f.text)
			if k := strings.Index(f.text[label:], end); k >= 0 {
				at = f.lineOfPEM(label + k)
			}
			f.add(from, at, "pem")
		}
	}
}

func privateKey(label string) bool { return strings.Contains(label, "PRIVATE KEY") }

// lineOfPEM returns the end of the marker that starts at i.
func (f *finder) lineOfPEM(i int) int {
	const dashes = "-----"
	rest := f.text[i+len(dashes):]
	if k := strings.Index(rest[:min(len(rest), 60+len(dashes)-1)], dashes); k >= 0 {
		return i + len(dashes) + k + len(dashes)
	}
	return i + len(dashes)
}

// bodyOfPEM returns the start of the base64 that ends at end.
func (f *finder) bodyOfPEM(from, end int) int {
	i := end
	for i > from {
		word := i
		for word > from && isBlank(f.text[word-1]) {
			word--
		}
		first := word
		for first > from && isCredential(f.text[first-1]) {
			first--
		}
		if word-first < 16 && i != end || first == word {
			break
		}
		i = first
	}
	return i
}

// encodedPEM finds private keys in base64, as in a kubeconfig.
func (f *finder) encodedPEM() {
	const begin = "LS0tLS1CRUdJTi" // -----BEGIN and a blank
	const label = 60               // characters, of which the label is at the start
	var body stretch
	eachPlace(f.text, begin, func(from int) int {
		to := f.runIn(&body, from, isCredential)
		b, _ := base64.StdEncoding.DecodeString(f.text[from : from+min(to-from, label)/4*4])
		if privateKey(string(b)) {
			f.add(from, to, "pem")
		}
		return from + len(begin)
	})
}

// urls finds passwords and tokens in front of the @ of a URL.
func (f *finder) urls() {
	var url stretch
	last := stretch{-1, -1} // the last @ before the end of url, and that end
	for at := 0; ; {
		i := strings.Index(f.text[at:], "://")
		if i < 0 {
			return
		}
		from := at + i + len("://")
		at = from
		to := f.runIn(&url, from, func(c byte) bool { return !isBlank(c) && !isQuote(c) && c != '<' && c != '>' })
		rest := f.text[from:to]
		host := strings.IndexByte(rest, '/')
		if host < 0 {
			host = len(rest)
		}
		user := strings.LastIndexByte(rest[:host], '@')
		colon := strings.IndexByte(rest, ':')
		if user < 0 && colon >= 0 && colon < host && !allDigits(rest[colon+1:host]) {
			if last.to != to {
				last = stretch{from + strings.LastIndexByte(rest, '@'), to}
			}
			user = max(last.from-from, -1) // a slash in the password
		}
		switch {
		case user < 0 || strings.Contains(rest[:user], marker):
		case colon >= 0 && colon < user:
			if !placeholder(rest[colon+1 : user]) {
				f.add(from+colon+1, from+user, "url")
			}
		case user >= 16 && random(rest[:user]):
			f.add(from, from+user, "url")
		}
	}
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// webhooks finds the addresses that are secrets themselves.
func (f *finder) webhooks() {
	for _, address := range [...]string{"hooks.slack.com/services/", "hooks.slack.com/workflows/",
		"hooks.slack.com/triggers/", "discord.com/api/webhooks/", "discordapp.com/api/webhooks/",
		".webhook.office.com/", "outlook.office.com/webhook/", "hooks.zapier.com/hooks/catch/",
		"maker.ifttt.com/use/", "api.telegram.org/bot"} {
		var path stretch
		for at := 0; ; {
			i := strings.Index(f.text[at:], address)
			if i < 0 {
				break
			}
			from := at + i + len(address)
			to := f.runIn(&path, from, func(c byte) bool { return isCredential(c) || c == '@' || c == ':' })
			if to-from >= 12 {
				f.add(from, to, "webhook")
			}
			at = from
		}
	}
}

// schemes finds the credentials behind the words Bearer and Basic, and the
// values of the headers that carry credentials.
func (f *finder) schemes() {
	lower := fold(f.text)
	wrapped := strings.ReplaceAll(lower, "\n", " ")
	for _, word := range [...]string{"bearer ", "basic ", "password "} {
		in := wrapped
		if word == "password " {
			in = lower
		}
		for at := 0; ; {
			i := strings.Index(in[at:], word)
			if i < 0 {
				break
			}
			from := f.run(at+i+len(word), isBlank)
			to := f.run(from, isCredential)
			if word == "password " { // as in .netrc
				to = f.run(from, func(c byte) bool { return !isBlank(c) && !isQuote(c) })
			}
			if v := f.text[from:to]; f.startsWord(at+i) && (word == "basic " && userAndPassword(v) || word != "basic " && random(v) && !placeholder(v)) {
				f.add(from, to, word[:len(word)-1])
			}
			at = from
		}
	}
	for _, header := range [...]string{"authorization:", "authorization\":", "authorization':", "cookie:", "cookie\":", "cookie':"} {
		var line stretch
		for at := 0; ; {
			i := strings.Index(lower[at:], header)
			if i < 0 {
				break
			}
			from := f.run(at+i+len(header), func(c byte) bool { return c == ' ' || isQuote(c) })
			to := f.runIn(&line, from, func(c byte) bool { return c != '\n' && !isQuote(c) })
			if header[0] == 'c' {
				if strings.IndexByte(judged(f.text[from:to]), '=') > 0 {
					f.add(from, to, "cookie")
				}
			} else if word := strings.IndexByte(f.text[from:to], ' '); word < 0 {
				f.addValue(from, to, "authorization")
			} else if last := f.run(from+word+1, isCredential); last-from-word >= 6 {
				f.addValue(from+word+1, last, "authorization")
			}
			at = from
		}
	}
}

// addValue is add for a value that may be a word of ordinary text.
func (f *finder) addValue(from, to int, rule string) {
	if v := f.text[from:to]; random(v) && !placeholder(v) {
		f.add(from, to, rule)
	}
}

// judgedMax is how much of a value is looked at, in bytes. It bounds the time
// that a text takes in which each of many values goes on to its end.
const judgedMax = 512

func judged(s string) string { return s[:min(len(s), judgedMax)] }

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
		if c < ' ' || c >= 0x7f {
			return false
		}
		colon = colon || c == ':'
	}
	return colon
}

// random says that s does not look like a word or a name: it has 8 characters
// or more, letters and digits; or 16 or more, in both cases; or a character
// that only passwords have.
func random(s string) bool {
	var digit, lower, upper, odd bool
	for i := range len(judged(s)) {
		switch c := s[i]; {
		case isDigit(c):
			digit = true
		case isLower(c):
			lower = true
		case isUpper(c):
			upper = true
		case strings.IndexByte("!@#$%^*+~?", c) >= 0:
			odd = true
		}
	}
	letter := lower || upper
	return len(s) >= 8 && letter && digit || len(s) >= 16 && lower && upper || len(s) >= 6 && letter && odd
}

// placeholder says that s stands for a secret and is none.
func placeholder(s string) bool {
	if strings.Trim(s, "*x.X•") == "" || strings.IndexByte("$<{[(%", s[0]) >= 0 {
		return true
	}
	if strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == "" && strings.IndexByte(s, '_') > 0 {
		return true
	}
	if len(s) > len("undefined") {
		return false
	}
	switch fold(s) {
	case "true", "false", "null", "none", "nil", "undefined", "string", "required", "password", "secret", "token",
		"redacted", "hidden", "sensitive", "value", "empty", "missing", "invalid", "changed", "unchanged":
		return true
	}
	return false
}
