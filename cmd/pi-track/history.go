//go:build linux || darwin

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log"
	"pi-track/internal/log/reap"
	"pi-track/internal/log/segment"
)

// straySize is how many events in a row have to be too old until reading ends:
// a few may come from a machine whose clock is wrong.
const straySize = 100

// history is a log read from its end backward, which finds what happened
// lately without reading what happened long ago.
type history struct{ path string }

// openHistory finds the log of a place.
func openHistory(p place) (history, error) {
	return history{p.log}, p.hasLog()
}

// lines yields the lines from the newest to the oldest until yield returns
// false. Segments sealed before since are passed over, and so are those that
// skip refuses.
func (h history) lines(since time.Time, skip func(*os.File) bool, yield func(line []byte) bool) error {
	files, err := log.OpenSegments(h.path, since)
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
	if err != nil {
		return withHint(exitNoLog, err, "restore that file or move it away")
	}
	return nil
}

// since yields the events from the newest back to those written at t, and
// some earlier ones, until yield returns false. Lines that are no events are
// passed over, and so are those without the bytes part and those that keep
// refuses; nil is any.
func (h history) since(t time.Time, part []byte, keep func(*decode.Line) bool, yield func(*event.Event) bool) error {
	first := t.Add(-log.Slack).UnixMilli()
	earlier := 0 // events in a row
	var l decode.Line
	return h.lines(t, nil, func(line []byte) bool {
		if !bytes.Contains(line, part) || decodeLine(line, &l) != nil {
			return true
		}
		if l.TS < first {
			earlier++
			return earlier < straySize
		}
		earlier = 0
		var e event.Event
		if keep != nil && !keep(&l) || decode.Event(line, &e) != nil {
			return true
		}
		return yield(&e)
	})
}

// ofRun is since for run id: it begins when the run did by its id, or, if not even
// the run's start is found so, at the begin of the log: an id may be younger than its
// run. Events may be yielded twice.
func (h history) ofRun(id string, keep func(*decode.Line) bool, yield func(*event.Event) bool) error {
	begun, more := false, true
	take := func(e *event.Event) bool {
		begun = begun || e.ID == id && e.Status == event.Started
		more = yield(e)
		return more
	}
	at := idTime(id)
	err := h.since(at, []byte(id), keep, take)
	if err == nil && more && !begun && !at.IsZero() {
		err = h.since(time.Time{}, []byte(id), keep, take)
	}
	return err
}

// idTime is when the run id began, or a bit earlier: a UUIDv7 starts with its
// milliseconds, and the first eight digits tell them to a minute. For anything
// else it is the zero time.
func idTime(id string) time.Time {
	if len(id) > 14 && id[14] != '7' {
		return time.Time{}
	}
	digits := strings.ReplaceAll(id[:min(len(id), 13)], "-", "")
	if len(digits) < 8 {
		return time.Time{}
	}
	ms, err := strconv.ParseInt((digits + "0000")[:12], 16, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// errTooLong is the error of a line that is longer than any event.
var errTooLong = errors.New("the line is longer than an event can be")

// decodeLine reads a line without its newline, as the report does.
func decodeLine(line []byte, l *decode.Line) error {
	if len(line) >= event.MaxLine {
		return errTooLong
	}
	return l.Decode(line)
}

// isRun tells the events of the run id.
func isRun(id string) func(*decode.Line) bool {
	return func(l *decode.Line) bool { return string(l.Bytes(l.ID)) == id }
}

// supervised lists the runs whose supervisor is alive, by id.
func supervised(home string) (map[string]reap.RunningRun, error) {
	runs, err := reap.Running(home)
	if err != nil {
		return nil, fmt.Errorf("cannot look at the black boxes: %w", err)
	}
	return byID(runs), nil
}

func byID(runs []reap.RunningRun) map[string]reap.RunningRun {
	m := make(map[string]reap.RunningRun, len(runs))
	for _, r := range runs {
		m[r.ID] = r
	}
	return m
}

// rootOf is the outermost run above the run id, "" when the log does not tell.
func rootOf(id string) string {
	root := ""
	p, err := findPlace()
	if err != nil {
		return root
	}
	h, err := openHistory(p)
	if err != nil {
		return root
	}
	h.ofRun(id, isRun(id), func(e *event.Event) bool {
		root = e.RootID
		return false
	})
	return root
}

// openRun is the start event of a run that 'emit end' may end.
func openRun(id string) (event.Event, error) {
	var start event.Event
	p, err := findPlace()
	if err != nil {
		return start, err
	}
	if runs, err := supervised(p.home); err == nil {
		if r, ok := runs[id]; ok {
			return start, withHint(exitFailed, fmt.Errorf("run %s is supervised: its end will be recorded (log %s)", id, r.Path),
				"'emit end' is for runs that 'emit start' began")
		}
	}
	h, err := openHistory(p)
	if err != nil {
		return start, err
	}
	var end event.Event
	err = h.ofRun(id, isRun(id), func(e *event.Event) bool {
		if e.Status == event.Started {
			start = *e
			return false
		}
		end = *e
		return true
	})
	switch {
	case err != nil:
		return start, err
	case end.ID != "":
		return start, withHint(exitFailed, fmt.Errorf("run %s has ended already: %s", id, end.Status), "see 'pi-track show "+id+"'")
	case start.ID == "":
		return start, withHint(exitFailed, fmt.Errorf("no run %q in the log", id), "take the id that 'pi-track emit start' printed")
	}
	return start, nil
}

// readBackward yields the lines of a segment, the last one first, until yield
// returns false. Of a compressed one a piece at a time is unpacked.
func readBackward(f *os.File, yield func(line []byte) bool) error {
	if !segment.Compressed(f.Name()) {
		return backward(f, endOfLines(f, sizeOf(f)), yield)
	}
	u, err := unpack(f)
	if err != nil {
		return err
	}
	defer u.Close()
	return backward(u, endOfLines(u, u.size), yield)
}

func sizeOf(f *os.File) int64 {
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}
