package redact

import "strings"

// protocol finds the passwords in what clients send: PASS word of FTP and POP,
// AUTH word and AUTH user word of Redis, LOGIN user word of IMAP, each at the end
// of its line, and send "word\r" of expect. The words themselves are common in
// text, so the value has to have letters and digits.
func (f *finder) protocol() {
	for at, line := 0, ""; at < len(f.text); at += len(line) + 1 {
		line, _, _ = strings.Cut(f.text[at:], "\n")
		if len(line) <= 512 {
			f.sent(at, line)
		}
	}
}

// sent judges the line that begins at at.
func (f *finder) sent(at int, line string) {
	if k := strings.Index(fold(line), "acl setuser "); k >= 0 {
		f.setUser(at, line, k)
	}
	if k := strings.Index(line, "send "); k >= 0 {
		f.expect(at, line, k+len("send "))
	}
	line = strings.TrimSuffix(strings.TrimRight(line, " \"'"), `\r`)
	last := strings.LastIndexByte(line, ' ') + 1
	v := line[last:]
	plain := strings.HasSuffix(line[:last], "AUTH PLAIN ") && random(v)
	if f.answered(at, v) {
		f.add(at+last, at+len(line), "password")
		return
	}
	if len(v) < 4 || !mixed(v) && !plain || strings.Contains(v, "/") || strings.HasPrefix(v, marker) || placeholder(v) || mechanism(v) {
		return
	}
	if strings.Contains(v, ":") && !strings.HasPrefix(v, "oauth:") { // of Twitch
		return
	}
	words := strings.Fields(strings.TrimLeft(line[:last], " \"'"))
	for i, word := range words {
		behind := len(words) - 1 - i
		switch word {
		case "PASS":
			if behind == 0 && f.loggingIn(at, line) {
				f.add(at+last, at+len(line), "password")
			}
		case "AUTH":
			if behind <= 1 && (i <= 3 || strings.HasSuffix(words[i-1], ":")) {
				f.add(at+last, at+len(line), "password")
			}
		case "IDENTIFY":
			if behind <= 1 {
				f.add(at+last, at+len(line), "password")
			}
		case "user":
			if behind == 1 && (i == 1 && words[0] == "ftp>" || i == 0 && strings.Contains(f.text[max(at-200, 0):at], "ftp ")) {
				f.add(at+last, at+len(line), "password")
			}
		case "LOGIN":
			if behind == 1 && i <= 2 {
				f.add(at+last, at+len(line), "password")
			}
		}
	}
}

// setUser finds the passwords that the line at at gives a user of Redis: ACL SETUSER bob on >X.
func (f *finder) setUser(at int, line string, i int) {
	for {
		k := strings.Index(line[i:], " >")
		if k < 0 {
			return
		}
		i += k + len(" >")
		if v, _, _ := strings.Cut(line[i:], " "); len(v) >= 4 && !placeholder(v) {
			f.add(at+i, at+i+len(strings.TrimRight(v, "\"'`")), "password")
		}
	}
}

// mechanism says that v is a way to log in, as servers list them.
func mechanism(v string) bool {
	return hasAnyPrefix(v, "TLS", "SSL", "CRAM-", "SCRAM-", "DIGEST-", "XOAUTH", "OAUTH")
}

// loggingIn says that a client logs in with the line at at: before it, at its start,
// or in the server's answer.
func (f *finder) loggingIn(at int, line string) bool {
	before := f.text[max(at-200, 0):at]
	if strings.Contains(line, "> ") || strings.Contains(line, "C: ") || strings.Contains(before, "USER ") || strings.Contains(before, "331 ") {
		return true
	}
	next := strings.TrimLeft(f.text[min(at+len(line), len(f.text)):], "\n\"' ")
	return hasAnyPrefix(next, "-ERR", "+OK", "230 ", "530 ", "ERR ", ":", "NICK ", "USER ")
}

// answered says that v, in the line at at, answers a server that asks for a password in
// base64, as SMTP's AUTH LOGIN does.
func (f *finder) answered(at int, v string) bool {
	before := strings.TrimRight(f.text[max(at-40, 0):at], "\n\"'")
	return strings.HasSuffix(before, "UGFzc3dvcmQ6") && len(v) >= 4 && strings.Trim(v, base64Digits) == ""
}

// expect judges what the program expect is to type: text behind send.
func (f *finder) expect(at int, line string, i int) {
	if strings.HasPrefix(line[i:], "-- ") {
		i += len("-- ")
	}
	if i >= len(line) || !isQuote(line[i]) {
		return
	}
	v, end, _ := strings.Cut(line[i+1:], `\`)
	if len(v) >= 6 && mixed(v) && strings.IndexByte(v, ' ') < 0 && (strings.HasPrefix(end, "r") || strings.HasPrefix(end, "n")) {
		f.add(at+i+1, at+i+1+len(v), "password")
	}
}
