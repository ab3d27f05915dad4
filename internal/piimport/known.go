package piimport

import (
	"context"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log"
	"pi-track/internal/log/scan"
)

// shellSlack is how far the end of a supervised program and the time at which
// Pi noted the end of the ! command that ran it may lie apart.
const shellSlack = 5 * time.Second

// known is what the log already holds.
type known struct {
	ids    map[string]bool // of imported runs, and what live ones would be imported as
	shells map[string][]int64
}

// readKnown reads the log at path; one that does not exist holds nothing.
func readKnown(ctx context.Context, path string) (*known, error) {
	k := &known{ids: map[string]bool{}, shells: map[string][]int64{}}
	files, err := log.Segments(path)
	if err != nil || len(files) == 0 {
		return k, err
	}
	s := scan.Scan{Workers: []scan.Worker{k}}
	for _, file := range files {
		s.Parts = append(s.Parts, scan.Part{Path: file, To: -1})
	}
	_, err = s.Run(ctx)
	return k, err
}

// Begin is for scan.Worker.
func (k *known) Begin(*scan.Chunk) {}

// End is for scan.Worker.
func (k *known) End(*scan.Chunk) {}

// Line is for scan.Worker: it notes what the line makes known.
func (k *known) Line(l *decode.Line, _ scan.Place) {
	if l.Session.Empty() {
		return
	}
	switch {
	case string(l.Bytes(l.Src)) == "import":
		k.ids[l.String(l.ID)] = true
	case !l.CallID.Empty():
		k.ids[runID(l.String(l.Session), l.String(l.CallID))] = true
	case l.Code != decode.CodeStarted && string(l.Bytes(l.Kind)) != string(event.ExtensionCommand):
		key := shellKey(l.String(l.Session), l.String(l.Name))
		k.shells[key] = append(k.shells[key], l.TS)
	}
}

func shellKey(session, name string) string { return session + "\x00" + name }

// has says whether the run is in the log: by its id, or, for a ! command, as
// the run of a shim that ended in the same session at the same time.
func (k *known) has(e *event.Event, start time.Time) bool {
	if k.ids[e.ID] {
		return true
	}
	if e.CallID != "" {
		return false
	}
	ended := start.UnixMilli() + e.DurationMS
	key := shellKey(e.SessionID, e.Name)
	for i, ms := range k.shells[key] {
		if diff := ms - ended; diff >= -shellSlack.Milliseconds() && diff <= shellSlack.Milliseconds() {
			k.shells[key] = append(k.shells[key][:i:i], k.shells[key][i+1:]...) // stands for one command
			return true
		}
	}
	return false
}
