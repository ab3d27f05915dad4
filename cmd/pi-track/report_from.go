//go:build linux || darwin || freebsd || openbsd

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strings"
	"time"

	"pi-track/internal/fleet"
	"pi-track/internal/fleet/origin"
	"pi-track/internal/fleet/sink"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/shim"
	"pi-track/internal/version"
)

// readFrom has the report read what the team has sent instead of a log.
func (f *selectFlags) readFrom(o *query.Options) error {
	if len(f.logs) > 0 {
		return usageErrorf("leave one of them out", "--log and --from cannot be used together")
	}
	src, err := findSource(f.from)
	if err != nil {
		return err
	}
	o.Logs, o.NoIndex = []string{src.From.String()}, true
	if err := pseudonyms(&o.Filter, src); err != nil {
		return err
	}
	at := *o
	at.Now = time.Now()
	plan, err := query.New(at)
	if err != nil {
		return usageErrorf("close each [ with ]; a \\ makes the character after it literal", "%w", err)
	}
	since := section.Needed(plan)
	if since != math.MinInt64 {
		o.All = func(o *query.Options) error { return f.readSource(o, src, math.MinInt64) }
	}
	return f.readSource(o, src, since)
}

// readSource has the report read what was sent to src since a time.
func (f *selectFlags) readSource(o *query.Options, src *fleet.Source, since int64) (err error) {
	switch src.From.Kind {
	case fleet.ClickHouse:
		return f.fetch(o, src, since)
	case fleet.S3:
		return f.fetchBucket(o, src, since)
	case fleet.OTLP:
		return usageErrorf("read where the collector stores its data: a directory, a bucket or a ClickHouse", "--from: a collector cannot be read")
	}
	var unread []origin.Unread
	if o.Objects, unread, err = origin.Objects(context.Background(), src.From.Path, since); err != nil {
		return withHint(exitNoLog, fmt.Errorf("%s: %w", f.from, err), "make the directory, or mount what it lies on")
	}
	if len(o.Objects) == 0 && len(unread) == 0 && since == math.MinInt64 {
		return withHint(exitNoLog, fmt.Errorf("%s: nothing has been sent to %s", f.from, src.From), "'pi-track ship' on a machine of the team sends its runs there")
	}
	addUnread(o, unread)
	return nil
}

func addUnread(o *query.Options, unread []origin.Unread) {
	for _, u := range unread {
		o.Unread = append(o.Unread, query.Unread{Path: u.Path, Why: u.Why})
	}
}

// fetchBucket has the report read the objects of a bucket.
func (f *selectFlags) fetchBucket(o *query.Options, src *fleet.Source, since int64) error {
	token, err := f.token(src)
	if err != nil {
		return err
	}
	hint := "check that the server is running; see docs/fleet.md"
	s, err := sink.NewS3(src.From, src.Access, sink.Options{Token: token, Version: version.Number})
	if err == nil {
		defer s.Close()
		var objects int
		var unread []origin.Unread
		if o.Fetched, objects, unread, err = origin.Bucket(context.Background(), s, since); err == nil {
			if objects == 0 && len(unread) == 0 && since == math.MinInt64 {
				err, hint = fmt.Errorf("nothing has been sent to %s", src.From), "'pi-track ship' on a machine of the team sends its runs there"
			}
			addUnread(o, unread)
		}
	}
	if err == nil {
		return nil
	}
	if denied := new(sink.Denied); errors.As(err, &denied) {
		hint = "the token of [source.NAME] must be allowed to list the bucket and get its objects: " + denied.Hint
	}
	return withHint(exitNoLog, fmt.Errorf("%s: %w", f.from, err), hint)
}

// token is what lets us read from src.
func (f *selectFlags) token(src *fleet.Source) (string, error) {
	token, err := src.Token(tokenOf)
	if err != nil {
		return "", withHint(exitUsage, fmt.Errorf("%s: no token: %w", f.from, err), "own the token's file and chmod 600 it; see docs/fleet.md")
	}
	return token, nil
}

