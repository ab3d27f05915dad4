//go:build linux || darwin || freebsd || openbsd

package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pi-track/internal/redact"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/suggest"
)

// repoGlobs makes paths of repos out of what the shell's user means: . is the
// repo here, ../other one beside it, a trailing slash nothing.
func repoGlobs(globs []string) []string {
	out := slices.Clone(globs)
	for i, g := range out {
		if g == "." || g == ".." || strings.HasPrefix(g, "./") || strings.HasPrefix(g, "../") {
			if at, err := filepath.Abs(g); err == nil {
				g = repoOf(at)
			}
		}
		if trimmed := strings.TrimRight(g, "/"); trimmed != "" {
			g = trimmed
		}
		out[i] = g
	}
	return out
}

// repoOf is the top of the repo that a directory is in, else the directory.
func repoOf(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			return dir
		}
	}
}

// maxListed is how many values a hint lists.
const maxListed = 8

// explainEmpty is the error of a report that nothing matches because one of its
// filters names what does not exist; nil where each exists, only not together
// or not in the period: then a hint says so.
func (a *app) explainEmpty(ctx context.Context, o query.Options) error {
	if !o.Since.IsZero() && o.Since.After(time.Now()) {
		return inTheFuture(o.Since)
	}
	if f := &o.Filter; o.All != nil && (f.Any() || o.Why != "") {
		if err := o.All(&o); err != nil {
			return err
		}
	}
	f := &o.Filter
	repo := func(glob, value string) (bool, error) {
		ok, err := query.MatchRepo(glob, value)
		return ok || slices.Contains(f.RepoNames, value) && path.Base(glob) == value, err
	}
	for _, x := range []struct {
		key   query.Key
		what  string
		globs []string
		match func(glob, value string) (bool, error)
	}{
		{query.ByName, "helper", f.Name, query.Match}, {query.ByKind, "kind", f.Kind, query.MatchKind},
		{query.ByExt, "extension", f.Ext, query.Match}, {query.ByRepo, "repo", f.Repo, repo},
		{query.ByTask, "task", f.Task, query.Match}, {query.BySession, "session", f.Session, query.Match},
		{query.ByScope, "scope", f.Scope, query.Match}, {query.ByHost, "host", f.Host, query.Match},
	} {
		if len(x.globs) == 0 {
			continue
		}
		values, runs, err := a.valuesOf(ctx, o, x.key)
		if err != nil {
			return err
		}
		if !runs {
			a.tellNoRuns()
			return nil
		}
		for _, g := range x.globs {
			if x.key == query.ByName && a.tellNoRunYet(o, g, values) {
				return nil
			}
			exists := slices.ContainsFunc(values, func(v string) bool { ok, _ := x.match(g, v); return ok })
			if !exists {
				if x.key == query.ByName {
					values = append(values, configuredNames(o)...)
				}
				err := noSuch(x.what, g, values)
				if strings.ContainsAny(g, "*?[") { // a pattern is no name: that none fits may be the answer
					fmt.Fprintf(a.stderr, "pi-track: hint: %v\n", err)
					return nil
				}
				return err
			}
		}
	}
	if o.Why != "" {
		values, runs, err := a.valuesOf(ctx, o, query.ByName)
		if err != nil {
			return err
		}
		if !runs {
			a.tellNoRuns()
			return nil
		}
		if a.tellNoRunYet(o, o.Why, values) {
			return nil
		}
		if !slices.Contains(values, o.Why) {
			return noSuch("helper", o.Why, append(values, configuredNames(o)...))
		}
	}
	if !o.Since.IsZero() || !o.Until.IsZero() || f.Any() {
		fmt.Fprintf(a.stderr, "pi-track: hint: no run matches all of these; 'pi-track report helpers' shows every helper\n")
	} else if o.Why == "" {
		a.tellNoRuns()
	}
	return nil
}

