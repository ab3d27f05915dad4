package redact

import "strings"

// flags finds --token X, --password X and their kind, and the user:password
// of -u and --user.
func (f *finder) flags() {
	for at := 0; ; {
		i := strings.Index(f.text[at:], "-")
		if i < 0 {
			return
		}
		dash := at + i
		end := f.run(dash, isKey)
		at = end
		if dash > 0 && !isBlank(f.text[dash-1]) && !isQuote(f.text[dash-1]) && !f.escapeBefore(dash) {
			continue
		}
		name := f.text[dash:end]
		if len(name) == 2 {
			f.besideUser(dash, end)
		}
		if userFlag(name) && end < len(f.text) && f.text[end] == '=' || f.endsFlag(end) {
			f.flag(name, end)
		}
	}
}

// besideUser judges the value of -p, which is a password where the same command has a -u
// before: -u bob -p X, and /u:bob -p:X of Windows.
func (f *finder) besideUser(dash, end int) {
	if f.text[dash+1] != 'p' && f.text[dash+1] != 'P' && f.text[dash+1] != 'w' || end == len(f.text) || f.text[end] != ' ' && f.text[end] != ':' {
		return
	}
	before := f.text[max(dash-judgedMax, 0):dash]
	before = before[strings.LastIndexAny(before, "\n|;&")+1:]
	if !containsAny(before, " -u ", " -U ", " -u:", " /u:", " --user ", " --username ", " -user ", " -username ", " --user=", " --username=") {
		return
	}
	from, to, _ := f.argument(end+1, min(end+judgedMax, len(f.text)))
	if from < 0 || containsAny(before, "docker ", "podman ", "nerdctl ", "ssh ") {
		return
	}
	if v := f.text[from:to]; (mixed(v) || len(v) >= 6 && tally(v).odd > 0) && !strings.ContainsAny(v, "/:") && v[0] != '-' && !placeholder(v) && strings.Count(v, ".") < 2 && !strings.HasPrefix(v, marker) {
		f.add(from, to, "flag")
	}
}

func userFlag(name string) bool { return name == "-u" || name == "--user" || name == "--proxy-user" }

// flag judges the value of the option name, which ends at end.
func (f *finder) flag(name string, end int) {
	from := f.run(end, func(c byte) bool { return c == ' ' || c == ',' || c == '=' || isQuote(c) })
	if strings.HasPrefix(f.text[from:], "\\\n") {
		from = f.run(from+2, isBlank)
	}
	to := f.run(from, func(c byte) bool { return !isBlank(c) && !isQuote(c) })
	if from > end && from < len(f.text) && isQuote(f.text[from-1]) && (from-end == 2 || from-end == 1) {
		q := f.text[from-1]
		to = f.run(from, func(c byte) bool { return c != q && c != '\n' })
		if to == len(f.text) || f.text[to] == '\n' {
			to = f.run(from, func(c byte) bool { return !isBlank(c) && !isQuote(c) })
		}
	}
	v := f.text[from:to]
	if placeholder(v) || v[0] == '-' || strings.HasPrefix(v, "(-") || strings.HasPrefix(v, marker) {
		return
	}
	if userFlag(name) {
		if k := strings.IndexByte(v, ':'); k > 0 && userPassword(v[:k], v[k+1:]) {
			f.add(from+k+1, to, "flag")
		} else if k >= 20 && k == len(v)-1 && random(v[:k]) {
			f.add(from, from+k, "flag") // curl -u TOKEN:
		}
		return
	}
	if start := end - len(name); (strings.HasPrefix(f.text[end:], "  ") || start > 3 && f.text[start-4] == '-' && f.text[start-2:start] == ", ") && !mixed(v) && tally(judged(v)).odd == 0 {
		return // a row of a help text: -W, --password  force a prompt
	}
	if len(name) < 4 || path(v) || named(v) && (classify(strings.TrimLeft(name, "-")) != password || strings.ContainsAny(v, "._[")) {
		return
	}
	if name == "--secret" && strings.IndexByte(v, '=') > 0 && identifier(v[:strings.IndexByte(v, '=')]) {
		return // docker's --secret id=X
	}
	if name == "--secret-id" && len(v) != len("01234567-89ab-cdef-0123-456789abcdef") {
		return // the name of a secret of AWS
	}
	long := strings.HasPrefix(name, "--")
	switch c := classify(strings.TrimLeft(name, "-")); {
	case c == password && (len(v) >= 4 || len(v) >= 3 && !long) && !usageWord(v) && (strings.IndexByte(v, ' ') < 0 || !sentence(v)),
		c != ordinary && random(v),
		c == tokenish && long && mixed(v),
		c == tokenish && long && strings.IndexByte(v, ':') > 0 && userPassword(v[:strings.IndexByte(v, ':')], v[strings.IndexByte(v, ':')+1:]) && !strings.Contains(v, "://") && !strings.Contains(v, " "),
		long && allDigits(v) && len(v) >= 4 && len(v) <= 8 && pinWords.has(plainKey(name)),
		name == "-pwd" && (mixed(v) || len(v) >= 6 && tally(v).odd > 0),
		name == "--pass" && len(v) >= 4 && !usageWord(v) && !allDigits(v):
		f.add(from, to, "flag")
	}
}

// userPassword says that password is one, behind user and a colon: not the
// group of a user, not a port.
func userPassword(user, password string) bool {
	if len(password) < 4 || allDigits(password) || user[len(user)-1] == '[' || user == password || strings.Contains(user, "/") || placeholder(password) || strings.HasPrefix(password, "/") {
		return false
	}
	switch password {
	case "root", "staff", "wheel", "users", "docker", "nogroup", "nobody", "daemon", "www-data", "group", "adm", "sudo":
		return false
	}
	return true
}

// endsFlag says that at i an option ends whose value follows: in a command
// line or in a list of arguments.
func (f *finder) endsFlag(i int) bool {
	rest := f.text[i:]
	return rest != "" && (rest[0] == ' ' || isQuote(rest[0]) && len(rest) > 1 && (rest[1] == ',' || rest[1] == ' ' && len(rest) > 2 && isQuote(rest[2])))
}
