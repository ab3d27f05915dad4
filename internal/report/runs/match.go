package runs

import (
	"bytes"
	"slices"

	"pi-track/internal/event/decode"
	"pi-track/internal/log/scan"
	"pi-track/internal/report/index"
)

// matcher joins starts and ends across chunks.
type matcher struct {
	open     map[uint64]startLine
	orphans  map[uint64]struct{}
	oldest   []uint64 // the orphans as a ring
	next     int
	maxTS    int64
	ended    *bloom
	suspects map[uint64]struct{}
	stop     func() // called when there are too many suspects

	to   Totals
	line decode.Line
	last []endLine // the ends of the chunk before
}

func newMatcher(t Totals, ended *bloom) *matcher {
	return &matcher{
		open: map[uint64]startLine{}, orphans: map[uint64]struct{}{}, maxTS: minTime,
		ended: ended, suspects: map[uint64]struct{}{}, to: t,
	}
}

// done takes the chunks in order.
func (m *matcher) done(c *scan.Chunk) {
	lines := c.Data.(*chunkLines)
	for _, id := range lines.suspects {
		m.suspect(id)
	}
	for i := range lines.starts {
		if !lines.starts[i].ended {
			m.start(&lines.starts[i])
		}
	}
	for i := range lines.ends {
		m.end(&lines.ends[i], lines.texts)
	}
	m.last, lines.ends = lines.ends, m.last
	m.maxTS = max(m.maxTS, lines.maxTS)
}

func (m *matcher) start(x *startLine) {
	if _, ok := m.orphans[x.id]; ok {
		delete(m.orphans, x.id)
		return
	}
	if first, ok := m.open[x.id]; ok {
		if x.ts == first.ts {
			m.suspect(x.id) // it may say something else
		} else if x.ts < first.ts {
			m.open[x.id] = *x
		}
		return
	}
	if x.ts <= m.maxTS && m.ended.has(x.made, x.id) {
		m.suspect(x.id)
		return
	}
	m.open[x.id] = *x
}

func (m *matcher) end(x *endLine, texts []byte) {
	if x.orphan || x.ts <= m.maxTS {
		if _, ok := m.open[x.id]; ok {
			delete(m.open, x.id)
			x.orphan = false
		}
		if (x.orphan || x.ts <= m.maxTS) && m.ended.has(x.made, x.id) {
			if x.text < 0 || !m.isCopy(x, texts[x.text:]) {
				m.suspect(x.id)
			}
			return
		}
		if x.orphan {
			m.addOrphan(x.id)
		}
	}
	m.ended.add(x.made, x.id)
	if x.text >= 0 {
		text := texts[x.text:]
		if m.line.Decode(text[:bytes.IndexByte(text, '\n')]) == nil {
			m.to.Add(&m.line, x.id)
		}
	}
}

// isCopy says whether the chunk before ended with the same line.
func (m *matcher) isCopy(x *endLine, text []byte) bool {
	i := slices.IndexFunc(m.last, func(y endLine) bool { return y.id == x.id })
	return i >= 0 && m.last[i].sum == lineSum(text[:bytes.IndexByte(text, '\n')])
}

func (m *matcher) addOrphan(id uint64) {
	m.orphans[id] = struct{}{}
	if len(m.oldest) < maxOrphans {
		m.oldest = append(m.oldest, id)
		return
	}
	delete(m.orphans, m.oldest[m.next])
	m.oldest[m.next] = id
	m.next = (m.next + 1) % maxOrphans
}

func (m *matcher) suspect(id uint64) {
	if m.suspects[id] = struct{}{}; len(m.suspects) > maxSuspects {
		m.stop()
	}
}

// Encode writes what has to be remembered to go on; the filter's pages are
// kept apart. Of the open runs it keeps the lines, because finding them again
// in a compressed segment takes long.
func (m *matcher) Encode(e *index.Writer, lines map[uint64][]byte) {
	index.Put(e, m.maxTS)
	index.Put(e, int64(len(m.open)))
	for id, x := range m.open {
		index.Put(e, [2]uint64{id, uint64(x.ts)})
		index.Put(e, x.made)
		index.PutSlice(e, lines[id])
	}
	orphans := make([]uint64, 0, len(m.orphans))
	for id := range m.orphans {
		orphans = append(orphans, id)
	}
	index.PutSlice(e, orphans)
	index.PutSlice(e, m.last)
	index.Put(e, int64(len(m.ended.pages)))
	index.Put(e, int64(m.ended.shift))
}

func (m *matcher) Decode(d *index.Reader) {
	index.Get(d, &m.maxTS)
	for range d.Count() {
		var head [2]uint64
		x := startLine{}
		index.Get(d, &head)
		index.Get(d, &x.made)
		index.GetSlice(d, &x.text)
		x.id, x.ts = head[0], int64(head[1])
		m.open[x.id] = x
	}
	var orphans []uint64
	index.GetSlice(d, &orphans)
	for _, id := range orphans {
		m.addOrphan(id)
	}
	index.GetSlice(d, &m.last)
	var n int64
	if index.Get(d, &n); n > 0 && n <= maxBloom && n&(n-1) == 0 {
		m.ended.pages = make([]*bloomPage, n)
	} else {
		d.Fail()
	}
	index.Get(d, &n)
	m.ended.shift = uint(n)
}
