package shim

import (
	"fmt"
	"slices"
	"strings"

	"pi-track/internal/suggest"
)

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
