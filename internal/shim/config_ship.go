package shim

import (
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"pi-track/internal/fleet"
	"pi-track/internal/report/query"
)

// sinks reads the tables [ship.NAME].
func (p *parser) sinks(value any) []*fleet.Sink {
	var out []*fleet.Sink
	p.named("ship", value, func(name string, t map[string]any, at tableKey) {
		p.known(t, at, "to", "token_file", "token_command", "ca_file", "compatible", "region", "virtual_host", "names", "repos", "since", "batch", "fields", "key_file")
		s := &fleet.Sink{Name: name, To: p.address(t, at, "to"), Access: p.access(t, at)}
		s.Names, s.Repos = p.globs(t, at, "names"), p.globs(t, at, "repos")
		for i, g := range s.Repos {
			s.Repos[i] = p.expand(g)
		}
		s.Since = p.since(t, at)
		s.Batch = p.size(t, at)
		s.KeyFile = p.path(t, at, "key_file")
		s.Fields = p.fields(t, at, name)
		if hashed := s.Hashed(); len(hashed) > 0 && s.KeyFile == "" && !has(t, "key_file") {
			p.fail(at, "key_file", "make the team's key once with 'pi-track ship key FILE' and copy it to every machine, or set these to \"drop\" or \"keep\" in [ship."+name+".fields]",
				"key_file is missing: %s would be hashed with it", strings.Join(hashed, ", "))
		}
		out = append(out, s)
	})
	return out
}

// sources reads the tables [source.NAME].
func (p *parser) sources(value any) []*fleet.Source {
	var out []*fleet.Source
	p.named("source", value, func(name string, t map[string]any, at tableKey) {
		p.known(t, at, "from", "token_file", "token_command", "ca_file", "region", "virtual_host", "key_file")
		out = append(out, &fleet.Source{Name: name, From: p.address(t, at, "from"), Access: p.access(t, at), KeyFile: p.path(t, at, "key_file")})
	})
	return out
}

// named calls read for each table of a table of tables, by name.
func (p *parser) named(table string, value any, read func(name string, t map[string]any, at tableKey)) {
	if value == nil {
		return
	}
	all, ok := value.(map[string]any)
	if !ok {
		p.fail(tableKey{}, table, "give it a name: ["+table+".team]", "%s is not a table of tables", table)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		at := tableKey{table: table + "." + name}
		t, ok := all[name].(map[string]any)
		switch {
		case !ok:
			p.fail(tableKey{table: table}, name, "give it a name: ["+table+".team]", "%s.%s is not a table", table, name)
		case slices.Contains([]string{"schema", "forget", "key", "help"}, name):
			p.fail(at, "", "take another name", "%q is a word of 'pi-track ship'", name)
		case !fileName(name):
			p.fail(at, "", "letters, digits, - and _", "%q cannot be the name of a [%s.NAME]", name, table)
		default:
			read(name, t, at)
		}
	}
}

// fileName says whether name is plain enough for a file and for a command line.
func fileName(name string) bool {
	return name != "" && len(name) < 64 && name[0] != '-' && !strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	})
}

func (p *parser) address(t map[string]any, at tableKey, key string) fleet.Address {
	const hint = "write one of " + fleet.Forms
	text := p.str(t, at, key, "")
	if text == "" {
		p.fail(at, key, hint, "%s is missing", key)
		return fleet.Address{}
	}
	if rest, ok := strings.CutPrefix(text, "dir:"); ok {
		text = "dir:" + p.expand(rest)
	}
	a, err := fleet.ParseAddress(text)
	if err != nil {
		p.fail(at, key, hint, "%s: %v", key, err)
	}
	return a
}

