//go:build linux || darwin

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	pitrack "pi-track"
	"pi-track/internal/shim"
)

type installFlags struct {
	config string
	dryRun bool
	rc     bool
	shell  string
	noPi   bool
}

func newInstallCmd(a *app) *cobra.Command {
	var f installFlags
	cmd := &cobra.Command{
		Use:   "install",
		Short: "make the shims that shims.toml asks for",
		Long: `Install reads shims.toml and makes one link per helper in the shim directory,
which is to stand first on PATH. It can be run again at any time: it changes
only what differs and takes away shims that left the configuration.

The configuration is the file named by --config, else
$XDG_CONFIG_HOME/pi-track/shims.toml (~/.config/pi-track/shims.toml); if there
is none, a commented default is written there.

Exit status: 0 done; 1 something could not be written, or a file that is not
pi-track's has a wanted name; 2 the configuration or the command line is wrong.
In both cases what was installed before is as it was.`,
		Example: `  pi-track install
  pi-track install --dry-run
  pi-track install --config ./shims.toml --rc`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return a.install(f) },
	}
	cmd.Flags().StringVar(&f.config, "config", "", "read `FILE` instead of the user's shims.toml")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "print the plan and change nothing")
	cmd.Flags().BoolVar(&f.rc, "rc", false, "add the PATH line to the startup file of the user's shell")
	cmd.Flags().StringVar(&f.shell, "shell", "", "with --rc: bash, zsh or fish (default: from $SHELL)")
	cmd.Flags().BoolVar(&f.noPi, "no-pi", false, "leave Pi's agent directory alone")
	return cmd
}

func (a *app) install(f installFlags) error {
	l, err := layout()
	if err != nil {
		return err
	}
	cfg, fresh, err := readConfig(f.config)
	if err != nil {
		return err
	}
	rcShell := ""
	if f.rc {
		if rcShell, err = shellName(f.shell); err != nil {
			return err
		}
	}
	if f.dryRun {
		plan, err := shim.MakePlan(l, cfg, pathBehindShims())
		if err != nil {
			return foreign(err)
		}
		a.printPlan(plan, cfg, fresh)
		return a.installPi(l, cfg, f)
	}
	programs, err := shim.FindPrograms()
	if err != nil {
		return err
	}
	plan, err := shim.Install(l, cfg, pathBehindShims(), programs)
	if err != nil {
		return foreign(err)
	}
	if fresh {
		if err := shim.WriteConfig(l, cfg.File, pitrack.DefaultConfig); err != nil {
			return err
		}
	}
	a.printPlan(plan, cfg, fresh)
	if err := a.installPi(l, cfg, f); err != nil {
		return err
	}
	return a.tellPath(l, rcShell)
}

// printPlan prints one line per shim.
func (a *app) printPlan(p *shim.Plan, cfg *shim.Config, fresh bool) {
	note := ""
	if fresh {
		note = " (new, from the default)"
	}
	fmt.Fprintf(a.stdout, "configuration  %s%s\n", cfg.File, note)
	fmt.Fprintf(a.stdout, "shims          %s\n\n", p.Layout.ShimDir())
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, s := range p.Steps {
		behind := s.Target
		switch {
		case s.State == shim.Removed:
			behind = "no longer in the configuration"
		case s.Note != "" && behind != "":
			behind += " (" + s.Note + ")"
		case behind == "":
			behind = s.Note
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\n", s.State, s.Name, behind)
	}
	w.Flush()
	if !p.Changes() {
		fmt.Fprintln(a.stdout, "\nnothing to change")
	}
}

// tellPath prints the PATH line, or puts it into the startup file.
func (a *app) tellPath(l shim.Layout, rcShell string) error {
	shell := rcShell
	if shell == "" {
		var err error
		if shell, err = shellName(""); err != nil {
			shell = "bash"
		}
	}
	code, err := shim.EnvCode(shell, l.ShimDir())
	if err != nil {
		return err
	}
	if rcShell != "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return err
		}
		file, err := shim.RCFile(rcShell, home, os.Getenv)
		if err != nil {
			return err
		}
		changed, err := shim.AddBlock(l, file, code)
		if err != nil {
			return err
		}
		if changed {
			fmt.Fprintf(a.stdout, "\nadded the shim directory to PATH in %s\nopen a new shell, or in this one run:\n", file)
		} else {
			fmt.Fprintf(a.stdout, "\n%s has the shim directory already\n", file)
			return nil
		}
	} else if first := filepath.SplitList(os.Getenv("PATH")); len(first) > 0 && filepath.Clean(first[0]) == l.ShimDir() {
		return nil
	} else {
		fmt.Fprintf(a.stdout, "\nput the shim directory first on PATH (or run install --rc):\n")
	}
	fmt.Fprintf(a.stdout, "  %s", code)
	if shell != "fish" {
		fmt.Fprintf(a.stdout, "  hash -r\n")
	}
	return nil
}

// foreign gives an error about somebody else's file its hint.
func foreign(err error) error {
	var fe *shim.ForeignError
	if errors.As(err, &fe) {
		return withHint(exitFailed, err, "move it away, or take its name out of shims.toml")
	}
	return err
}
