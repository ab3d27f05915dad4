//go:build linux || darwin || freebsd || openbsd

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/fleet"
	"pi-track/internal/fleet/ship"
	"pi-track/internal/fleet/sink"
	"pi-track/internal/redact"
	"pi-track/internal/shim"
	"pi-track/internal/version"
)

// exitDenied is the exit code of ship when nothing will be taken until somebody
// changes something.
const exitDenied = 3

// shipFlags are the options of ship.
type shipFlags struct {
	within                 time.Duration
	dryRun, status, resend bool
	config                 string
}

func newShipCmd(a *app) *cobra.Command {
	f := &shipFlags{}
	cmd := &cobra.Command{
		Use:   "ship [NAME...]",
		Short: "send new lines of the log to where your team keeps them",
		Long: `Sends what is new in the log to every [ship.NAME] of shims.toml, or to those
named, and ends. Nothing is ever sent unless such a table exists. Run it from
cron, a timer, or at the end of a CI job; see docs/fleet.md.

[ship.NAME.fields] decides key by key what leaves this machine. Without it no
directory, error text or process id leaves; tasks, sessions and the host leave
as pseudonyms, a repo as the last part of its path. --dry-run prints exactly the
bytes that would be sent.

ship only reads the log. What it could not send it sends the next time; what is
sent twice counts once. A line that the other side refuses is set aside in
$PI_TRACK_HOME/ship/NAME.rejected.jsonl, and the rest is sent.

Exit status: 0 everything is sent, or another ship is running; 1 something waits
(no answer, or no time left); 2 wrong usage or configuration; 3 refused until
somebody changes a token, a permission or the tables.`,
		Example: `  pi-track ship --dry-run team | head
  pi-track ship
  pi-track ship --status
  */5 * * * *  pi-track ship --for 4m        # a line of crontab`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(a, args) },
	}
	p := cmd.Flags()
	p.DurationVar(&f.within, "for", 5*time.Minute, "stop after this `TIME`, such as 30s; the rest is sent the next time")
	p.BoolVar(&f.dryRun, "dry-run", false, "print the bytes that would be sent, and what was taken out; send nothing")
	p.BoolVar(&f.status, "status", false, "say what was sent and what waits; send nothing")
	p.BoolVar(&f.resend, "resend", false, "send everything again; what was sent before counts once")
	cmd.PersistentFlags().StringVar(&f.config, "config", "", "read this shims.toml `FILE`")
	cmd.MarkFlagsMutuallyExclusive("dry-run", "status")
	cmd.AddCommand(newShipKeyCmd(a), newShipForgetCmd(a, f), newShipSchemaCmd(a))
	return cmd
}

func (f *shipFlags) run(a *app, names []string) error {
	if f.within <= 0 {
		return usageErrorf("write --for 30s", "--for must be longer than zero")
	}
	cfg, _, err := readConfig(f.config)
	if err != nil {
		return err
	}
	sinks, err := chooseSinks(cfg, names)
	if err != nil {
		return err
	}
	p, err := findInstallation()
	if err != nil {
		return err
	}
	if !f.status {
		if _, err := p.reap(); err != nil {
			printProblem(a.stderr, "warning", fmt.Errorf("cannot record the end of some runs that were killed: %w", err), "see 'pi-track doctor'")
		}
	}
	worst := exitOK
	for _, s := range sinks {
		switch {
		case f.status:
			err = a.shipStatus(p, s)
		case f.dryRun:
			err = a.shipPreview(p, s, f.resend)
		default:
			err = a.shipTo(p, s, f)
		}
		if err == nil {
			continue
		}
		if len(sinks) == 1 {
			return err
		}
		reportError(a.stderr, err) // the other sinks still get theirs
		worst = max(worst, exitOf(err))
	}
	if worst != exitOK {
		return &failure{code: worst}
	}
	return nil
}

