package redact

import (
	"sort"
	"strings"
)

// command says which options of a program take a secret; it counts only
// behind the word after, unless that is "". Of an option's last characters:
//
//   - the value follows without a blank (mysql -pX)
//   - the value follows with a blank, = or without anything
//     : % , =   the same, and the secret is what follows this sign (user:X);
//     behind = it is a cookie
//     !   the value is no secret
//     @   the argument behind the word after; @N the Nth argument, @N~ if it has letters and
//     digits; @: one of the form user:X, @/ user/X, @/@ user/X@database
type command struct {
	program, after string
	options        []string
}

// commandMax is how much of a command's arguments is looked at, in bytes.
const commandMax = 1024

// programs finds the secrets among the arguments of programs that name them
// by options of their own.
func (f *finder) programs() {
	for at := 0; at < len(f.text); {
		if !isLower(f.text[at]) && !isDigit(f.text[at]) || at > 0 && (isKey(f.text[at-1])) {
			at++
			continue
		}
		end := f.run(at, isKey)
		if end-at <= 24 && end < len(f.text) && (f.text[end] == ' ' || isQuote(f.text[end])) {
			name := f.text[at:end]
			k := sort.Search(len(commands), func(i int) bool { return commands[i].program >= name })
			for ; k < len(commands) && commands[k].program == name; k++ {
				f.arguments(&commands[k], end)
			}
		}
		at = end
	}
}

// arguments looks through the arguments of a command from behind its program.
func (f *finder) arguments(c *command, i int) {
	limit := min(i+commandMax, len(f.text))
	if isQuote(f.text[i]) {
		i++
	}
	ready := c.after == ""
	behind := 0        // arguments without a dash behind the word after
	var pending string // the option whose value is next
	counting := ""     // an option that starts the count of arguments: htpasswd -b
	for i < limit {
		from, to, next := f.argument(i, limit)
		if from < 0 {
			return
		}
		i = next
		word := f.text[from:to]
		switch {
		case !ready:
			ready = word == c.after
			continue
		case pending != "":
			f.optionValue(pending, from, to)
			pending = ""
			continue
		}
		if word == "" {
			continue
		}
		option := c.option(word)
		if option == "" {
			if word[0] != '-' && (counting == "" || len(word) > 2 || !allDigits(word)) {
				behind++
				f.positional(c, counting, behind, from, to)
			}
			continue
		}
		if k := strings.IndexByte(option, '@'); k > 0 {
			counting, behind = option[k:], 0
			continue
		}
		name := option[:len(option)-1]
		if len(word) == len(name) || len(name) == 2 && !strings.HasPrefix(word, name) {
			if !strings.HasSuffix(option, "+") {
				pending = option
			}
			continue
		}
		value := from + len(name)
		if f.text[value] == '=' && len(name) > 2 {
			value++
		}
		f.optionValue(option, value, to)
	}
}

// argument is the next argument from i on, without its quotes, and where to
// go on; from is −1 at the command's end.
func (f *finder) argument(i, limit int) (from, to, next int) {
	for i < limit && (f.text[i] == ' ' || f.text[i] == ',' || f.text[i] == '\\' || f.text[i] == '[' || f.text[i] == '(' || f.text[i] == '\n' && f.text[i-1] == '\\') {
		i++
	}
	if i >= limit || strings.IndexByte("\n|;&)]", f.text[i]) >= 0 {
		return -1, -1, i
	}
	from = i
	for i < limit && strings.IndexByte(" \n|;", f.text[i]) < 0 && (f.text[i] != '&' || i+1 < limit && f.text[i+1] != '&') {
		if q := f.text[i]; isQuote(q) {
			end := i + 1
			for end < limit && f.text[end] != q && f.text[end] != '\n' {
				end++
			}
			if end == limit || f.text[end] == '\n' { // it closes what was opened before
				i++
				continue
			}
			if i == from {
				if end+1 < limit && strings.IndexByte(" \n,|;)]", f.text[end+1]) < 0 {
					i = end + 1 // 'a'b: a word of several parts
					continue
				}
				return from + 1, end, end + 1
			}
			i = end + 1
			continue
		}
		i++
	}
	to = i
	for to > from && (f.text[to-1] == ',' || isQuote(f.text[to-1]) && !isQuote(f.text[from]) || f.text[to-1] == ']') && strings.IndexByte(f.text[from:to-1], f.text[to-1]) < 0 {
		to--
	}
	return from, to, i
}

