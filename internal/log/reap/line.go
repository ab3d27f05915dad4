package reap

import (
	"os"
	"strings"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log/box"
	"pi-track/internal/log/sys"
	"pi-track/internal/redact"
)

// reapedLine makes the end line of a run that nobody ended.
func reapedLine(home, id string, r *boxContents, owner int) []byte {
	var e event.Event
	_ = decode.Event(r.start, &e) // readBox has tried
	began := e.TS
	restarted := r.restarted(began)
	e.TS = time.Now()
	e.Status = event.Cancelled
	e.Src = "reaped"
	e.DurationMS = r.beat.Milliseconds()
	tail := r.tail
	if !restarted {
		e.DurationMS = estimate(r.beat, e.TS.Sub(began)).Milliseconds()
		if text := r.stderrTail(began, owner); text != nil {
			tail = text
		}
	}
	if since := e.TS.Sub(began).Milliseconds(); since >= 0 { // else the clock was set back
		e.DurationMS = min(e.DurationMS, since)
	}
	e.DurationMS = max(e.DurationMS, 0)
	e.Error = redact.Summary(tail, os.Environ())
	switch {
	case restarted:
		e.Error = strings.TrimSuffix("the machine was restarted while it ran: "+e.Error, ": ")
	case e.Error == "":
		e.Error = "killed together with its supervisor"
	}
	if u, _ := box.ReadUsage(home, id); u != (event.Usage{}) {
		e.Usage = &u
	}
	return e.Append(nil)
}

// restarted says whether the machine was restarted since the run began. Before
// its first heartbeat a run has no boot's id, and only its start tells.
func (r *boxContents) restarted(began time.Time) bool {
	if r.boot == "" {
		return began.Before(sys.BootTime())
	}
	return r.boot != sys.BootID()
}

// estimate is the likely duration of a run: it died between its last heartbeat
// and the next, which would have come a second later, or now, if that is
// sooner. The middle is never more than half a second off.
func estimate(beat, now time.Duration) time.Duration {
	return beat + max(min(now-beat, time.Second), 0)/2
}
