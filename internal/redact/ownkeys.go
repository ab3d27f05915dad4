package redact

import "strings"

// What says of a key that is called no more than key whether its value is a secret.

// padded says that the value at i is a longer text in base64 that ends in =, as the keys
// of Ceph.
func (f *finder) padded(i int) bool {
	const least = 32
	from, to := f.wordAt(i)
	v := strings.TrimRight(f.text[from:to], ";,")
	n := tally(v)
	return len(v) >= least && v[len(v)-1] == '=' && strings.Trim(v, base64Digits) == "" && n.digits > 1 && n.lowers > 4 && n.uppers > 4
}

// besideUserName says that the key at i stands in one object with the name of a user, its value
// at value being long: {"username":"bob","key":"X"}.
func (f *finder) besideUserName(i, value int) bool {
	const least = 20
	before := fold(f.text[max(i-200, 0):i])
	before = before[strings.LastIndexAny(before, "{}\n")+1:]
	from, to := f.wordAt(value)
	n := tally(f.text[from:to])
	return to-from >= least && n.digits > 2 && containsAny(before, `"username"`, `"user"`, `'username'`, "username=", "user=") && f.runMax(from, judgedMax, isToken) == to
}

// owner is the name of the object that the key at i belongs to: of "Jwt": {"Key": X}, of
// Jwt:Key, and of jwt: with key: in a line below that is indented more.
func (f *finder) owner(i int) string {
	const most = 200
	before := strings.TrimRight(f.text[max(i-most, 0):i], "\"'`\\")
	line := before[strings.LastIndexByte(before, '\n')+1:]
	end, depth := 0, 0
	for k := len(before); k > 0 && end == 0; k-- {
		switch before[k-1] {
		case '}':
			depth++
		case '{':
			if depth--; depth < 0 {
				end = k - 1
			}
		}
	}
	switch {
	case end > 0:
		before = before[:end]
	case strings.HasSuffix(before, ":"):
	case line != "" && strings.Trim(line, " ") == "":
		before = above(before[:len(before)-len(line)], len(line))
	default:
		return ""
	}
	before = strings.TrimRight(before, " :=>\"'`\\")
	first := len(before)
	for first > 0 && isKey(before[first-1]) {
		first--
	}
	return before[first:]
}

// above is the last line of lines that is indented less than indent, if it ends in a colon.
func above(lines string, indent int) string {
	for lines != "" {
		lines = strings.TrimSuffix(lines, "\n")
		line := lines[strings.LastIndexByte(lines, '\n')+1:]
		if text := strings.TrimLeft(line, " "); len(line)-len(text) < indent {
			if strings.HasSuffix(text, ":") {
				return text
			}
			return ""
		}
		lines = lines[:len(lines)-len(line)]
	}
	return ""
}
