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
		Short: "record the runs that nobody will end any more",
		Long: `Writes the end of every run that nobody will end any more, with the status
cancelled and the duration up to the last sign of life:

- its supervisor was killed with it, as happens when Pi aborts a command. The
  end has the last error text;
- it has no black box, as the tools inside Pi, and the process that recorded its
  start is dead: Pi was killed, or the machine restarted;
- its black box is damaged. A note of that is left for 'pi-track doctor'.

What cannot be proved stays open: runs of 'emit start', which ends before they
do, and starts written by older versions or on another machine. With --older
those of them are ended, too, that began so long ago, unless they are known to
be alive.

'doctor' does this by itself, without --older. 'report', 'ps', 'tail', 'show'
and 'verify' do it for all black boxes and for the last day. Reaping twice, or in
two places at once, records a run once.

Exit status: 0; 1 a run could not be recorded (it is kept for the next time);
2 wrong usage.`,
		Example: `  pi-track reap
  pi-track reap --older 30d`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			o := reap.Options{}
			if older != "" {
				age, err := parseAge(older)
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
	cmd.Flags().BoolVar(&boxes, "boxes", false, "only the black boxes: quick, however large the log is")
	cmd.Flags().StringVar(&older, "older", "", "also what began an `AGE` ago and cannot be proved to have ended: 30d, 12w, 2y")
	return cmd
}

// countOf is "1 run" or "3 runs".
func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
