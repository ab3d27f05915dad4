//go:build linux || darwin || freebsd || openbsd

package main

import (
	"context"
	"fmt"
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
		values, err := a.valuesOf(ctx, o, x.key)
		if err != nil {
			return err
		}
		for _, g := range x.globs {
			exists := slices.ContainsFunc(values, func(v string) bool { ok, _ := x.match(g, v); return ok })
			if !exists && len(values) > 0 {
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
		values, err := a.valuesOf(ctx, o, query.ByName)
		if err != nil {
			return err
		}
		if !slices.Contains(values, o.Why) && len(values) > 0 {
			return noSuch("helper", o.Why, values)
		}
	}
	if o.Why != "" || !o.Since.IsZero() || !o.Until.IsZero() || f.Any() {
		fmt.Fprintf(a.stderr, "pi-track: hint: no run matches all of these; 'pi-track report helpers' shows every helper\n")
	}
	return nil
}

// noExperiment is the error where no helper has the name whose experiments were
// asked for; nil where there is one that is in none, or is only installed.
func (a *app) noExperiment(ctx context.Context, o query.Options) error {
	values, err := a.valuesOf(ctx, o, query.ByName)
	if err != nil {
		return err
	}
	for _, c := range o.Configured {
		values = append(values, c.Name)
	}
	if len(values) == 0 || slices.Contains(values, o.Trial) {
		return nil
	}
	return noSuch("helper", o.Trial, values)
}

// inTheFuture is the error of a period that has not begun.
func inTheFuture(since time.Time) error {
	return usageErrorf("name a time in the past, such as 7d or yesterday", "the period begins in the future: %s", since.Format(time.RFC3339))
}

// valuesOf are the values of a key in the whole log, the most used first.
func (a *app) valuesOf(ctx context.Context, o query.Options, key query.Key) ([]string, error) {
	r, err := buildReport(ctx, a, query.Options{
		Logs: o.Logs, Objects: o.Objects, Fetched: o.Fetched, Engine: o.Engine, Location: o.Location, NoIndex: o.NoIndex, By: []query.Key{key}, Sort: query.SortRuns, MinN: -1,
		Sections: []query.Section{section.SectionHelpers},
	})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, g := range r.Groups.Rows {
		if g.Value != "" {
			out = append(out, g.Value)
		}
	}
	return out, nil
}

// noSuch says that a filter names what does not exist, and what there is.
func noSuch(what, glob string, values []string) error {
	var near []string
	for _, v := range values {
		if strings.Contains(strings.ToLower(v), strings.ToLower(strings.Trim(glob, "*"))) {
			near = append(near, v)
		}
	}
	hint := "did you mean "
	if len(near) == 0 {
		if n := suggest.Nearest(glob, values); n != "" {
			near = []string{n}
		} else {
			near, hint = values, "there is "
			if len(values) > 1 {
				hint = "there are "
			}
		}
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
