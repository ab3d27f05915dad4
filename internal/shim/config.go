package shim

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"

	"pi-track/internal/manifest"
	"pi-track/internal/suggest"
)

// ConfigError is a mistake in shims.toml.
type ConfigError struct {
	File string
	Line int // 1-based; 0 when it concerns the whole file
	Msg  string
	Hint string // what to do about it; may be empty
}

func (e *ConfigError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Msg)
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Msg)
}

// Config is what a shims.toml says, its defaults applied to every shim.
type Config struct {
	File  string
	Log   string // absolute path; "" for the default
	Shims []manifest.Shim
}

// ParseConfig reads the text of a shims.toml. home is the user's home
// directory, which a leading ~ or $HOME stands for. Every mistake is a
// *ConfigError.
func ParseConfig(file string, data []byte, home string) (*Config, error) {
	var doc map[string]any
	if _, err := toml.Decode(string(data), &doc); err != nil {
		var pe toml.ParseError
		if errors.As(err, &pe) {
			return nil, &ConfigError{File: file, Line: syntaxLine(pe), Msg: pe.Message, Hint: "the file is TOML; strings stand in quotes, each shim begins with [[shim]]"}
		}
		return nil, &ConfigError{File: file, Msg: err.Error()}
	}
	p := &parser{file: file, lines: newLineIndex(data), home: home}
	cfg, err := p.document(doc)
	if err != nil {
		return nil, err
	}
	return cfg, nil
}

// syntaxLine is the line of a syntax error. The library counts a newline that
// should not be there as part of the line after it.
func syntaxLine(e toml.ParseError) int {
	if strings.Contains(e.Message, `'\n'`) {
		return max(1, e.Position.Line-1)
	}
	return e.Position.Line
}

// parser turns the decoded document into a Config.
type parser struct {
	file  string
	lines *lineIndex
	home  string
}

// place is a table of the document: the key path "shim" and its number, or
// "settings", "defaults", "" with number 0.
type place struct {
	table string
	index int
}

func (p *parser) fail(at place, key, hint, format string, a ...any) error {
	return &ConfigError{File: p.file, Line: p.lines.find(at, key), Msg: fmt.Sprintf(format, a...), Hint: hint}
}

func (p *parser) document(doc map[string]any) (*Config, error) {
	top := place{}
	if err := p.known(doc, top, "version", "settings", "defaults", "shim"); err != nil {
		return nil, err
	}
	switch v := doc["version"].(type) {
	case nil:
		return nil, &ConfigError{File: p.file, Line: 1, Msg: "version is missing", Hint: "put version = 1 at the top of the file"}
	case int64:
		if v != 1 {
			return nil, p.fail(top, "version", "this pi-track reads version = 1", "version %d is not known", v)
		}
	default:
		return nil, p.wrongType(top, "version", "an integer", v)
	}
	cfg := &Config{File: p.file}
	settings, err := p.table(doc, top, "settings")
	if err != nil {
		return nil, err
	}
	if cfg.Log, err = p.settings(settings); err != nil {
		return nil, err
	}
	defaults := manifest.DefaultShim()
	table, err := p.table(doc, top, "defaults")
	if err != nil {
		return nil, err
	}
	at := place{table: "defaults"}
	if err := p.known(table, at, sharedKeys...); err != nil {
		return nil, err
	}
	if err := p.shared(table, at, &defaults); err != nil {
		return nil, err
	}
	cfg.Shims, err = p.shims(doc["shim"], defaults)
	return cfg, err
}

func (p *parser) settings(table map[string]any) (log string, err error) {
	at := place{table: "settings"}
	if err := p.known(table, at, "log"); err != nil {
		return "", err
	}
	if log, err = p.str(table, at, "log", ""); err != nil || log == "" {
		return "", err
	}
	log = p.expand(log)
	if !filepath.IsAbs(log) {
		return "", p.fail(at, "log", "write a path that begins with / or ~/", "log: %q is not an absolute path", log)
	}
	return filepath.Clean(log), nil
}

