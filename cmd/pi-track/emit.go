//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/log"
)

// endWait bounds how long 'emit end' waits for another.
const endWait = 10 * time.Second

func newEmitCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "emit start|end|event",
		Short: "record a run that no shim sees",
		Long: `Records a run from a script, for something that is not a program on PATH (a step
of a workflow, a call to a service) or that runs elsewhere.

'emit start' writes the start event and prints the run's id. 'emit end ID'
writes the end. 'emit event' writes both, for a run that is already over.

Nobody supervises such a run. If you never record its end, it has none:
'pi-track ps' lists it as open (not as running) for a day, and 'pi-track verify'
counts it as a start without end.

With PI_TRACK_DISABLE=1 emit writes nothing but still prints the ids.`,
		Example: `  id=$(pi-track emit start --name deploy --kind job --task T-17)
  if ./deploy 2>err.txt; then pi-track emit end "$id" </dev/null
  else pi-track emit end "$id" --exit-code $? <err.txt; fi

  pi-track emit event --name nightly --status failed --duration 12m --error "disk full"`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return usageErrorf("say what to emit: 'pi-track emit start', 'end ID' or 'event'", "no kind of event given")
		},
	}
	cmd.AddCommand(newEmitStartCmd(a), newEmitEndCmd(a), newEmitEventCmd(a))
	return cmd
}

func newEmitStartCmd(a *app) *cobra.Command {
	var who identity
	cmd := &cobra.Command{
		Use:   "start --name NAME",
		Short: "record the start of a run and print its id",
		Long: `Writes the start event of a run and prints the run's id, which 'emit end'
takes.

Directory and repository are those of the working directory. Session, task and
parent run come from PI_SESSION_ID, PI_TASK_ID (or PI_JOB_ID) and
PI_TRACK_PARENT, unless options say otherwise. To make helpers that run
meanwhile children of this run, export PI_TRACK_PARENT=ID for them.

Exit status: 0 recorded; 1 the log could not be written; 2 wrong usage.`,
		Example: `  id=$(pi-track emit start --name deploy --kind job)`,
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			e, err := who.start()
			if err != nil {
				return err
			}
			if err := appendEvents(e); err != nil {
				return err
			}
			_, err = fmt.Fprintln(a.stdout, e.ID)
			return err
		},
	}
	who.register(cmd.Flags())
	return cmd
}

func newEmitEndCmd(a *app) *cobra.Command {
	var how outcome
	cmd := &cobra.Command{
		Use:   "end ID",
		Short: "record the end of a run that 'emit start' began",
		Long: `Writes the end event of the run ID, with what identifies the run taken from
its start event. Unless --duration says otherwise the run lasted from then to
now.

The status follows from the exit code: 0 is succeeded, anything else failed.
--status sets it directly. For a run that did not succeed, 'emit end' reads the
error text from standard input, unless that is a terminal or --error is given.
It keeps the line that matters and removes secrets, as a shim does.

Exit status: 0 recorded; 1 no such start event, ended already, supervised by a
shim, or the log could not be written; 2 wrong usage; 3 there is no log.`,
		Example: `  pi-track emit end "$id" --status succeeded
  pi-track emit end "$id" --exit-code 3 <err.txt
  pi-track emit end "$id" --status cancelled --error "stopped by hand"
  pi-track emit end "$id" --usage '{"input":1200,"output":80,"cost":0.004}' </dev/null`,
		Args: exactArgs(1, "the run's id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := how.complete(cmd, a); err != nil {
				return err
			}
			if recordingDisabled() {
				return nil
			}
			p, err := findInstallation()
			if err != nil {
				return err
			}
			defer log.Alone(p.Log, endWait)() // of two at once one would not see the other's end
			start, err := openRun(args[0])
			if err != nil {
				return err
			}
			return appendEvents(how.end(start))
		},
	}
	how.register(cmd.Flags())
	return cmd
}

func newEmitEventCmd(a *app) *cobra.Command {
	var who identity
	var how outcome
	cmd := &cobra.Command{
		Use:   "event --name NAME",
		Short: "record a run that is already over",
		Long: `Writes the start and the end event of a run at once and prints its id. The run
ended now and lasted --duration (default 0s). The other flags mean what they
mean for 'emit start' and 'emit end'.

Exit status: 0 recorded; 1 the log could not be written; 2 wrong usage.`,
		Example: `  pi-track emit event --name nightly --kind job --duration 12m --status succeeded
  pi-track emit event --name lint --exit-code 1 --error "3 problems"`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := how.complete(cmd, a); err != nil {
				return err
			}
			start, err := who.start()
			if err != nil {
				return err
			}
			start.TS = start.TS.Add(-how.duration)
			if err := appendEvents(start, how.end(start)); err != nil {
				return err
			}
			_, err = fmt.Fprintln(a.stdout, start.ID)
			return err
		},
	}
	who.register(cmd.Flags())
	how.register(cmd.Flags())
	return cmd
}
