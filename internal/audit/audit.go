// Package audit reads every line of a log and reports what is wrong: damaged lines, and
// runs whose events contradict each other. Package scan decides which lines are damaged,
// here and in every report.
package audit

import (
	"context"
	"errors"
	"os"
	"runtime"
	"slices"
	"time"

	"pi-track/internal/log/scan"
)

// Counts are the lines of a log by what they are. Empty lines mean nothing
// and are not counted.
type Counts struct {
	Good       int64 `json:"good"`       // events
	Torn       int64 `json:"torn"`       // lines that end in the middle of their JSON text
	Foreign    int64 `json:"foreign"`    // anything else that is not an event
	TooLong    int64 `json:"too_long"`   // longer than an event can be
	Newer      int64 `json:"newer"`      // of a newer schema version
	Unfinished int64 `json:"unfinished"` // last line without a newline: being written, or torn by the next one
}

// Bad is the number of lines that were events once or never.
func (c Counts) Bad() int64 { return c.Torn + c.Foreign + c.TooLong }

func (c *Counts) add(d Counts) {
	c.Good += d.Good
	c.Torn += d.Torn
	c.Foreign += d.Foreign
	c.TooLong += d.TooLong
	c.Newer += d.Newer
	c.Unfinished += d.Unfinished
}

// Segment is what one file of the log holds.
type Segment struct {
	Path  string `json:"path"`
	Bytes int64  `json:"bytes"` // on the disk
	Counts
	Damaged bool `json:"damaged,omitempty"` // compressed, and cannot be unpacked to its end
}

// Defect is something wrong and where it stands.
type Defect struct {
	Path   string `json:"path"`
	Offset int64  `json:"offset"` // of the line's first byte in the uncompressed file
	Line   int64  `json:"line"`   // from 1
	Text   string `json:"text"`   // what is wrong
}

// Result is what is known about a log.
type Result struct {
	Segments []Segment `json:"segments"`
	Counts             // of all segments
	Last     time.Time `json:"last,omitzero"` // the latest ts

	// Of the events, by id and status:
	Duplicate    int64 `json:"duplicate"`          // events that are there already; readers drop them
	EndsTwice    int64 `json:"ends_twice"`         // runs with two different ends
	WithoutEnd   int64 `json:"starts_without_end"` // runs that nobody ended, Open and Running not counted
	WithoutStart int64 `json:"ends_without_start"` // complete all the same: an end line stands alone
	Open         int64 `json:"open"`               // started lately without a supervisor, and not ended
	Running      int64 `json:"running"`            // started, and their supervisor or writer is alive

	// Defects are the first damaged line of each kind in each segment, then
	// the runs that are wrong, by where they start; at most MaxDefects.
	Defects []Defect `json:"places"`
	Omitted int64    `json:"places_omitted,omitempty"` // runs beyond that
}

// Wrong says whether anything is lost or damaged. A duplicate is not: it says
// the same again. Nor is a line of a newer version.
func (r *Result) Wrong() bool {
	return r.Bad() > 0 || r.EndsTwice > 0 || r.WithoutEnd > 0 || slices.ContainsFunc(r.Segments, func(s Segment) bool { return s.Damaged })
}

// Options say what to read.
type Options struct {
	Files      []*os.File      // the segments, oldest first, open: a rotation moves and removes paths
	Began      time.Time       // when Running was looked up: what began later, or shortly before, may go on too
	Running    map[string]bool // ids of the runs whose supervisor is alive
	OpenSince  time.Time       // runs without a supervisor that began later may still go on
	MaxDefects int             // how many places to name
}

// Run reads all lines. Memory grows by 8 bytes an event.
func Run(ctx context.Context, o Options) (*Result, error) {
	a := auditor{Options: o, result: &Result{Segments: []Segment{}, Defects: []Defect{}}, damaged: map[int]error{}}
	collectors, counts, err := scanFiles(ctx, o.Files, a.damaged, func() *collector { return &collector{} })
	if err != nil {
		return nil, err
	}
	a.count(counts)
	var keys []key
	for _, c := range collectors {
		keys = append(keys, c.keys...)
		c.keys = nil
		if last := time.UnixMilli(c.last); c.last > 0 && last.After(a.result.Last) {
			a.result.Last = last
		}
	}
	suspects := a.pair(keys)
	if len(suspects) == 0 {
		return a.result, nil
	}
	finders, _, err := scanFiles(ctx, o.Files, a.damaged, func() *finder { return &finder{suspects: suspects} })
	if err != nil {
		return nil, err
	}
	var found []sighting
	for _, f := range finders {
		found = append(found, f.found...)
	}
	a.judge(found)
	return a.result, a.number()
}

type auditor struct {
	Options
	result  *Result
	damaged map[int]error // by the file's number
}

// scanFiles reads all lines of the files with one worker a core, and notes what
// is damaged.
func scanFiles[W scan.Worker](ctx context.Context, files []*os.File, damaged map[int]error, newWorker func() W) ([]W, *scan.Result, error) {
	s := scan.Scan{Damaged: func(part int, err error) { damaged[part] = err }}
	for _, file := range files {
		s.Parts = append(s.Parts, scan.Part{Path: file.Name(), File: file, To: -1})
	}
	var workers []W
	for range runtime.GOMAXPROCS(0) {
		w := newWorker()
		workers = append(workers, w)
		s.Workers = append(s.Workers, w)
	}
	result, err := s.Run(ctx)
	return workers, result, err
}

// count takes over what the scan counted.
func (a *auditor) count(r *scan.Result) {
	text := [scan.NumBad]string{
		scan.Torn:     "the line ends in the middle of its JSON text",
		scan.NotJSON:  "the line is not JSON",
		scan.NotEvent: "the line is JSON but not an event",
		scan.TooLong:  "the line is longer than an event can be",
		scan.Nul:      "the line holds a NUL byte",
	}
	for i, c := range r.Parts {
		s := Segment{Path: a.Files[i].Name()}
		if info, err := a.Files[i].Stat(); err == nil {
			s.Bytes = info.Size()
		}
		s.Torn, s.TooLong, s.Newer = c.Bad[scan.Torn], c.Bad[scan.TooLong], c.Bad[scan.Newer]
		s.Foreign = c.Bad[scan.NotJSON] + c.Bad[scan.NotEvent] + c.Bad[scan.Nul]
		s.Unfinished = c.Bad[scan.Unfinished]
		s.Good = c.Lines - s.Bad() - s.Newer
		s.Damaged = a.damaged[i] != nil
		a.result.Segments = append(a.result.Segments, s)
		a.result.add(s.Counts)
		if s.Damaged {
			a.note(Defect{Path: s.Path, Offset: c.Bytes, Line: r.Rows[i] + 1, Text: "from here on it cannot be unpacked: " + reason(a.damaged[i])})
		}
		for bad, why := range text {
			if why != "" && c.Bad[bad] > 0 {
				a.note(Defect{Path: s.Path, Offset: c.First[bad].Off, Line: c.FirstN[bad], Text: why})
			}
		}
	}
}

// reason is what err says without the path, which its place names.
func reason(err error) string {
	var at *os.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return err.Error()
}

func (a *auditor) note(p Defect) {
	if len(a.result.Defects) >= a.MaxDefects {
		a.result.Omitted++
		return
	}
	a.result.Defects = append(a.result.Defects, p)
}
