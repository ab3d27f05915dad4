//go:build linux || darwin || freebsd || openbsd

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/home"
	"pi-track/internal/redact"
	"pi-track/internal/report"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/shim"
)

// completionTime bounds what a press of the Tab key may wait for.
const completionTime = 2 * time.Second

// logReport is a report over the configured log, nil where there is none.
func logReport(o query.Options) *section.Report {
	ctx, cancel := context.WithTimeout(context.Background(), completionTime)
	defer cancel()
	p, err := findInstallation()
	if err != nil {
		return nil
	}
	o.Logs, o.Location, o.Now = []string{p.Log}, time.Local, time.Now()
	r, err := report.Build(ctx, o)
	if err != nil {
		return nil
	}
	return r
}

// helperNames are the helpers of the log, with their runs, then those that are
// configured and have none.
func helperNames(string) []string {
	var out, seen []string
	if r := logReport(query.Options{Sections: []query.Section{section.SectionHelpers}}); r != nil {
		for _, h := range r.Helpers.Rows {
			if !slices.Contains(seen, h.Name) {
				seen = append(seen, h.Name)
				out = append(out, fmt.Sprintf("%s\t%s", redact.Text(h.Name), countOf(int(h.Runs), "run", "runs")))
			}
		}
	}
	for _, line := range shimNames("") {
		if name, _, _ := strings.Cut(line, "\t"); !slices.Contains(seen, name) {
			out = append(out, name+"\tno runs")
		}
	}
	return out
}

// shimNames are the configured helpers, each with its kind.
func shimNames(string) []string {
	m, err := shim.ReadManifest(shim.Layout{Home: home.Dir()})
	if err != nil {
		return nil
	}
	var out []string
	for _, s := range m.Shims {
		out = append(out, s.Name+"\t"+s.Kind)
	}
	return out
}

// groupNames are the values of a key in the log, the latest groups of runs with
// their numbers.
func groupNames(key query.Key) completer {
	return func(string) []string {
		r := logReport(query.Options{Sections: []query.Section{section.SectionHelpers}, By: []query.Key{key}})
		if r == nil || r.Groups == nil {
			return nil
		}
		var out []string
		for _, g := range r.Groups.Rows {
			if g.Value != "" {
				out = append(out, fmt.Sprintf("%s\t%s", redact.Text(g.Value), countOf(int(g.Runs), "run", "runs")))
			}
		}
		return out
	}
}

// recentCount is how many runs are offered for an id.
const recentCount = 30

// recentRuns are the ids of the latest runs, the newest first.
func recentRuns(prefix string) []string {
	p, err := findInstallation()
	if err != nil {
		return nil
	}
	h, err := openHistory(p)
	if err != nil {
		return nil
	}
	var out []string
	seen := map[string]bool{}
	_ = h.Since(time.Time{}, []byte(prefix), nil, func(e *event.Event) bool {
		if !seen[e.ID] && strings.HasPrefix(e.ID, prefix) {
			seen[e.ID] = true
			out = append(out, fmt.Sprintf("%s\t%s %s %s", e.ID, e.TS.Local().Format("Jan 2 15:04"), redact.Text(e.Name), e.Status))
		}
		return len(out) < recentCount
	})
	return out
}

// candidateNames are the helpers that setup would propose.
func candidateNames(prefix string) []string {
	cfg, _, err := readConfig("")
	if err != nil {
		return nil
	}
	var names []string
	for _, c := range candidates(cfg) {
		if strings.HasPrefix(c.Name, prefix) && c.Not == "" {
			names = append(names, redact.Text(c.Name)+"\t"+c.Kind)
		}
	}
	return names
}

// sourcesHere are what --from reads by name, each with its address.
func sourcesHere(string) []string {
	return configured(func(cfg *shim.Config) (out []string) {
		for _, s := range cfg.Sources {
			out = append(out, s.Name+"\t"+s.From.String())
		}
		return append(out, sinkLines(cfg)...)
	})
}

// sinksHere are where ship sends, each with its address.
func sinksHere(string) []string { return configured(sinkLines) }

func sinkLines(cfg *shim.Config) (out []string) {
	for _, s := range cfg.Sinks {
		out = append(out, s.Name+"\t"+s.To.String())
	}
	return out
}

// configured are lines about the user's shims.toml, none where it is wrong.
func configured(lines func(*shim.Config) []string) []string {
	cfg, _, err := readConfig("")
	if err != nil {
		return nil
	}
	return lines(cfg)
}

// experimentsHere are the helpers that have an experiment.
func experimentsHere(string) []string {
	m, err := shim.ReadManifest(shim.Layout{Home: home.Dir()})
	if err != nil {
		return nil
	}
	var out []string
	for _, x := range shim.Experiments(m) {
		out = append(out, fmt.Sprintf("%s\tby %s, %d %%", x.Name, x.Unit, x.Share))
	}
	return out
}
