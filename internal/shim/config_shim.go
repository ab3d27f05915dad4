package shim

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mattn/go-shellwords"

	"pi-track/internal/manifest"
)

func (p *parser) shims(value any, defaults manifest.Shim) []manifest.Shim {
	if value == nil {
		return nil
	}
	tables, ok := value.([]map[string]any)
	if !ok {
		p.fail(tableKey{}, "shim", "each shim begins with [[shim]], in two pairs of brackets", "shim is not a list of tables")
		return nil
	}
	var out []manifest.Shim
	seen := map[string]int{}
	for i, t := range tables {
		at := tableKey{table: "shim", index: i}
		s := p.shim(t, at, defaults)
		if force, _ := t["force"].(bool); force {
			p.forced = append(p.forced, s.Name)
		}
		if first, ok := seen[s.Name]; ok && s.Name != "" {
			p.fail(at, "name", "give each helper one [[shim]]", "%q is listed twice, first on line %d", s.Name, first)
		} else {
			seen[s.Name] = p.lines.find(at, "name")
		}
		out = append(out, s)
	}
	return out
}

// sharedKeys may stand in [defaults] and in each [[shim]].
var sharedKeys = []string{"kind", "scope", "capture", "session_env", "task_env", "task_arg", "env"}

func (p *parser) shim(t map[string]any, at tableKey, defaults manifest.Shim) manifest.Shim {
	s := defaults
	s.Env = append([]string(nil), defaults.Env...)
	p.known(t, at, append([]string{"name", "real", "command", "disabled", "force"}, sharedKeys...)...)
	p.name(t, at, &s)
	p.shared(t, at, &s)
	p.program(t, at, &s)
	s.Disabled = p.boolean(t, at, "disabled")
	return s
}

// name reads and checks the name of a shim.
func (p *parser) name(t map[string]any, at tableKey, s *manifest.Shim) {
	before := len(p.errs)
	force := p.boolean(t, at, "force")
	if s.Name = p.str(t, at, "name", ""); len(p.errs) > before {
		return
	}
	if why := BadName(s.Name); why != "" {
		p.fail(at, "name", "write the helper's name as it is typed, such as \"pi-loop\"", "name %q %s", s.Name, why)
		return
	}
	switch s.Name {
	case "pi-track", "pi-track-shim", "tool-usage-report":
		p.fail(at, "name", "remove this entry", "name %q is reserved for pi-track", s.Name)
	case "sh", "bash", "env", "sudo":
		if !force {
			p.fail(at, "name", "nearly every program runs it; add force = true if you mean it", "name %q is refused", s.Name)
		}
	}
}

// BadName says what is wrong with a helper's name, "" for nothing.
func BadName(name string) string {
	switch {
	case name == "":
		return "is missing or empty"
	case len(name) > 255:
		return "is longer than the 255 bytes of a file name"
	case strings.Contains(name, "/"):
		return "contains a slash"
	case name[0] == '-':
		return "begins with -"
	case name[0] == '.':
		return "begins with ."
	}
	for _, r := range name {
		if strings.ContainsRune("*?[]", r) {
			return fmt.Sprintf("contains %q, and is a name, not a pattern", r)
		}
		if r <= ' ' || r == 0x7f || r == '|' || r == 0xfffd || r == 0xa0 {
			return "contains a blank, or a character that command names do not have"
		}
	}
	return ""
}

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
