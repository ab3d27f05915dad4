//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pi-track/internal/lookup"
	"pi-track/internal/shim"
)

type setupFlags struct {
	yes, dryRun, json bool
	record            []string
	install           installFlags
}

func newSetupCmd(a *app) *cobra.Command {
	var f setupFlags
	cmd := &cobra.Command{
		Use:   "setup",
		Short: "find your helpers, record them, and show what they did so far",
		Long: `Looks for your own scripts in ~/bin, ~/.local/bin, Pi's bin directory, the
.pi/bin of your projects and the directories that their .envrc adds to PATH, and
counts their calls in Pi's sessions and in shell histories. It keeps only names
and counts. It asks once which of them to record, whether to put the shims on
PATH in your startup files, and whether to import past Pi sessions. Then it adds
the helpers to shims.toml, installs the shims and Pi's extension, and prints the
report.

Helpers that were called are ticked; all are, if no history tells which were.
The startup files are ticked only if Pi is not there: inside Pi, shims work
without them. --yes leaves them alone unless --rc is given. Without a terminal
setup prints the plan and changes nothing, unless --yes or --record is given.

Exit status: 0; 1 something could not be written; 2 wrong usage, or there was no
terminal to ask on.`,
		Example: `  pi-track setup
  pi-track setup --dry-run
  pi-track setup --yes --rc
  pi-track setup --record deploy,poll-mail`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f.yes = f.yes || cmd.Flags().Changed("record")
			return a.setup(cmd.Context(), f, cmd.Flags().Changed("record"))
		},
	}
	p := cmd.Flags()
	p.BoolVar(&f.yes, "yes", false, "record the helpers that are proposed, without asking")
	p.StringSliceVar(&f.record, "record", nil, "record these `NAMES` of the plan, without asking")
	p.BoolVar(&f.dryRun, "dry-run", false, "print the plan and change nothing")
	p.BoolVar(&f.json, "json", false, "print the plan as JSON and change nothing")
	p.BoolVar(&f.install.rc, "rc", false, "put the shims on PATH in the startup files of your shell")
	p.BoolVar(&f.install.noRC, "no-rc", false, "leave the startup files alone, and do not ask")
	p.BoolVar(&f.install.noPi, "no-pi", false, "leave Pi's agent directory alone")
	cmd.MarkFlagsMutuallyExclusive("rc", "no-rc")
	cmd.MarkFlagsMutuallyExclusive("yes", "record")
	return cmd
}

func (a *app) setup(ctx context.Context, f setupFlags, named bool) error {
	cfg, _, err := readConfig("")
	if err != nil {
		return err
	}
	if _, err := os.UserHomeDir(); err != nil {
		return usageErrorf("set HOME", "no home directory: %w", err)
	}
	_, terminal := isTerminal(a.stdin)
	asks := terminal && !f.yes && !f.dryRun && !f.json
	plan, err := makeSetupPlan(cfg, f.install, asks)
	if err != nil {
		return err
	}
	if named {
		if err := plan.only(f.record); err != nil {
			return err
		}
	}
	if f.json {
		return a.printSetupJSON(plan)
	}
	a.printSetup(plan)
	switch {
	case f.dryRun:
		fmt.Fprintln(a.stdout, "nothing was changed; without --dry-run, setup does what is ticked")
		return nil
	case !f.yes && !terminal:
		return usageErrorf("'pi-track setup --yes' does what is ticked", "no terminal to ask on: nothing was changed")
	case asks:
		if err := a.choose(plan); err != nil {
			return err
		}
	}
	f.install.rc = plan.RC
	if err := a.installChosen(f.install, plan); err != nil {
		return err
	}
	return a.showHistory(ctx, f.install, plan)
}

// choose asks what to do. The answer is numbers and letters that change ticks,
// nothing to agree, or q.
func (a *app) choose(plan *setupPlan) error {
	in := bufio.NewReader(a.stdin)
	for {
		fmt.Fprint(a.stdout, "Enter does what is ticked, numbers and letters change ticks, q changes nothing: ")
		line, err := in.ReadString('\n')
		words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' || r == '\r' })
		if err != nil || len(words) == 1 && strings.HasPrefix("quit", strings.ToLower(words[0])) {
			return withHint(exitFailed, fmt.Errorf("nothing was changed"), "'pi-track add NAME' records one helper")
		}
		if len(words) == 0 {
			return nil
		}
		for _, word := range words {
			if !plan.toggle(word) {
				fmt.Fprintf(a.stdout, "%q is not in the list\n", word)
			}
		}
		a.printSetup(plan)
	}
}

// installChosen adds the chosen helpers to the configuration and installs it.
func (a *app) installChosen(f installFlags, plan *setupPlan) error {
	var additions []shim.Addition
	for _, c := range plan.Candidates {
		if c.Record {
			additions = append(additions, shim.Addition{Name: c.Name, Kind: c.Kind})
		}
	}
	return a.whole(func(a *app) error {
		cfg, fresh, err := readConfig(f.config) // again: the answer may have taken long
		if err != nil {
			return err
		}
		return a.changeConfig(f, cfg, fresh, func(data []byte) ([]byte, error) { return shim.AppendShims(data, additions), nil })
	})
}

// showHistory imports past Pi sessions and ends with the report and the next
// steps.
func (a *app) showHistory(ctx context.Context, f installFlags, plan *setupPlan) error {
	if plan.Import {
		fmt.Fprint(a.stdout, "\nPast Pi sessions:\n")
		if err := (&piImporter{app: a}).run(ctx, nil); err != nil {
			printProblem(a.stderr, "warning", err, "'pi-track import pi-sessions' tries again")
		}
	}
	fmt.Fprintln(a.stdout)
	if p, err := findInstallation(); err == nil && p.hasLog() == nil {
		report := newReportCmd(a)
		report.SetArgs([]string{})
		if err := report.ExecuteContext(ctx); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(a.stdout, "nothing is recorded yet; 'pi-track demo' shows an example")
	}
	fmt.Fprintln(a.stdout, "\n'pi-track uninstall' removes everything again")
	return a.printNext(f)
}

// printNext ends with the one thing to do next: without it no call from this shell is recorded.
func (a *app) printNext(f installFlags) error {
	l, err := layout()
	if err != nil {
		return err
	}
	links, _ := os.ReadDir(l.ShimDir())
	links = slices.DeleteFunc(links, func(e os.DirEntry) bool { return e.Name() == lookup.ReportProgram })
	missing, err := startupLines(l, f)
	path := filepath.SplitList(os.Getenv("PATH"))
	shell, unknown := shellName(f.shell)
	here := `eval "$(pi-track env)"`
	if shell == "fish" {
		here = "pi-track env | source"
	}
	why, next := "", ""
	switch {
	case len(links) == 0:
		why, next = "no helper has a shim yet; record a program of yours:", "pi-track add NAME"
	case len(path) > 0 && filepath.Clean(path[0]) == l.ShimDir():
		why, next = "calls are recorded from now on; use your helpers, then:", "pi-track report"
	case unknown != nil:
		why, next = "to have calls recorded, put this directory first on PATH of your shell:", l.ShimDir()
	case err == nil && len(missing) == 0:
		why, next = "new shells record calls; for this one:", here
	case err != nil || f.noRC:
		why, next = "the shims are not on PATH of this shell, so its calls are not recorded yet:", here
	default:
		why, next = "the shims are not on PATH, so calls from your shells are not recorded yet:", "pi-track install --rc"
	}
	fmt.Fprintf(a.stdout, "\n%s\n  %s\n", why, next)
	return nil
}