func (p *parser) shims(value any, defaults manifest.Shim) ([]manifest.Shim, error) {
	if value == nil {
		return nil, nil
	}
	tables, ok := value.([]map[string]any)
	if !ok {
		return nil, p.fail(place{}, "shim", "each shim begins with [[shim]], in two pairs of brackets", "shim is not a list of tables")
	}
	var out []manifest.Shim
	seen := map[string]int{}
	for i, t := range tables {
		at := place{table: "shim", index: i}
		s, err := p.shim(t, at, defaults)
		if err != nil {
			return nil, err
		}
		if first, ok := seen[s.Name]; ok {
			return nil, p.fail(at, "name", "give each helper one [[shim]]", "%q is listed twice, first in line %d", s.Name, first)
		}
		seen[s.Name] = p.lines.find(at, "name")
		out = append(out, s)
	}
	return out, nil
}

// sharedKeys may stand in [defaults] and in each [[shim]].
var sharedKeys = []string{"kind", "scope", "capture", "session_env", "task_env", "task_arg", "env"}

func (p *parser) shim(t map[string]any, at place, defaults manifest.Shim) (manifest.Shim, error) {
	s := defaults
	s.Env = append([]string(nil), defaults.Env...)
	if err := p.known(t, at, append([]string{"name", "real", "command", "disabled", "force"}, sharedKeys...)...); err != nil {
		return s, err
	}
	if err := p.name(t, at, &s); err != nil {
		return s, err
	}
	if err := p.shared(t, at, &s); err != nil {
		return s, err
	}
	if err := p.program(t, at, &s); err != nil {
		return s, err
	}
	var err error
	s.Disabled, err = p.boolean(t, at, "disabled")
	return s, err
}

// name reads and checks the name of a shim.
func (p *parser) name(t map[string]any, at place, s *manifest.Shim) error {
	force, err := p.boolean(t, at, "force")
	if err != nil {
		return err
	}
	if s.Name, err = p.str(t, at, "name", ""); err != nil {
		return err
	}
	if why := badName(s.Name); why != "" {
		return p.fail(at, "name", "write the helper's name as it is typed, such as \"pi-loop\"", "name %q %s", s.Name, why)
	}
	switch s.Name {
	case "pi-track", "pi-track-shim", "tool-usage-report":
		return p.fail(at, "name", "take this entry out", "name %q is pi-track's own", s.Name)
	case "sh", "bash", "env", "sudo":
		if !force {
			return p.fail(at, "name", "nearly every program runs it; add force = true if you mean it", "name %q is refused", s.Name)
		}
	}
	return nil
}

// badName says what is wrong with a helper's name, "" for nothing.
func badName(name string) string {
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
		if r <= ' ' || r == 0x7f || r == '|' || r == 0xfffd || r == 0xa0 {
			return "contains a blank or a character that no command has"
		}
	}
	return ""
}

// expand replaces a leading ~ or $HOME by the home directory.
func (p *parser) expand(s string) string {
	for _, prefix := range []string{"~", "$HOME"} {
		if s == prefix || strings.HasPrefix(s, prefix+"/") {
			return p.home + s[len(prefix):]
		}
	}
	return s
}

// known refuses keys that are not in the list.
func (p *parser) known(t map[string]any, at place, keys ...string) error {
	bad, line := "", 0
	for k := range t {
		if !contains(keys, k) {
			if l := p.lines.find(at, k); bad == "" || l < line || l == line && k < bad {
				bad, line = k, l
			}
		}
	}
	if bad == "" {
		return nil
	}
	hint := "valid keys here: " + strings.Join(keys, ", ")
	if n := suggest.Nearest(bad, keys); n != "" {
		hint = fmt.Sprintf("did you mean %q?", n)
	}
	return p.fail(at, bad, hint, "unknown key %q%s", bad, at.suffix())
}

func (a place) suffix() string {
	switch a.table {
	case "":
		return ""
	case "shim":
		return " in [[shim]]"
	}
	return " in [" + a.table + "]"
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}
