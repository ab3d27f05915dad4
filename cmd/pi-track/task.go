//go:build linux || darwin || freebsd || openbsd

package main

import (
	"github.com/spf13/cobra"

	"pi-track/internal/event"
)

func newTaskCmd(*app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "task done|fail ID",
		Short: "record that a task is done or has failed",
		Long: `Records the outcome of a task. 'pi-track report effect' compares the tasks that
used a helper with those that did not. Only recorded outcomes count: that a
session ended says nothing about its task.

The outcome is written as a run of its own: kind job, name task, the task's id,
status succeeded or failed. The last outcome of a task counts.`,
		Example: `  pi-track task done T-17
  pi-track task fail T-18 --reason "the fix was reverted"`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			return usageErrorf("write 'pi-track task done ID' or 'pi-track task fail ID'", "no outcome given")
		},
	}
	cmd.AddCommand(newOutcomeCmd("done", event.Succeeded), newOutcomeCmd("fail", event.Failed))
	return cmd
}

// newOutcomeCmd makes `task done` or `task fail`.
func newOutcomeCmd(verb string, status event.Status) *cobra.Command {
	who := identity{name: "task", kind: string(event.Job)}
	how := outcome{status: string(status)}
	cmd := &cobra.Command{
		Use:   verb + " ID",
		Short: "record that the task ID has " + string(status),
		Long: "Records that the task ID has " + string(status) + `.

Exit status: 0 recorded; 1 the log could not be written; 2 wrong usage.`,
		Example: "  pi-track task " + verb + " T-17",
		Args:    exactArgs(1, "the task's id"),
		RunE: func(_ *cobra.Command, args []string) error {
			who.task = args[0]
			start, err := who.start()
			if err != nil {
				return err
			}
			return appendEvents(start, how.end(start))
		},
	}
	if status == event.Failed {
		cmd.Flags().StringVar(&how.errorText, "reason", "", "why, in a few words")
	}
	cmd.Flags().StringVar(&who.session, "session", "", "Pi session (default PI_SESSION_ID)")
	return cmd
}
