//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"pi-track/internal/shim"
)

func newCheckConfigCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "check-config [FILE]",
		Short: "name every mistake in shims.toml",
		Long: `Reads the user's shims.toml, or FILE, and names every mistake with
its line. It changes nothing; 'pi-track install' makes the same checks.

Exit status: 0 all is well; 1 a program is missing; 2 there are mistakes.`,
		Example: `  pi-track check-config
  pi-track check-config ./shims.toml`,
		Args: rangeArgs(0, 1, ""),
		RunE: func(_ *cobra.Command, args []string) error { return a.checkConfig(append(args, "")[0]) },
	}
}

func (a *app) checkConfig(file string) error {
	cfg, fresh, err := readConfig(file)
	if err != nil {
		return err
	}
	a.printWarnings(cfg)
	if len(cfg.Warnings) > 0 {
		return errSilent
	}
	note := ""
	if fresh {
		note = " (not written yet: the default)"
	}
	fmt.Fprintf(a.stdout, "ok  %s%s: %s\n", cfg.File, note, countOf(len(cfg.Shims), "helper", "helpers"))
	return nil
}

// printWarnings names the programs of the configuration that are not there.
func (a *app) printWarnings(cfg *shim.Config) {
	for _, w := range cfg.Warnings {
		printProblem(a.stderr, "warning", w, w.Hint)
	}
}