// chooseSinks are the sinks of the names, all without any.
func chooseSinks(cfg *shim.Config, names []string) ([]*fleet.Sink, error) {
	if len(cfg.Sinks) == 0 {
		return nil, usageErrorf("add a [ship.NAME] with to = \"dir:/a/shared/directory\" to it; see docs/fleet.md", "%s has no [ship.NAME]: there is nowhere to send to", cfg.File)
	}
	if len(names) == 0 {
		return cfg.Sinks, nil
	}
	var all, sinks = []string{}, []*fleet.Sink{}
	for _, s := range cfg.Sinks {
		all = append(all, s.Name)
		if slices.Contains(names, s.Name) {
			sinks = append(sinks, s)
		}
	}
	for _, name := range names {
		if !slices.Contains(all, name) {
			return nil, usageErrorf(meant(name, all), "there is no [ship.%s] in %s", name, cfg.File)
		}
	}
	return sinks, nil
}

// shipOptions are what a run or a preview needs.
func (p installation) shipOptions(s *fleet.Sink) ship.Options {
	return ship.Options{Home: p.Home, Log: p.Log, Host: p.host(), Sink: s, Open: func() (sink.Sink, error) {
		return openSink(s.To, s.Access)
	}}
}

// openSink makes the sink of an address; its token is read now.
func openSink(to fleet.Address, access fleet.Access) (sink.Sink, error) {
	token, err := access.Token(tokenOf)
	if err != nil {
		return nil, &sink.Denied{Err: fmt.Errorf("no token: %w", err), Hint: "own the token's file and chmod 600 it; see docs/fleet.md"}
	}
	return sink.Open(to, access, sink.Options{Token: token, Version: version.Number})
}

