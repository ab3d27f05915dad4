package engine

import (
	"strings"
	"unicode/utf8"

	"pi-track/internal/event/decode"
	"pi-track/internal/report/query"
)

// contextFilter are the conditions on the context of a run.
func contextFilter(f *query.Filter) []string {
	last := "if(match(repo, '^/+$'), '/', extract(toString(repo), '([^/]*)/*$'))" // as path.Base
	repo := globs(f.Repo, "repo", last)
	if repo != "" {
		for _, name := range f.RepoNames {
			repo = "(" + repo + " OR repo = " + quote(name) + ")"
		}
	}
	return conditions(
		repo, globs(f.Task, "task_id"), globs(f.Session, "session_id"),
		globs(f.Scope, "scope"), globs(f.Host, "host"))
}

// runFilter are the conditions on the run itself.
func runFilter(f *query.Filter) []string {
	status := ""
	if len(f.Status) > 0 {
		status = "status IN ("
		for c := decode.CodeStarted; c <= decode.CodeCancelled; c++ {
			for _, g := range f.Status {
				if ok, _ := query.Match(g, string(c.Status())); ok {
					status += "'" + string(c.Status()) + "', "
					break
				}
			}
		}
		if status = strings.TrimSuffix(status, ", ") + ")"; strings.HasSuffix(status, "()") {
			status = "0"
		}
	}
	return conditions(globs(f.Name, "name"), globs(f.Kind, "kind", "sort"), globs(f.Ext, "ext"), status)
}

// conditions are those that there are.
func conditions(list ...string) []string {
	var out []string
	for _, x := range list {
		if x != "" {
			out = append(out, x)
		}
	}
	return out
}

// globs says that one of the globs matches one of the columns; "" without globs.
func globs(list []string, columns ...string) string {
	var out []string
	for _, g := range list {
		for _, c := range columns {
			out = append(out, "match(replaceAll(toString("+c+"), '/', '\\0'), "+quote(pattern(g))+")")
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "(" + strings.Join(out, " OR ") + ")"
}

// pattern is the regular expression (RE2) that matches what [query.Match] does, in a text
// whose slashes are NUL bytes.
func pattern(glob string) string {
	var b strings.Builder
	b.WriteString("^(?s:")
	glob = strings.ReplaceAll(glob, "/", "\x00")
	for i := 0; i < len(glob); {
		r, n := utf8.DecodeRuneInString(glob[i:])
		i += n
		switch r {
		case '*':
			b.WriteString(".*")
		case '?':
			b.WriteByte('.')
		case '[':
			b.WriteByte('[')
			if i < len(glob) && glob[i] == '^' {
				b.WriteByte('^')
				i++
			}
			i = class(&b, glob, i)
		case '\\':
			r, n = utf8.DecodeRuneInString(glob[i:])
			i += n
			fallthrough
		default:
			literal(&b, r)
		}
	}
	b.WriteString(")$")
	return b.String()
}

// class writes what stands in brackets, from i on, and returns where it ends.
func class(b *strings.Builder, glob string, i int) int {
	next := func() rune {
		if i < len(glob) && glob[i] == '\\' {
			i++
		}
		r, n := utf8.DecodeRuneInString(glob[i:])
		i += n
		return r
	}
	some, written := false, false
	for i < len(glob) && (glob[i] != ']' || !some) {
		low := next()
		high := low
		if i < len(glob) && glob[i] == '-' {
			i++
			high = next()
		}
		if some = true; low > high {
			continue // it matches nothing
		}
		written = true
		literal(b, low)
		if high != low {
			b.WriteByte('-')
			literal(b, high)
		}
	}
	if !written {
		b.WriteString(`\x{10FFFF}`) // no text holds it
	}
	b.WriteByte(']')
	return i + 1
}

// literal writes a character that stands for itself.
func literal(b *strings.Builder, r rune) {
	switch {
	case r == 0:
		b.WriteString(`\x00`)
	case r < utf8.RuneSelf && !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '_' || r < ' '):
		b.WriteByte('\\')
		fallthrough
	default:
		b.WriteRune(r)
	}
}

// quote is a text as SQL has it.
func quote(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\x00", `\0`).Replace(text) + "'"
}
