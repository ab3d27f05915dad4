package section

import (
	"encoding/binary"
	"slices"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/report/index"
	"pi-track/internal/report/sum"
)

// effect collects what the comparison of tasks with and without each helper
// needs. The unit is the task, where there is none the session. Its outcome is
// the latest job or loop in it that succeeded or failed, a recorded outcome
// among them; one that was cancelled says nothing. A helper was used when a
// run of it started before that; the helper whose run it is decides, and is
// not compared.
type effect struct {
	s        *shared
	from     *effect // what it was forked from
	tasks    []*unit // by number of the task, nil: not seen
	sessions map[uint64]*unit
	free     []unit // memory of units to come
}

// unit is a task or a session. A log has many of them and more runs in them, so
// that each keeps little: what started before the outcome is a number and a
// set of helpers, only what started later may matter to an outcome to come.
type unit struct {
	unitHead
	used  sum.Flags // helpers with a run that started before the outcome
	later []byte    // the other runs: each its helper, 0 for one that is not compared, and its start as varints
}

// unitHead is what of a unit is no list.
type unitHead struct {
	at       int64  // end of the outcome, Unix ms; 0: none
	id       uint64 // of its run: the later of two at one time
	began    int64  // start of its run; at when it is recorded
	last     int64  // start of the last run in later, which the next one is stored against
	by, repo uint32 // the helper whose run it is, 0 for a recorded one
	before   uint32 // runs that started before at
	compared bool   // by is compared
	complete bool
}

// size is the number of runs before the outcome, without the one that decides.
func (u *unit) size() int {
	if u.began < u.at {
		return int(u.before) - 1
	}
	return int(u.before)
}

// add takes a run that started at a time, of a helper or of one that is not
// compared (0).
func (u *unit) add(helper uint32, start int64) {
	if start < u.at {
		u.before++
		if helper != 0 {
			u.used.Add(helper)
		}
		return
	}
	u.later = binary.AppendUvarint(u.later, uint64(helper))
	u.later = binary.AppendVarint(u.later, start-u.last)
	u.last = start
}

// outcome takes an outcome. Of several the latest counts.
func (u *unit) outcome(o unitHead) {
	if o.at < u.at || o.at == u.at && o.id <= u.id {
		return
	}
	moved := o.at > u.at
	u.at, u.id, u.began, u.by, u.repo, u.compared, u.complete = o.at, o.id, o.began, o.by, o.repo, o.compared, o.complete
	if moved && len(u.later) > 0 {
		later := u.later
		u.later, u.last = u.later[:0], 0 // what stays is no longer than what it replaces
		if !u.each(later) {
			u.later = nil
		}
	}
}

// each adds runs as later has them; false when they are damaged.
func (u *unit) each(later []byte) bool {
	start := int64(0)
	for len(later) > 0 {
		helper, n := binary.Uvarint(later)
		if n <= 0 {
			return false
		}
		delta, m := binary.Varint(later[n:])
		if m <= 0 {
			return false
		}
		later = later[n+m:]
		start += delta
		u.add(uint32(helper), start)
	}
	return true
}

// statesOutcome says whether a run only records the outcome of a task (pi-track
// task done|fail): it is no helper.
func statesOutcome(l *decode.Line) bool {
	return string(l.Bytes(l.Name)) == "task" && event.Kind(l.Bytes(l.Kind)) == event.Job && string(l.Bytes(l.Src)) == "emit"
}

func newEffect(s *shared) (section, part) {
	e := &effect{s: s, sessions: map[uint64]*unit{}}
	return e, e
}

func (e *effect) Fork() part { return &effect{s: e.s, from: e, sessions: map[uint64]*unit{}} }

