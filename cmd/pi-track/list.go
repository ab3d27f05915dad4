//go:build linux || darwin || freebsd || openbsd

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"pi-track/internal/shim"
)

func newListCmd(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "list the shims: name, kind, program and state",
		Long: `Prints every shim with its kind, the program that a call would run now, and
its state: ok, not found yet, disabled, shim not on PATH, shadowed by another
file, link missing, shim program missing, and the like.

Exit status: 0; 1 nothing is installed; 2 wrong usage.`,
		Example: `  pi-track list
  pi-track list --json | jq -r '.[] | select(.state != "ok") | .name'`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			l, err := layout()
			if err != nil {
				return err
			}
			entries, err := shim.List(l, helperPath())
			if err != nil {
				return notInstalled(l, err)
			}
			if asJSON {
				enc := json.NewEncoder(a.stdout)
				enc.SetIndent("", "  ")
				return enc.Encode(entries)
			}
			w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "name\tkind\tprogram\tstate")
			for _, e := range entries {
				target := e.Target
				if target == "" {
					target = "-"
				}
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", e.Name, e.Kind, target, e.State)
			}
			return w.Flush()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// notInstalled explains an error about the manifest.
func notInstalled(l shim.Layout, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return withHint(exitFailed, fmt.Errorf("no shims are installed in %s", l.Home), "run 'pi-track install'")
	}
	if errors.Is(err, fs.ErrPermission) {
		return foreign(err)
	}
	return withHint(exitFailed, err, "run 'pi-track install' again")
}