// fetch has the report read the lines that a ClickHouse holds.
func (f *selectFlags) fetch(o *query.Options, src *fleet.Source, since int64) error {
	token, err := f.token(src)
	if err != nil {
		return err
	}
	c, err := sink.NewClickHouse(src.From, src.Access, sink.Options{Token: token, Version: version.Number})
	if err == nil {
		if !f.exact {
			o.Engine = &query.Engine{Database: c.Database(), Select: func(ctx context.Context, sql string) (io.ReadCloser, error) {
				answer, err := origin.Ask(ctx, c, sql)
				if err != nil {
					return nil, f.notAnswered(err)
				}
				return answer, nil
			}}
			return nil
		}
		defer c.Close()
		if o.Fetched, err = origin.Lines(context.Background(), c, since); err == nil {
			return nil
		}
	}
	return f.notAnswered(err)
}

// notAnswered is the error of a server that does not answer.
func (f *selectFlags) notAnswered(err error) error {
	hint := "check that the server is running; see docs/fleet.md"
	if denied := new(sink.Denied); errors.As(err, &denied) {
		hint = "the token of [source.NAME] may read only with the role pt_read of 'pi-track ship schema clickhouse'"
	}
	return withHint(exitNoLog, fmt.Errorf("%s: %w", f.from, err), hint)
}

// findSource is what --from means: a name of the configuration, or an address.
func findSource(from string) (*fleet.Source, error) {
	if fleet.Scheme(from) {
		at, err := fleet.ParseAddress(from)
		if err != nil {
			return nil, usageErrorf("write --from dir:/mnt/team/pi-track, or the name of a [source.NAME]", "--from: %w", err)
		}
		return &fleet.Source{Name: from, From: at}, nil
	}
	cfg, _, err := readConfig("")
	if err != nil {
		return nil, err
	}
	for _, s := range cfg.Sources {
		if s.Name == from {
			return s, nil
		}
	}
	for _, s := range cfg.Sinks {
		if s.Name != from {
			continue
		}
		if s.To.Kind == fleet.Dir || s.To.Kind == fleet.S3 { // whoever may send there may often read there
			return &fleet.Source{Name: from, From: s.To, Access: s.Access, KeyFile: s.KeyFile}, nil
		}
		return nil, usageErrorf("add [source."+from+"] with a token that may read", "cannot read from [ship.%s]: it only sends", from)
	}
	hint := cmp.Or(meant(from, sourceNames(cfg)), "add one, or name a directory: --from dir:/a/shared/directory; see docs/fleet.md")
	return nil, usageErrorf(hint, "there is no [source.%s] and no [ship.%s] in %s", from, from, cfg.File)
}

func sourceNames(cfg *shim.Config) []string {
	var names []string
	for _, s := range cfg.Sources {
		names = append(names, s.Name)
	}
	for _, s := range cfg.Sinks {
		names = append(names, s.Name)
	}
	return names
}

// pseudonyms adds to the globs of tasks, sessions and hosts what these are called when
// they are hashed, so that a task is found by its own name. A repo may have been sent by the last part
// of its path, and is found by its path all the same; that of a pattern such as /srv/* would be every
// repo's. Where paths were sent, another repo with that last part is not meant.
func pseudonyms(f *query.Filter, src *fleet.Source) error {
	for _, g := range f.Repo {
		if strings.HasPrefix(g, "/") && !strings.ContainsAny(path.Base(g), `*?[\`) {
			f.RepoNames = append(f.RepoNames, path.Base(g))
		}
	}
	if src.KeyFile == "" || len(f.Task)+len(f.Session)+len(f.Host) == 0 {
		return nil
	}
	key, err := fleet.ReadKey(src.KeyFile)
	if err != nil {
		return withHint(exitUsage, err, keyHint)
	}
	h := fleet.NewHasher(key)
	for _, x := range []struct {
		field string
		globs *[]string
	}{{"task_id", &f.Task}, {"session_id", &f.Session}, {"host", &f.Host}} {
		for _, g := range *x.globs {
			if !strings.ContainsAny(g, `*?[\`) {
				*x.globs = append(*x.globs, h.Of(x.field, g))
			}
		}
	}
	return nil
}