// option is the option of c that word is or begins with, "" of none.
func (c *command) option(word string) string {
	if word[0] != '-' && word[0] != '/' && !isLower(word[0]) && !isDigit(word[0]) {
		return ""
	}
	for _, o := range c.options {
		if o[0] == '@' {
			continue
		}
		if k := strings.IndexByte(o, '@'); k > 0 {
			if word[0] == '-' && containsAll(word, o[1:k]) { // -nb, -bn, -bnB
				return o
			}
			continue
		}
		name := o[:len(o)-1]
		if word == name || strings.HasPrefix(word, name) && (len(name) <= 2 || o[len(o)-1] == '+' || word[len(name)] == '=') {
			return o
		}
		if len(name) == 2 && len(word) <= 6 && word[0] == '-' && o[len(o)-1] != '+' && word[len(word)-1] == name[1] && letters(word[1:]) {
			return o // -su a:b is -s -u a:b
		}
	}
	return ""
}

func letters(s string) bool {
	n := tally(s)
	return n.lowers+n.uppers == len(s)
}

func containsAll(s, chars string) bool {
	for _, c := range chars {
		if !strings.ContainsRune(s, c) {
			return false
		}
	}
	return true
}

// positional judges the nth argument that is no option.
func (f *finder) positional(c *command, counting string, n, from, to int) {
	for _, o := range c.options {
		switch {
		case o[0] != '@':
			continue
		case o == "@/", o == "@/@": // user/password, user/password@database
			v := f.text[from:to]
			slash, at := strings.IndexByte(v, '/'), strings.LastIndexByte(v, '@')
			if at < 0 && o == "@/@" {
				return
			} else if at < 0 {
				at = len(v)
			}
			if slash > 0 && at-slash > 3 && !strings.Contains(v, "://") && !strings.Contains(v[:slash], ".") && n == 1 && v[slash+1] != '/' {
				f.add(from+slash+1, from+at, "flag")
			}
			return
		case o == "@:": // user:password
			if v := f.text[from:to]; userOf(v) != "" {
				f.add(from+strings.IndexByte(v, ':')+1, to, "flag")
				return
			}
		case o == "@" && n == 1, len(o) > 1 && int(o[1]-'0') == n:
			if v := f.text[from:to]; len(v) >= 4 && !placeholder(v) && !usageWord(v) && !strings.Contains(v, "://") && (mixed(v) || !strings.HasSuffix(o, "~")) {
				f.add(from, to, "flag")
			}
			return
		}
	}
	if counting != "" && int(counting[1]-'0') == n {
		if v := f.text[from:to]; len(v) >= 3 && !placeholder(v) && !usageWord(v) {
			f.add(from, to, "flag")
		}
	}
}

// optionValue judges the value text[from:to] of an option.
func (f *finder) optionValue(option string, from, to int) {
	for from < to && isQuote(f.text[from]) {
		from++
	}
	for to > from && isQuote(f.text[to-1]) {
		to--
	}
	sign := option[len(option)-1]
	if sign == '!' {
		return
	}
	v := f.text[from:to]
	if sign != '*' && sign != '+' {
		k := strings.IndexByte(v, sign)
		if k < 0 || sign == ':' && !userPassword("x"+v[strings.LastIndexByte(v[:k], '/')+1:k], v[k+1:]) {
			return
		}
		if sign == '=' && placeholder(v[k+1:]) {
			return
		} else if sign == '=' {
			k = -1 // the whole cookie
		}
		from, v = from+k+1, v[k+1:]
	}
	for _, mark := range [...]string{"pass:", "password:"} {
		if rest, ok := strings.CutPrefix(v, mark); ok {
			from, v = from+len(mark), rest
		}
	}
	if i := strings.IndexByte(v, ':'); i > 0 && strings.HasPrefix(option, "-pass") {
		return // openssl's file:, env:, fd:
	}
	if sign == '+' && (v == "ass" || v == "assword") {
		return // -password of another program
	}
	if len(v) < 3 || v[0] == '-' || placeholder(v) || usageWord(v) || path(v) || to < len(f.text) && f.text[to] == ']' && named(v) || v == "stdin" || len(v) < 6 && allDigits(v) && sign == '*' && strings.HasPrefix(option, "-p") || strings.HasPrefix(v, marker) {
		return
	}
	f.add(from, to, "flag")
}
