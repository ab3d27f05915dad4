//go:build linux || darwin || freebsd || openbsd

package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log/history"
	"pi-track/internal/log/reap"
)

func newTailCmd(a *app) *cobra.Command {
	t := tailer{app: a}
	cmd := &cobra.Command{
		Use:   "tail",
		Short: "show the latest events, and new ones as they come",
		Long: `Shows the last events of the log, oldest first, one a line: local time, short
id, status, helper, duration, exit status or signal, repository, task, session
and the error text.

With -f it goes on and shows new events as they are written, until it is
interrupted. It waits for a log that does not exist yet, and follows rotations.
It records runs whose supervisor was killed, and so shows them within seconds.

Exit status: 0; 2 wrong usage, or a filter names what the log does not have;
3 there is no log.`,
		Example: `  pi-track tail -n 20
  pi-track tail -f --status failed --repo web
  pi-track tail -f --json --name 'pi-*' | jq .error_summary`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				if _, err := strconv.ParseUint(args[0], 10, 31); err == nil {
					return usageErrorf("did you mean 'pi-track tail -n "+args[0]+"'?", "tail takes no argument: %q", args[0])
				}
			}
			return noArgs(cmd, args)
		},
		RunE: func(*cobra.Command, []string) error { return t.run() },
	}
	flags := cmd.Flags()
	flags.IntVarP(&t.n, "lines", "n", 10, "number of events to show first")
	flags.BoolVarP(&t.follow, "follow", "f", false, "keep showing new events")
	flags.BoolVar(&t.json, "json", false, "one JSON object a line, as in the log")
	t.filter.register(flags)
	return cmd
}

// tailer shows events.
type tailer struct {
	*app
	n            int
	follow, json bool
	filter       eventFilter

	line decode.Line // memory for decoding
	bad  int         // lines that were no events
	err  error       // the first failed write
}

func (t *tailer) run() error {
	if t.n < 0 {
		return usageErrorf("-n 0 shows none of the past", "-n %d is negative", t.n)
	}
	if err := t.filter.check(); err != nil {
		return err
	}
	p, err := findInstallation()
	if err != nil {
		return err
	}
	p.reap()
	// The log is opened before its segments are listed: should it be rotated
	// in between, it is found among them and not read twice.
	f := history.Follow(p.Log)
	defer f.Close()
	h, err := openHistory(p)
	if err != nil && !t.follow {
		return err
	}
	events, unread := t.last(h, f)
	for i := range events {
		t.print(&events[i])
	}
	if len(events) == 0 && t.n > 0 && unread == nil && err == nil {
		if err := t.tellEmpty(p); err != nil {
			return err
		}
	}
	if t.follow && t.err == nil {
		if unread != nil { // what is older is not to keep the new from being shown
			reportError(t.stderr, unread)
			unread = nil
		}
		f.Next(func() { reap.Boxes(p.Home) }, func(line []byte) bool {
			if e, err := t.filter.take(line, &t.line); err == nil && e != nil {
				t.print(e)
			}
			return t.err == nil
		})
	}
	if t.bad > 0 {
		fmt.Fprintf(t.stderr, "pi-track: hint: skipped %d lines that are not events, see 'pi-track verify'\n", t.bad)
	}
	if t.err != nil {
		return t.err
	}
	return unread
}

// tellEmpty says why there is no event to show. What is waited for need not exist yet.
func (t *tailer) tellEmpty(p installation) error {
	err := t.filter.explainEmpty(t.app, p)
	if known := new(failure); t.follow && errors.As(err, &known) {
		printProblem(t.stderr, "warning", known.err, known.hint)
		return nil
	}
	return err
}

// last returns the last n matching events, oldest first, also with an error:
// then older ones could not be read. f, which is the newest file, goes on where
// this ends.
func (t *tailer) last(h history.Log, f *history.Follower) (events []event.Event, err error) {
	take := func(line []byte) bool {
		if len(events) == t.n {
			return false
		}
		e, err := t.filter.take(line, &t.line)
		if e != nil && err == nil {
			events = append(events, *e)
		} else if err != nil && !errors.Is(err, decode.ErrNewer) {
			t.bad++
		}
		return len(events) < t.n
	}
	f.Begin(take)
	if len(events) < t.n {
		err = unreadable(h.Lines(time.Time{}, f.Has, take))
	}
	slices.Reverse(events)
	return events, err
}

func (t *tailer) print(e *event.Event) {
	var err error
	if t.json {
		_, err = t.stdout.Write(eventJSON(e))
	} else {
		line := eventLine(e) + "\n"
		if width := terminalWidth(t.stdout); width > 0 {
			line = foldAt(line, width, 4)
		}
		_, err = io.WriteString(t.stdout, line)
	}
	if t.err == nil {
		t.err = err
	}
}
