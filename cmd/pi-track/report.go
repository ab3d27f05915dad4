//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/redact"
	"pi-track/internal/report"
	"pi-track/internal/report/engine"
	"pi-track/internal/report/query"
	"pi-track/internal/report/runs"
	"pi-track/internal/report/section"
	"pi-track/internal/report/view"
	"pi-track/internal/shim"
)

const reportExitStatus = `Exit status:
  0  the report was printed
  1  nothing matched and --fail-empty was given, or the output could not be written
  2  the command line is wrong
  3  no log could be read`

func newReportCmd(a *app) *cobra.Command {
	f := &reportFlags{}
	cmd := &cobra.Command{
		Use:   "report",
		Short: "show which helpers are used, fail, are flaky or help",
		Long: `Shows which helper is used most, which fails most, which is flaky and where.

By itself it shows the overview, the helpers, the flaky ones and recent failures.
A success rate is succeeded ÷ (succeeded + failed); cancelled runs and runs
without an end are counted apart. Times are shown in the local zone.

TIME is 7d, 36h, yesterday, 2026-11-01, "2026-11-01 14:30" or RFC 3339.
GLOB is a pattern with * and ?; options with a GLOB or a KEY may be repeated.

` + reportExitStatus,
		Example: `  pi-track report --last 7d
  pi-track report why deploy
  pi-track report --by repo --by name --sort fails
  pi-track report failures --repo web --last 24h
  pi-track report --format html --output report.html
  pi-track report --for-agent deploy`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(a, cmd, nil, "") },
	}
	f.register(cmd)
	f.registerForAgent(a, cmd)
	for _, s := range section.Verbs() {
		sub := &cobra.Command{
			Use:   string(s.Name),
			Short: s.Short,
			Long:  s.Short + "\n\n" + reportExitStatus,
			Args:  noArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				return f.run(a, cmd, []query.Section{s.Name}, "")
			},
			Example: "  pi-track report " + string(s.Name) + " --last 30d",
		}
		if s.Name == section.SectionTrend {
			f.registerAt(sub)
		}
		cmd.AddCommand(sub)
	}
	cmd.AddCommand(f.experimentCmd(a), f.whyCmd(a))
	return cmd
}

// experimentCmd is `report experiment`, whose NAME may be left out.
func (f *reportFlags) experimentCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "experiment [NAME]",
		Short:   "what the experiments say: the arms, the difference, and whether it is time for a verdict",
		Long:    "What the experiments say, or that of one helper: see 'pi-track experiment'. The\nverdict holds however often you look.\n\n" + reportExitStatus,
		Example: "  pi-track report experiment\n  pi-track report experiment remember-session",
		Args:    rangeArgs(0, 1, ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				f.trial = args[0]
			}
			if l, err := layout(); err == nil {
				if m, err := shim.ReadManifest(l); err == nil {
					if err := stopReached(cmd, a, l, shim.Experiments(m)); err != nil {
						return err
					}
				}
			}
			return f.run(a, cmd, []query.Section{section.SectionExperiment}, "")
		},
	}
}

// whyCmd is `report why NAME`.
func (f *reportFlags) whyCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "why NAME",
		Short:   "everything about one helper: contexts, failures in a row, last errors, durations over time",
		Long:    "Everything about one helper: its verdict and contexts, failures in a row, the last\nerrors with the ids that pi-track show takes, and its durations over time.\n\n" + reportExitStatus,
		Example: "  pi-track report why deploy --last 30d",
		Args:    exactArgs(1, "NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(a, cmd, []query.Section{section.SectionWhy}, args[0])
		},
	}
}

// run prints one report, or one after the other with --watch.
func (f *reportFlags) run(a *app, cmd *cobra.Command, sections []query.Section, why string) error {
	o, v, err := f.options(a, cmd, sections, why)
	if err != nil {
		return err
	}
	if f.watch > 0 {
		return f.watchReport(a, cmd.Context(), o, v)
	}
	matched, out, err := f.render(cmd.Context(), a, o, v)
	if err != nil {
		return err
	}
	if f.open {
		err = a.openPage(f.output, out)
	} else if f.output != "" {
		err = writeReport(f.output, out)
	} else {
		_, err = a.stdout.Write(out)
	}
	var said *failure
	switch {
	case errors.As(err, &said):
		return err
	case err != nil:
		return withHint(exitFailed, err, "")
	}
	if f.failEmpty && !matched {
		return withHint(exitFailed, errors.New("nothing matched"), "")
	}
	return nil
}

