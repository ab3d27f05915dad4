package audit

import (
	"cmp"
	"hash/maphash"
	"slices"
	"time"

	"pi-track/internal/event/decode"
	"pi-track/internal/log"
	"pi-track/internal/log/scan"
)

// key stands for the id and the status of an event: 62 bits of the id's hash,
// then the status. Two ids share a hash by chance once in 10¹⁸ pairs.
type key uint64

// started is status() of a start line.
const started = 0

var seed = maphash.MakeSeed()

func keyOf(l *decode.Line) key {
	return key(maphash.Bytes(seed, l.Bytes(l.ID)))&^3 | key(l.Code-decode.CodeStarted)
}

func (k key) run() key    { return k &^ 3 }
func (k key) status() int { return int(k & 3) }

// collector takes the key of every event.
type collector struct {
	keys []key
	last int64 // the latest ts, Unix milliseconds
}

func (c *collector) Begin(*scan.Chunk) {}
func (c *collector) End(*scan.Chunk)   {}

func (c *collector) Line(l *decode.Line, _ scan.Place) {
	c.keys = append(c.keys, keyOf(l))
	c.last = max(c.last, l.TS)
}

// pair counts what ids and statuses say, and returns the runs to look at: true
// for those without an end, false for those with two.
func (a *auditor) pair(keys []key) map[key]bool {
	slices.Sort(keys)
	suspects := map[key]bool{}
	for from := 0; from < len(keys); {
		run := keys[from].run()
		var seen [4]int64 // events by status
		to := from
		for ; to < len(keys) && keys[to].run() == run; to++ {
			seen[keys[to].status()]++
		}
		from = to
		ends := 0
		for status, n := range seen {
			a.result.Duplicate += max(0, n-1)
			if n > 0 && status != started {
				ends++
			}
		}
		switch {
		case ends == 0:
			suspects[run] = true
		case ends > 1:
			suspects[run] = false
		case seen[started] == 0:
			a.result.WithoutStart++
		}
	}
	return suspects
}

// sighting is one line of a run to look at.
type sighting struct {
	run           key
	noEnd         bool
	at            scan.Place
	id, name, src string
	writer        string
	ts            time.Time
}

// making is how much later than it began a run may be seen to run: it has a time
// before it has a black box, and the machine may be busy.
const making = 10 * time.Second

// finder takes the lines of suspect runs: the start of one without an end, the
// ends of one with two.
type finder struct {
	suspects map[key]bool // shared, read only
	found    []sighting
}

func (f *finder) Begin(*scan.Chunk) {}
func (f *finder) End(*scan.Chunk)   {}

func (f *finder) Line(l *decode.Line, at scan.Place) {
	run := keyOf(l).run()
	noEnd, ok := f.suspects[run]
	if !ok || !noEnd && l.Code == decode.CodeStarted {
		return
	}
	f.found = append(f.found, sighting{
		run: run, noEnd: noEnd, at: at,
		id: l.String(l.ID), name: l.String(l.Name), src: l.String(l.Src), writer: l.String(l.Writer), ts: time.UnixMilli(l.TS),
	})
}

// judge counts the suspect runs, each once, and names them at their first
// line, those with two ends at their last.
func (a *auditor) judge(found []sighting) {
	slices.SortFunc(found, func(x, y sighting) int {
		return cmp.Or(cmp.Compare(x.at.Part, y.at.Part), cmp.Compare(x.at.Off, y.at.Off))
	})
	last := map[key]int{}
	for i, s := range found {
		if _, ok := last[s.run]; !ok || !s.noEnd {
			last[s.run] = i
		}
	}
	for i, s := range found {
		if last[s.run] != i {
			continue
		}
		why := "the run has two different ends"
		switch {
		case !s.noEnd:
			a.result.EndsTwice++
		case a.Running[s.id] || !s.ts.Before(a.Began.Add(-making)) || log.Fate(s.writer) == log.WriterAlive:
			a.result.Running++
			continue
		case Unsupervised(s.src) && s.ts.After(a.OpenSince):
			a.result.Open++
			continue
		default:
			a.result.WithoutEnd++
			why = "the run has no end"
		}
		a.note(Defect{Path: a.Files[s.at.Part].Name(), Offset: s.at.Off, Text: why + ": " + s.name + " " + s.id})
	}
}

// Unsupervised says whether events with this src have no supervisor whose
// life shows whether the run goes on.
func Unsupervised(src string) bool { return src == "emit" || src == "extension" }
