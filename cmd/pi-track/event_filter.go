//go:build linux || darwin || freebsd || openbsd

package main

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log/history"
	"pi-track/internal/report/query"
)

// eventFilter holds globs by key; an event must match one of each list that
// is not empty.
type eventFilter struct {
	name, kind, ext, status, repo, task, session []string
}

func (f *eventFilter) register(flags *pflag.FlagSet) {
	for _, o := range f.options() {
		flags.StringArrayVar(o.globs, o.name, nil, "only where the "+o.of+" matches the `GLOB` (repeatable)")
	}
}

type filterOption struct {
	name, of string
	globs    *[]string
	text     func(*decode.Line) decode.Text
}

func (f *eventFilter) options() []filterOption {
	return []filterOption{
		{"name", "helper's name", &f.name, func(l *decode.Line) decode.Text { return l.Name }},
		{"kind", "kind or sort of helper (" + kindWords + ")", &f.kind, func(l *decode.Line) decode.Text { return l.Kind }},
		{"ext", "extension", &f.ext, func(l *decode.Line) decode.Text { return l.Ext }},
		{"status", "status", &f.status, nil},
		{"repo", "repository (its path or its last element)", &f.repo, func(l *decode.Line) decode.Text { return l.Repo }},
		{"task", "task", &f.task, func(l *decode.Line) decode.Text { return l.Task }},
		{"session", "session", &f.session, func(l *decode.Line) decode.Text { return l.Session }},
	}
}

// kindWords lists what --kind may be.
var kindWords = strings.Join(append([]string{query.ShellHelper, query.Tool, query.Command}, query.Kinds...), ", ")

// check refuses globs that are none.
func (f *eventFilter) check() error {
	for _, o := range f.options() {
		for _, g := range *o.globs {
			if _, err := path.Match(g, ""); err != nil {
				return usageErrorf("a glob may have *, ? and [a-z]; a '\\' before one of them makes it literal", "--%s: malformed glob %q", o.name, g)
			}
		}
	}
	f.repo = repoGlobs(f.repo)
	return checkStatus(f.status)
}

// explainEmpty says why no event of the log matches, where a filter is the reason: an error where it names what
// does not exist.
func (f *eventFilter) explainEmpty(a *app, p installation) error {
	o := query.Options{Logs: []string{p.Log}, Location: localZone(), Filter: query.Filter{
		Name: f.name, Kind: f.kind, Ext: f.ext, Status: f.status, Repo: f.repo, Task: f.task, Session: f.session,
	}}
	if p.Manifest != nil {
		for _, s := range p.Manifest.Shims {
			o.Configured = append(o.Configured, query.Configured{Name: s.Name, Kind: s.Kind})
		}
	}
	o.Filter.Kind = slices.DeleteFunc(slices.Clone(f.kind), func(glob string) bool { // one that there is may come
		return slices.ContainsFunc(query.Kinds, func(kind string) bool { ok, _ := query.MatchKind(glob, kind); return ok })
	})
	if !o.Filter.Any() && len(f.kind) > 0 {
		return nil
	}
	return a.explainEmpty(context.Background(), o)
}

// checkStatus refuses a glob that matches no status there is.
func checkStatus(globs []string) error {
	statuses := []event.Status{event.Succeeded, event.Failed, event.Cancelled, event.Started}
	for _, g := range globs {
		if _, err := query.Match(g, ""); err != nil || slices.ContainsFunc(statuses, func(s event.Status) bool { return globMatch(query.Match, []string{g}, string(s)) }) {
			continue
		}
		if _, err := oneOf("status", g, statuses); err != nil {
			return err
		}
	}
	return nil
}

// match says whether the event is wanted.
func (f *eventFilter) match(l *decode.Line) bool {
	for _, o := range f.options() {
		if len(*o.globs) == 0 {
			continue
		}
		value := string(l.Code.Status())
		if o.text != nil {
			value = l.String(o.text(l))
		}
		match := query.Match
		switch o.name {
		case "kind":
			match = query.MatchKind
		case "repo":
			match = query.MatchRepo
		}
		if !globMatch(match, *o.globs, value) {
			return false
		}
	}
	return true
}

// take decodes a line; the event is nil when it is not wanted. l is memory to
// be used again.
func (f *eventFilter) take(line []byte, l *decode.Line) (*event.Event, error) {
	if err := history.Decode(line, l); err != nil {
		return nil, err
	}
	if !f.match(l) {
		return nil, nil
	}
	var e event.Event
	return &e, decode.Event(line, &e)
}

// globMatch says whether one of the globs matches all of s, as the report's
// filters do.
func globMatch(match func(glob, s string) (bool, error), globs []string, s string) bool {
	for _, g := range globs {
		if ok, _ := match(g, s); ok {
			return true
		}
	}
	return false
}
