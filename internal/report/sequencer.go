package report

import (
	"bytes"
	"slices"

	"pi-track/internal/event"
	"pi-track/internal/log/scan"
)

// sequencer pairs across chunks.
type sequencer struct {
	open     map[uint64]startLine
	orphans  map[uint64]struct{}
	oldest   []uint64 // the orphans as a ring
	next     int
	maxTS    int64
	ended    *bloom
	suspects map[uint64]struct{}
	stop     func() // called when there are too many suspects

	c    *collector
	line event.Line
	last []endLine // the ends of the chunk before
}

func newSequencer(c *collector, ended *bloom) *sequencer {
	return &sequencer{
		open: map[uint64]startLine{}, orphans: map[uint64]struct{}{}, maxTS: minTime,
		ended: ended, suspects: map[uint64]struct{}{}, c: c,
	}
}

// done takes the chunks in order.
func (s *sequencer) done(c *scan.Chunk) {
	lines := c.Data.(*chunkLines)
	for _, id := range lines.suspects {
		s.suspect(id)
	}
	for i := range lines.starts {
		if !lines.starts[i].ended {
			s.start(&lines.starts[i])
		}
	}
	for i := range lines.ends {
		s.end(&lines.ends[i], lines.texts)
	}
	s.last, lines.ends = lines.ends, s.last
	s.maxTS = max(s.maxTS, lines.maxTS)
}

func (s *sequencer) start(x *startLine) {
	if _, ok := s.orphans[x.id]; ok {
		delete(s.orphans, x.id)
		return
	}
	if first, ok := s.open[x.id]; ok {
		if x.ts < first.ts {
			s.open[x.id] = *x
		}
		return
	}
	if x.ts <= s.maxTS && s.ended.has(x.made, x.id) {
		s.suspect(x.id)
		return
	}
	s.open[x.id] = *x
}

func (s *sequencer) end(x *endLine, texts []byte) {
	if x.orphan || x.ts <= s.maxTS {
		if _, ok := s.open[x.id]; ok {
			delete(s.open, x.id)
			x.orphan = false
		}
		if (x.orphan || x.ts <= s.maxTS) && s.ended.has(x.made, x.id) {
			if x.text < 0 || !s.isCopy(x) {
				s.suspect(x.id)
			}
			return
		}
		if x.orphan {
			s.addOrphan(x.id)
		}
	}
	s.ended.add(x.made, x.id)
	if x.text >= 0 {
		text := texts[x.text:]
		if s.line.Decode(text[:bytes.IndexByte(text, '\n')]) == nil {
			s.c.add(&s.line, x.id)
		}
	}
}

// isCopy says whether the chunk before ended with the same line.
func (s *sequencer) isCopy(x *endLine) bool {
	return slices.ContainsFunc(s.last, func(y endLine) bool { return y.id == x.id && y.own == x.own && y.key == x.key })
}

func (s *sequencer) addOrphan(id uint64) {
	s.orphans[id] = struct{}{}
	if len(s.oldest) < maxOrphans {
		s.oldest = append(s.oldest, id)
		return
	}
	delete(s.orphans, s.oldest[s.next])
	s.oldest[s.next] = id
	s.next = (s.next + 1) % maxOrphans
}

func (s *sequencer) suspect(id uint64) {
	if s.suspects[id] = struct{}{}; len(s.suspects) > maxSuspects {
		s.stop()
	}
}
