// Package history reads a log the way people ask about it. It reads from the end
// backward, so that recent events are found without reading old ones. It collects the
// runs that belong together, and it follows a log as it grows.
package history

import (
	"bytes"
	"errors"
	"os"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log"
)

// Log is the log at a path.
type Log struct{ Path string }

// straySize is how many events in a row have to be too old until reading ends:
// a few may come from a machine whose clock is wrong.
const straySize = 100

// Lines yields the lines from the newest to the oldest until yield returns
// false. Segments sealed before since are passed over, and so are those that
// skip refuses.
func (l Log) Lines(since time.Time, skip func(*os.File) bool, yield func(line []byte) bool) error {
	files, err := log.OpenSegments(l.Path, since)
	for _, f := range files {
		defer f.Close()
	}
	more := true
	for i := len(files) - 1; i >= 0 && more && err == nil; i-- {
		if skip != nil && skip(files[i]) {
			continue
		}
		err = readBackward(files[i], func(line []byte) bool {
			more = yield(line)
			return more
		})
	}
	return err
}

// Since yields the events from the newest back to those written at t, and
// some earlier ones, until yield returns false. Lines that are no events are
// passed over, and so are those without the bytes part and those that keep
// refuses; nil is any.
func (l Log) Since(t time.Time, part []byte, keep func(*decode.Line) bool, yield func(*event.Event) bool) error {
	first := t.Add(-log.Slack).UnixMilli()
	earlier := 0 // events in a row
	var d decode.Line
	return l.Lines(t, nil, func(line []byte) bool {
		if !bytes.Contains(line, part) || Decode(line, &d) != nil {
			return true
		}
		if d.TS < first {
			earlier++
			return earlier < straySize
		}
		earlier = 0
		var e event.Event
		if keep != nil && !keep(&d) || decode.Event(line, &e) != nil {
			return true
		}
		return yield(&e)
	})
}

// OfRun is [Log.Since] for run id: it begins when the run did by its id, or, if not even
// the run's start is found so, at the beginning of the log: an id may be younger than its
// run. Events may be yielded twice.
func (l Log) OfRun(id string, keep func(*decode.Line) bool, yield func(*event.Event) bool) error {
	begun, more := false, true
	take := func(e *event.Event) bool {
		begun = begun || e.ID == id && e.Status == event.Started
		more = yield(e)
		return more
	}
	at := event.IDTime(id)
	err := l.Since(at, []byte(id), keep, take)
	if err == nil && more && !begun && !at.IsZero() {
		err = l.Since(time.Time{}, []byte(id), keep, take)
	}
	return err
}

// errTooLong is the error of a line that is longer than any event.
var errTooLong = errors.New("the line is longer than an event can be")

// Decode reads a line without its newline, as the report does.
func Decode(line []byte, l *decode.Line) error {
	if len(line) >= event.MaxLine {
		return errTooLong
	}
	return l.Decode(line)
}

// IsRun tells the events of the run id.
func IsRun(id string) func(*decode.Line) bool {
	return func(l *decode.Line) bool { return string(l.Bytes(l.ID)) == id }
}
