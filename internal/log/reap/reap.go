// Package reap writes the missing end of runs that nobody else will end: runs whose
// black box was left behind ([Boxes]), runs whose box is damaged, and runs whose start
// line was written by a process that is dead ([log.Fate]). If nothing proves that a run
// ended, it stays open.
package reap

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/log"
)

// Options say what to look at.
type Options struct {
	Home string
	Log  string

	// Since leaves out starts that were written earlier; zero looks at all.
	Since time.Time
	// Older ends starts that were written before this without a proof, unless
	// their supervisor or writer is alive; zero ends none.
	Older time.Time
}

// Result says how many runs were ended, and what was seen of the black boxes.
type Result struct {
	Boxes   int // their supervisor was killed
	Writers int // their writer is dead
	Damaged int // their black box is damaged
	Older   int // without a proof

	Open Found
}

// Runs is how many runs were ended in all.
func (r Result) Runs() int { return r.Boxes + r.Writers + r.Damaged + r.Older }

// aloneWait is how long another reaper or 'emit end' is waited for.
const aloneWait = 2 * time.Second

// Run ends what can be proved to have ended. A run gets one end, however many
// reapers are at work. An error does not keep it from ending the others; of a box
// whose log cannot be written it is a [*Error].
func Run(ctx context.Context, o Options) (Result, error) {
	boxes, boxErr := Boxes(o.Home)
	result := Result{Boxes: boxes.Runs, Open: boxes}
	r := reaper{Options: o, damaged: map[string]DamagedBox{}, result: &result}
	for _, d := range boxes.Damaged {
		r.damaged[d.ID] = d
	}
	err := r.starts(ctx)
	if err == nil {
		r.tellDamaged()
	}
	return result, errors.Join(boxErr, err)
}

type reaper struct {
	Options
	damaged map[string]DamagedBox // by id
	result  *Result
}

// starts ends the runs of open starts.
func (r *reaper) starts(ctx context.Context) error {
	open, err := r.open(ctx)
	if err != nil || len(open) == 0 {
		return err
	}
	for _, run := range r.result.Open.Running {
		delete(open, run.ID)
	}
	for id, s := range open {
		if !r.judge(s) {
			delete(open, id)
		}
	}
	if len(open) == 0 {
		return nil
	}
	// Their writers are dead: nothing but another reaper, or 'emit end', adds to
	// them from here on. What they wrote last may have come since the first look.
	done := log.Alone(r.Log, aloneWait)
	defer done()
	if err := r.look(ctx, open); err != nil {
		return err
	}
	for _, s := range open {
		if s.ended {
			continue
		}
		if err := log.Append(r.Log, s.end().Append(nil)); err != nil {
			return &os.PathError{Op: "write", Path: r.Log, Err: err}
		}
		*s.count++
	}
	return nil
}

// judge tells whether the run of an open start has ended, and says why.
func (r *reaper) judge(s *start) bool {
	if damaged, ok := r.damaged[s.ID]; ok {
		s.last, s.why, s.count = damaged.Last, "killed together with its supervisor", &r.result.Damaged
		return true
	}
	switch log.Fate(s.Writer) {
	case log.WriterAlive:
		return false
	case log.WriterDead:
		s.why, s.count = "the process that recorded it was killed", &r.result.Writers
		return true
	case log.WriterRestarted:
		s.why, s.count = "the machine was restarted while it ran", &r.result.Writers
		return true
	}
	s.why, s.count = "its end was never recorded", &r.result.Older
	return s.TS.Before(r.Older)
}

// start is an open start, and what is known of its end.
type start struct {
	event.Event
	last  time.Time // the last sign of life
	why   string
	count *int // where its end is counted
	ended bool
}

// end is the run's end: cancelled, with the duration up to its last sign of life.
func (s *start) end() *event.Event {
	e := s.Event
	e.TS = time.Now()
	e.Status, e.Src, e.Error = event.Cancelled, "reaped", s.why
	e.DurationMS = max(0, s.last.Sub(s.TS).Milliseconds())
	e.Extra = nil
	return &e
}

// tellDamaged leaves a note of each damaged box, once, and removes it if it is
// provably one.
func (r *reaper) tellDamaged() {
	if len(r.damaged) == 0 {
		return
	}
	left, _ := log.Notes(r.Home)
	told := map[string]bool{}
	for _, n := range left {
		told[n.Text] = true
	}
	for id := range r.damaged {
		text := fmt.Sprintf("the black box %s/open/%s is damaged: if its run had begun, it is recorded as cancelled", r.Home, id)
		if !told[text] {
			log.Note(r.Home, text)
		}
		dropDamaged(r.Home, id)
	}
}
