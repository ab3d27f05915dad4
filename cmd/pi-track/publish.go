//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/publish"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/report/view"
)

// publisher writes the pages of a portal.
type publisher struct {
	*app
	selectFlags
	fields []string

	dir  string
	mask *publish.Mask

	supervised []string // the ids of runs whose supervisor is alive
	shown      []publish.Field
}

func newPublishCmd(a *app) *cobra.Command {
	p := &publisher{app: a}
	cmd := &cobra.Command{
		Use:   "publish DIR",
		Short: "write the report as pages for a web server",
		Long: `Writes these files into DIR, which it creates, for a server of static files:

  index.html      the report, with a link to each helper
  why/NAME.html   everything about one helper
  report.json     the report as data
  metrics.prom    the figures for Prometheus
  running.json    what is running now, and how many of each kind

publish replaces each file as a whole, index.html and running.json last. The
pages need no network and no other file. The umask, or the default ACL of DIR,
decides their mode. publish removes the pages of helpers that are gone. It
refuses a DIR with a file of one of these names that it did not write.

--fields says what the pages may show besides names and figures: repo, task and
error, or none. A repo or a task that is left out appears as "repo 1", "task 1".
Working directories, sessions and process ids are never published. Error texts
are redacted once more.

Exit status: 0; 1 the pages could not be written, or DIR is refused; 2 wrong
usage; 3 no log could be read.`,
		Example: `  pi-track publish ~/public_html/pi-track
  pi-track publish /srv/www/pi-track --last 30d --fields error`,
		Args: exactArgs(1, "DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			p.dir = args[0]
			return p.run(cmd.Context())
		},
	}
	p.register(cmd)
	cmd.Flags().StringSliceVar(&p.fields, "fields", []string{"repo", "task", "error"}, "publish these `FIELDS`: repo, task, error; or none")
	return cmd
}

func (p *publisher) run(ctx context.Context) error {
	if err := p.parseFields(); err != nil {
		return err
	}
	o, err := p.options(time.Now())
	if err != nil {
		return err
	}
	o.MinN = -1 // each helper gets a row, and so a link
	p.mask = publish.NewMask(p.shown)
	running, err := p.running()
	if err != nil {
		return err
	}
	o.Running = p.supervised
	if err := p.checkDir(); err != nil {
		return err
	}
	pages, err := p.pages(ctx, o, running)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(p.dir, "why"), 0o777); err != nil {
		return cannotMake(err)
	}
	for _, page := range pages {
		if err := p.write(page.name, page.data); err != nil {
			return err
		}
	}
	if err := p.sweep(pages); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s written to %s\n", countOf(len(pages), "file", "files"), p.dir)
	return nil
}

func (p *publisher) parseFields() error {
	if len(p.fields) == 1 && p.fields[0] == "none" {
		return nil
	}
	for _, word := range p.fields {
		field, err := oneOf("fields", word, publish.Fields)
		if err != nil {
			return err
		}
		p.shown = append(p.shown, field)
	}
	return nil
}

// published is a file of the portal.
type published struct {
	name string // relative to its directory
	data []byte
}

// pages makes all files in the order in which they are written: first what
// others lead to.
func (p *publisher) pages(ctx context.Context, o query.Options, running runningNow) ([]published, error) {
	o.Sections = view.HTML.Sections()
	whole, err := p.build(ctx, o)
	if err != nil {
		return nil, err
	}
	if whole.Overview.Runs == 0 {
		if err := p.explainEmpty(ctx, o); err != nil {
			return nil, err
		}
	}
	var names publish.Names
	type helper struct{ name, sort string }
	files := map[helper]string{}
	var all []helper
	for i := range whole.Helpers.Rows { // a report without --by has them
		all = append(all, helper{whole.Helpers.Rows[i].Name, whole.Helpers.Rows[i].Sort})
	}
	slices.SortFunc(all, func(a, b helper) int { return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.sort, b.sort)) })
	for _, h := range all {
		files[h] = names.File(h.name, h.sort)
	}
	portal := view.Portal{Running: running.Kinds, Link: func(name, sort string) string {
		if file := files[helper{name, sort}]; file != "" {
			return "why/" + file
		}
		return ""
	}}
	var pages []published
	add := func(name string, r *section.Report, format view.Format, portal *view.Portal) error {
		var b bytes.Buffer
		err := view.Render(&b, p.mask.Report(r), view.Options{Format: format, Location: o.Location, Portal: portal})
		pages = append(pages, published{name, b.Bytes()})
		return err
	}
	for i := range whole.Helpers.Rows {
		row := &whole.Helpers.Rows[i]
		one := o
		one.Why, one.Sections = row.Name, []query.Section{section.SectionOverview, section.SectionWhy}
		one.Filter.Kind = append(slices.Clone(o.Filter.Kind), row.Sort)
		r, err := p.build(ctx, one)
		if err != nil {
			return nil, err
		}
		if r.Why == nil {
			r.Why = section.WhyNone(row.Name)
		}
		about := view.Portal{Home: "../index.html", Link: func(string, string) string { return "" }}
		if err := add("why/"+files[helper{row.Name, row.Sort}], r, view.HTML, &about); err != nil {
			return nil, err
		}
	}
	for _, f := range []struct {
		name   string
		format view.Format
		portal *view.Portal
	}{{"report.json", view.JSON, nil}, {"metrics.prom", view.Prom, nil}, {"index.html", view.HTML, &portal}} {
		if err := add(f.name, whole, f.format, f.portal); err != nil {
			return nil, err
		}
	}
	data, err := json.MarshalIndent(running, "", "  ")
	return append(pages, published{"running.json", append(data, '\n')}), err
}

func (p *publisher) build(ctx context.Context, o query.Options) (*section.Report, error) {
	return buildReport(ctx, p.app, o)
}

// runningNow is running.json.
type runningNow struct {
	GeneratedAt time.Time        `json:"generated_at"`
	Total       int              `json:"total"`
	Kinds       map[string]int64 `json:"kinds"` // how many of each kind
	Runs        []runningRun     `json:"runs"`  // the oldest first
}

// runningRun is one of them.
type runningRun struct {
	Name      string    `json:"name"`
	Kind      string    `json:"kind"`
	State     string    `json:"state"` // running or open, as ps has it
	Start     time.Time `json:"start"`
	ElapsedMS int64     `json:"elapsed_ms"`
	Repo      string    `json:"repo,omitempty"`
	Task      string    `json:"task,omitempty"`
}

// running is what ps shows, as far as it may be published.
func (p *publisher) running() (runningNow, error) {
	now := time.Now()
	out := runningNow{GeneratedAt: now.UTC(), Kinds: map[string]int64{"job": 0, "loop": 0}, Runs: []runningRun{}}
	in, err := findInstallation()
	if err != nil {
		return out, err
	}
	supervised, err := in.reap()
	if err != nil {
		return out, err
	}
	list := processList{app: p.app, since: 24 * time.Hour}
	p.supervised = slices.Collect(maps.Keys(supervised))
	rows, err := list.rows(in, supervised, now)
	if err != nil {
		return out, err
	}
	for _, r := range rows {
		out.Kinds[r.Kind]++
		out.Runs = append(out.Runs, runningRun{
			Name: r.Name, Kind: r.Kind, State: r.State, Start: r.Start, ElapsedMS: r.ElapsedMS,
			Repo: p.mask.Word("repo", r.Repo), Task: p.mask.Word("task", r.Task),
		})
	}
	out.Total = len(rows)
	return out, nil
}
