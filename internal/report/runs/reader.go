// Package runs reads every run of the logs once: it opens the segments, pairs
// starts and ends across them, and hands each run to the code that adds it up. It
// keeps the sums in an index, and continues from there the next time.
package runs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"pi-track/internal/event/decode"
	"pi-track/internal/log"
	"pi-track/internal/log/scan"
	"pi-track/internal/log/segment"
	"pi-track/internal/report/index"
)

// Totals is what the runs of a log are added up in.
type Totals interface {
	// Add takes a run: its end line, or the start line of one that has none, and
	// the hash of its id. The line is valid during the call only.
	Add(l *decode.Line, id uint64)
	// Fork is an empty one for another worker, which adds to nothing else until
	// Join adds all of it to the one that it was forked from, and ends its use.
	Fork() Totals
	Join()
	// Encode writes all of it for an index; Decode reads that into an empty one.
	Encode(e *index.Writer)
	Decode(d *index.Reader)
}

// Options say what to read.
type Options struct {
	Logs  []string // paths; the rotated segments beside each are read, too
	Since int64    // runs that started before that (Unix ms) are not needed; math.MinInt64: all are

	// IndexName tells apart the indexes beside the first log, IndexContent what
	// one of them may hold at a time: see package index. "" is none.
	IndexName, IndexContent string
	IndexFrom               int64 // new bytes from which an index is written, 0 is 4 MiB

	// Objects, if not nil, are read instead of the logs: compressed files that
	// stay as they are. Unread says what is missing among them.
	Objects []string
	Fetched *os.File // instead of both: an open compressed file, which stays open
	Unread  []Warning

	Progress func(done, total int64) // nil, or told now and then of the bytes read
}

// ErrNoLog is what the error wraps when none of the logs could be read.
var ErrNoLog = errors.New("no log could be read")

// Counted is what was read besides the runs.
type Counted struct {
	Lines, Bytes int64
	BadLines     int64 // of Lines, not taken
	Warnings     []Warning
}

// Warning is something that a reader of the report should know.
type Warning struct {
	Code  string `json:"code"` // torn, not_json, too_long, newer, not_event, clock, duplicate_end, unreadable, …
	Text  string `json:"text"`
	File  string `json:"file,omitempty"`
	Line  int64  `json:"line,omitempty"`   // of the first such place, from 1; 0 is unknown
	At    int64  `json:"offset,omitempty"` // its byte offset in File
	Count int64  `json:"count"`
}

// reader is the way from files to runs.
type reader struct {
	Options
	parts []scan.Part
	ids   [][2]uint64 // of the parts: device and inode
	files []*os.File  // of the parts
	total int64       // bytes of all parts
	whole bool        // every log could be read
}

// Read adds up every run of the logs once. What fresh makes it may drop for
// a new one; the last holds the runs.
func Read(ctx context.Context, o Options, fresh func() Totals) (*Counted, error) {
	r := &reader{Options: o}
	defer r.close()
	warnings, err := r.open()
	if err != nil {
		return nil, err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(300))
	result, err := r.read(ctx, fresh)
	if err != nil {
		return nil, err
	}
	return r.counted(result, warnings), nil
}

// Unread is how many bytes readRuns would have to read, beside an index.
func Unread(o Options, fresh func() Totals) (int64, error) {
	r := &reader{Options: o}
	defer r.close()
	if _, err := r.open(); err != nil {
		return 0, err
	}
	st := r.loadIndex(fresh)
	if st == nil {
		return r.total, nil
	}
	return size(r.uncovered(st)), nil
}

