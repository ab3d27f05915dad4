package redact

import "strings"

// elements finds the content of <password>, <x:Password type="t">, <entry
// key="password">, <setting name="Password"><value> and what follows <key>password</key>.
func (f *finder) elements() {
	const longest = 200 // of a tag
	f.inlineLogin()
	eachIndex(f.text, "<", func(at int) int {
		from := at + 1
		end := f.runMax(from, longest, func(c byte) bool { return c != '>' && c != '<' && c != '\n' })
		if end == len(f.text) || f.text[end] != '>' || end == from || f.text[from] == '/' || f.text[end-1] == '/' {
			return from
		}
		c := elementClass(f.text[from:end])
		behind := end + 1
		if c == ordinary {
			c, behind = f.keyElement(f.text[from:end], end+1)
		}
		if c == ordinary {
			return from
		}
		value := f.runMax(behind, longest, isBlank)
		for _, mark := range [...]string{"<value>", "<string>", "<param-value>", "<Value>", "<![CDATA["} {
			if strings.HasPrefix(f.text[value:], mark) {
				value += len(mark)
			}
		}
		to := f.runMax(value, 4*judgedMax, func(c byte) bool { return c != '<' && c != '\n' })
		v := strings.TrimRight(f.text[value:to], "] ")
		closed := strings.HasPrefix(f.text[to:], "</") || strings.HasSuffix(f.text[value:to], "]]>")
		v = strings.TrimSuffix(v, "]]>")
		encrypted := strings.HasPrefix(v, "{") && strings.HasSuffix(v, "}") && len(v) > 20 && random(v) && strings.Trim(v[1:len(v)-1], base64Digits) == "" // Maven's
		if !closed || placeholder(v) && !encrypted || sentence(v) && strings.IndexByte(v, ' ') > 0 || path(v) {
			return from
		}
		if c == password && len(v) >= 3 || random(v) || userAndPassword(v) || mixed(v) {
			f.add(value, value+len(v), "key")
		}
		return from
	})
}

// inlineLogin finds the second line of what OpenVPN keeps in <auth-user-pass>.
func (f *finder) inlineLogin() {
	const mark = "<auth-user-pass>\n"
	eachIndex(f.text, mark, func(at int) int {
		from := at + len(mark)
		user, rest, _ := strings.Cut(f.text[from:min(from+judgedMax, len(f.text))], "\n")
		v, _, _ := strings.Cut(rest, "\n")
		if v = strings.TrimRight(v, " "); len(v) >= 3 && v[0] != '<' && !placeholder(v) {
			f.add(from+len(user)+1, from+len(user)+1+len(v), "password")
		}
		return from
	})
}

// keyElement judges what the element tag holds, its content being at i, as in
// <key>password</key><string>X</string>; and where what follows begins.
func (f *finder) keyElement(tag string, i int) (class, int) {
	switch tag {
	case "key", "name", "Key", "Name", "param-name":
		end := f.runMax(i, 64, isKey)
		if closing := "</" + tag + ">"; strings.HasPrefix(f.text[end:], closing) {
			return classify(f.text[i:end]), end + len(closing)
		}
	}
	return ordinary, i
}

// elementClass judges a tag: its name, or the value of its name or key.
func elementClass(tag string) class {
	name, attributes, _ := strings.Cut(tag, " ")
	if c := classify(name[strings.LastIndexByte(name, ':')+1:]); c != ordinary {
		return c
	}
	for _, attribute := range [...]string{`name="`, `key="`, `id="`, `Name="`, `name='`, `key='`} {
		if _, rest, ok := strings.Cut(attributes, attribute); ok {
			if i := strings.IndexAny(rest, `"'`); i > 0 {
				return classify(rest[:i])
			}
		}
	}
	return ordinary
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
