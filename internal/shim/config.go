package shim

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"pi-track/internal/fleet"
	"pi-track/internal/manifest"
	"pi-track/internal/suggest"
)

// ConfigError is a mistake in shims.toml.
type ConfigError struct {
	File string
	Line int // 1-based; 0 when it concerns the whole file
	Msg  string
	Hint string // what to do about it; may be empty

	Warning bool // it is no mistake by itself: a program that is not there, for now

	at  tableKey
	key string
}

func (e *ConfigError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Msg)
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Msg)
}

// ConfigErrors are all mistakes of one shims.toml in the order of its lines.
type ConfigErrors []*ConfigError

func (e ConfigErrors) Error() string { return errors.Join(e.Unwrap()...).Error() }

// Unwrap lets errors.As find the first mistake.
func (e ConfigErrors) Unwrap() []error {
	var all []error
	for _, one := range e {
		all = append(all, one)
	}
	return all
}

// Config is what a shims.toml says, its defaults applied to every shim.
type Config struct {
	File      string
	Log       string // absolute path; "" for the default
	Pi        manifest.Pi
	Shims     []manifest.Shim
	NoRefresh bool         // nothing but install changes the programs
	Forced    []string     // helpers with force = true: they get a link even when nothing is behind it
	Warnings  ConfigErrors // programs that are not there, for now

	Sinks   []*fleet.Sink   // where `pi-track ship` sends to, by name
	Sources []*fleet.Source // where `pi-track report --from` reads, by name
}

// ParseConfig reads the text of a shims.toml. home is the user's home
// directory, which a leading ~ or $HOME stands for. A file with mistakes gives
// ConfigErrors that name every one of them, and the warnings after them; a syntax
// error hides the others.
func ParseConfig(file string, data []byte, home string) (*Config, error) {
	p := &parser{file: file, lines: newLineIndex(data), home: home}
	var doc map[string]any
	if _, err := toml.Decode(string(data), &doc); err != nil {
		p.syntax(err)
		return nil, p.errs
	}
	cfg := p.document(doc)
	if len(p.errs) > 0 {
		slices.SortStableFunc(p.errs, func(a, b *ConfigError) int { return cmp.Compare(a.Line, b.Line) })
		return nil, append(p.errs, p.warnings...)
	}
	cfg.Warnings, cfg.Forced = p.warnings, p.forced
	return cfg, nil
}

// parser turns the decoded document into a Config and keeps every mistake on
// the way; what is wrong is read as if it were not there.
type parser struct {
	file  string
	lines *lineIndex
	home  string
	errs  ConfigErrors // at most one for each key

	forced   []string
	warnings ConfigErrors
}

// tableKey names a table of the document: the key path "shim" and its number, or
// "settings", "defaults", "pi", "" with number 0.
type tableKey struct {
	table string
	index int
}

// fail notes a mistake at a key of a table, unless the key has one already.
func (p *parser) fail(at tableKey, key, hint, format string, a ...any) {
	e := p.mistake(at, key, hint, format, a...)
	if !slices.ContainsFunc(p.errs, func(o *ConfigError) bool { return o.at == at && o.key == key }) {
		p.errs = append(p.errs, e)
	}
}

func (p *parser) mistake(at tableKey, key, hint, format string, a ...any) *ConfigError {
	return &ConfigError{File: p.file, Line: p.lines.find(at, key), Msg: fmt.Sprintf(format, a...), Hint: hint, at: at, key: key}
}

// runnable warns of a program that is not there.
func (p *parser) runnable(at tableKey, key, program string) {
	var w *ConfigError
	switch st, err := os.Stat(program); {
	case err != nil:
		w = p.mistake(at, key, "correct the path, or make the program", "%s: %s does not exist", key, program)
	case st.IsDir() || st.Mode()&0o111 == 0:
		w = p.mistake(at, key, "name a program, or make it executable: chmod +x", "%s: %s is not a program", key, program)
	default:
		return
	}
	w.Warning = true
	p.warnings = append(p.warnings, w)
}

// syntax notes what the TOML library refused. The library counts a newline that
// should not be there as part of the line after it.
func (p *parser) syntax(err error) {
	var pe toml.ParseError
	if !errors.As(err, &pe) {
		p.errs = append(p.errs, &ConfigError{File: p.file, Msg: err.Error()})
		return
	}
	line := pe.Position.Line
	if strings.Contains(pe.Message, `'\n'`) {
		line = max(1, line-1)
	}
	p.errs = append(p.errs, &ConfigError{File: p.file, Line: line, Msg: pe.Message, Hint: "the file is TOML: put strings in quotes, and begin each shim with [[shim]]"})
}

func (p *parser) document(doc map[string]any) *Config {
	top := tableKey{}
	p.known(doc, top, "version", "settings", "defaults", "pi", "shim", "ship", "source")
	switch v := doc["version"].(type) {
	case nil:
		p.errs = append(p.errs, &ConfigError{File: p.file, Line: 1, Msg: "version is missing", Hint: "put version = 1 at the top of the file"})
	case int64:
		if v != 1 {
			p.fail(top, "version", "this pi-track reads version = 1", "unknown version %d", v)
		}
	default:
		p.wrongType(top, "version", "an integer", v)
	}
	cfg := &Config{File: p.file}
	p.settings(p.table(doc, top, "settings"), cfg)
	defaults := manifest.DefaultShim()
	table, at := p.table(doc, top, "defaults"), tableKey{table: "defaults"}
	p.known(table, at, sharedKeys...)
	p.shared(table, at, &defaults)
	cfg.Shims = p.shims(doc["shim"], defaults)
	cfg.Pi = p.pi(p.table(doc, top, "pi"))
	cfg.Sinks = p.sinks(doc["ship"])
	cfg.Sources = p.sources(doc["source"])
	return cfg
}

// settings reads what concerns the installation.
func (p *parser) settings(table map[string]any, cfg *Config) {
	at := tableKey{table: "settings"}
	p.known(table, at, "log", "refresh")
	cfg.NoRefresh = has(table, "refresh") && !p.boolean(table, at, "refresh")
	log := p.expand(p.str(table, at, "log", ""))
	switch {
	case log == "":
		return
	case !filepath.IsAbs(log):
		p.fail(at, "log", "write a path that begins with / or ~/", "log: %q is not an absolute path", log)
	case strings.HasSuffix(log, "/") || IsDir(log):
		p.fail(at, "log", "name a file, such as "+filepath.Join(log, "events.jsonl"), "log: %q is a directory", log)
	default:
		if st, err := os.Stat(log); err == nil && !st.Mode().IsRegular() {
			p.fail(at, "log", "name a file", "log: %q is not a regular file: what is written there cannot be read again", log)
		}
	}
	cfg.Log = filepath.Clean(log)
}

// IsDir says whether a directory is at path.
func IsDir(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
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

// known notes every key that is not in the list.
func (p *parser) known(t map[string]any, at tableKey, keys ...string) {
	for _, k := range slices.Sorted(maps.Keys(t)) {
		if slices.Contains(keys, k) {
			continue
		}
		hint := "valid keys here: " + strings.Join(keys, ", ")
		if n := suggest.Nearest(k, keys); n != "" {
			hint = fmt.Sprintf("did you mean %q?", n)
		}
		p.fail(at, k, hint, "unknown key %q%s", k, at.suffix())
	}
}

func (a tableKey) suffix() string {
	switch a.table {
	case "":
		return ""
	case "shim":
		return " in [[shim]]"
	}
	return " in [" + a.table + "]"
}
