//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"pi-track/internal/shim"
)

func newEnvCmd(a *app) *cobra.Command {
	var shell string
	cmd := &cobra.Command{
		Use:   "env",
		Short: "print shell code that puts the shim directory first on PATH",
		Long: `Prints one line of shell code for the user's shell, or the one named by
--shell: bash, zsh or fish. Running the code twice changes nothing.

Exit status: 0; 2 the shell is not known.`,
		Example: `  eval "$(pi-track env)"
  pi-track env --shell fish | source`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			l, err := layout()
			if err != nil {
				return err
			}
			if shell, err = shellName(shell); err != nil {
				return err
			}
			code, err := shim.EnvCode(shell, l.ShimDir())
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(a.stdout, code)
			return err
		},
	}
	cmd.Flags().StringVar(&shell, "shell", "", "bash, zsh or fish (default: from $SHELL)")
	return cmd
}
