package runs

import (
	"bytes"
	"hash/crc32"

	"pi-track/internal/event/decode"
	"pi-track/internal/log/scan"
	"pi-track/internal/report/hash"
)

// Pairing in one pass
//
// A log is nearly ordered by ts and its lines are nearly unique, so that
// nearly every run can be counted the moment its end line is read. What is
// needed for certainty is to notice the runs for which that is wrong. Each
// worker pairs within its chunk; the rest is paired in the order of the
// chunks, by one matcher that remembers
//
//   - the starts that wait for their end,
//   - the latest ends that came without a start, in case it comes later,
//   - the largest ts so far: an identical copy of an earlier line has an
//     earlier ts, and
//   - a filter (Bloom) of the ids of all ends.
//
// An end is doubted when it has no start or when its ts is not beyond the
// largest one; if the filter knows its id, the id is a suspect. Suspects, real
// ones and the filter's few mistakes, are settled exactly by two more passes.
// Ends without a start in their chunk are counted by the matcher, so that a
// line that stands twice across a border needs no such pass.

// maxOrphans is how many ends without a start are remembered, maxSuspects up
// to how many ids are settled one by one.
const (
	maxOrphans  = 1 << 16
	maxSuspects = 200000
)

// endLine is an end within a chunk.
type endLine struct {
	id     uint64
	ts     int64  // of its start, if that is in the chunk
	key    int64  // what it says, see endKey
	own    int64  // its ts
	made   uint32 // see idMade
	text   int32  // where it stands in chunkLines.texts, if the matcher is to count it; else −1
	orphan bool   // its start is not in the chunk
	sum    uint32 // of the line, if it is one of the last of its chunk; else 0
}

// startLine is a start whose end is not in the chunk.
type startLine struct {
	id    uint64
	ts    int64
	place scan.Place
	made  uint32 // see idMade
	ended bool
	text  []byte // the line, if place is not known any more
}

// chunkLines is what the matcher needs of a chunk.
type chunkLines struct {
	ends     []endLine
	starts   []startLine
	suspects []uint64
	texts    []byte // lines that the matcher is to count, each with its newline
	maxTS    int64
}

// pairer is the worker of the one pass.
type pairer struct {
	to     Totals
	claims claims // settled suspects
	out    *chunkLines
	begun  [][]byte // the lines of out.starts
	ended  [][]byte // the lines of out.ends
	slots  []slot   // open addressing
	mark   uint32   // of the slots of this chunk
	used   int
}

type slot struct {
	id       uint64
	ts       int64
	duration int64
	mark     uint32
	start    int16 // index in out.starts, −1 none; a chunk has room for 3000 lines
	end      int16 // index in out.ends, −1 none
}

func newPairer(to Totals, settled claims) *pairer {
	return &pairer{to: to, claims: settled, slots: make([]slot, 1024)}
}

// Begin starts a chunk.
func (w *pairer) Begin(c *scan.Chunk) {
	out, ok := c.Data.(*chunkLines)
	if !ok {
		out = &chunkLines{}
		c.Data = out
	}
	out.ends, out.starts, out.suspects, out.texts, out.maxTS = out.ends[:0], out.starts[:0], out.suspects[:0], out.texts[:0], minTime
	w.out = out
	w.begun, w.ended = w.begun[:0], w.ended[:0]
	w.mark++
	w.used = 0
}

// lastEnds is how many ends of a chunk may stand again at the beginning of the next without a doubt.
const lastEnds = 8

// End ends a chunk.
func (w *pairer) End(*scan.Chunk) {
	for i := max(0, len(w.ended)-lastEnds); i < len(w.ended); i++ {
		w.out.ends[i].sum = lineSum(w.ended[i])
	}
}

// lineSum is equal for equal lines, and never 0.
func lineSum(line []byte) uint32 { return crc32.ChecksumIEEE(line) | 1 }

// Line takes a line.
func (w *pairer) Line(l *decode.Line, at scan.Place) {
	id := hash.Of(l.Bytes(l.ID))
	if len(w.claims) > 0 {
		if x, settled := w.claims[id]; settled {
			switch {
			case x.place != at:
			case isEnd(l.Code):
				w.to.Add(l, id)
			default:
				w.out.starts = append(w.out.starts, startLine{id: id, ts: l.TS, place: at, made: x.made})
				w.begun = append(w.begun, nil)
			}
			w.out.maxTS = max(w.out.maxTS, l.TS)
			return
		}
	}
	w.out.maxTS = max(w.out.maxTS, l.TS)
	s, found := w.slot(id)
	if l.Code == decode.CodeStarted {
		w.start(s, found, l, at)
		return
	}
	w.end(s, found, l)
}

// slot finds an id's slot or takes a free one for it.
func (w *pairer) slot(id uint64) (*slot, bool) {
	if w.used*2 > len(w.slots) {
		w.grow()
	}
	mask := uint64(len(w.slots) - 1)
	for i := id & mask; ; i = (i + 1) & mask {
		s := &w.slots[i]
		if s.mark != w.mark {
			*s = slot{id: id, mark: w.mark, start: -1, end: -1}
			w.used++
			return s, false
		}
		if s.id == id {
			return s, true
		}
	}
}

func (w *pairer) grow() {
	old := w.slots
	w.slots = make([]slot, 2*len(old))
	w.used = 0
	for i := range old {
		if old[i].mark == w.mark {
			s, _ := w.slot(old[i].id)
			*s = old[i]
		}
	}
}

func (w *pairer) start(s *slot, found bool, l *decode.Line, at scan.Place) {
	if found {
		if s.end >= 0 { // its end came first
			w.out.ends[s.end].orphan = false
		} else if !bytes.Equal(w.begun[s.start], l.Raw()) {
			w.out.suspects = append(w.out.suspects, s.id)
		}
		return
	}
	s.start = int16(len(w.out.starts))
	w.begun = append(w.begun, l.Raw())
	w.out.starts = append(w.out.starts, startLine{id: s.id, ts: l.TS, place: at, made: idMade(l.Bytes(l.ID))})
}

func (w *pairer) end(s *slot, found bool, l *decode.Line) {
	switch {
	case s.end >= 0 && s.ts == l.TS && s.duration == endKey(l) && bytes.Equal(w.ended[s.end], l.Raw()):
		return // a copy
	case s.end >= 0:
		w.out.suspects = append(w.out.suspects, s.id)
		return
	}
	s.ts, s.duration = l.TS, endKey(l)
	s.end = int16(len(w.out.ends))
	e := endLine{s.id, l.TS, s.duration, l.TS, idMade(l.Bytes(l.ID)), -1, s.start < 0, 0}
	if found && s.start >= 0 {
		start := &w.out.starts[s.start]
		start.ended = true
		e.ts = min(e.ts, start.ts)
		w.to.Add(l, s.id)
	} else {
		e.text = int32(len(w.out.texts))
		w.out.texts = append(append(w.out.texts, l.Raw()...), '\n')
	}
	w.out.ends = append(w.out.ends, e)
	w.ended = append(w.ended, l.Raw())
}

// endKey is equal for ends of one id and ts that say the same.
func endKey(l *decode.Line) int64 { return l.DurationMS<<3 | int64(l.Code) }

// minTime is before any ts.
const minTime = -1 << 62

// isEnd says whether a line ends a run.
func isEnd(c decode.Code) bool { return c != decode.CodeStarted }
