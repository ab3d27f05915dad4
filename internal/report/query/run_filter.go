package query

import (
	"path"
	"slices"
	"strings"

	"pi-track/internal/event/decode"
	"pi-track/internal/report/hash"
)

// RunFilter decides which runs count. One belongs to one worker: it remembers
// what it decided about each text.
type RunFilter struct {
	fields []filterField
	status []string
}

type filterField struct {
	globs []string
	text  func(l *decode.Line) decode.Text
	match func(glob, text string) (bool, error)
	run   bool     // of a run, not of the context that it ran in
	also  []string // texts that pass, too
	known map[uint64]bool
}

// newRunFilter checks the globs; it returns nil when everything passes.
func newRunFilter(f Filter) (*RunFilter, error) {
	out := &RunFilter{status: f.Status}
	for _, field := range []filterField{
		{globs: f.Name, text: func(l *decode.Line) decode.Text { return l.Name }, run: true},
		{globs: f.Kind, text: func(l *decode.Line) decode.Text { return l.Kind }, run: true, match: MatchKind},
		{globs: f.Ext, text: func(l *decode.Line) decode.Text { return l.Ext }, run: true},
		{globs: f.Repo, text: func(l *decode.Line) decode.Text { return l.Repo }, match: MatchRepo, also: f.RepoNames},
		{globs: f.Task, text: func(l *decode.Line) decode.Text { return l.Task }},
		{globs: f.Session, text: func(l *decode.Line) decode.Text { return l.Session }},
		{globs: f.Scope, text: func(l *decode.Line) decode.Text { return l.Scope }},
		{globs: f.Host, text: func(l *decode.Line) decode.Text { return l.Host }},
		{globs: f.Status},
	} {
		for _, g := range field.globs {
			if _, err := Match(g, ""); err != nil {
				return nil, &GlobError{Glob: g}
			}
		}
		if field.match == nil {
			field.match = Match
		}
		if len(field.globs) > 0 && field.text != nil {
			out.fields = append(out.fields, field)
		}
	}
	if len(out.fields) == 0 && len(out.status) == 0 {
		return nil, nil
	}
	return out, nil
}

// GlobError is a filter that is not a glob.
type GlobError struct{ Glob string }

// Error names the glob.
func (e *GlobError) Error() string { return "malformed glob " + e.Glob }

// Worker is a copy for one worker.
func (f *RunFilter) Worker() *RunFilter {
	if f == nil {
		return nil
	}
	c := *f
	c.fields = append([]filterField(nil), f.fields...)
	for i := range c.fields {
		c.fields[i].known = map[uint64]bool{}
	}
	return &c
}

// Takes says whether a run passes.
func (f *RunFilter) Takes(l *decode.Line) bool {
	for i := range f.fields {
		if !f.fields[i].takes(l) {
			return false
		}
	}
	if len(f.status) == 0 {
		return true
	}
	for _, g := range f.status {
		if ok, _ := Match(g, string(l.Code.Status())); ok {
			return true
		}
	}
	return false
}

// TakesContext is Takes without what is the helper's: name, kind, extension and
// the status.
func (f *RunFilter) TakesContext(l *decode.Line) bool {
	for i := range f.fields {
		if !f.fields[i].run && !f.fields[i].takes(l) {
			return false
		}
	}
	return true
}

func (f *filterField) takes(l *decode.Line) bool {
	text := l.Bytes(f.text(l))
	h := hash.Of(text)
	if ok, found := f.known[h]; found {
		return ok
	}
	if len(f.known) > 1<<16 {
		clear(f.known)
	}
	ok := slices.Contains(f.also, string(text))
	for _, g := range f.globs {
		m, _ := f.match(g, string(text))
		ok = ok || m
	}
	f.known[h] = ok
	return ok
}

// MatchRepo is Match for a repo; the last element of its path will do, too.
func MatchRepo(glob, repo string) (bool, error) {
	ok, err := Match(glob, repo)
	if ok || err != nil || repo == "" {
		return ok, err
	}
	return Match(glob, path.Base(repo))
}

// Match is path.Match with a * that matches slashes too: the slashes of both
// become a byte that no text holds.
func Match(glob, text string) (bool, error) {
	return path.Match(strings.ReplaceAll(glob, "/", "\x00"), strings.ReplaceAll(text, "/", "\x00"))
}
