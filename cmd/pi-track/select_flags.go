//go:build linux || darwin || freebsd || openbsd

package main

import (
	"os"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/home"
	"pi-track/internal/launch"
	"pi-track/internal/log"
	"pi-track/internal/manifest"
	"pi-track/internal/piext"
	"pi-track/internal/report/query"
	"pi-track/internal/shim"
)

// selectFlags choose the runs that a report or a check is about.
type selectFlags struct {
	since, until, last, tz string
	filter                 query.Filter
	logs                   []string
	minN                   int
	noIndex                bool
	exact                  bool
	from                   string // a source or sink of shims.toml, or an address
}

func (f *selectFlags) register(cmd *cobra.Command) {
	p := cmd.PersistentFlags()
	p.StringVar(&f.since, "since", "", "only runs that started at `TIME` or later")
	p.StringVar(&f.until, "until", "", "only runs that started before `TIME`")
	p.StringVar(&f.last, "last", "", "only runs since `TIME`: the same as --since")
	p.StringVar(&f.tz, "tz", "", "time `ZONE` of days and printed times, such as UTC or Europe/Berlin (default: local)")
	p.StringArrayVar(&f.filter.Name, "name", nil, "only helpers that match `GLOB`")
	p.StringArrayVar(&f.filter.Kind, "kind", nil, "only kinds or sorts of helper that match `GLOB`: "+kindWords)
	p.StringArrayVar(&f.filter.Ext, "ext", nil, "only extensions that match `GLOB`")
	p.StringArrayVar(&f.filter.Repo, "repo", nil, "only repos whose path or last part of it matches `GLOB`")
	p.StringArrayVar(&f.filter.Task, "task", nil, "only tasks that match `GLOB`")
	p.StringArrayVar(&f.filter.Session, "session", nil, "only sessions that match `GLOB`")
	p.StringArrayVar(&f.filter.Scope, "scope", nil, "only scopes that match `GLOB`: global, project")
	p.StringArrayVar(&f.filter.Host, "host", nil, "only hosts (random ids) that match `GLOB`")
	p.StringArrayVar(&f.filter.Status, "status", nil, "only runs whose status matches `GLOB`: succeeded, failed, cancelled, started")
	p.StringArrayVar(&f.logs, "log", nil, "read this log `FILE` instead of the configured one; may be repeated")
	p.StringVar(&f.from, "from", "", "read what the team has sent: a [source.`NAME`] or [ship.NAME] of shims.toml, or dir:/path")
	p.BoolVar(&f.exact, "exact", false, "if --from is a ClickHouse: fetch every line of the period and add up on this machine")
	p.BoolVar(&f.noIndex, "no-index", false, "scan the whole log; neither read nor write the index beside it")
}

// piResources are the skills and prompt templates that Pi offers here.
func piResources() []query.Configured {
	home, _ := os.UserHomeDir()
	var all []query.Configured
	for _, r := range piext.Resources(piext.AgentDir(), home, launch.WorkingDir()) {
		all = append(all, query.Configured{Name: r.Name, Kind: r.Kind})
	}
	return all
}

// options turns the flags into the options that choose runs.
func (f *selectFlags) options(now time.Time) (query.Options, error) {
	o := query.Options{Location: localZone(), Filter: f.filter, MinN: f.minN, NoIndex: f.noIndex, Logs: f.logs}
	if f.tz != "" {
		loc, err := time.LoadLocation(f.tz)
		if err != nil {
			return o, usageErrorf(zoneHint(f.tz), "invalid value %q for --tz: %w", f.tz, err)
		}
		o.Location = loc
	}
	if err := f.period(now, &o); err != nil {
		return o, err
	}
	if err := checkStatus(f.filter.Status); err != nil {
		return o, err
	}
	o.Filter.Repo = repoGlobs(o.Filter.Repo)
	here := home.Find()
	if here.Manifest != nil {
		f.installed(here.Manifest, now, &o)
	}
	if f.from != "" {
		return o, f.readFrom(&o)
	}
	if f.exact {
		return o, usageErrorf("leave it out: a report on a log reads every line anyway", "--exact needs --from")
	}
	for _, path := range o.Logs {
		if files, err := log.Segments(path); err == nil && len(files) == 0 && len(o.Logs) > 1 {
			return o, noLogAt(path)
		}
	}
	if len(o.Logs) == 0 {
		o.Logs = []string{here.Log}
	}
	return o, nil
}

// period takes --since, --last and --until.
func (f *selectFlags) period(now time.Time, o *query.Options) error {
	if f.last != "" && f.since != "" {
		return usageErrorf("they mean the same", "--last and --since cannot be used together")
	}
	for _, t := range []struct {
		flag, value string
		to          *time.Time
	}{{"since", f.since, &o.Since}, {"last", f.last, &o.Since}, {"until", f.until, &o.Until}} {
		if t.value == "" {
			continue
		}
		at, err := query.ParseTime(t.value, now, o.Location)
		if err != nil {
			return usageErrorf(timeHint(t.value), "invalid value for --%s: %w", t.flag, err)
		}
		if t.flag != "until" && at.Equal(now) && t.value != "now" {
			return usageErrorf(timeForms, "the period of --%s %s is empty", t.flag, t.value)
		}
		*t.to = at
	}
	if !o.Since.IsZero() && !o.Until.IsZero() && !o.Since.Before(o.Until) {
		return usageErrorf("--since must be earlier than --until", "the period is empty: it begins at %s and ends at %s",
			o.Since.Format(time.RFC3339), o.Until.Format(time.RFC3339))
	}
	return nil
}

// installed takes what the installation has: its experiments and its helpers.
func (f *selectFlags) installed(m *manifest.Manifest, now time.Time, o *query.Options) {
	for _, x := range shim.Experiments(m) {
		k := query.Experiment{ID: x.ID, Unit: x.Unit, Share: x.Share}
		if x.Until != 0 {
			k.Until = time.UnixMilli(x.Until)
		}
		o.Experiments = append(o.Experiments, k)
	}
	if f.from == "" && len(o.Logs) == 0 { // else the report is of others
		o.Trying = shim.Trying(m, now)
	}
	for _, s := range m.Shims {
		if !s.Disabled {
			o.Configured = append(o.Configured, query.Configured{Name: s.Name, Kind: s.Kind})
		}
	}
}
