package redact

import "strings"

// accounts finds the hashes in lines of account files that no prefix gives
// away: DES in shadow and htpasswd, the two hashes of Windows.
func (f *finder) accounts() {
	eachIndex(f.text, ":::", func(at int) int {
		const hash = 32
		if from := at - 2*hash - 1; from > 0 && f.text[from-1] == ':' && f.text[from+hash] == ':' &&
			f.run(from, isHex) == from+hash && f.run(from+hash+1, isHex) >= at {
			f.add(from, at, "hash")
		}
		return at + 1
	})
	for _, mark := range [...]string{"{PLAIN}", "{plain}", "{CLEAR}", "{CLEARTEXT}", "{noop}", "::add-mask::"} { // of Dovecot, LDAP, Spring and GitHub
		eachIndex(f.text, mark, func(at int) int {
			from := at + len(mark)
			if to := f.runMax(from, judgedMax, func(c byte) bool { return !isBlank(c) && !isQuote(c) && c != '<' && c != ':' && c != ',' }); to-from >= 3 && !placeholder(f.text[from:to]) {
				f.add(from, to, "password")
			}
			return from
		})
	}
	const des = 13 // characters: two of salt, eleven of the hash
	for at := 0; at < len(f.text); {
		end := strings.IndexByte(f.text[at:], '\n')
		if end < 0 {
			end = len(f.text) - at
		}
		line := f.text[at : at+end]
		f.pgpass(at, line)
		f.relay(at, line)
		name, rest, _ := strings.Cut(line, ":")
		hash, more, shadow := strings.Cut(rest, ":")
		n := tally(hash)
		if name != "" && strings.IndexByte(name, ' ') < 0 && len(hash) == des && n.lowers > 0 && n.uppers > 0 && strings.Trim(hash, alphabetDES) == "" &&
			(shadow && strings.Count(more, ":") >= 4 || !shadow && !identifierLike(hash)) {
			from := at + len(name) + 1
			f.add(from, from+des, "hash")
		}
		at += end + 1
	}
}

// pgpass finds the passwords in lines of ~/.pgpass: host:port:database:user:X.
func (f *finder) pgpass(at int, line string) {
	if strings.Count(line, ":") < 4 || strings.IndexByte(line, ' ') >= 0 {
		return
	}
	field := strings.SplitN(line, ":", 5)
	port, v := field[1], field[4]
	known := port == "*" || len(port) == 4 && allDigits(port) && (strings.HasPrefix(port, "54") || port == "6432")
	if known && field[0] != "" && field[2] != "" && field[3] != "" && len(v) >= 3 && strings.IndexByte(strings.ReplaceAll(v, `\:`, ""), ':') < 0 && !placeholder(v) {
		f.add(at+len(line)-len(v), at+len(line), "password")
	}
}

// relay finds the passwords in the lines of Postfix for other hosts: [host]:port user:X.
func (f *finder) relay(at int, line string) {
	k := strings.Index(line, "]:")
	if k < 0 {
		return
	}
	port, account, _ := strings.Cut(line[k+2:], " ")
	if account = strings.TrimLeft(account, " "); port == "" || !allDigits(port) || userOf(strings.Replace(strings.ReplaceAll(account, ".", ""), "@", "", 1)) == "" || strings.IndexByte(account, ' ') >= 0 {
		return
	}
	f.add(at+len(line)-len(account)+strings.IndexByte(account, ':')+1, at+len(line), "password")
}

const alphabetDES = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// identifierLike says that s may be words written together.
func identifierLike(s string) bool {
	n := tally(s)
	return n.digits == 0 || n.uppers < 2
}