// open finds the segments. A log that does not exist is empty; one that cannot
// be read is an error when it is the only one.
func (r *reader) open() ([]Warning, error) {
	if r.Fetched != nil {
		return r.Unread, r.addPart(r.Fetched)
	}
	if r.Objects != nil {
		return r.Unread, r.addObjects()
	}
	var warnings []Warning
	var failed []error
	seen := map[string]bool{}
	for _, path := range r.Logs {
		if seen[path] {
			continue
		}
		seen[path] = true
		files, err := log.OpenSegments(path, r.since())
		if err == nil && len(files) == 0 {
			err = r.whyNone(path)
		}
		for _, f := range files {
			r.files = append(r.files, f)
			if err == nil {
				err = r.addPart(f)
			}
		}
		if err != nil {
			failed = append(failed, err)
			warnings = append(warnings, Warning{Code: "unreadable", Text: err.Error(), File: path, Count: 1})
		}
	}
	for _, path := range slices.Sorted(maps.Keys(seen)) {
		if lost := log.Rotated(path); len(lost) > 0 {
			warnings = append(warnings, Warning{Code: "rotated", File: lost[0], Count: int64(len(lost)),
				Text: fmt.Sprintf("not read, because another program rotated the log: %s; unpack them and name them with --log", strings.Join(lost, ", "))})
		}
	}
	if len(failed) == len(seen) && len(failed) > 0 {
		return nil, fmt.Errorf("%w: %w", ErrNoLog, errors.Join(failed...))
	}
	r.whole = len(failed) == 0
	return warnings, nil
}

// addObjects takes the objects, of which none was or is changed.
func (r *reader) addObjects() error {
	for _, path := range r.Objects {
		info, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrNoLog, err)
		}
		r.parts = append(r.parts, scan.Part{Path: path, To: info.Size(), Object: true})
		r.ids = append(r.ids, fileID(info))
		r.total += unpacked * info.Size()
	}
	return nil
}

// unpacked is about how many times longer an object is without its compression.
const unpacked = 10

// since is the time before which nothing is needed, zero for none.
func (r *reader) since() time.Time {
	if r.Since == math.MinInt64 {
		return time.Time{}
	}
	return time.UnixMilli(r.Since)
}

// whyNone is the error of a log without files, unless it has some that are too
// old. A dangling symlink is no file.
func (r *reader) whyNone(path string) error {
	segments, err := log.Segments(path)
	if err != nil || len(segments) > 0 && segments[0] != path {
		return err
	}
	return &os.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
}

func (r *reader) close() {
	for _, f := range r.files {
		f.Close()
	}
}

// addPart takes a file, once under however many names it is given.
func (r *reader) addPart(f *os.File) error {
	path := f.Name()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	id := fileID(info)
	if slices.Contains(r.ids, id) {
		return nil
	}
	part := scan.Part{Path: path, File: f, To: info.Size()}
	if r.Since != math.MinInt64 && !segment.Compressed(path) {
		if part.From, err = scan.Since(f, info.Size(), r.Since); err != nil {
			return err
		}
	}
	r.parts = append(r.parts, part)
	r.ids = append(r.ids, id)
	r.total += part.To - part.From
	return nil
}

// span is about from when to when the logs go, in Unix milliseconds, without
// compressed segments.
func (r *reader) span() (from, to int64) {
	from, to = math.MaxInt64, math.MinInt64
	for _, part := range r.parts {
		if first, last, ok := scan.Bounds(part); ok {
			from, to = min(from, first), max(to, last)
		}
	}
	if to < from {
		return 0, 0
	}
	return from, to
}

// counted is what the scan counted.
func (r *reader) counted(result *scan.Result, warnings []Warning) *Counted {
	sum := result.Total()
	out := &Counted{Lines: sum.Lines, Bytes: sum.Bytes, Warnings: warnings}
	for b, n := range sum.Bad {
		if n == 0 {
			continue
		}
		if scan.Bad(b) != scan.Unfinished {
			out.BadLines += n
		}
		at := sum.First[b]
		out.Warnings = append(out.Warnings, Warning{
			Code: scan.Codes[b], Text: badText(scan.Bad(b), n), File: r.parts[at.Part].Path,
			Line: sum.FirstN[b], At: at.Off, Count: n,
		})
	}
	return out
}

func badText(b scan.Bad, n int64) string {
	lines := "lines are"
	if n == 1 {
		lines = "line is"
	}
	if b == scan.Unfinished {
		return "the last line is not finished yet"
	}
	return fmt.Sprintf("%d %s %s", n, lines, [...]string{
		scan.Torn: "torn", scan.NotJSON: "not JSON", scan.NotEvent: "not an event", scan.Newer: "of a newer version",
		scan.TooLong: "too long", scan.Nul: "filled with NUL bytes",
	}[b])
}
