//go:build linux || darwin || freebsd || openbsd

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"text/tabwriter"

	"github.com/spf13/cobra"

	pitrack "pi-track"
	"pi-track/internal/safefile"
	"pi-track/internal/shim"
)

type installFlags struct {
	config string
	dryRun bool
	rc     bool
	shell  string
	noPi   bool
	noRC   bool // do not offer it; of setup

	refresh bool
}

func newInstallCmd(a *app) *cobra.Command {
	var f installFlags
	cmd := &cobra.Command{
		Use:   "install",
		Short: "create the shims that shims.toml lists",
		Long: `Reads shims.toml and creates one symlink per helper in the shim directory, which
must come first on PATH. Run it again at any time: it changes only what differs,
and removes the shims of helpers that are no longer in the configuration.

The configuration is the file named by --config, else
$XDG_CONFIG_HOME/pi-track/shims.toml (~/.config/pi-track/shims.toml). If there
is none, install writes a commented default there.

Exit status: 0 done; 1 something could not be written, or a file that is not
pi-track's has the name of a shim; 2 the configuration or the command line is
wrong. After 2, or if a file is not pi-track's, nothing was changed. After a
failed write the helpers run as before; run install again.`,
		Example: `  pi-track install
  pi-track install --dry-run
  pi-track install --config ./shims.toml --rc`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return a.whole(func(a *app) error { return a.install(f) }) },
	}
	cmd.Flags().StringVar(&f.config, "config", "", "read `FILE` instead of the user's shims.toml")
	cmd.Flags().BoolVar(&f.refresh, "refresh", false, "only update the installed programs and extension, if they are older than this pi-track")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "print the plan and change nothing")
	cmd.Flags().BoolVar(&f.rc, "rc", false, "add the PATH line to the startup files of the user's shell and of login shells")
	cmd.Flags().StringVar(&f.shell, "shell", "", "the shell that the PATH line is for: bash, zsh or fish (default: from $SHELL)")
	cmd.Flags().BoolVar(&f.noPi, "no-pi", false, "leave Pi's agent directory alone")
	for _, other := range []string{"config", "dry-run", "rc", "shell"} {
		cmd.MarkFlagsMutuallyExclusive("refresh", other)
	}
	return cmd
}

func (a *app) install(f installFlags) error {
	if f.refresh {
		return a.refresh()
	}
	l, err := layout()
	if err != nil {
		return err
	}
	cfg, fresh, err := readConfig(f.config)
	if err != nil {
		return err
	}
	if !fresh {
		return a.installConfig(f, l, cfg, nil)
	}
	return a.installConfig(f, l, cfg, pitrack.DefaultConfig)
}

// installConfig installs a configuration whose text, unless it is nil, is to be
// written first.
func (a *app) installConfig(f installFlags, l shim.Layout, cfg *shim.Config, text []byte) error {
	a.printWarnings(cfg)
	rc, err := findStartup(f)
	if err != nil {
		return err
	}
	if err := shim.CheckTrust(l); err != nil {
		return foreign(err)
	}
	fresh := text != nil
	plan, err := shim.MakePlan(l, cfg, helperPath())
	if err != nil {
		return foreign(err) // before anything is touched
	}
	if f.dryRun {
		a.printPlan(plan, cfg, fresh)
		pi, err := a.installPi(l, cfg, f)
		if err != nil {
			return err
		}
		lines, err := a.tellStartup(l, f)
		a.tellUnchanged(plan.Changes() || pi || lines || err != nil)
		return err
	}
	programs, err := shim.FindPrograms(l)
	if err != nil {
		return withHint(exitFailed, fmt.Errorf("cannot find the program that runs: %w", err), "on Linux it is found through /proc, which must be mounted")
	}
	if programs.Damaged != nil {
		printProblem(a.stderr, "warning", programs.Damaged, "pi-track itself stands in for it, and starts more slowly; 'make install' or 'go install ./cmd/...', then 'pi-track install', puts the right one in place")
	}
	made, unlock, err := shim.LockNew(l)
	if err != nil {
		return foreign(err)
	}
	defer unlock()
	plan, err = shim.Install(l, cfg, helperPath(), programs, made)
	if err != nil {
		return foreign(err)
	}
	if fresh {
		if err := shim.WriteConfig(l, cfg.File, text); err != nil {
			return err
		}
	}
	a.printPlan(plan, cfg, fresh)
	pi, err := a.installPi(l, cfg, f)
	if err != nil {
		return err
	}
	added, err := a.tellPath(l, rc)
	a.tellUnchanged(plan.Changes() || pi || added || err != nil)
	return err
}

// tellStartup says where --rc would put the PATH line, and whether anywhere.
func (a *app) tellStartup(l shim.Layout, f installFlags) (bool, error) {
	if !f.rc {
		return false, nil
	}
	lines, err := startupLines(l, f)
	for _, s := range lines {
		fmt.Fprintf(a.stdout, "\nwould put the shim directory on PATH at line %d of %s\n", s.Line, s.File)
	}
	return len(lines) > 0, err
}

