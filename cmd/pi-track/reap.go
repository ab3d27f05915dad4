//go:build linux || darwin

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"pi-track/internal/log"
)

func newReapCmd(a *app) *cobra.Command {
	var quiet bool
	cmd := &cobra.Command{
		Use:   "reap",
		Short: "record the runs whose supervisor was killed",
		Long: `Writes the end of every run that was killed together with its supervisor, as
happens when Pi aborts a command: status cancelled, with the duration up to
the last sign of life and the last error text.

'report', 'ps', 'tail', 'show', 'verify' and 'doctor' do this by themselves,
and so does Pi's extension. Reaping twice, or in two places at once, records a
run once.

Exit status: 0; 1 a run could not be recorded (it is kept for the next time);
2 wrong usage.`,
		Example: `  pi-track reap`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			p, err := findPlace()
			if err != nil {
				return err
			}
			r, err := log.Reap(p.home)
			n := r.Runs
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
	return cmd
}

// countOf is "1 run" or "3 runs".
func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
