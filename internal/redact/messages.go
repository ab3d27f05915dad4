package redact

import "strings"

// messages finds the secrets in lines that speak of them: a key of 64 hexadecimal digits,
// a key that is quoted because it has a wrong form, login failed for user:X.
func (f *finder) messages() {
	for at, line := 0, ""; at < len(f.text); at += len(line) + 1 {
		line, _, _ = strings.Cut(f.text[at:], "\n")
		if len(line) > 512 {
			continue
		}
		f.listedKey(at, line)
		low := fold(line)
		if strings.Contains(low, "key") {
			f.keyInLine(at, line, low)
		}
		if strings.Contains(low, " for ") {
			f.loginFor(at, line, low)
		}
	}
}

// listedKey finds the private key in a line of the list that a test chain prints: (0) 0xX.
func (f *finder) listedKey(at int, line string) {
	number, rest, ok := strings.Cut(strings.TrimLeft(line, " "), ") 0x")
	if v, _, _ := strings.Cut(rest, " "); ok && len(v) == 64 && strings.Trim(v, hexDigits) == "" && len(number) < 5 && strings.HasPrefix(number, "(") && allDigits(number[1:]) {
		from := at + strings.Index(line, v)
		f.add(from, from+len(v), "key")
	}
}

// refused finds the value of an option that a program refuses: invalid value "X" for flag
// -password, invalid value 'X' for '--password <P>', invalid argument "X" for "--token" flag.
func (f *finder) refused() {
	for _, mark := range [...]string{"invalid value ", "invalid argument "} {
		eachIndex(f.text, mark, func(at int) int {
			from := at + len(mark)
			end := f.quotedAt(from)
			if end == from || !strings.HasPrefix(f.text[end:], " for ") {
				return from
			}
			i := f.runMax(end+len(" for "), 4, isQuote)
			if strings.HasPrefix(f.text[i:], "flag ") {
				i += len("flag ")
			}
			if rest := f.text[i:]; len(rest) > 4 && rest[0] == '-' && rest[2:4] == ", " { // -p, --password
				i += 4
			}
			option := strings.TrimLeft(f.text[i:f.runMax(i, 64, isKey)], "-")
			if v := f.text[from+1 : end-1]; (classify(option) == password && len(v) >= 3 || classify(option) != ordinary && mixed(v)) && !placeholder(v) {
				f.add(from+1, end-1, "flag")
			}
			return from
		})
	}
}

// keyInLine judges the words of the line at at, low in small letters.
func (f *finder) keyInLine(at int, line, low string) {
	if containsAny(low, "public", "fingerprint", "sha256", "digest", "hash", "checksum", "cache", "primary", "peer") {
		return
	}
	private := containsAny(low, "private key", "secret key", "signing key", "encryption key", "master key", "(private)")
	wrong := containsAny(low, "key is not", "key has wrong", "invalid key", "malformed key", "bad key", "yours was: ")
	if !private && !wrong {
		return
	}
	for i := 0; i < len(line); {
		if !isCredential(line[i]) {
			i++
			continue
		}
		from := i
		for i < len(line) && isCredential(line[i]) {
			i++
		}
		v := line[from:i]
		n := tally(v)
		hex := private && len(strings.TrimPrefix(v, "0x")) == 64 && strings.Trim(strings.TrimPrefix(v, "0x"), hexDigits) == "" && n.digits > 4 && n.lowers+n.uppers > 4
		quoted := wrong && from > 0 && isQuote(line[from-1]) && len(v) >= 32 && n.digits > 1 && n.lowers > 5 && n.uppers > 5
		yours := wrong && len(v) >= 20 && random(v) && strings.HasSuffix(low[:from], "yours was: ")
		if hex || quoted || yours {
			f.add(at+from, at+i, "key")
		}
	}
}

// loginFor judges what stands behind for in the line at at: user:X, with which nobody could
// log in.
func (f *finder) loginFor(at int, line, low string) {
	if !containsAny(low, "auth", "login", "credential", "logon") {
		return
	}
	from := strings.LastIndex(low, " for ") + len(" for ")
	v, rest, _ := strings.Cut(line[from:], " ")
	v = strings.Trim(v, "\"'`.,;")
	if user := userOf(v); rest == "" && user != "" && mixed(v[len(user)+1:]) && strings.Count(v, ".") == 0 {
		k := strings.Index(line[from:], v) + len(user) + 1
		f.add(at+from+k, at+from+k+len(v)-len(user)-1, "password")
	}
}

const hexDigits = "0123456789abcdefABCDEF"

// repeated finds what has been found elsewhere in the text, as where an error quotes a
// part of the command that failed.
func (f *finder) repeated() {
	const most, longest = 16, 256 // secrets, bytes of each
	for _, s := range f.spans[:min(len(f.spans), most)] {
		v := f.text[s.from:s.to]
		if len(v) > longest || !mixed(v) || strings.IndexByte(v, ' ') >= 0 || strings.IndexByte(v, '\n') >= 0 {
			continue
		}
		eachIndex(f.text, v, func(at int) int {
			to := at + len(v)
			if at != s.from && f.startsWord(at) && (to == len(f.text) || !isAlnum(f.text[to])) {
				f.add(at, to, s.rule)
			}
			return to
		})
	}
}
