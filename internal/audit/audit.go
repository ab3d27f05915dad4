// Package audit reads every line of a log and says whether anything is wrong
// with it. It trusts nothing: a line may be of any length and content.
package audit

import (
	"errors"
	"io"
	"slices"
	"time"

	"pi-track/internal/event"
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
	Bytes int64  `json:"bytes"` // uncompressed
	Lines int64  `json:"lines"` // empty ones included
	Counts
}

// Place is a line that is worth a look.
type Place struct {
	Path   string `json:"path"`
	Line   int64  `json:"line"`   // from 1
	Offset int64  `json:"offset"` // of the line's first byte in the uncompressed file
	Text   string `json:"text"`   // what is wrong with it
}

// Result is what is known about a log.
type Result struct {
	Segments []Segment `json:"segments"`
	Counts             // of all segments
	Last     time.Time `json:"last,omitzero"` // the latest ts

	// Of the events, by id and status:
	Duplicate     int64   `json:"duplicate"`          // events that are there already; readers drop them
	EndsTwice     int64   `json:"ends_twice"`         // runs with two different ends
	WithoutEnd    int64   `json:"starts_without_end"` // runs that nobody ended, those below not counted
	WithoutStart  int64   `json:"ends_without_start"` // complete all the same: an end line stands alone
	Open          int64   `json:"open"`               // started lately without a supervisor, and not ended
	Running       int64   `json:"running"`            // started, and their supervisor is alive
	Places        []Place `json:"places"`             // the first few things wrong
	PlacesOmitted int64   `json:"places_omitted,omitempty"`
}

// Wrong says whether anything is lost or damaged. A duplicate is not: it says
// the same again. Nor is a line of a newer version.
func (r *Result) Wrong() bool { return r.Bad() > 0 || r.EndsTwice > 0 || r.WithoutEnd > 0 }

// Options say what to read.
type Options struct {
	Files   []string // the segments, oldest first
	Current []string // those of them that are being written
	Open    func(file string) (io.ReadCloser, error)

	Running   map[string]bool // ids of the runs whose supervisor is alive
	OpenSince time.Time       // runs without a supervisor that began later may still go on
	MaxPlaces int             // how many places to name
}

// Run reads all lines. Memory grows by 8 bytes an event.
func Run(o Options) (*Result, error) {
	a := auditor{Options: o, result: &Result{Segments: []Segment{}, Places: []Place{}}}
	for _, file := range o.Files {
		if err := a.each(file, a.count); err != nil {
			return nil, err
		}
		a.result.Segments = append(a.result.Segments, a.segment)
		a.result.add(a.segment.Counts)
	}
	if a.pair() == 0 {
		return a.result, nil
	}
	for _, file := range o.Files {
		if err := a.each(file, a.name); err != nil {
			return nil, err
		}
	}
	return a.result, nil
}

// fault is why a run is looked at in the second pass.
type fault struct {
	noEnd bool       // else it has two
	end   event.Code // the first one, once it has been seen
}

type auditor struct {
	Options
	result  *Result
	segment Segment
	line    event.Line
	keys    []key          // one for each good line
	suspect map[key]*fault // runs to name
}

// each calls take for every line of a file.
func (a *auditor) each(file string, take func(line)) error {
	r, err := a.Options.Open(file)
	if err != nil {
		return err
	}
	defer r.Close()
	a.segment = Segment{Path: file}
	return readLines(r, take)
}

// count is the first pass over a line.
func (a *auditor) count(l line) {
	s := &a.segment
	s.Lines = l.number
	s.Bytes = l.offset + l.size
	if l.size == 0 || l.ended && l.size == 1 {
		return
	}
	if !l.ended && slices.Contains(a.Current, s.Path) {
		s.Unfinished++
		return
	}
	if l.text == nil {
		s.TooLong++
		a.place(l, "longer than an event can be")
		return
	}
	err := a.line.Decode(l.text)
	switch {
	case err == nil:
		s.Good++
		a.keys = append(a.keys, keyOf(&a.line))
		if ts := time.UnixMilli(a.line.TS); ts.After(a.result.Last) {
			a.result.Last = ts
		}
	case errors.Is(err, event.ErrNewer):
		s.Newer++
	case errors.Is(err, event.ErrTorn):
		s.Torn++
		a.place(l, err.Error())
	default:
		s.Foreign++
		a.place(l, err.Error())
	}
}

// pair counts what ids and statuses say, and returns the number of runs that
// the second pass has to look at.
func (a *auditor) pair() int {
	slices.Sort(a.keys)
	a.suspect = map[key]*fault{}
	for from := 0; from < len(a.keys); {
		to := from
		var seen [4]int64
		for ; to < len(a.keys) && a.keys[to].run() == a.keys[from].run(); to++ {
			seen[a.keys[to].status()]++
		}
		a.judge(a.keys[from].run(), seen)
		from = to
	}
	a.keys = nil
	return len(a.suspect)
}

// judge looks at one run: the numbers of its events by status.
func (a *auditor) judge(run key, seen [4]int64) {
	ends := 0
	for status, n := range seen {
		if n > 1 {
			a.result.Duplicate += n - 1
		}
		if n > 0 && status != started {
			ends++
		}
	}
	switch {
	case ends > 1:
		a.result.EndsTwice++
		a.suspect[run] = &fault{}
	case ends == 0:
		a.suspect[run] = &fault{noEnd: true}
	case seen[started] == 0:
		a.result.WithoutStart++
	}
}

// name is the second pass: it tells the runs without an end apart and says
// where the suspect ones stand.
func (a *auditor) name(l line) {
	if l.text == nil || a.line.Decode(l.text) != nil {
		return
	}
	run := keyOf(&a.line).run()
	f := a.suspect[run]
	if f == nil {
		return
	}
	text := "the run has two different ends"
	if f.noEnd {
		text = "the run has no end"
		if !a.lost() {
			delete(a.suspect, run)
			return
		}
	} else if code := a.line.Code; code == event.CodeStarted || f.end == 0 || f.end == code {
		if code != event.CodeStarted {
			f.end = code
		}
		return
	}
	delete(a.suspect, run)
	a.place(l, text+": "+a.line.String(a.line.Name)+" "+a.line.String(a.line.ID))
}

// lost counts the run of the current line, which has no end, as what it is,
// and says whether nobody will end it.
func (a *auditor) lost() bool {
	switch {
	case a.Options.Running[a.line.String(a.line.ID)]:
		a.result.Running++
		return false
	case Unsupervised(a.line.String(a.line.Src)) && time.UnixMilli(a.line.TS).After(a.OpenSince):
		a.result.Open++
		return false
	}
	a.result.WithoutEnd++
	return true
}

// Unsupervised says whether events with this src have no supervisor whose
// life shows whether the run goes on.
func Unsupervised(src string) bool { return src == "emit" || src == "extension" }

func (a *auditor) place(l line, text string) {
	if len(a.result.Places) >= a.MaxPlaces {
		a.result.PlacesOmitted++
		return
	}
	a.result.Places = append(a.result.Places, Place{Path: a.segment.Path, Line: l.number, Offset: l.offset, Text: text})
}