// shipTo sends to one sink and says what became of it.
func (a *app) shipTo(p installation, s *fleet.Sink, f *shipFlags) error {
	o := p.shipOptions(s)
	o.Resend, o.Until = f.resend, time.Now().Add(f.within)
	var err error
	if o.Host, err = shim.MakeHost(shim.Layout{Home: p.Home}); err != nil {
		return withHint(exitFailed, fmt.Errorf("cannot give this machine a name: %w", err), "make the directory writable")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	ctx, cancel := context.WithDeadline(ctx, o.Until)
	defer cancel()
	r, err := ship.Run(ctx, o)
	if errors.Is(err, ship.ErrBusy) {
		fmt.Fprintf(a.stdout, "%s: another ship is running\n", s.Name)
		return nil
	}
	for _, n := range r.Notes {
		printProblem(a.stderr, "warning", fmt.Errorf("%s: %s", s.Name, redact.Text(n)), "")
	}
	fmt.Fprintf(a.stdout, "%s: %s sent in %s", s.Name, countOf(int(r.Lines), "line", "lines"), countOf(r.Batches, "batch", "batches"))
	if r.Rejected > 0 {
		fmt.Fprintf(a.stdout, ", %d refused and set aside", r.Rejected)
	}
	if r.Dropped > 0 {
		fmt.Fprintf(a.stdout, ", %d of them refused by the collector", r.Dropped)
	}
	if r.Bad > 0 {
		fmt.Fprintf(a.stdout, ", %s", countOf(int(r.Bad), "damaged line stays", "damaged lines stay"))
	}
	fmt.Fprintln(a.stdout)
	return shipError(s, err)
}

// shipError is an error of a sink with its exit code and hint.
func shipError(s *fleet.Sink, err error) error {
	var denied *sink.Denied
	switch {
	case err == nil:
		return nil
	case errors.As(err, &denied):
		return withHint(exitDenied, fmt.Errorf("%s: %w", s.Name, err), denied.Hint)
	case errors.Is(err, fleet.ErrNoKey), errors.Is(err, fleet.ErrOpen), errors.Is(err, fleet.ErrOwner):
		return withHint(exitUsage, fmt.Errorf("%s: %w", s.Name, err), keyHint)
	}
	return withHint(exitFailed, fmt.Errorf("%s: something waits for the next time: %w", s.Name, err), "'pi-track ship --status' says how much")
}

const keyHint = "the team's key lies in a file of mode 600: 'pi-track ship key FILE' makes one, every machine gets the same"

// shipPreview prints what would be sent.
func (a *app) shipPreview(p installation, s *fleet.Sink, resend bool) error {
	o := p.shipOptions(s)
	o.Resend = resend
	n, err := ship.Preview(o, a.stdout)
	if err != nil {
		return shipError(s, err)
	}
	fmt.Fprintf(a.stderr, "%s: %s would go to %s; nothing was sent\n", s.Name, countOf(int(n), "line", "lines"), s.To)
	if hashed := s.Hashed(); len(hashed) > 0 {
		fmt.Fprintf(a.stderr, "  as pseudonyms: %s\n", strings.Join(hashed, ", "))
	}
	if dropped := s.Dropped(); len(dropped) > 0 {
		fmt.Fprintf(a.stderr, "  left out: %s\n", strings.Join(dropped, ", "))
	}
	if s.ModeOf("repo") == fleet.Base {
		fmt.Fprintln(a.stderr, "  repo: the last part of its path")
	}
	if s.ModeOf("task_id") == fleet.Drop && s.ModeOf("session_id") == fleet.Drop {
		fmt.Fprintln(a.stderr, "  without task_id and session_id 'report effect' has nothing to compare")
	}
	return nil
}

// shipStatus prints what is known of a sink.
func (a *app) shipStatus(p installation, s *fleet.Sink) error {
	st, err := ship.StatusOf(p.Home, p.Log, s)
	if err != nil {
		return shipError(s, err)
	}
	fmt.Fprintf(a.stdout, "%s  %s\n", s.Name, s.To)
	fmt.Fprintf(a.stdout, "  sent      %s, the last time %s\n", countOf(int(st.Sent), "line", "lines"), momentOr(st.LastSuccess, "never"))
	fmt.Fprintf(a.stdout, "  waiting   %s", countOf(int(st.Waiting), "line", "lines"))
	if st.Waiting > 0 {
		fmt.Fprintf(a.stdout, ", %d bytes, the oldest of %s", st.Bytes, momentOr(st.Oldest, "?"))
	}
	fmt.Fprintln(a.stdout)
	if st.Rejected > 0 {
		fmt.Fprintf(a.stdout, "  refused   %s, in %s\n", countOf(int(st.Rejected), "line", "lines"), ship.RejectedFile(p.Home, s.Name))
	}
	if st.Dropped > 0 {
		fmt.Fprintf(a.stdout, "  refused   %s by the collector\n", countOf(int(st.Dropped), "run", "runs"))
	}
	if st.LastError != "" {
		fmt.Fprintf(a.stdout, "  error     %s, %s\n", redact.Text(st.LastError), momentOr(st.ErrorAt, "?"))
	}
	if st.Note != "" {
		fmt.Fprintf(a.stdout, "  note      %s\n", redact.Text(st.Note))
	}
	return nil
}

func momentOr(t time.Time, none string) string {
	if t.IsZero() {
		return none
	}
	return t.Local().Format(time.DateTime)
}

// askWait is how long doctor waits for a sink.
const askWait = 10 * time.Second

// askSink says why a sink would take nothing now, and what to do.
func askSink(s *fleet.Sink) (hint string, err error) {
	out, err := openSink(s.To, s.Access)
	if err == nil {
		defer out.Close()
		ctx, cancel := context.WithTimeout(context.Background(), askWait)
		defer cancel()
		err = out.Check(ctx)
	}
	var denied *sink.Denied
	if errors.As(err, &denied) {
		return denied.Hint, err
	}
	return "what is to be sent waits in the log; see docs/fleet.md", err
}

// readSinks are the sinks of the user's configuration, none when it cannot be read.
func readSinks() []*fleet.Sink {
	cfg, _, err := readConfig("")
	if err != nil {
		return nil
	}
	return cfg.Sinks
}
