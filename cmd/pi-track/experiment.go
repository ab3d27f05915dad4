//go:build linux || darwin || freebsd || openbsd

package main

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/lookup"
	"pi-track/internal/manifest"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/shim"
	"pi-track/internal/stats"
)

func newExperimentCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "experiment start|list|stop",
		Short: "compare tasks with and without a helper, chosen at random",
		Long: `In tasks chosen at random, a helper is switched off or another program runs
under its name. Hard tasks then fall into both arms alike, so a difference is
due to the helper. 'pi-track report experiment' gives the verdict at any time.
It holds however often you look.

The choice depends only on the experiment's id and the task, so nested runs,
Pi's extension and other machines choose alike. A run with neither a task nor a
session takes no part, nor does one with PI_TRACK_EXPERIMENTS=off.`,
		Example: `  pi-track experiment start remember-session
  pi-track experiment start pi-loop --versus 'pi-loop-v2 --fast'
  pi-track report experiment`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newExperimentStartCmd(a), newExperimentListCmd(a), newExperimentStopCmd(a))
	return cmd
}

// trialFlags are those of experiment start.
type trialFlags struct {
	versus, unit, off, until, seed, id string
	share, most                        int
}

func newExperimentStartCmd(a *app) *cobra.Command {
	f := &trialFlags{}
	cmd := &cobra.Command{
		Use:   "start NAME",
		Short: "switch a helper off for half of the tasks, or run another program",
		Long: `Starts the experiment of a shell helper or of a tool of Pi, and says beforehand
how many tasks it takes. A helper whose own runs decide the outcome of tasks is
refused: without it there would be nothing to compare.

Exit status: 0; 1 it could not be started; 2 wrong usage.`,
		Example: `  pi-track experiment start remember-session
  pi-track experiment start subagent --share 20 --until 2026-12-31
  pi-track experiment start pi-loop --versus 'pi-loop-v2 --fast'`,
		Args: exactArgs(1, "the helper's name"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.start(a, cmd, args[0]) },
	}
	p := cmd.Flags()
	p.StringVar(&f.versus, "versus", "", "run this `COMMAND` in the second arm instead of switching the helper off")
	p.StringVar(&f.unit, "unit", manifest.UnitTask, "choose for each task (for each session where there is no task), or for each session: `task|session`")
	p.IntVar(&f.share, "share", 50, "`PERCENT` of the units in the second arm")
	p.StringVar(&f.off, "off", "missing", "a call that is switched off looks as if the helper were missing (127), or succeeds at once: `missing|skip`")
	p.StringVar(&f.until, "until", "", "end it at this `TIME`")
	p.IntVar(&f.most, "stop-after", 0, "end it after `N` units: the next report or list ends it")
	p.StringVar(&f.seed, "seed", "", "derive the id from this `TEXT`: the same text makes the same choices")
	p.StringVar(&f.id, "id", "", "use the `ID` of an experiment on another machine, so that both choose alike")
	return cmd
}

func (f *trialFlags) start(a *app, cmd *cobra.Command, name string) error {
	x, err := f.experiment(cmd, time.Now())
	if err != nil {
		return err
	}
	l, unlock, err := lockedLayout()
	if err != nil {
		return err
	}
	defer unlock()
	m, err := shim.ReadManifest(l)
	if err != nil {
		return notInstalled(l, err)
	}
	r, err := trialReport(cmd, a, "")
	if err != nil && exitOf(err) != exitNoLog {
		return err
	}
	s, isShim := m.Find(name)
	now := time.Now().UnixMilli()
	start := shim.Experiment{Name: name, Tool: !isShim, Experiment: x}
	switch {
	case !isShim && !isTool(r, name):
		return usageErrorf(nearestTrial(m, r, name), "%s is neither a shim nor a tool of Pi that has run", name)
	case !isShim && (x.Versus != nil || f.off != "missing"):
		return usageErrorf("a tool can only be withheld", "--versus and --off are for shell helpers; %s is a tool", name)
	case isShim && s.Experiment != nil && s.Experiment.Runs(now):
		return withHint(exitFailed, fmt.Errorf("%s is in an experiment: %s", name, s.Experiment.ID), "'pi-track experiment stop "+name+"' ends it")
	case len(x.Versus) > 0 && x.Versus[0] == name:
		return usageErrorf("name another program, or leave --versus out to switch the helper off", "--versus: %s is the helper itself", name)
	case len(x.Versus) > 0 && strings.Contains(x.Versus[0], "/"):
		file, err := filepath.Abs(x.Versus[0]) // calls come from any directory
		if st, _ := os.Stat(file); err != nil || st == nil || !isProgram(st) {
			return usageErrorf("name a program on PATH or its path", "--versus: %s is not a program", x.Versus[0])
		}
		start.Versus[0] = file
	case len(x.Versus) > 0:
		if c, ok := lookup.Find(x.Versus[0], helperPath(), nil, nil); !ok || !c.Executable {
			return usageErrorf(nearestProgram(x.Versus[0], "name a program on PATH or its path"), "--versus: %s: command not found", x.Versus[0])
		}
	}
	if r != nil {
		for _, d := range r.Effect.Deciders {
			if d.Helper == name {
				return withHint(exitFailed, fmt.Errorf("the runs of %s decide the outcome of %d of its %d tasks: without it there is nothing to compare", name, d.Decided, d.Tasks),
					"record outcomes with 'pi-track task done|fail ID'")
			}
		}
	}
	if err := shim.SetExperiment(l, start); err != nil {
		return withHint(exitFailed, err, "")
	}
	fmt.Fprintf(a.stdout, "%s: experiment %s, %d %% of %ss %s\n", name, x.ID, x.Share, x.Unit, secondWords(&x, f.off))
	f.power(a, r, name)
	return nil
}

