package redact

import "strings"

// urls finds passwords and tokens in front of the @ of a URL, or of the
// address of a database's driver.
func (f *finder) urls() {
	var url stretch
	last := stretch{-1, -1} // the last @ before the end of url, and that end
	for at := 0; ; {
		i := strings.Index(f.text[at:], "://")
		if i < 0 {
			break
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
		case strings.HasPrefix(rest, "["): // an IPv6 address
		case colon >= 20 && colon < user && random(rest[:colon]):
			f.add(from, from+user, "url") // as the user of x-oauth-basic
		case colon >= 0 && colon < user:
			if !placeholder(rest[colon+1 : user]) {
				f.add(from+colon+1, from+user, "url")
			}
		case user >= 16 && random(rest[:user]) && !strings.Contains(judged(rest[:user]), ".."):
			f.add(from, from+user, "url")
		}
	}
	f.bareLogins()
	f.drivers()
}

// bareLogins finds the passwords in user:X@host:port, user:X@1.2.3.4 and domain/user:X@host
// without a scheme, and in :pserver:user:X@host of CVS. What has none of these may be a word and an
// address.
func (f *finder) bareLogins() {
	eachIndex(f.text, "@", func(at int) int {
		host := f.runMax(at+1, 64, isDotted)
		first := at
		for first > 0 && at-first < 64 && !isBlank(f.text[first-1]) && strings.IndexByte(":/@=", f.text[first-1]) < 0 {
			first--
		}
		if host == at+1 || first < 2 || f.text[first-1] != ':' || !isKey(f.text[first-2]) || strings.HasPrefix(f.text[at+1:], "sha") {
			return at + 1
		}
		user := first - 1
		for user > 0 && first-user < 64 && isKey(f.text[user-1]) {
			user--
		}
		domain := user > 1 && f.text[user-1] == '/' && isKey(f.text[user-2]) || strings.HasSuffix(f.text[:user], ":pserver:")
		number := strings.Count(f.text[at+1:host], ".") == 3 && strings.Trim(f.text[at+1:host], "0123456789.") == ""
		port := number || host+1 < len(f.text) && f.text[host] == ':' && (isDigit(f.text[host+1]) || f.text[host+1] == '/')
		from, to := first, at
		for from < to && isQuote(f.text[from]) && f.text[to-1] == f.text[from] {
			from, to = from+1, to-1
		}
		v := f.text[from:max(from, to)]
		if (domain || port) && (mixed(v) || len(v) >= 6 && tally(v).odd > 0) && !placeholder(v) && !strings.ContainsAny(v, "\"'`()[]{},;<>") {
			f.add(from, to, "url")
		}
		return at + 1
	})
}

// drivers finds user:password@tcp(host), thin:user/password@ and user/password@//host.
func (f *finder) drivers() {
	eachIndex(f.text, "@//", func(at int) int { // Oracle's user/X@//host:1521/service
		from := at
		for from > 0 && at-from < 128 && !isBlank(f.text[from-1]) && !isQuote(f.text[from-1]) && f.text[from-1] != ':' {
			from--
		}
		if user, v, ok := strings.Cut(f.text[from:at], "/"); ok && identifier(user) && mixed(v) && strings.IndexByte(v, '/') < 0 && !placeholder(v) {
			f.add(at-len(v), at, "url")
		}
		return at + len("@//")
	})
	for _, network := range [...]string{"@tcp(", "@unix(", "@tcp6(", "@udp(", "@cloudsql("} {
		eachIndex(f.text, network, func(at int) int {
			from := at
			for from > 0 && at-from < judgedMax && !isBlank(f.text[from-1]) && !isQuote(f.text[from-1]) && f.text[from-1] != '=' {
				from--
			}
			if colon := strings.IndexByte(f.text[from:at], ':'); colon > 0 && !placeholder(f.text[from+colon+1:at]) {
				f.add(from+colon+1, at, "url")
			}
			return at + len(network)
		})
	}
	for _, driver := range [...]string{":thin:", ":oci:", ":oci8:"} {
		eachIndex(f.text, driver, func(at int) int {
			from := at + len(driver)
			to := f.runMax(from, judgedMax, func(c byte) bool { return !isBlank(c) && !isQuote(c) })
			slash, end := strings.IndexByte(f.text[from:to], '/'), strings.IndexByte(f.text[from:to], '@')
			if slash > 0 && end > slash && !placeholder(f.text[from+slash+1:from+end]) {
				f.add(from+slash+1, from+end, "url")
			}
			return from
		})
	}
}

// webhooks finds the addresses that are secrets themselves.
func (f *finder) webhooks() {
	if !strings.Contains(f.text, "/") {
		return
	}
	for _, address := range signs {
		var path stretch
		eachIndex(f.text, address, func(at int) int {
			from := at + len(address)
			to := f.runIn(&path, from, func(c byte) bool {
				return isCredential(c) || strings.IndexByte("@:?&%", c) >= 0
			})
			if n := tally(judged(f.text[from:to])); to-from >= 12 && (n.digits > 0 || n.uppers > 0 && n.lowers > 0) {
				f.add(from, to, "webhook")
			}
			return from
		})
	}
}