// render makes one report; matched says whether any run matched.
func (f *reportFlags) render(ctx context.Context, a *app, o query.Options, v view.Options) (matched bool, out []byte, err error) {
	if p, err := findInstallation(); err == nil {
		running, _ := p.reap() // what it cannot reap now, it reaps next time
		o.Running = append(o.Running, slices.Collect(maps.Keys(running))...)
	}
	r, err := buildReport(ctx, a, o)
	if err != nil {
		return false, nil, err
	}
	if len(r.WhySorts) > 1 {
		return false, nil, whichSort(o.Why, r.WhySorts)
	}
	if empty(r, o.Why) {
		if err := a.explainEmpty(ctx, o); err != nil {
			return false, nil, err
		}
		if o.Why != "" {
			r.Why = section.WhyNone(o.Why)
		}
	}
	if o.Trial != "" && r.Experiment != nil && len(r.Experiment.Rows) == 0 {
		if err := a.noExperiment(ctx, o); err != nil {
			return false, nil, err
		}
	}
	switch v.Format {
	case view.CSV, view.TSV, view.Prom: // the others show warnings
		a.tellUnread(r)
	}
	var b bytes.Buffer
	if err := view.Render(&b, r, v); err != nil {
		return false, nil, err
	}
	return r.Overview == nil || r.Overview.Runs > 0 && (r.Why == nil || r.Why.Helper.Runs > 0), b.Bytes(), nil
}

// whichSort asks which of the helpers of a name is meant.
func whichSort(name string, sorts []string) error {
	name = redact.Text(name)
	var words, flags []string
	for _, s := range sorts {
		s = redact.Text(s)
		words = append(words, "a "+s)
		if strings.Contains(s, " ") {
			s = "'" + s + "'"
		}
		flags = append(flags, "--kind "+s)
	}
	return usageErrorf("pi-track report why "+name+" "+strings.Join(flags, ", or "), "%s is %s: say which", name, strings.Join(words, " and "))
}

// tellUnread names the logs that could not be read beside those that could.
func (a *app) tellUnread(r *section.Report) {
	for _, w := range r.Warnings {
		if w.Code == "unreadable" || w.Code == "rotated" {
			fmt.Fprintf(a.stderr, "pi-track: hint: left out: %s\n", redact.Text(w.Text))
		}
	}
}

// empty says whether nothing matches.
func empty(r *section.Report, why string) bool {
	switch {
	case why != "":
		return r.Why == nil
	case r.Overview != nil:
		return r.Overview.Runs == 0
	}
	return r.Digest != nil && len(r.Digest.Rows) == 0
}

// buildReport is report.Build with progress on a terminal and errors for
// users.
func buildReport(ctx context.Context, a *app, o query.Options) (*section.Report, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	p := newProgress(a.stderr, "reading the log")
	o.Progress = p.update
	o.Now = time.Now()
	r, err := report.Build(ctx, o)
	p.done()
	if errors.Is(err, runs.ErrNoLog) {
		hint := noLogHint(o.Logs)
		if !errors.Is(err, fs.ErrNotExist) {
			hint = "see 'pi-track doctor'" // it is there and cannot be read
		}
		return nil, withHint(exitNoLog, err, hint)
	}
	if old := new(engine.TooOld); errors.As(err, &old) {
		return nil, usageErrorf("update it to 24.8 or later, or read a directory", "%w", err)
	}
	if glob := new(query.GlobError); errors.As(err, &glob) {
		return nil, usageErrorf("close each [ with ]; a \\ makes the character after it literal", "%w", err)
	}
	if at := new(os.PathError); errors.As(err, &at) {
		return nil, withHint(exitFailed, err, "restore that file or move it away: without it a report would be incomplete")
	}
	return r, err
}
