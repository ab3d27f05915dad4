package shim

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mattn/go-shellwords"

	"pi-track/internal/manifest"
	"pi-track/internal/suggest"
)

// shared reads the keys that [defaults] and [[shim]] have in common into s.
func (p *parser) shared(t map[string]any, at tableKey, s *manifest.Shim) {
	s.Kind = p.choice(t, at, "kind", s.Kind, "script", "job", "loop")
	s.Scope = p.choice(t, at, "scope", s.Scope, "auto", "global", "project")
	s.Capture = p.choice(t, at, "capture", s.Capture, "auto", "pty", "off")
	s.SessionEnv = p.variables(t, at, "session_env", s.SessionEnv)
	s.TaskEnv = p.variables(t, at, "task_env", s.TaskEnv)
	s.TaskArg = p.str(t, at, "task_arg", s.TaskArg)
	if s.TaskArg != "" && (s.TaskArg[0] != '-' || strings.Trim(s.TaskArg, "-") == "" || strings.ContainsAny(s.TaskArg, "= \t\n")) {
		p.fail(at, "task_arg", "write the option alone, such as \"--task\"", "task_arg: %q is not an option", s.TaskArg)
	}
	p.environment(t, at, s)
}

// program reads real and command.
func (p *parser) program(t map[string]any, at tableKey, s *manifest.Shim) {
	s.Real = p.expand(p.str(t, at, "real", ""))
	switch {
	case !has(t, "real"):
	case filepath.IsAbs(s.Real):
		p.runnable(at, "real", s.Real)
	default:
		p.fail(at, "real", "write a path that begins with / or ~/", "real: %q is not an absolute path", s.Real)
	}
	if !has(t, "command") {
		return
	}
	if has(t, "real") {
		p.fail(at, "command", "keep one of the two", "%q has both real and command", s.Name)
	}
	s.Command = p.words(p.str(t, at, "command", ""), at)
}

// words splits a command line. The library stops at shell operators without an
// error, so a position where it stopped is refused here.
func (p *parser) words(line string, at tableKey) []string {
	const hint = "one command with its arguments; for a pipeline write a script and name that"
	parse := shellwords.NewParser()
	parse.ParseEnv, parse.ParseBacktick, parse.ParseComment = false, false, false
	words, err := parse.Parse(line)
	switch {
	case err != nil:
		p.fail(at, "command", hint, "command: %q cannot be split into words", line)
		return nil
	case parse.Position >= 0:
		op := string([]rune(line)[parse.Position:])
		p.fail(at, "command", hint, "command: %q contains a shell operator at %q", line, op)
		return nil
	case len(words) == 0 || words[0] == "":
		p.fail(at, "command", hint, "command: %q names no program", line)
		return nil
	}
	for i := range words {
		words[i] = p.expand(words[i])
	}
	switch {
	case filepath.IsAbs(words[0]):
		p.runnable(at, "command", words[0])
	case strings.Contains(words[0], "/"):
		p.fail(at, "command", "write the program's name or an absolute path", "command: %q is a relative path", words[0])
	}
	return words
}

// environment adds the table env to s.Env; a later entry replaces an earlier
// one of the same name.
func (p *parser) environment(t map[string]any, at tableKey, s *manifest.Shim) {
	if !has(t, "env") {
		return
	}
	table, ok := t["env"].(map[string]any)
	if !ok {
		p.wrongType(at, "env", "a table such as { NAME = \"value\" }", t["env"])
		return
	}
	merged := map[string]string{}
	for _, kv := range s.Env {
		k, v, _ := strings.Cut(kv, "=")
		merged[k] = v
	}
	for _, k := range slices.Sorted(maps.Keys(table)) {
		text, ok := table[k].(string)
		switch {
		case !ok:
			p.wrongType(at, "env", "a table of strings", table[k])
		case !isVariable(k) || strings.HasPrefix(k, "PI_TRACK_") || strings.ContainsRune(text, 0):
			p.fail(at, "env", "names are letters, digits and _; PI_TRACK_… is pi-track's own", "env: %q cannot be set", k)
		}
		merged[k] = text
	}
	s.Env = s.Env[:0:0]
	for _, k := range slices.Sorted(maps.Keys(merged)) {
		s.Env = append(s.Env, k+"="+merged[k])
	}
}

func has(t map[string]any, key string) bool {
	_, ok := t[key]
	return ok
}

func isVariable(name string) bool {
	for i, r := range name {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}

// variables reads a list of variable names.
func (p *parser) variables(t map[string]any, at tableKey, key string, fallback []string) []string {
	if !has(t, key) {
		return fallback
	}
	list, ok := t[key].([]any)
	if !ok {
		p.wrongType(at, key, "a list of variable names", t[key])
	}
	out := []string{}
	for _, item := range list {
		name, ok := item.(string)
		switch {
		case !ok:
			p.wrongType(at, key, "a list of variable names", item)
		case !isVariable(name):
			p.fail(at, key, "names are letters, digits and _", "%s: %q is not a variable name", key, name)
		}
		out = append(out, name)
	}
	return out
}

// choice reads a string that must be one of valid.
func (p *parser) choice(t map[string]any, at tableKey, key, fallback string, valid ...string) string {
	v := p.str(t, at, key, fallback)
	if slices.Contains(valid, v) {
		return v
	}
	hint := "valid: " + strings.Join(valid, ", ")
	if n := suggest.Nearest(v, valid); n != "" {
		hint = fmt.Sprintf("did you mean %q?", n)
	}
	p.fail(at, key, hint, "%s: %q is not valid", key, v)
	return fallback
}

func (p *parser) str(t map[string]any, at tableKey, key, fallback string) string {
	if !has(t, key) {
		return fallback
	}
	s, ok := t[key].(string)
	switch {
	case !ok:
		p.wrongType(at, key, "a string", t[key])
	case strings.ContainsRune(s, 0):
		p.fail(at, key, "take it out", "%s contains a NUL character", key)
	default:
		return s
	}
	return fallback
}

func (p *parser) boolean(t map[string]any, at tableKey, key string) bool {
	b, ok := t[key].(bool)
	if has(t, key) && !ok {
		p.wrongType(at, key, "true or false", t[key])
	}
	return b
}

func (p *parser) table(t map[string]any, at tableKey, key string) map[string]any {
	m, ok := t[key].(map[string]any)
	if has(t, key) && !ok {
		p.wrongType(at, key, "a table, ["+key+"]", t[key])
	}
	return m
}

func (p *parser) wrongType(at tableKey, key, want string, got any) {
	p.fail(at, key, "write "+want, "%s: %s is not %s", key, describe(got), want)
}

// describe shows a value as the user wrote it, roughly.
func describe(v any) string {
	switch v := v.(type) {
	case string:
		return fmt.Sprintf("%q", v)
	case map[string]any, []map[string]any:
		return "a table"
	case []any:
		return "a list"
	}
	return fmt.Sprint(v)
}