// tellUnchanged says when install had nothing to do.
func (a *app) tellUnchanged(changed bool) {
	if !changed {
		fmt.Fprintln(a.stdout, "\nnothing to change")
	}
}

// startup is the user's shell and the startup files that are to be changed, none
// without --rc.
type startup struct {
	shell string
	files []string
}

// findStartup finds out about the user's shell before anything is changed.
func findStartup(f installFlags) (s startup, err error) {
	if s.shell, err = shellName(f.shell); err != nil && (f.rc || f.shell != "") {
		return s, err
	} else if err != nil {
		s.shell = "bash" // what most others understand
	}
	if !f.rc {
		return s, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return s, usageErrorf("set HOME, or leave --rc out", "no startup file: %w", err)
	}
	file, err := shim.RCFile(s.shell, home, os.Getenv)
	if err != nil {
		return s, usageErrorf("correct it, or leave --rc out", "no startup file: %w", err)
	}
	s.files = append([]string{file}, shim.LoginFiles(s.shell, home, os.Getenv)...)
	for _, file := range s.files {
		if err := shim.CheckStartup(file); err != nil {
			return s, withHint(exitFailed, err, "leave --rc out and put the line that 'pi-track env' prints where your shell reads it")
		}
	}
	return s, nil
}

// systemLine warns of a system where nobody has tried pi-track.
func systemLine(goos string) string {
	if text := untried("system         ", goos); text != "" {
		return text + "; 'pi-track doctor --self-test' tries it\n"
	}
	return ""
}

// printPlan prints one line per shim.
func (a *app) printPlan(p *shim.Plan, cfg *shim.Config, fresh bool) {
	note := ""
	if fresh {
		note = " (new, from the default)"
	}
	fmt.Fprintf(a.stdout, "configuration  %s%s\n", cfg.File, note)
	fmt.Fprintf(a.stdout, "shims          %s\n%s\n", p.Layout.ShimDir(), systemLine(runtime.GOOS))
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
}

// tellPath prints the PATH line, or puts it into the startup files and says
// whether one was changed.
func (a *app) tellPath(l shim.Layout, rc startup) (added bool, err error) {
	code, err := shim.EnvCode(rc.shell, l.ShimDir())
	if err != nil {
		return false, err
	}
	if rc.files != nil {
		if added, err = a.addBlocks(l, rc, code); err != nil || !added {
			return added, err
		}
		fmt.Fprintf(a.stdout, "open a new shell, or in this one run:\n")
	} else if first := filepath.SplitList(os.Getenv("PATH")); len(first) > 0 && filepath.Clean(first[0]) == l.ShimDir() {
		return false, nil
	} else {
		fmt.Fprintf(a.stdout, "\nput the shim directory first on PATH (or run install --rc):\n")
	}
	fmt.Fprintf(a.stdout, "  %s", code)
	if rc.shell != "fish" {
		fmt.Fprintf(a.stdout, "  hash -r\n")
	}
	return added, nil
}

// addBlocks puts the PATH line into the startup files: the first is the user's
// shell's, the others are read by any shell that knows POSIX.
func (a *app) addBlocks(l shim.Layout, rc startup, code string) (added bool, err error) {
	fmt.Fprintln(a.stdout)
	for i, file := range rc.files {
		if i > 0 {
			if code, err = shim.EnvCode("bash", l.ShimDir()); err != nil {
				return added, err
			}
		}
		changed, err := shim.AddBlock(l, file, code)
		if err != nil {
			return added, err
		}
		if changed {
			fmt.Fprintf(a.stdout, "added the shim directory to PATH in %s\n", file)
		} else {
			fmt.Fprintf(a.stdout, "%s already has the shim directory\n", file)
		}
		added = added || changed
	}
	return added, nil
}

// foreign gives an error about a file that cannot be had its hint.
func foreign(err error) error {
	var fe *shim.ForeignError
	switch {
	case errors.Is(err, shim.ErrNotRunnable):
		return withHint(exitFailed, err, "run 'pi-track uninstall', and install with PI_TRACK_HOME set to a directory where programs can be run")
	case errors.Is(err, shim.ErrHeld):
		return withHint(exitFailed, err, "if none is running, remove that link and try again")
	case errors.Is(err, safefile.ErrWorldWritable):
		return withHint(exitFailed, err, "remove the write permission of other users (chmod o-w), or set PI_TRACK_HOME to a directory of your own: who may write there decides what your helpers run")
	case errors.Is(err, safefile.ErrForeign):
		return withHint(exitFailed, err, "set PI_TRACK_HOME to a directory of your own: its owner decides what your helpers run")
	case errors.As(err, &fe):
		return withHint(exitFailed, err, "move it away, or remove the helper from shims.toml")
	case errors.Is(err, fs.ErrPermission):
		return withHint(exitFailed, err, "check who owns it, and what that user may do there")
	case errors.Is(err, shim.ErrReceipt):
		return withHint(exitFailed, err, "remove it and run 'pi-track install' again")
	}
	return err
}
