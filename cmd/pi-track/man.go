//go:build linux || darwin || freebsd || openbsd

package main

import (
	"cmp"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"pi-track/internal/shim"
)

func newManCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "man [VERB... | DIR]",
		Short: "print a manual page, or write all of them into a directory",
		Long: `Prints the manual page of pi-track or of one of its verbs. Given a directory,
a path with a slash in it, it writes one page per verb there.

Exit status: 0; 1 the pages cannot be written; 2 wrong usage.`,
		Example: `  pi-track man report | man -l -
  pi-track man ~/.local/share/man/man1`,
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			root.DisableAutoGenTag = true
			header := &doc.GenManHeader{Section: "1", Source: "pi-track", Manual: "pi-track"}
			if len(args) == 1 && (strings.Contains(args[0], "/") || shim.IsDir(args[0])) {
				return a.writeManual(root, header, args[0])
			}
			verb, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				hint := nearestVerb(verb, strings.Join(rest, " "))
				return usageErrorf(cmp.Or(hint, "name a verb, or a directory with a slash, such as ./man"), "%q is neither a verb nor a directory", strings.Join(args, " "))
			}
			return doc.GenMan(verb, header, a.stdout)
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
			above, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var verbs []string
			for _, c := range above.Commands() {
				if c.IsAvailableCommand() && strings.HasPrefix(c.Name(), prefix) {
					verbs = append(verbs, c.Name()+"\t"+c.Short)
				}
			}
			return verbs, cobra.ShellCompDirectiveDefault // a directory, too
		},
	}
}

func (a *app) writeManual(root *cobra.Command, header *doc.GenManHeader, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return cannotMake(err)
	}
	if err := doc.GenManTree(root, header, dir); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "manual pages written to %s\n", dir)
	return nil
}
