//go:build linux || darwin || freebsd || openbsd

package main

import (
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"pi-track/internal/launch"
	"pi-track/internal/report/query"
)

func newRunCmd(a *app) *cobra.Command {
	var o launch.Options
	cmd := &cobra.Command{
		Use:   "run [flags] -- COMMAND [ARG…]",
		Short: "run a command under supervision, without a shim",
		Long: `Supervises a command exactly as a shim does, and records the run. The log has
the command's name, or the one that --name gives. If shims.toml has that name,
its kind and its session and task variables apply. --task and --session set
PI_TASK_ID and PI_SESSION_ID for everything that the command starts.

Exit status: that of the command; if a signal kills the command, run dies of the
same signal. 126 it cannot be executed, 127 there is no such command, 2 wrong usage.`,
		Example: `  pi-track run -- make test
  pi-track run --name nightly --kind job --task T-42 -- ./nightly.sh --fast
  pi-track run --task T-42 -- pi -p 'summarise the open issues'`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 || args[0] == "" {
				return usageErrorf("pi-track run -- COMMAND [ARG…]", "no command to run")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			l, err := layout()
			if err != nil {
				return err
			}
			o.Home = l.Home
			if o.Kind != "" {
				if _, err := oneOf("kind", o.Kind, query.Kinds[:3]); err != nil {
					return err
				}
			}
			if o.Name != "" && (o.Name != filepath.Base(o.Name) || strings.ContainsAny(o.Name, "|\n")) {
				return usageErrorf("a name such as \"nightly\"", "--name: %q is not a helper's name", o.Name)
			}
			launch.Run(o, args) // ends the process as the command ended
			return errSilent
		},
	}
	cmd.Flags().StringVar(&o.Name, "name", "", "record the run under `NAME`")
	cmd.Flags().StringVar(&o.Kind, "kind", "", "script, job or loop (default: from shims.toml, else script)")
	cmd.Flags().StringVar(&o.Task, "task", "", "the task of the run and of all below it (default: PI_TASK_ID, else PI_JOB_ID)")
	cmd.Flags().StringVar(&o.Session, "session", "", "Pi session of the run and of helpers below it (default: PI_SESSION_ID)")
	cmd.Flags().SetInterspersed(false)
	return cmd
}
