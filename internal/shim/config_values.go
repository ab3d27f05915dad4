package shim

import (
	"fmt"
	"path/filepath"
	"sort"
	"strings"

	"github.com/mattn/go-shellwords"

	"pi-track/internal/manifest"
	"pi-track/internal/suggest"
)

// shared reads the keys that [defaults] and [[shim]] have in common into s.
func (p *parser) shared(t map[string]any, at place, s *manifest.Shim) (err error) {
	for _, c := range []struct {
		key   string
		field *string
		valid []string
	}{
		{"kind", &s.Kind, []string{"script", "job", "loop"}},
		{"scope", &s.Scope, []string{"auto", "global", "project"}},
		{"capture", &s.Capture, []string{"auto", "pty", "off"}},
	} {
		if *c.field, err = p.choice(t, at, c.key, *c.field, c.valid); err != nil {
			return err
		}
	}
	if s.SessionEnv, err = p.variables(t, at, "session_env", s.SessionEnv); err != nil {
		return err
	}
	if s.TaskEnv, err = p.variables(t, at, "task_env", s.TaskEnv); err != nil {
		return err
	}
	if s.TaskArg, err = p.str(t, at, "task_arg", s.TaskArg); err != nil {
		return err
	}
	if s.TaskArg != "" && (s.TaskArg[0] != '-' || strings.Trim(s.TaskArg, "-") == "" || strings.ContainsAny(s.TaskArg, "= \t\n")) {
		return p.fail(at, "task_arg", "write the option alone, such as \"--task\"", "task_arg: %q is not an option", s.TaskArg)
	}
	return p.environment(t, at, s)
}

// program reads real and command.
func (p *parser) program(t map[string]any, at place, s *manifest.Shim) (err error) {
	if s.Real, err = p.str(t, at, "real", ""); err != nil {
		return err
	}
	line, err := p.str(t, at, "command", "")
	if err != nil {
		return err
	}
	if _, ok := t["real"]; ok {
		if s.Real = p.expand(s.Real); !filepath.IsAbs(s.Real) {
			return p.fail(at, "real", "write a path that begins with / or ~/", "real: %q is not an absolute path", s.Real)
		}
		if _, both := t["command"]; both {
			return p.fail(at, "command", "keep one of the two", "%q has both real and command", s.Name)
		}
	}
	if _, ok := t["command"]; !ok {
		return nil
	}
	s.Command, err = p.words(line, at)
	return err
}

// words splits a command line. The library stops at shell operators without an
// error, so a position where it stopped is refused here.
func (p *parser) words(line string, at place) ([]string, error) {
	const hint = "one command with its arguments; for a pipeline write a script and name that"
	parse := shellwords.NewParser()
	parse.ParseEnv, parse.ParseBacktick, parse.ParseComment = false, false, false
	words, err := parse.Parse(line)
	if err != nil {
		return nil, p.fail(at, "command", hint, "command: %q cannot be split into words", line)
	}
	if parse.Position >= 0 {
		op := string([]rune(line)[parse.Position:])
		return nil, p.fail(at, "command", hint, "command: %q contains a shell operator at %q", line, op)
	}
	if len(words) == 0 || words[0] == "" {
		return nil, p.fail(at, "command", hint, "command: %q names no program", line)
	}
	for i := range words {
		words[i] = p.expand(words[i])
	}
	if strings.Contains(words[0], "/") && !filepath.IsAbs(words[0]) {
		return nil, p.fail(at, "command", "write the program's name or an absolute path", "command: %q is a relative path", words[0])
	}
	return words, nil
}

// environment adds the table env to s.Env; a later entry replaces an earlier
// one of the same name.
func (p *parser) environment(t map[string]any, at place, s *manifest.Shim) error {
	v, ok := t["env"]
	if !ok {
		return nil
	}
	table, ok := v.(map[string]any)
	if !ok {
		return p.wrongType(at, "env", "a table such as { NAME = \"value\" }", v)
	}
	merged := map[string]string{}
	for _, kv := range s.Env {
		k, v, _ := strings.Cut(kv, "=")
		merged[k] = v
	}
	for k, v := range table {
		text, ok := v.(string)
		if !ok {
			return p.wrongType(at, "env", "a table of strings", v)
		}
		if !isVariable(k) || strings.HasPrefix(k, "PI_TRACK_") || strings.ContainsRune(text, 0) {
			return p.fail(at, "env", "names are letters, digits and _; PI_TRACK_… is pi-track's own", "env: %q cannot be set", k)
		}
		merged[k] = text
	}
	s.Env = s.Env[:0:0]
	for k, v := range merged {
		s.Env = append(s.Env, k+"="+v)
	}
	sort.Strings(s.Env)
	return nil
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
func (p *parser) variables(t map[string]any, at place, key string, fallback []string) ([]string, error) {
	v, ok := t[key]
	if !ok {
		return fallback, nil
	}
	list, ok := v.([]any)
	if !ok {
		return nil, p.wrongType(at, key, "a list of variable names", v)
	}
	out := []string{}
	for _, item := range list {
		name, ok := item.(string)
		if !ok {
			return nil, p.wrongType(at, key, "a list of variable names", item)
		}
		if !isVariable(name) {
			return nil, p.fail(at, key, "names are letters, digits and _", "%s: %q is not a variable name", key, name)
		}
		out = append(out, name)
	}
	return out, nil
}

// choice reads a string that must be one of valid.
func (p *parser) choice(t map[string]any, at place, key, fallback string, valid []string) (string, error) {
	v, err := p.str(t, at, key, fallback)
	if err != nil || contains(valid, v) {
		return v, err
	}
	hint := "valid: " + strings.Join(valid, ", ")
	if n := suggest.Nearest(v, valid); n != "" {
		hint = fmt.Sprintf("did you mean %q?", n)
	}
	return "", p.fail(at, key, hint, "%s: %q is not valid", key, v)
}

func (p *parser) str(t map[string]any, at place, key, fallback string) (string, error) {
	v, ok := t[key]
	if !ok {
		return fallback, nil
	}
	s, ok := v.(string)
	if !ok {
		return "", p.wrongType(at, key, "a string", v)
	}
	if strings.ContainsRune(s, 0) {
		return "", p.fail(at, key, "take it out", "%s contains a NUL character", key)
	}
	return s, nil
}

func (p *parser) boolean(t map[string]any, at place, key string) (bool, error) {
	v, ok := t[key]
	if !ok {
		return false, nil
	}
	b, ok := v.(bool)
	if !ok {
		return false, p.wrongType(at, key, "true or false", v)
	}
	return b, nil
}

func (p *parser) table(t map[string]any, at place, key string) (map[string]any, error) {
	v, ok := t[key]
	if !ok {
		return nil, nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, p.wrongType(at, key, "a table, ["+key+"]", v)
	}
	return m, nil
}

func (p *parser) wrongType(at place, key, want string, got any) error {
	return p.fail(at, key, "write "+want, "%s: %s is not %s", key, describe(got), want)
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
