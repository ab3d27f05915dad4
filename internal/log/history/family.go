package history

import (
	"bytes"
	"strings"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
)

// Run is what the log says about one run.
type Run struct {
	Start, End *event.Event // nil when it is not in the log
}

// add takes an event in. Of two ends the one that was not reaped counts.
func (r *Run) add(e *event.Event) {
	switch {
	case e.Status == event.Started:
		r.Start = e
	case r.End == nil || r.End.Src == "reaped":
		r.End = e
	}
}

// idPattern splits a shortened id, as it is printed, at its ellipsis.
func idPattern(pattern string) (prefix, suffix string) {
	prefix, suffix, ok := strings.Cut(pattern, "…")
	if !ok {
		prefix, suffix, _ = strings.Cut(pattern, "...")
	}
	return prefix, suffix
}

// Find returns the runs that pattern, a run's id or its beginning, also in the short
// form, may stand for: their names by id. When it is an id, that run alone.
func (l Log) Find(pattern string) (map[string]string, error) {
	prefix, suffix := idPattern(pattern)
	names := map[string]string{}
	stands := func(d *decode.Line) bool {
		id := d.Bytes(d.ID)
		return bytes.HasPrefix(id, []byte(prefix)) && bytes.HasSuffix(id, []byte(suffix))
	}
	name := func(e *event.Event) bool {
		names[e.ID] = e.Name
		return e.ID != pattern && len(names) <= maxFamily
	}
	err := l.Since(event.IDTime(prefix), []byte(prefix), stands, name)
	if err == nil && len(names) == 0 { // an imported run's id says nothing about its time
		err = l.Since(time.Time{}, []byte(prefix), stands, name)
	}
	if n, ok := names[pattern]; ok {
		names = map[string]string{pattern: n}
	}
	return names, err
}

// maxFamily bounds the runs of a tree.
const maxFamily = 5000

// Family returns the runs of the tree that holds the run id, by id. It lacks that
// run when the log has no line of it.
func (l Log) Family(id string) (map[string]*Run, error) {
	root := id
	err := l.OfRun(id, IsRun(id), func(e *event.Event) bool {
		if e.RootID != "" {
			root = e.RootID
		}
		return false
	})
	if err != nil {
		return nil, err
	}
	family := map[string]*Run{}
	add := func(e *event.Event) bool {
		r := family[e.ID]
		if r == nil {
			if len(family) >= maxFamily && e.ID != id && e.ID != root {
				return true
			}
			r = &Run{}
			family[e.ID] = r
		}
		r.add(e)
		return true
	}
	related := func(d *decode.Line) bool {
		return IsRun(root)(d) || string(d.Bytes(d.Root)) == root || string(d.Bytes(d.Parent)) == root
	}
	err = l.OfRun(root, related, add)
	if err == nil && (family[id] == nil || family[id].Start == nil) { // of a root that is younger than the run, or not in the log
		err = l.OfRun(id, IsRun(id), add)
	}
	return family, err
}
