//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"pi-track/internal/audit"
	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/home"
	"pi-track/internal/log/reap"
	"pi-track/internal/shim"
)

func newPsCmd(a *app) *cobra.Command {
	p := processList{app: a}
	cmd := &cobra.Command{
		Use:   "ps",
		Short: "show what is running now",
		Long: `Shows the runs that have not ended, oldest first.

running   supervised by a shim or 'pi-track run', as the kernel confirms
open      begun by Pi's extension or 'emit start', and not ended. Nobody
          supervises such a run, so it may be long over. ps lists those that
          began within --since (default 24h)

ps first records as cancelled the runs whose supervisor was killed. The last line
names the helpers that are part of an experiment.

On a narrow terminal ps shows fewer columns and short ids, which other verbs
accept.

Exit status: 0, also if nothing is running; 1 the black boxes cannot be read;
2 wrong usage, or there is no such helper, kind or repo; 3 the log cannot be
read, so that open runs are not shown.`,
		Example: `  pi-track ps
  pi-track ps --kind job --repo web
  pi-track ps --json | jq -r '.[].id'`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return p.run() },
	}
	cmd.Flags().BoolVar(&p.json, "json", false, "print a JSON array")
	cmd.Flags().DurationVar(&p.since, "since", 24*time.Hour, "list open runs up to this age")
	p.filter.register(cmd.Flags())
	return cmd
}

// processList shows what runs now.
type processList struct {
	*app
	json   bool
	since  time.Duration
	filter eventFilter
}

// processRow is one run that has not ended.
type processRow struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Kind      string    `json:"kind"`
	State     string    `json:"state"` // running or open
	Start     time.Time `json:"start"`
	ElapsedMS int64     `json:"elapsed_ms"`
	PID       int       `json:"pid,omitempty"`
	CWD       string    `json:"cwd,omitempty"`
	Repo      string    `json:"repo,omitempty"`
	Session   string    `json:"session_id,omitempty"`
	Task      string    `json:"task_id,omitempty"`
	Parent    string    `json:"parent_id,omitempty"`
	Src       string    `json:"src,omitempty"`
}

func (p *processList) run() error {
	if err := p.filter.check(); err != nil {
		return err
	}
	in, err := findInstallation()
	if err != nil {
		return err
	}
	runs, err := in.reap()
	if err != nil {
		return err
	}
	rows, failed := p.rows(in, runs, time.Now())
	if rows == nil {
		return failed
	}
	named := eventFilter{name: p.filter.name, kind: p.filter.kind, repo: p.filter.repo} // the others come and go
	if len(rows) == 0 && failed == nil && len(named.name)+len(named.kind)+len(named.repo) > 0 {
		if err := named.explainEmpty(p.app, in); err != nil && exitOf(err) != exitNoLog {
			return err
		}
	}
	if p.json {
		out, err := json.MarshalIndent(rows, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "%s\n", out)
		return errors.Join(failed, err)
	}
	return errors.Join(failed, p.table(rows), p.experiments())
}

// experiments names the helpers that are not run as always, below the table.
func (p *processList) experiments() error {
	m := home.Find().Manifest
	if m == nil {
		return nil
	}
	names := shim.Trying(m, time.Now())
	if len(names) == 0 {
		return nil
	}
	_, err := fmt.Fprintln(p.stdout, "in an experiment now: "+strings.Join(names, ", "))
	return err
}

// rows are the runs that have not ended, oldest first. When the log cannot be
// read, those that are supervised come with the error.
func (p *processList) rows(in installation, runs map[string]reap.RunningRun, now time.Time) ([]processRow, error) {
	rows := []processRow{}
	var l decode.Line
	for _, r := range runs {
		if e, err := p.filter.take(bytes.TrimSuffix(r.Start, []byte("\n")), &l); err == nil && e != nil {
			rows = append(rows, newProcessRow(e, "running", now))
		}
	}
	open, err := p.open(in, now.Add(-p.since), runs)
	for i := range open {
		rows = append(rows, newProcessRow(&open[i], "open", now))
	}
	slices.SortFunc(rows, func(a, b processRow) int { return a.Start.Compare(b.Start) })
	return rows, err
}

