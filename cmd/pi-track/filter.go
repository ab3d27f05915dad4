package main

import (
	"path"
	"strings"

	"github.com/spf13/pflag"

	"pi-track/internal/event"
)

// eventFilter holds globs by key; an event must match one of each list that
// is not empty.
type eventFilter struct {
	name, kind, status, repo, task, session []string
}

func (f *eventFilter) register(flags *pflag.FlagSet) {
	for _, o := range f.options() {
		flags.StringArrayVar(o.globs, o.name, nil, "only where the "+o.of+" matches the `GLOB` (repeatable)")
	}
}

type filterOption struct {
	name, of string
	globs    *[]string
	value    func(*event.Event) string
}

func (f *eventFilter) options() []filterOption {
	return []filterOption{
		{"name", "helper's name", &f.name, func(e *event.Event) string { return e.Name }},
		{"kind", "kind", &f.kind, func(e *event.Event) string { return string(e.Kind) }},
		{"status", "status", &f.status, func(e *event.Event) string { return string(e.Status) }},
		{"repo", "repository (its path or its last element)", &f.repo, func(e *event.Event) string { return e.Repo }},
		{"task", "task", &f.task, func(e *event.Event) string { return e.TaskID }},
		{"session", "session", &f.session, func(e *event.Event) string { return e.SessionID }},
	}
}

// check refuses globs that are none.
func (f *eventFilter) check() error {
	for _, o := range f.options() {
		for _, g := range *o.globs {
			if _, err := path.Match(g, ""); err != nil {
				return usageErrorf("a glob has *, ? and [a-z]; '\\' takes their meaning away", "--%s: malformed glob %q", o.name, g)
			}
		}
	}
	return nil
}

// match says whether e is wanted.
func (f *eventFilter) match(e *event.Event) bool {
	for _, o := range f.options() {
		if len(*o.globs) == 0 {
			continue
		}
		value := o.value(e)
		if !globMatch(*o.globs, value) && (o.name != "repo" || value == "" || !globMatch(*o.globs, path.Base(value))) {
			return false
		}
	}
	return true
}

// globMatch says whether one of the globs matches all of s. A * also matches
// slashes, which path.Match would not let it.
func globMatch(globs []string, s string) bool {
	flat := strings.NewReplacer("/", "\x00")
	for _, g := range globs {
		if ok, _ := path.Match(flat.Replace(g), flat.Replace(s)); ok {
			return true
		}
	}
	return false
}
