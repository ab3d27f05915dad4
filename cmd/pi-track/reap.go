//go:build linux || darwin || freebsd || openbsd

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/log/reap"
)

func newReapCmd(a *app) *cobra.Command {
	var quiet, boxes bool
	var older string
	cmd := &cobra.Command{
		Use:   "reap",
		Short: "record the end of runs that were killed",
		Long: `Writes the missing end of a run, with the status cancelled and the duration up
to the last sign of life, in three cases:

- The supervisor was killed with the run, as happens when Pi aborts a command.
  The end has the last error text.
- The run has no black box, like the tools inside Pi, and the process that
  recorded its start is dead: Pi was killed, or the machine restarted.
- The black box is damaged. 'pi-track doctor' then shows a note.

A run stays open when nothing proves that it is over: runs of 'emit start', and
starts written by older versions or on another machine. --older ends these too
if they began that long ago, unless they are known to be alive.

'doctor' does all this by itself, without --older. 'report', 'ps', 'tail',
'show' and 'verify' do it for all black boxes and for the last day. A run that
is reaped twice, or from two shells at once, is recorded once.

Exit status: 0; 1 a run could not be recorded (it is kept for the next time);
2 wrong usage.`,
		Example: `  pi-track reap
  pi-track reap --older 30d`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			o := reap.Options{}
			if older != "" {
				age, err := parseAge("older", older)
				if err != nil {
					return err
				}
				o.Older = time.Now().Add(-age)
			}
			p, err := findInstallation()
			if err != nil {
				return err
			}
			n := 0
			if boxes {
				var r reap.Found
				r, err = reap.Boxes(p.Home)
				n = r.Runs
			} else {
				var r reap.Result
				o.Home, o.Log = p.Home, p.Log
				r, err = reap.Run(context.Background(), o)
				n = r.Runs()
			}
			if !quiet && (n > 0 || err == nil) {
				fmt.Fprintf(a.stdout, "%s recorded\n", countOf(n, "run", "runs"))
			}
			if err != nil {
				return withHint(exitFailed, err, "they are kept, see 'pi-track doctor'")
			}
			return nil
		},
	}
	cmd.Flags().BoolVarP(&quiet, "quiet", "q", false, "say nothing on success")
	cmd.Flags().BoolVar(&boxes, "boxes", false, "look only at the black boxes: quick, however large the log is")
	cmd.Flags().StringVar(&older, "older", "", "also end open runs that began at least an `AGE` ago: 30d, 12w, 2y")
	cmd.MarkFlagsMutuallyExclusive("boxes", "older")
	return cmd
}

// countOf is "1 run" or "3 runs".
func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
