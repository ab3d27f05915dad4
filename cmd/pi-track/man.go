//go:build linux || darwin

package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func newManCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "man [DIR]",
		Short: "print the manual page, or write all of them into a directory",
		Long: `Man prints the manual page of pi-track, or, given a directory, writes one page
per command into it.

Exit status: 0; 1 the pages cannot be written; 2 usage.`,
		Example: `  pi-track man | man -l -
  pi-track man ~/.local/share/man/man1`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			root.DisableAutoGenTag = true
			header := &doc.GenManHeader{Title: "PI-TRACK", Section: "1", Source: "pi-track", Manual: "pi-track"}
			if len(args) == 0 {
				return doc.GenMan(root, header, a.stdout)
			}
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			if err := doc.GenManTree(root, header, args[0]); err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "manual pages written to %s\n", args[0])
			return nil
		},
	}
	return cmd
}