// open are the starts since t that nobody supervises and that have no end.
func (p *processList) open(in installation, t time.Time, runs map[string]reap.RunningRun) ([]event.Event, error) {
	h, err := openHistory(in)
	if errors.Is(err, errNoLog) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var open []event.Event
	seen := map[string]bool{} // their start and whatever follows it
	unended := func(l *decode.Line) bool {
		id := l.String(l.ID)
		_, running := runs[id]
		fresh := !seen[id] && !running
		seen[id] = true
		return fresh && l.Code == decode.CodeStarted && audit.Unsupervised(l.String(l.Src)) &&
			l.TS >= t.UnixMilli() && p.filter.match(l)
	}
	err = h.Since(t, nil, unended, func(e *event.Event) bool {
		open = append(open, *e)
		return true
	})
	return open, unreadable(err)
}

func newProcessRow(e *event.Event, state string, now time.Time) processRow {
	c := cleaned(*e)
	return processRow{
		ID: c.ID, Name: c.Name, Kind: string(c.Kind), State: state,
		Start: c.TS.UTC(), ElapsedMS: max(0, now.Sub(c.TS).Milliseconds()), PID: c.PID,
		CWD: c.CWD, Repo: c.Repo, Session: c.SessionID, Task: c.TaskID, Parent: c.ParentID, Src: c.Src,
	}
}

// processColumns are the table's; those that a narrow terminal has no room for
// are left out in the order of narrow, from 1.
var processColumns = []struct {
	head   string
	narrow int
	text   func(r *processRow) string
}{
	{"NAME", 0, func(r *processRow) string { return r.Name }},
	{"STATE", 0, func(r *processRow) string { return r.State }},
	{"SINCE", 2, func(r *processRow) string { return r.Start.Local().Format(time.DateTime) }},
	{"FOR", 0, func(r *processRow) string { return shortDuration(time.Duration(r.ElapsedMS) * time.Millisecond) }},
	{"PID", 3, func(r *processRow) string {
		if r.PID > 0 {
			return strconv.Itoa(r.PID)
		}
		return "-"
	}},
	{"REPO", 0, func(r *processRow) string { return orDash(baseOf(r.Repo)) }},
	{"TASK", 0, func(r *processRow) string { return orDash(r.Task) }},
	{"SESSION", 1, func(r *processRow) string { return orDash(shortID(r.Session)) }},
	{"ID", 0, func(r *processRow) string { return r.ID }},
}

// table prints the rows; on a terminal that is too narrow with short ids, then
// with fewer columns, and cut at last.
func (p *processList) table(rows []processRow) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(p.stdout, "nothing is running")
		return err
	}
	width := terminalWidth(p.stdout)
	lines := processLines(rows, 0)
	if !fits(lines, width) {
		for i := range rows {
			rows[i].ID = shortID(rows[i].ID)
		}
		for narrow := 0; narrow <= 3; narrow++ {
			if lines = processLines(rows, narrow); fits(lines, width) {
				break
			}
		}
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(p.stdout, text.Snip(line, width, "…")); err != nil {
			return err
		}
	}
	return nil
}

// processLines are the aligned lines of the table without the columns up to
// narrow.
func processLines(rows []processRow, narrow int) []string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	line := func(text func(i int) string) {
		var cells []string
		for i := range processColumns {
			if n := processColumns[i].narrow; n == 0 || n > narrow {
				cells = append(cells, text(i))
			}
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	line(func(i int) string { return processColumns[i].head })
	for k := range rows {
		line(func(i int) string { return processColumns[i].text(&rows[k]) })
	}
	w.Flush()
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
