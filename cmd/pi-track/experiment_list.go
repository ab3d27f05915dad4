//go:build linux || darwin || freebsd || openbsd

package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/shim"
)

func newExperimentListCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "list the experiments of this installation",
		Long:    "Lists the latest experiment of each helper.\n\nExit status: 0; 1 nothing is installed; 2 wrong usage.",
		Example: "  pi-track experiment list",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, all, err := installedExperiments()
			if err != nil {
				return err
			}
			if len(all) == 0 {
				fmt.Fprintln(a.stdout, "no experiments")
				return nil
			}
			if err := stopReached(cmd, a, l, all); err != nil {
				return err
			}
			w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "helper\tid\tunit\tshare\tsecond arm\tsince\tstate")
			for i := range all {
				x := &all[i]
				arm := "off"
				if x.Versus != nil {
					arm = strings.Join(x.Versus, " ")
				}
				fmt.Fprintf(w, "%s\t%s\t%s\t%d %%\t%s\t%s\t%s\n", x.Name, x.ID, x.Unit, x.Share, arm,
					time.UnixMilli(x.Since).Format("2006-01-02 15:04"), trialState(x))
			}
			return w.Flush()
		},
	}
}

// installedExperiments are those of this installation.
func installedExperiments() (shim.Layout, []shim.Experiment, error) {
	l, err := layout()
	if err != nil {
		return l, nil, err
	}
	m, err := shim.ReadManifest(l)
	if err != nil {
		return l, nil, notInstalled(l, err)
	}
	return l, shim.Experiments(m), nil
}

func trialState(x *shim.Experiment) string {
	switch {
	case !x.Runs(time.Now().UnixMilli()):
		return "ended " + time.UnixMilli(x.Until).Format("2006-01-02 15:04")
	case x.Until != 0:
		return "running until " + time.UnixMilli(x.Until).Format("2006-01-02 15:04")
	}
	return "running"
}

// stopReached ends the experiments that have as many units as they were to have.
func stopReached(cmd *cobra.Command, a *app, l shim.Layout, all []shim.Experiment) error {
	now := time.Now().UnixMilli()
	if !slices.ContainsFunc(all, func(x shim.Experiment) bool { return x.Most > 0 && x.Runs(now) }) {
		return nil
	}
	r, err := trialReport(cmd, a, "all")
	if err != nil {
		if exitOf(err) == exitNoLog {
			return nil
		}
		return err
	}
	for i := range all {
		x := &all[i]
		for _, row := range r.Experiment.Rows {
			if row.ID == x.ID && x.Most > 0 && x.Runs(now) && row.First.Units+row.Second.Units >= int64(x.Most) {
				x.Until = now
				if err := endExperiment(l, *x); err != nil {
					return err
				}
				fmt.Fprintf(a.stderr, "pi-track: hint: %s has %d units: its experiment has ended\n", x.Name, row.First.Units+row.Second.Units)
			}
		}
	}
	return nil
}

func endExperiment(l shim.Layout, x shim.Experiment) error {
	unlock, err := shim.Lock(l)
	if err != nil {
		return notInstalled(l, err)
	}
	defer unlock()
	return shim.SetExperiment(l, x)
}

func newExperimentStopCmd(a *app) *cobra.Command {
	keep := ""
	cmd := &cobra.Command{
		Use:   "stop NAME",
		Short: "end the experiment of a helper, which then runs as usual",
		Long: `Ends the experiment of a helper. From now on every call runs as usual. What was
recorded stays, and 'pi-track report experiment' still shows it.

With --keep b it says what to write into shims.toml to keep the second program.

Exit status: 0; 1 there is none; 2 wrong usage.`,
		Example: "  pi-track experiment stop remember-session\n  pi-track experiment stop pi-loop --keep b",
		Args:    exactArgs(1, "the helper's name"),
		RunE: func(_ *cobra.Command, args []string) error {
			l, all, err := installedExperiments()
			if err != nil {
				return err
			}
			now := time.Now().UnixMilli()
			for _, x := range all {
				if x.Name != args[0] || !x.Runs(now) {
					continue
				}
				if keep != "" && keep != "a" && keep != "b" {
					return usageErrorf(meant(keep, []string{"a", "b"}), "invalid value %q for --keep", keep)
				}
				if keep == "b" && x.Versus == nil {
					return usageErrorf("leave the helper out of shims.toml and off PATH", "--keep b is for experiments with --versus")
				}
				x.Until = now
				if err := endExperiment(l, x); err != nil {
					return withHint(exitFailed, err, "")
				}
				fmt.Fprintf(a.stdout, "%s: experiment %s has ended; 'pi-track report experiment' shows it\n", x.Name, x.ID)
				if keep == "b" {
					fmt.Fprintf(a.stdout, "to keep the second program, write into the [[shim]] of %s in shims.toml, then run 'pi-track install':\n  command = %s\n", x.Name, tomlList(x.Versus))
				}
				return nil
			}
			return noTrial(all, args[0], now)
		},
	}
	cmd.Flags().StringVar(&keep, "keep", "", "say how to keep this `ARM`: a or b")
	_ = cmd.RegisterFlagCompletionFunc("keep", completion(func(string) []string { return []string{"a\tthe first program", "b\tthe second program"} }))
	return cmd
}

// noTrial is the error for a name of which no experiment is running: what the user wrote, unless one has run.
func noTrial(all []shim.Experiment, name string, now int64) error {
	var running []string
	code := exitUsage
	for i := range all {
		if all[i].Name == name {
			code = exitFailed
		}
		if all[i].Runs(now) {
			running = append(running, all[i].Name)
		}
	}
	hint := nearestOr(name, running, "'pi-track experiment list' shows all")
	return withHint(code, errors.New("no experiment of "+name+" is running"), hint)
}

func tomlList(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = fmt.Sprintf("%q", w)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