// noExperiment is the error where no helper has the name whose experiments were
// asked for; nil where there is one that is in none, or is only installed.
func (a *app) noExperiment(ctx context.Context, o query.Options) error {
	values, _, err := a.valuesOf(ctx, o, query.ByName)
	if err != nil {
		return err
	}
	values = append(values, configuredNames(o)...)
	if len(values) == 0 || slices.Contains(values, o.Trial) {
		return nil
	}
	return noSuch("helper", o.Trial, values)
}

// tellNoRuns says that the log is empty.
func (a *app) tellNoRuns() {
	fmt.Fprintf(a.stderr, "pi-track: hint: the log has no run yet; 'pi-track doctor' says whether recording works\n")
}

// tellNoRunYet says that a helper of shims.toml is not in the log; it returns false where it is, or where it is not
// in shims.toml either.
func (a *app) tellNoRunYet(o query.Options, name string, inLog []string) bool {
	if slices.Contains(inLog, name) || !slices.Contains(configuredNames(o), name) {
		return false
	}
	fmt.Fprintf(a.stderr, "pi-track: hint: %s is configured and has no run yet; 'pi-track which %s' shows what a call leads to\n", redact.Text(name), redact.Text(name))
	return true
}

// configuredNames are the helpers that may not have run yet.
func configuredNames(o query.Options) (names []string) {
	for _, c := range o.Configured {
		names = append(names, c.Name)
	}
	return names
}

// inTheFuture is the error of a period that has not begun.
func inTheFuture(since time.Time) error {
	return usageErrorf("name a time in the past, such as 7d or yesterday", "the period begins in the future: %s", since.Format(time.RFC3339))
}

// valuesOf are the values of a key in the whole log, the most used first; runs says that it has any run.
func (a *app) valuesOf(ctx context.Context, o query.Options, key query.Key) (values []string, runs bool, err error) {
	r, err := buildReport(ctx, a, query.Options{
		Logs: o.Logs, Objects: o.Objects, Fetched: o.Fetched, Engine: o.Engine, Location: o.Location, NoIndex: o.NoIndex, By: []query.Key{key}, Sort: query.SortRuns, MinN: -1,
		Sections: []query.Section{section.SectionHelpers},
	})
	if err != nil {
		return nil, false, err
	}
	for _, g := range r.Groups.Rows {
		if g.Value != "" {
			values = append(values, g.Value)
		}
	}
	return values, len(r.Groups.Rows) > 0, nil
}

// noSuch says that a filter names what does not exist, and what there is.
func noSuch(what, glob string, values []string) error {
	var near, all []string
	for _, v := range values {
		if !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	values = all
	part := strings.ToLower(strings.Trim(glob, "*"))
	for _, v := range values {
		if part != "" && strings.Contains(strings.ToLower(v), part) {
			near = append(near, v)
		}
	}
	hint := "did you mean "
	switch n := nearestOrBase(glob, values); {
	case len(near) > 0:
	case n != "":
		near = []string{n}
	case len(values) == 0:
		return usageErrorf("no run in the log has one", "no %s in the log matches %q", what, redact.Text(glob))
	case len(values) == 1:
		near, hint = values, "there is "
	default:
		near, hint = values, "there are "
	}
	more := ""
	if len(near) > maxListed {
		more = fmt.Sprintf(" and %d more", len(near)-maxListed)
		near = near[:maxListed]
	}
	hint = redact.Text(hint + strings.Join(near, ", ") + more)
	if strings.HasPrefix(hint, "did") {
		hint += "?"
	}
	return usageErrorf(hint, "no %s in the log matches %q", what, redact.Text(glob))
}

// nearestOrBase is the value that a user most likely meant, also by the last part of its path.
func nearestOrBase(word string, values []string) string {
	if near := suggest.Nearest(word, values); near != "" {
		return near
	}
	bases := map[string]string{}
	for _, v := range values {
		if b := path.Base(v); bases[b] == "" {
			bases[b] = v
		}
	}
	return bases[suggest.Nearest(path.Base(word), slices.Sorted(maps.Keys(bases)))]
}
