//go:build linux || darwin || freebsd || openbsd

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/audit"
	"pi-track/internal/log"
	"pi-track/internal/log/reap"
	"pi-track/internal/log/scan"
	"pi-track/internal/log/segment"
	"pi-track/internal/redact"
)

func newVerifyCmd(a *app) *cobra.Command {
	v := verifier{app: a}
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "check every line of the log",
		Long: `Reads every line of every segment of the log and counts them.

good        events
torn        lines cut off in the middle, because their writer was killed
foreign     lines that are not events
too long    longer than an event can be
newer       of a newer version of pi-track
unfinished  the last line, while it is being written
duplicate   events that are in the log twice; they count once everywhere
starts without end   nobody ended them and nothing supervises them
ends without start   runs that are complete even so
open        begun within a day by Pi's extension or 'emit start', not ended

Torn, foreign and too long lines, a compressed segment that cannot be unpacked,
a run with two different ends and a start without end are wrong. The first
damaged line of each kind in each segment is named, and so are the first such
runs. Duplicates and newer lines are not wrong.

--set-aside moves the torn, foreign and too long lines, byte for byte, to
damaged-NAME.txt beside the log, so that reports no longer mention them. It
seals the log first and waits some seconds until no writer can have it open.
Helpers may run meanwhile; no event is lost.

Exit status: 0 nothing is wrong; 1 something is; 2 wrong usage; 3 no log could
be read.`,
		Example: `  pi-track verify
  pi-track verify --json | jq .torn
  pi-track verify --set-aside
  pi-track verify --log old/events.jsonl --places 100`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return v.run() },
	}
	cmd.Flags().BoolVar(&v.json, "json", false, "print the counts as JSON")
	cmd.Flags().IntVar(&v.defects, "places", 10, "name this many problems")
	cmd.Flags().BoolVar(&v.setAside, "set-aside", false, "move the damaged lines to a file beside the log, then check")
	cmd.Flags().StringArrayVar(&v.logs, "log", nil, "the log `FILE`, with the segments beside it (repeatable)")
	return cmd
}

// verifier checks every line.
type verifier struct {
	*app
	json     bool
	setAside bool
	defects  int
	logs     []string
}

func (v *verifier) run() error {
	if v.setAside && len(v.logs) > 0 {
		return usageErrorf("set PI_TRACK_LOG to that log instead", "--set-aside is for the log that is written, not for --log")
	}
	p, err := findInstallation()
	if err != nil {
		return err
	}
	running, err := p.reap()
	if err != nil {
		return err
	}
	result, err := v.audit(p, running)
	if err != nil {
		return err
	}
	if v.setAside && result.Bad() > 0 {
		if err := v.moveAside(p.Log, result); err != nil {
			return err
		}
		if result, err = v.audit(p, running); err != nil {
			return err
		}
	}
	for i := range result.Defects {
		result.Defects[i].Text = redact.Text(result.Defects[i].Text)
	}
	if v.json {
		out, err := json.MarshalIndent(result, "", "  ")
		if err != nil {
			return err
		}
		fmt.Fprintf(v.stdout, "%s\n", out)
	} else if err := v.text(result); err != nil {
		return err
	}
	if result.Wrong() {
		return errSilent
	}
	return nil
}

// moveAside moves the damaged lines of every segment that has some into a file
// beside the log. The log itself is sealed first: only what nobody appends to any
// more is rewritten.
func (v *verifier) moveAside(path string, result *audit.Result) error {
	var names []string
	for _, s := range result.Segments {
		if s.Bad() == 0 || s.Damaged {
			continue
		}
		if s.Path != path {
			names = append(names, s.Path)
			continue
		}
		sealed, err := log.Seal(path)
		if err != nil {
			return withHint(exitFailed, fmt.Errorf("cannot seal the log: %w", err), "see 'pi-track doctor'")
		}
		names = append(names, sealed)
	}
	aside, err := log.OpenAside(path)
	if err != nil {
		return withHint(exitFailed, err, "move away what is there")
	}
	defer aside.Close()
	for _, name := range names {
		moved, wait, err := segment.Filter(path, name, time.Now(), keepsLine, aside)
		for err == nil && wait > 0 { // a writer may still have it open
			time.Sleep(wait)
			moved, wait, err = segment.Filter(path, name, time.Now(), keepsLine, aside)
		}
		if err != nil {
			return withHint(exitFailed, err, "run it again; no line is lost, but one may be twice in "+aside.Name())
		}
		fmt.Fprintf(v.stderr, "moved %s of %s to %s\n", countOf(moved, "damaged line", "damaged lines"), redact.Text(name), redact.Text(aside.Name()))
	}
	return nil
}

func keepsLine(line []byte) bool { return !scan.Damaged(line) }

// audit reads the whole log, while those runs go on.
func (v *verifier) audit(p installation, running map[string]reap.RunningRun) (*audit.Result, error) {
	o := audit.Options{Began: time.Now(), Running: map[string]bool{}, MaxDefects: max(0, v.defects)}
	o.OpenSince = o.Began.Add(-24 * time.Hour)
	for id := range running {
		o.Running[id] = true
	}
	var err error
	if o.Files, err = p.openSegments(v.logs); err != nil {
		return nil, err
	}
	defer func() {
		for _, f := range o.Files {
			f.Close()
		}
	}()
	result, err := audit.Run(context.Background(), o)
	if err != nil {
		return nil, withHint(exitNoLog, err, "see 'pi-track doctor'")
	}
	return result, nil
}

func (v *verifier) text(r *audit.Result) error {
	w := tabwriter.NewWriter(v.stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "good\ttorn\tforeign\ttoo long\tnewer\tunfinished\t  segment")
	for _, s := range r.Segments {
		fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t  %s\n", s.Good, s.Torn, s.Foreign, s.TooLong, s.Newer, s.Unfinished, redact.Text(s.Path))
	}
	if len(r.Segments) > 1 {
		fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t  all\n", r.Good, r.Torn, r.Foreign, r.TooLong, r.Newer, r.Unfinished)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(v.stdout, "\nduplicate: %d\nstarts without end: %d\nends without start: %d\nruns with two ends: %d\nrunning: %d\nopen: %d\n",
		r.Duplicate, r.WithoutEnd, r.WithoutStart, r.EndsTwice, r.Running, r.Open)
	for _, p := range r.Defects {
		fmt.Fprintf(v.stdout, "%s, line %d: %s\n", redact.Text(p.Path), p.Line, p.Text)
	}
	if r.Omitted > 0 {
		fmt.Fprintf(v.stdout, "and %d more, see --places\n", r.Omitted)
	}
	verdict := "nothing is wrong"
	if r.Wrong() {
		verdict = "something is wrong"
	}
	_, err := fmt.Fprintln(v.stdout, verdict)
	return err
}
