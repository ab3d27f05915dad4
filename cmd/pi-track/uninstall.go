//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"pi-track/internal/shim"
)

func newUninstallCmd(a *app) *cobra.Command {
	var purge, yes bool
	cmd := &cobra.Command{
		Use:   "uninstall",
		Short: "remove everything that install created",
		Long: `Removes exactly what install created: the shims first, then
the programs, the manifest, the block in the shell's startup file and the
extension in Pi's agent directory. The log and the configuration stay unless
--purge is given; a configuration that install --config named always stays.
Files that are not pi-track's stay and are named.

Exit status: 0 done; 1 something could not be removed; 2 wrong usage.`,
		Example: `  pi-track uninstall
  pi-track uninstall --purge --yes`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return a.uninstall(purge, yes) },
	}
	cmd.Flags().BoolVar(&purge, "purge", false, "remove the log and the configuration too")
	cmd.Flags().BoolVar(&yes, "yes", false, "with --purge: do not ask")
	return cmd
}

func (a *app) uninstall(purge, yes bool) error {
	l, err := layout()
	if err != nil {
		return err
	}
	config, _ := configFile() // "" where there is no home directory
	if purge && !yes && !a.confirm("remove the log and the configuration as well?") {
		return withHint(exitFailed, fmt.Errorf("not confirmed: nothing was removed"), "answer yes, or give --yes")
	}
	return a.whole(func(a *app) error { return a.remove(l, config, purge) })
}

// remove takes everything away and says what.
func (a *app) remove(l shim.Layout, config string, purge bool) error {
	unlock, err := shim.Lock(l)
	if errors.Is(err, fs.ErrNotExist) { // there is nothing to lock
		r := &shim.Removal{}
		if purge {
			r = shim.PurgeKept(l, config)
		}
		a.printRemoval(l, r, 0, purge)
		return nil
	}
	if err != nil {
		return foreign(err)
	}
	defer unlock()
	pi, err := a.uninstallPi(l)
	if err != nil {
		return foreign(err)
	}
	r, err := shim.Uninstall(l, config, purge)
	if err != nil {
		return foreign(err)
	}
	a.printRemoval(l, r, pi, purge)
	return nil
}

// printRemoval prints what was removed and what was not; pi is the number of
// lines about Pi before it.
func (a *app) printRemoval(l shim.Layout, r *shim.Removal, pi int, purge bool) {
	if len(r.Removed)+len(r.Kept)+len(r.Foreign)+pi == 0 {
		fmt.Fprintf(a.stdout, "nothing of pi-track in %s\n", l.Home)
		return
	}
	a.printPaths("removed", r.Removed)
	a.printPaths("kept   ", r.Kept)
	for _, p := range r.Foreign {
		fmt.Fprintf(a.stdout, "foreign  %s (changed since install: left alone)\n", p)
	}
	if len(r.Kept) > 0 && !purge {
		fmt.Fprintln(a.stdout, "\nthe log and the configuration were kept; --purge removes them")
	}
	if len(r.Removed) > 0 {
		fmt.Fprintln(a.stdout, "in open shells run: hash -r")
	}
}

func (a *app) printPaths(label string, paths []string) {
	for _, p := range paths {
		fmt.Fprintf(a.stdout, "%s  %s\n", label, p)
	}
}

// confirm asks a question on the terminal; only "yes" or "y" agrees.
func (a *app) confirm(question string) bool {
	fmt.Fprintf(a.stdout, "%s [y/N] ", question)
	line, _ := bufio.NewReader(a.stdin).ReadString('\n')
	fmt.Fprintln(a.stdout)
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "y" || answer == "yes"
}
