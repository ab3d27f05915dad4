//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"pi-track/internal/lookup"
	"pi-track/internal/piext"
	"pi-track/internal/shim"
)

func newWhichCmd(a *app) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "which [-a] NAME",
		Short: "show the shim of a helper and the program behind it",
		Long: `Prints what a call of NAME leads to: the shim, if PATH finds it first, then
the program behind it. With -a it prints every file of that name on PATH.

Exit status: 0 found; 2 not found, or wrong usage.`,
		Example: `  pi-track which pi-loop
  pi-track which -a pi-loop`,
		Args: exactArgs(1, "NAME"),
		RunE: func(_ *cobra.Command, args []string) error { return a.which(args[0], all) },
	}
	cmd.Flags().BoolVarP(&all, "all", "a", false, "print every file of that name on PATH")
	return cmd
}

func (a *app) which(name string, all bool) error {
	l, err := layout()
	if err != nil {
		return err
	}
	found, shimSeen := false, false
	lookup.Walk(name, helperPath(), nil, func(c lookup.Candidate) bool {
		if !c.Executable || c.Ours && shimSeen && !all {
			return true
		}
		label, note := "program", ""
		if c.Ours {
			label, shimSeen = "shim", true
		} else if !onPath(filepath.Dir(c.Path)) {
			note = " (" + beside(filepath.Dir(c.Path)) + ")"
		}
		found = true
		fmt.Fprintf(a.stdout, "%-7s  %s%s\n", label, c.Path, note)
		return all || c.Ours
	})
	if found && !shimSeen {
		a.tellShadowed(l, name)
	}
	if m, err := shim.ReadManifest(l); err == nil {
		if s, ok := m.Find(name); ok && (s.Real != "" || len(s.Command) > 0) {
			target, note := shim.Behind(l, s, helperPath())
			if target == "" {
				target = note
			}
			fmt.Fprintf(a.stdout, "%-7s  %s\n", "runs", target)
			found = true
		}
	}
	if !found {
		return usageErrorf(nearestProgram(name, "'pi-track list' shows the shims"), "%s: not found on PATH", name)
	}
	return nil
}

// tellShadowed names the shim of a helper that PATH does not lead to.
func (a *app) tellShadowed(l shim.Layout, name string) {
	seen := false
	lookup.Walk(name, os.Getenv("PATH"), nil, func(c lookup.Candidate) bool {
		if c.Ours {
			fmt.Fprintf(a.stdout, "%-7s  %s (shadowed: PATH finds the program first)\n", "shim", c.Path)
		}
		seen = c.Ours
		return !seen
	})
	path := filepath.Join(l.ShimDir(), name)
	if _, err := os.Lstat(path); err == nil && !seen {
		fmt.Fprintf(a.stdout, "%-7s  %s (not on PATH: calls are not recorded)\n", "shim", path)
	}
}

// beside says when a directory that is not on the caller's PATH is.
func beside(dir string) string {
	if agent := piext.AgentDir(); agent != "" && dir == filepath.Join(agent, "bin") {
		return "on PATH inside Pi only"
	}
	if slices.Contains(userBins(), dir) {
		return "not on PATH here"
	}
	return "on PATH in its project only"
}