func (p *parser) access(t map[string]any, at tableKey) fleet.Access {
	a := fleet.Access{TokenFile: p.path(t, at, "token_file"), CAFile: p.path(t, at, "ca_file"), Compatible: p.boolean(t, at, "compatible"),
		Region: p.str(t, at, "region", ""), VirtualHost: p.boolean(t, at, "virtual_host")}
	if strings.ContainsFunc(a.Region, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-') }) {
		p.fail(at, "region", `such as region = "eu-central-1"`, "region: %q is not the name of a region", a.Region)
	}
	a.TokenCommand = p.texts(t, at, "token_command")
	if has(t, "token_command") && (len(a.TokenCommand) == 0 || a.TokenCommand[0] == "") {
		p.fail(at, "token_command", `a list: ["secret-tool", "lookup", "service", "pi-track"]`, "token_command is empty")
	}
	if has(t, "token_file") && has(t, "token_command") {
		p.fail(at, "token_command", "keep one of the two", "there are both token_file and token_command")
	}
	for i := range a.TokenCommand {
		a.TokenCommand[i] = p.expand(a.TokenCommand[i])
	}
	return a
}

// path reads the absolute path of a file; "" is none.
func (p *parser) path(t map[string]any, at tableKey, key string) string {
	path := p.expand(p.str(t, at, key, ""))
	if path != "" && !filepath.IsAbs(path) {
		p.fail(at, key, "write a path that begins with / or ~/", "%s: %q is not an absolute path", key, path)
	}
	return path
}

// texts reads a list of strings.
func (p *parser) texts(t map[string]any, at tableKey, key string) []string {
	if !has(t, key) {
		return nil
	}
	list, ok := t[key].([]any)
	if !ok {
		p.wrongType(at, key, "a list of strings", t[key])
	}
	var out []string
	for _, item := range list {
		text, ok := item.(string)
		if !ok || strings.ContainsRune(text, 0) {
			p.wrongType(at, key, "a list of strings", item)
			continue
		}
		out = append(out, text)
	}
	return out
}

// globs reads a list of patterns; an empty one takes everything.
func (p *parser) globs(t map[string]any, at tableKey, key string) []string {
	globs := p.texts(t, at, key)
	for _, g := range globs {
		if _, err := query.Match(strings.TrimPrefix(g, "!"), ""); err != nil {
			p.fail(at, key, "close each [ with ]; a \\ makes the character after it literal", "%s: %q is not a pattern", key, g)
		}
	}
	return globs
}

func (p *parser) since(t map[string]any, at tableKey) time.Time {
	const hint = `write since = "2026-11-01"`
	switch v := t["since"].(type) {
	case nil:
	case time.Time:
		return v
	case string:
		since, err := query.ParseTime(v, time.Now(), time.Local)
		if _, relative := time.ParseDuration(v); err != nil || relative == nil || len(v) < len(time.DateOnly) {
			p.fail(at, "since", hint, "since: %q is not a date", v)
			return time.Time{}
		}
		return since
	default:
		p.wrongType(at, "since", "a date", v)
	}
	return time.Time{}
}

// size reads the most bytes of a batch, 0 for the default.
func (p *parser) size(t map[string]any, at tableKey) int {
	text := p.str(t, at, "batch", "")
	if text == "" {
		return 0
	}
	const kib, mib = 1 << 10, 1 << 20
	number, unit := strings.TrimRight(text, "KMiB"), 1
	switch text[len(number):] {
	case "KiB", "K":
		unit = kib
	case "MiB", "M":
		unit = mib
	case "":
	default:
		unit = 0
	}
	n, err := strconv.Atoi(number)
	if err != nil || unit == 0 || n > fleet.MaxBatch/unit || n*unit < 16*kib {
		p.fail(at, "batch", `write batch = "4MiB"`, "batch: %q is not a size from 16KiB to 64MiB", text)
		return 0
	}
	return n * unit
}

// fields reads the table of what becomes of a line's keys.
func (p *parser) fields(t map[string]any, at tableKey, name string) map[string]fleet.Mode {
	table := p.table(t, at, "fields")
	at = tableKey{table: "ship." + name + ".fields"}
	var keys []string
	for _, f := range fleet.Fields {
		keys = append(keys, f.Key)
	}
	p.known(table, at, keys...)
	out := map[string]fleet.Mode{}
	for _, f := range fleet.Fields {
		if !has(table, f.Key) {
			continue
		}
		valid := make([]string, len(f.Modes))
		for i, m := range f.Modes {
			valid[i] = string(m)
		}
		out[f.Key] = fleet.Mode(p.choice(table, at, f.Key, string(f.Default), valid...))
	}
	return out
}
