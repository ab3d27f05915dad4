//go:build linux || darwin

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"pi-track/internal/lookup"
	"pi-track/internal/shim"
)

func newWhichCmd(a *app) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "which [-a] NAME",
		Short: "show the shim of a helper and the program behind it",
		Long: `Which prints what a call of NAME leads to: the shim, if PATH finds it first, then
the program behind it. With -a it prints every file of that name on PATH.

Exit status: 0 found; 1 not found; 2 usage.`,
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
	found := false
	shimSeen := false
	lookup.Walk(name, helperPath(), nil, func(c lookup.Candidate) bool {
		if !c.Executable {
			return true
		}
		if c.Ours && shimSeen && !all {
			return true
		}
		label := "program"
		if c.Ours {
			label, shimSeen = "shim", true
		}
		found = true
		fmt.Fprintf(a.stdout, "%-7s  %s\n", label, c.Path)
		return all || c.Ours
	})
	if found && !shimSeen {
		lookup.Walk(name, helperPath(), nil, func(c lookup.Candidate) bool {
			if c.Ours {
				fmt.Fprintf(a.stdout, "%-7s  %s (shadowed: PATH finds the program first)\n", "shim", c.Path)
			}
			return !c.Ours
		})
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
		return withHint(exitFailed, fmt.Errorf("%s: not found on PATH", name), "'pi-track list' shows the shims")
	}
	return nil
}