// Add takes a run of a unit; only helpers of taken ones are compared.
func (e *effect) Add(r *sum.Run) {
	if r.Nothing {
		return
	}
	u := e.unit(r)
	if u == nil {
		return
	}
	states := statesOutcome(r.Line)
	if r.Code == decode.CodeSucceeded || r.Code == decode.CodeFailed {
		if kind := event.Kind(r.Line.Bytes(r.Line.Kind)); kind == event.Job || kind == event.Loop {
			o := unitHead{at: r.End, id: r.ID, began: r.Start, complete: r.Code == decode.CodeSucceeded, by: r.Helper, repo: r.Repo, compared: r.Taken}
			if states {
				o.by, o.compared, o.began = 0, false, r.End
			}
			u.outcome(o)
		}
	}
	if states {
		return
	}
	helper := r.Helper
	if !r.Taken {
		helper = 0
	}
	u.add(helper, r.Start)
}

// unit is that of a run, nil when it is in none.
func (e *effect) unit(r *sum.Run) *unit {
	if r.Task != 0 {
		return e.task(r.Task)
	}
	if r.SessionHash == 0 {
		return nil
	}
	u := e.sessions[r.SessionHash]
	if u == nil {
		u = e.newUnit()
		e.sessions[r.SessionHash] = u
	}
	return u
}

func (e *effect) task(id uint32) *unit {
	for int(id) >= len(e.tasks) {
		e.tasks = append(e.tasks, nil)
	}
	if e.tasks[id] == nil {
		e.tasks[id] = e.newUnit()
	}
	return e.tasks[id]
}

func (e *effect) newUnit() *unit {
	if len(e.free) == 0 {
		e.free = make([]unit, 64)
	}
	u := &e.free[0]
	e.free = e.free[1:]
	return u
}

func (e *effect) Join() {
	for id, b := range e.tasks {
		if b != nil {
			e.from.task(uint32(id)).merge(b)
		}
	}
	for key, b := range e.sessions {
		if a := e.from.sessions[key]; a != nil {
			a.merge(b)
		} else {
			e.from.sessions[key] = b
		}
	}
}

// merge adds all of b, which is not used any more.
func (u *unit) merge(b *unit) {
	if u.at == 0 && len(u.later) == 0 {
		*u = *b
		return
	}
	u.outcome(b.unitHead)
	u.before += b.before
	u.used.Merge(b.used)
	u.each(b.later)
}

// storedUnit is how an index has a unit: its lists stand in those of all units.
type storedUnit struct {
	unitHead
	key         uint64 // number of the task, or hash of the session
	used, later uint32 // length of its lists
}

func (e *effect) Encode(w *index.Writer) {
	var units []storedUnit
	var used sum.Flags
	var later []byte
	store := func(key uint64, u *unit) {
		units = append(units, storedUnit{u.unitHead, key, uint32(len(u.used)), uint32(len(u.later))})
		used, later = append(used, u.used...), append(later, u.later...)
	}
	for id, u := range e.tasks {
		if u != nil {
			store(uint64(id), u)
		}
	}
	tasks := len(units)
	for key, u := range e.sessions {
		store(key, u)
	}
	index.Put(w, int64(tasks))
	index.PutSlice(w, units)
	index.PutSlice(w, used)
	index.PutSlice(w, later)
}

func (e *effect) Decode(d *index.Reader) {
	var tasks int64
	var stored []storedUnit
	var used []uint64
	var later []byte
	index.Get(d, &tasks)
	index.GetSlice(d, &stored)
	index.GetSlice(d, &used)
	index.GetSlice(d, &later)
	e.sessions = make(map[uint64]*unit, max(0, len(stored)-int(tasks)))
	units := make([]unit, len(stored))
	for i := range stored {
		x, u := &stored[i], &units[i]
		if int(x.used) > len(used) || int(x.later) > len(later) || int64(i) < tasks && x.key > uint64(e.s.tasks.Len()) {
			d.Fail()
			return
		}
		u.unitHead = x.unitHead
		u.used, used = slices.Clip(used[:x.used]), used[x.used:]
		u.later, later = slices.Clip(later[:x.later]), later[x.later:]
		if int64(i) < tasks {
			for int(x.key) >= len(e.tasks) {
				e.tasks = append(e.tasks, nil)
			}
			e.tasks[x.key] = u
		} else {
			e.sessions[x.key] = u
		}
	}
}