// experiment checks the flags.
func (f *trialFlags) experiment(cmd *cobra.Command, now time.Time) (manifest.Experiment, error) {
	x := manifest.Experiment{Unit: f.unit, Share: f.share, Skip: f.off == "skip", Since: now.UnixMilli(), Most: f.most}
	if words := strings.Fields(f.versus); len(words) > 0 {
		x.Versus = words
	}
	switch {
	case f.unit != manifest.UnitTask && f.unit != manifest.UnitSession:
		return x, usageErrorf(meant(f.unit, []string{manifest.UnitTask, manifest.UnitSession}), "invalid value %q for --unit", f.unit)
	case f.off != "missing" && f.off != "skip":
		return x, usageErrorf(meant(f.off, []string{"missing", "skip"}), "invalid value %q for --off", f.off)
	case f.share < 1 || f.share > 99:
		return x, usageErrorf("a whole number from 1 to 99", "invalid value %d for --share", f.share)
	case f.most < 0 || f.most == 0 && cmd.Flags().Changed("stop-after"):
		return x, usageErrorf("a number of units, such as 200; without it the experiment runs until it is stopped", "invalid value %d for --stop-after", f.most)
	case f.id != "" && f.seed != "":
		return x, usageErrorf("--id takes the id of an experiment on another machine, --seed makes a new one", "--id and --seed cannot be used together")
	case strings.ContainsAny(f.id, " \t\n\"\\") || len(f.id) > 64:
		return x, usageErrorf("as 'pi-track experiment list' shows it", "invalid value %q for --id", f.id)
	}
	if f.until != "" {
		at, err := query.ParseTime(f.until, now, time.Local)
		if err != nil {
			return x, usageErrorf("name a time in the future, such as 2030-12-31", "invalid value for --until: %w", err)
		}
		if !at.After(now) {
			return x, usageErrorf("name a time in the future, such as 2030-12-31", "--until %s is in the past", f.until)
		}
		x.Until = at.UnixMilli()
	}
	switch {
	case f.id != "":
		x.ID = f.id
	case f.seed != "":
		x.ID = fmt.Sprintf("%011x", manifest.Lot(f.seed, "seed")>>20)
	default:
		var b [5]byte
		if _, err := rand.Read(b[:]); err != nil {
			return x, withHint(exitFailed, err, "")
		}
		x.ID = strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
	}
	return x, nil
}

func secondWords(x *manifest.Experiment, off string) string {
	if x.Versus != nil {
		return "run " + strings.Join(x.Versus, " ")
	}
	if off == "skip" {
		return "without it (it succeeds at once)"
	}
	return "without it (as if it were missing)"
}

// power says how many units a difference takes, and how long.
func (f *trialFlags) power(a *app, r *section.Report, name string) {
	rate, perDay := .5, 0.0
	if r != nil {
		if r.Effect.Success.Value != nil {
			rate = *r.Effect.Success.Value
		}
		for _, x := range r.Effect.Rows {
			if x.Helper == name && x.With.Value != nil {
				rate, perDay = *x.With.Value, float64(x.With.N)/30
			}
		}
	}
	for _, d := range []float64{.1, .2} {
		n := stats.UnitsFor(rate, d, float64(f.share)/100)
		words := fmt.Sprintf("a difference of %.0f points takes about %d %ss with an outcome", 100*d, n, f.unit)
		if perDay > 0 {
			words += fmt.Sprintf(", %.0f days at the pace of the last 30", float64(n)/perDay)
		}
		fmt.Fprintln(a.stdout, "  "+words)
	}
	if perDay == 0 {
		fmt.Fprintf(a.stdout, "  no %s with %s has an outcome in the last 30 days: record them with 'pi-track task done|fail ID'\n", f.unit, name)
	}
}

// nearestTrial is the hint for a name that no experiment can have.
func nearestTrial(m *manifest.Manifest, r *section.Report, name string) string {
	var names []string
	for _, s := range m.Shims {
		names = append(names, s.Name)
	}
	if r != nil {
		for i := range r.Helpers.Rows {
			if h := r.Helpers.Rows[i].Name; isTool(r, h) {
				names = append(names, h)
			}
		}
	}
	return nearestOr(name, names, "'pi-track list' and 'pi-track report helpers --kind tool' name them")
}

// isTool says whether a tool of Pi of this name has run.
func isTool(r *section.Report, name string) bool {
	return r != nil && slices.ContainsFunc(r.Helpers.Rows, func(h section.Helper) bool { return h.Name == name && h.Kind == "extension_tool" })
}

// trialReport is what starts and lists need of the log; name "" is for a start.
func trialReport(cmd *cobra.Command, a *app, name string) (*section.Report, error) {
	f := &selectFlags{}
	o, err := f.options(time.Now())
	if err != nil {
		return nil, err
	}
	o.Sections = []query.Section{section.SectionHelpers, section.SectionEffect}
	o.Since = time.Now().AddDate(0, 0, -30)
	if name != "" {
		o.Sections, o.Since = []query.Section{section.SectionExperiment}, time.Time{}
	}
	return buildReport(cmd.Context(), a, o)
}
