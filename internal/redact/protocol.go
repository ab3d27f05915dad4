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
	if k := strings.Index(line, "send "); k >= 0 {
		f.expect(at, line, k+len("send "))
	}
	line = strings.TrimSuffix(strings.TrimRight(line, " \"'"), `\r`)
	last := strings.LastIndexByte(line, ' ') + 1
	v := line[last:]
	plain := strings.HasSuffix(line[:last], "AUTH PLAIN ") && random(v)
	if len(v) < 4 || !mixed(v) && !plain || strings.ContainsAny(v, "/:") || placeholder(v) || strings.HasPrefix(v, marker) {
		return
	}
	words := strings.Fields(strings.TrimLeft(line[:last], " \"'"))
	for i, word := range words {
		behind := len(words) - 1 - i
		switch word {
		case "PASS":
			if behind == 0 && f.loggingIn(at, line[:last]) {
				f.add(at+last, at+len(line), "password")
			}
		case "AUTH":
			if behind <= 1 && i <= 3 && !strings.HasPrefix(v, "TLS") && !strings.HasPrefix(v, "SSL") {
				f.add(at+last, at+len(line), "password")
			}
		case "IDENTIFY":
			if behind == 0 {
				f.add(at+last, at+len(line), "password")
			}
		case "LOGIN":
			if behind == 1 && i <= 2 {
				f.add(at+last, at+len(line), "password")
			}
		}
	}
}

// loggingIn says that before the line at at, or at its start, a client logs in.
func (f *finder) loggingIn(at int, start string) bool {
	before := f.text[max(at-200, 0):at]
	return strings.Contains(start, "> ") || strings.Contains(start, "C: ") || strings.Contains(before, "USER ") || strings.Contains(before, "331 ")
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
