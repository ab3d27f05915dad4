//go:build linux || darwin || freebsd || openbsd

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/event"
	"pi-track/internal/launch"
	"pi-track/internal/piimport"
	"pi-track/internal/redact"
	"pi-track/internal/shim"
)

func newImportCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import",
		Short: "add history from elsewhere to the log",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newImportPiCmd(a))
	return cmd
}

func newImportPiCmd(a *app) *cobra.Command {
	im := piImporter{app: a}
	cmd := &cobra.Command{
		Use:   "pi-sessions [DIR…]",
		Short: "import the history in Pi's session files",
		Long: `Reads Pi's session files and adds the runs that they hold to the log: the calls
of extension tools and of MCP servers' tools, with status, duration, error text
and usage, the skills that were used, and the programs that the user started
with !. It looks in Pi's session directory, or in
the directories (or files) named.

Importing twice adds nothing, nor does importing what was recorded live: import
recognises a call by its session and call id, and a ! command by the run of its
shim that ended in the same session at the same time. Imported history goes into
a segment of its own beside the log.

Session files say nothing about extension commands, scopes and extensions'
names. Pi 0.73 stores no durations: a call lasts at most from the model's answer
to the tool's result.

Of a ! line, import keeps only the names of programs. It looks behind cd … &&,
env, sudo, timeout and the like. Of several programs it keeps those whose
outcome the line's status proves, and none that the shell did not find. They
count as scripts unless they are configured helpers of another kind. Their
duration is 0, because the files tell only when the line ended.

Files that are not sessions are skipped; damaged ones are named. A call without
a result, in a file that changed within the last hour, may still be running. The
next import takes it.

Exit status: 0 done, unreadable lines are counted; 1 some sessions could not be
read (the others were imported), or the log could not be read or written; 2
wrong usage, or a directory was named that cannot be read.`,
		Example: `  pi-track import pi-sessions --dry-run
  pi-track import pi-sessions
  pi-track import pi-sessions ~/old-laptop/.pi/agent/sessions`,
		RunE: func(cmd *cobra.Command, args []string) error { return im.run(cmd.Context(), args) },
	}
	cmd.Flags().BoolVar(&im.dry, "dry-run", false, "count what would be added and write nothing")
	cmd.Flags().BoolVar(&im.helpersOnly, "helpers-only", false, "of the ! commands, import only configured helpers")
	return cmd
}

// piImporter imports session files.
type piImporter struct {
	*app
	dry, helpersOnly bool
}

func (im *piImporter) run(ctx context.Context, dirs []string) error {
	if ctx == nil {
		ctx = context.Background()
	}
	p, err := findInstallation()
	if err != nil {
		return err
	}
	if len(dirs) == 0 {
		home, _ := os.UserHomeDir()
		dirs = []string{piimport.SessionDir(home, os.Getenv)}
	}
	files, size, unread, err := piimport.Find(dirs)
	if err != nil {
		return usageErrorf("name a directory with Pi's session files", "no sessions: %w", err)
	}
	if len(files) == 0 && len(unread) == 0 {
		fmt.Fprintf(im.stderr, "pi-track: hint: there is no session file (*.jsonl) in %s\n", printable(strings.Join(dirs, ", ")))
	}
	if !im.dry {
		if err := os.MkdirAll(filepath.Dir(p.Log), 0o700); err != nil {
			return err
		}
		if err := os.MkdirAll(p.Home, 0o700); err != nil {
			return err
		}
		unlock, err := shim.Lock(shim.Layout{Home: p.Home})
		if err != nil {
			return err
		}
		defer unlock() // two imports at once would add the same runs
		p.reap()
	}
	o := im.options(p, files)
	bar := newProgress(im.stderr, "reading sessions")
	o.Progress = func(done int64) { bar.update(done, size) }
	summary, err := piimport.Run(ctx, o)
	bar.done()
	if err != nil {
		return withHint(exitFailed, err, "nothing was added; see 'pi-track doctor'")
	}
	if err := im.print(summary); err != nil {
		return err
	}
	return im.unread(append(unread, summary.Unread...))
}

// unread names what could not be read, and ends with an error then.
func (im *piImporter) unread(errs []error) error {
	const named = 5
	for _, err := range errs[:min(len(errs), named)] {
		fmt.Fprintf(im.stderr, "pi-track: warning: %s\n", redact.Text(err.Error()))
	}
	if len(errs) == 0 {
		return nil
	}
	return withHint(exitFailed, fmt.Errorf("session files or directories that could not be read: %d; the others were imported", len(errs)),
		"fix that and import again: nothing is added twice")
}

func (im *piImporter) options(p installation, files []string) piimport.Options {
	repos := map[string]string{}
	o := piimport.Options{
		Files: files, Log: p.Log, Env: os.Environ(), Now: time.Now(), Dry: im.dry, HelpersOnly: im.helpersOnly,
		Repo: func(dir string) string {
			root, ok := repos[dir]
			if !ok {
				root = launch.RepoOf(dir)
				repos[dir] = root
			}
			return root
		},
	}
	o.Host = p.host()
	if p.Manifest != nil {
		o.Kind = func(name string) (event.Kind, bool) {
			s, ok := p.Manifest.Find(name)
			if !ok {
				return "", false
			}
			return event.Kind(s.Kind), true
		}
	}
	return o
}

func (im *piImporter) print(s *piimport.Summary) error {
	added := "added"
	if im.dry {
		added = "would be added"
	}
	rows := []struct {
		what string
		n    int
	}{{"sessions read", s.Sessions}, {"runs found", s.Runs}, {added, s.Added}, {"already there", s.Known}, {"still running", s.Open}, {"no sessions", s.Others}, {"bad lines", s.Bad}}
	var b strings.Builder
	for _, row := range rows {
		if row.n > 0 || row.what != "no sessions" {
			fmt.Fprintf(&b, "%-14s  %d\n", row.what, row.n)
		}
	}
	if s.Segment != "" {
		fmt.Fprintf(&b, "written to %s\n", redact.Text(s.Segment))
	}
	if _, err := io.WriteString(im.stdout, b.String()); err != nil {
		return err
	}
	for _, bad := range s.First {
		fmt.Fprintf(im.stderr, "pi-track: warning: %s:%d: %s\n", redact.Text(bad.Path), bad.Line, bad.Why)
	}
	if more := s.Bad - len(s.First); more > 0 {
		fmt.Fprintf(im.stderr, "pi-track: warning: and %d more bad lines\n", more)
	}
	return nil
}
