package redact

import "strings"

// logins are the names of functions whose second argument in quotes is a password,
// and what opens such a list of arguments.
var logins = [...]string{"auth(", "auth=(", "auth=[", "auth = (", "auth: [", "auth': (", "auth\": [", "login(", "logon(", "signin(", "sign_in(",
	"authenticate(", "networkcredential(", "credentials(", "passwordauthentication(", "authenticationtoken(", "credentials=(", "credentials = (", "creds=(", "creds = (", "oci_connect(", "simple_bind_s(", "changeuserpassword(", "sp_addlogin ", "sp_password "}

// connects are those of the third.
var connects = [...]string{"mysqli_connect(", "mysqli(", "mysql_connect(", "mysqldb.connect(", "pymysql.connect(", "getconnection(", "pdo(", "ftp_login(",
	"pdo::__construct(", "pdo->__construct(", "mysqli::__construct(", "mysqli->__construct(", "real_connect(", "ldap_bind(", "ftp(", "hash_hmac(", "openssl_encrypt(", "openssl_decrypt(", "create_credential("}

// hashers are those of the first, which make a hash of it.
var hashers = [...]string{"crypt(", "make_password(", "check_password(", "generate_password_hash(", "password_hash(", "hashpw(", "encode_password(", "cookieparser(", "ethers.wallet(", "privatekeytoaccount("}

// calls finds the passwords among the arguments of functions that log in:
// HTTPBasicAuth('user', 'X'), mysqli_connect('host', 'user', 'X').
func (f *finder) calls() {
	lower := f.lower()
	for _, mark := range logins {
		eachIndex(lower, mark, func(at int) int {
			if from := at + len(mark); f.quotedAt(from) > from {
				n := 1
				if mark == "credentials(" && f.arguments4(from) {
					n = 3 // realm, host, user, X: sbt's
				} else if mark == "auth(" && strings.HasSuffix(lower[:at], "plain") {
					n = 2 // identity, user, X: Go's
				}
				f.argumentOf(from, n)
			}
			return at + len(mark)
		})
	}
	for _, mark := range connects {
		eachIndex(lower, mark, func(at int) int {
			f.argumentOf(at+len(mark), 2)
			return at + len(mark)
		})
	}
	eachIndex(lower, "connect(", func(at int) int {
		f.connect(at + len("connect("))
		return at + len("connect(")
	})
	for _, mark := range [...]string{`: PSK "`, `: EAP "`, `: XAUTH "`, `: NTLM "`, `: PIN "`, `" * "`} { // of ipsec.secrets and ppp
		eachIndex(f.text, mark, func(at int) int {
			from := at + len(mark)
			if end := f.quotedAt(from - 1); end > from+3 && (mark[0] == ':' || strings.HasPrefix(f.text[end:], " *")) {
				f.add(from, end-1, "password")
			}
			return from
		})
	}
	eachIndex(lower, "wallet(", func(at int) int { // of Ethereum
		from := at + len("wallet(")
		f.privateKeys(from, f.quotedAt(from))
		return from
	})
	for _, mark := range hashers {
		eachIndex(lower, mark, func(at int) int {
			if f.startsWord(at) {
				f.argumentOf(at+len(mark), 0)
			}
			return at + len(mark)
		})
	}
}

// arguments4 says that four arguments in quotes follow each other from i on.
func (f *finder) arguments4(i int) bool {
	for n := range 4 {
		end := f.quotedAt(i)
		if end == i {
			return false
		}
		if n == 3 {
			break
		}
		if end == len(f.text) || f.text[end] != ',' {
			return false
		}
		i = f.runMax(end+1, 4, isBlank)
	}
	return true
}

// argumentOf takes the argument in quotes behind the first n of those from i on for
// a password.
func (f *finder) argumentOf(i, n int) {
	for range n {
		end := f.quotedAt(i)
		if end == i {
			end = f.runMax(i, judgedMax, func(c byte) bool { return isAlnum(c) || strings.IndexByte("_.$>-[]():", c) >= 0 })
		}
		if end == len(f.text) || f.text[end] != ',' {
			return
		}
		i = f.runMax(end+1, 4, func(c byte) bool { return c == ' ' })
	}
	if end := f.quotedAt(i); end > i+5 && !placeholder(f.text[i+1:end-1]) {
		f.add(i+1, end-1, "key")
	}
}

// connect judges the arguments of a function of that name from i on: a host, perhaps
// a port, a user, and a password.
func (f *finder) connect(i int) {
	for n := range 4 {
		end := f.quotedAt(i)
		if n == 0 && strings.Contains(f.text[i:end], "://") {
			return // a broker, a client, a topic
		}
		if end > i && n >= 2 {
			if v := f.text[i+1 : end-1]; mixed(v) && strings.IndexByte(v, ' ') < 0 && !placeholder(v) && !path(v) && !strings.Contains(v, "://") && !strings.ContainsAny(v, "=.") {
				f.add(i+1, end-1, "key")
				return
			}
		}
		if end == i {
			end = f.runMax(i, judgedMax, func(c byte) bool { return isAlnum(c) || strings.IndexByte("_.$", c) >= 0 })
		}
		if end == len(f.text) || f.text[end] != ',' {
			return
		}
		i = f.runMax(end+1, 4, func(c byte) bool { return c == ' ' })
	}
}

// quotedAt is the end of the text in quotes that begins at i, i of none.
func (f *finder) quotedAt(i int) int {
	if i >= len(f.text) || !isQuote(f.text[i]) {
		return i
	}
	q := f.text[i]
	end := f.runMax(i+1, judgedMax, func(c byte) bool { return c != q && c != '\n' })
	if end == len(f.text) || f.text[end] != q {
		return i
	}
	return end + 1
}

// secureString finds what PowerShell's ConvertTo-SecureString makes one of.
func (f *finder) secureString() {
	lower := f.lower()
	const mark = "convertto-securestring"
	eachIndex(lower, mark, func(at int) int {
		from := at + len(mark)
		for {
			from = f.run(from, func(c byte) bool { return c == ' ' })
			if !strings.HasPrefix(f.text[min(from, len(f.text)):], "-") {
				break
			}
			from = f.run(from, isKey) // -String, -AsPlainText, -Force
		}
		to := f.quotedAt(from) - 1
		if to < from {
			to = f.runMax(from, judgedMax, func(c byte) bool { return !isBlank(c) && !isQuote(c) && c != ')' })
			from--
		}
		if to-from > 3 && !placeholder(f.text[from+1:to]) {
			f.add(from+1, to, "key")
		}
		return at + len(mark)
	})
}

// netUse finds the passwords in the commands of Windows net use Z: \\host\share X and
// net user name X /add.
func (f *finder) netUse() {
	lower := f.lower()
	for _, mark := range [...]string{"net use ", "net user "} {
		eachIndex(lower, mark, func(at int) int {
			from := at + len(mark)
			line, _, _ := strings.Cut(f.text[from:min(from+judgedMax, len(f.text))], "\n")
			ready := false // the share, or the user
			for word := range strings.SplitSeq(line, " ") {
				share := strings.HasPrefix(word, `\\`)
				v := strings.Trim(word, "\"'`")
				secret := ready && !share && len(v) >= 4 && v[0] != '/' && !placeholder(v)
				if secret && (mark == "net use " || mixed(v) && strings.Contains(line, "/")) {
					f.add(from, from+len(word), "flag")
					break
				}
				ready = ready || share || mark == "net user " && word != ""
				from += len(word) + 1
			}
			return at + len(mark)
		})
	}
}
