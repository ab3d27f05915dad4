package redact

import "strings"

// inserted finds the values of SQL's INSERT INTO t (a, password) VALUES ('x', 'X'), and of
// SET PASSWORD FOR.
func (f *finder) inserted() {
	lower := f.lower()
	eachIndex(lower, "set password for ", func(at int) int { // SET PASSWORD FOR 'bob'@'%' = 'X'
		from := at + len("set password for ")
		if k := strings.Index(f.text[from:min(from+judgedMax, len(f.text))], "= "); k >= 0 && strings.IndexByte(f.text[from:from+k], '\n') < 0 {
			if end := f.quotedAt(from + k + 2); end > from+k+5 && !placeholder(f.text[from+k+3:end-1]) {
				f.add(from+k+3, end-1, "key")
			}
		}
		return from
	})
	eachIndex(lower, "insert into ", func(at int) int {
		from := at + len("insert into ")
		open := from + strings.IndexByte(f.text[from:min(from+judgedMax, len(f.text))], '(')
		if open < from {
			return from
		}
		end := open + strings.IndexByte(f.text[open:min(open+judgedMax, len(f.text))], ')')
		if end < open {
			return from
		}
		columns := strings.Split(f.text[open+1:end], ",")
		values := f.runMax(end+1, 4, isBlank)
		if !strings.HasPrefix(lower[values:], "values") {
			return from
		}
		i := f.runMax(values+len("values"), 4, isBlank)
		if i == len(f.text) || f.text[i] != '(' {
			return from
		}
		i++
		for _, column := range columns {
			i = f.runMax(i, 4, isBlank)
			to := f.quotedAt(i)
			if to > i {
				c := classify(strings.Trim(column, " \n\"`[]"))
				if v := f.text[i+1 : to-1]; (c == password && len(v) >= 3 || c != ordinary && random(v)) && !placeholder(v) {
					f.add(i+1, to-1, "key")
				}
			}
			to = f.runMax(to, judgedMax, func(c byte) bool { return c != ',' && c != ')' && c != '\n' })
			if to == len(f.text) || f.text[to] != ',' {
				break
			}
			i = to + 1
		}
		return from
	})
}

// ciphers are the functions, of databases and others, whose second argument is the key.
var ciphers = [...]string{"pgp_sym_encrypt(", "pgp_sym_decrypt(", "aes_encrypt(", "aes_decrypt(", "encryptbypassphrase(", "decryptbypassphrase(",
	"jwt.sign(", "jwt.verify(", "jwt.encode(", "jwt.decode(", "createhmac(", "wifi.begin("}

// keyed finds the keys that a database is opened or a column encrypted with: PRAGMA key =
// 'X', ATTACH … AS db KEY 'X', pgp_sym_encrypt(column, 'X').
func (f *finder) keyed() {
	lower := f.lower()
	for _, mark := range [...]string{"pragma key", "pragma rekey"} {
		eachIndex(lower, mark, func(at int) int {
			from := at + len(mark)
			f.argumentOf(f.runMax(from, 4, func(c byte) bool { return c == ' ' || c == '=' || c == '(' }), 0)
			return from
		})
	}
	eachIndex(lower, " key '", func(at int) int {
		line := lower[max(at-judgedMax, 0):at]
		if strings.Contains(line[strings.LastIndexByte(line, '\n')+1:], "attach ") {
			f.argumentOf(at+len(" key "), 0)
		}
		return at + len(" key '")
	})
	for _, mark := range ciphers {
		eachIndex(lower, mark, func(at int) int {
			f.argumentOf(at+len(mark), 1)
			return at + len(mark)
		})
	}
}
