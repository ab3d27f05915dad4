package redact

import (
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"
)

// secretMin is the length in bytes from which on a variable's value is looked
// for: shorter ones occur by chance.
const secretMin = 8

// value is a text to look for; base64 says that it is part of such a text, else
// plain is what to look for in a text without escapes.
type value struct {
	text   string
	plain  []string
	base64 bool
}

// secretValues returns the values of the variables of env (NAME=value) whose
// names look secret, in the forms in which they may turn up.
func secretValues(env []string) []value {
	var values []value
	for _, v := range env {
		name, text, ok := strings.Cut(v, "=")
		if !ok || len(text) < secretMin || !secretName(name) {
			continue
		}
		if text[0] == '/' && pathName(name) {
			continue
		}
		values = appendForms(values, text)
		if strings.Contains(text, "\n") { // it may be indented, or shown in part
			for line := range strings.Lines(text) {
				if line = strings.Trim(line, " \t\r\n"); len(line) >= secretMin {
					values = append(values, plainValue(line))
				}
			}
		}
		if _, rest, ok := strings.Cut(text, "://"); ok { // the password alone
			if i := strings.LastIndexByte(rest, '@'); i >= 0 {
				if _, password, ok := strings.Cut(rest[:i], ":"); ok && len(password) >= secretMin {
					values = appendForms(values, password)
				}
			}
		}
	}
	return values
}

// secretName says that a variable's name promises a secret.
func secretName(name string) bool {
	n := fold(name)
	return envEnds.end(n) != "" && n != "old_pwd" || envWords.has(n)
}

// pathName says that a variable with this name often holds a path instead.
func pathName(name string) bool {
	return strings.HasSuffix(name, "_CREDENTIALS") || strings.HasSuffix(name, "_KEY")
}

// appendForms appends text as it is and base64-encoded (as a part of a longer
// text too, whatever its offset), in both alphabets.
func appendForms(forms []value, text string) []value {
	forms = append(forms, plainValue(text))
	for offset := range 3 {
		padded := append(make([]byte, offset), text...)
		from, to := (offset*4+2)/3, len(padded)/3*4 // characters that depend on text alone
		if to-from < secretMin {
			continue
		}
		std := base64.RawStdEncoding.EncodeToString(padded)
		forms = append(forms, value{text: std[from:to], base64: true})
		if url := base64.RawURLEncoding.EncodeToString(padded); url != std {
			forms = append(forms, value{text: url[from:to], base64: true})
		}
	}
	return forms
}

// plainValue looks for text: what was escaped holds it as it is; what was not, but
// looks so, becomes what withoutEscapes makes of it.
func plainValue(text string) value {
	plain, _ := withoutEscapes(text)
	return value{text: text, plain: []string{strings.ReplaceAll(text, "+", " "), plain}}
}

// values finds the given values: as they stand, and in the text without its
// escapes.
func (f *finder) values(values []value) {
	if len(values) == 0 {
		return
	}
	plain, at := withoutEscapes(f.text)
	for _, v := range values {
		eachIndex(f.text, v.text, func(from int) int {
			to := from + len(v.text)
			next := to
			if v.base64 { // what surrounds it holds parts of it
				to = f.run(to, isCredential)
				next = to
				for from > 0 && isCredential(f.text[from-1]) {
					from--
				}
			}
			f.add(from, to, "env")
			return next
		})
		for _, part := range v.plain {
			if at == nil || len(part) < secretMin {
				continue
			}
			eachIndex(plain, part, func(from int) int {
				to := from + len(part)
				f.add(at[from], at[to], "env")
				return to
			})
		}
	}
}

// eachIndex calls found with each index of part in text; found returns where to
// go on.
func eachIndex(text, part string, found func(at int) int) {
	for at := 0; ; {
		i := strings.Index(text[at:], part)
		if i < 0 {
			return
		}
		at = found(at + i)
	}
}

// withoutEscapes undoes percent encoding, the escapes of JSON and other program text,
// and the shell's quote within quotes. A + becomes a blank, also one that was
// encoded. at[i] is where in s byte i of the text comes from; it is nil when
// s has nothing to undo.
func withoutEscapes(s string) (text string, at []int) {
	if !strings.ContainsAny(s, `%+\`) {
		return s, nil
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		was := len(out)
		size := 1
		switch rest := s[i:]; {
		case rest[0] == '%' && len(rest) > 2:
			if n, err := strconv.ParseUint(rest[1:3], 16, 8); err == nil {
				out, size = append(out, byte(n)), 3
			} else {
				out = append(out, '%')
			}
		case strings.HasPrefix(rest, `'\''`):
			out, size = append(out, '\''), 4
		case rest[0] == '\\' && len(rest) > 1:
			out, size = appendEscaped(out, rest)
		default:
			out = append(out, rest[0])
		}
		for k := was; k < len(out); k++ {
			at = append(at, i)
			if out[k] == '+' {
				out[k] = ' '
			}
		}
		i += size
	}
	return string(out), append(at, len(s))
}

// appendEscaped appends what the escape at the start of s, a backslash and more,
// stands for, and returns its length.
func appendEscaped(out []byte, s string) ([]byte, int) {
	switch c := s[1]; c {
	case 'n':
		return append(out, '\n'), 2
	case 't':
		return append(out, '\t'), 2
	case 'r':
		return append(out, '\r'), 2
	case 'u':
		if len(s) >= 6 {
			if n, err := strconv.ParseUint(s[2:6], 16, 16); err == nil {
				return utf8.AppendRune(out, rune(n)), 6
			}
		}
		fallthrough
	default:
		return append(out, c), 2
	}
}

func containsAny(s string, parts ...string) bool {
	for _, part := range parts {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

func hasAnyPrefix(s string, heads ...string) bool {
	for _, head := range heads {
		if strings.HasPrefix(s, head) {
			return true
		}
	}
	return false
}
