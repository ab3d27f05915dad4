// Package piimport reads the history of Pi from its session files and writes
// it as events: the calls of extension tools and the user's ! commands.
//
// Session files hold less than what the extension sees live. What they do not
// tell is left out (the extension's name, the scope, process ids) and what
// they tell only roughly is bounded: without a duration of its own a call
// lasts from the model's answer to the tool's result. Extension commands are
// not in them at all.
//
// The id of an imported run is the UUIDv5 of the session's and the call's id,
// so importing twice adds nothing; a call that the extension has recorded live
// is known by the same two ids.
package piimport

import (
	"context"
	"os"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/log"
)

// Options say what to import, and where to.
type Options struct {
	Files []string // session files
	Log   string   // the log whose segment is added
	Host  string   // random id of the installation
	Env   []string // NAME=value each: values that look secret are redacted
	Now   time.Time
	Dry   bool // count, write nothing

	// Kind tells the kind of a helper that is configured; may be nil.
	Kind func(name string) (event.Kind, bool)
	// HelpersOnly leaves out ! commands that are no configured helper.
	HelpersOnly bool
	// Repo is the root of the work tree that holds a directory, "" outside.
	Repo func(dir string) string

	// Progress, if set, is called with the bytes read so far.
	Progress func(done int64)
}

// BadLine is a line that could not be read.
type BadLine struct {
	Path string
	Line int
	Why  string
}

// Summary counts what an import did.
type Summary struct {
	Sessions int       // session files read
	Runs     int       // runs found in them
	Added    int       // of these, new in the log
	Known    int       // already there
	Open     int       // still running as it seems, left for the next import
	Others   int       // files that are no sessions
	Bad      int       // lines that could not be read
	First    []BadLine // the first few of them
	Unread   []error   // files that could not be read to their end
	Segment  string    // the file that was written, "" if none
}

const (
	// maxBad is how many bad lines are named.
	maxBad = 5

	// openFor is how long after its last change a session file may belong to
	// a Pi that is still running a tool.
	openFor = time.Hour
)

// Run imports the files. Lines that cannot be read are counted, and so are
// files; an error is one of reading the log or of writing the segment, and
// nothing has been written then.
func Run(ctx context.Context, o Options) (*Summary, error) {
	known, err := readKnown(ctx, o.Log)
	if err != nil {
		return nil, err
	}
	im := &importer{Options: o, known: known, seen: map[string]bool{}, headers: map[string]header{}, summary: &Summary{}}
	for _, file := range o.Files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := im.file(file); err != nil {
			im.summary.Unread = append(im.summary.Unread, err)
		}
	}
	if o.Dry || len(im.lines) == 0 {
		return im.summary, nil
	}
	im.summary.Segment, err = writeSegment(o.Log, im.lines)
	return im.summary, err
}

// importer collects the lines of all files.
type importer struct {
	Options
	known   *known
	seen    map[string]bool   // ids of the runs of this import
	headers map[string]header // by path, of sessions that others were forked from
	lines   []line
	summary *Summary
	done    int64 // bytes
}

// line is one encoded event.
type line struct {
	ms   int64
	text []byte
}

func (im *importer) bad(path string, n int, why string) {
	im.summary.Bad++
	if len(im.summary.First) < maxBad {
		im.summary.First = append(im.summary.First, BadLine{path, n, why})
	}
}

// add takes a finished run: its start and its end, unless it is known.
func (im *importer) add(e event.Event, start time.Time, end event.Status) {
	if im.seen[e.ID] {
		return // a fork's copy, or a copy of the whole file
	}
	im.seen[e.ID] = true
	im.summary.Runs++
	if im.known.has(&e, start) {
		im.summary.Known++
		return
	}
	im.summary.Added++
	first := e
	first.TS, first.Status = start, event.Started
	first.DurationMS, first.ExitCode, first.Error, first.Usage = 0, nil, "", nil
	first.Inferred = ""
	im.push(&first)
	if since := im.Now.Sub(start).Milliseconds(); since >= 0 {
		e.DurationMS = min(e.DurationMS, since) // a file may say anything
	}
	e.TS, e.Status = start.Add(time.Duration(e.DurationMS)*time.Millisecond), end
	im.push(&e)
}

func (im *importer) push(e *event.Event) {
	clean := log.Clean(*e)
	im.lines = append(im.lines, line{e.TS.UnixMilli(), clean.Append(nil)})
}

// recent says whether a Pi may still be writing to the file.
func (im *importer) recent(st os.FileInfo) bool { return im.Now.Sub(st.ModTime()) < openFor }
