package scan

import (
	"bytes"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
)

// splitter cuts blocks into lines, decodes them and gives them to a worker.
type splitter struct {
	worker Worker
	line   decode.Line
	marks  decode.Marks
}

// split takes the lines that start before the block's limit.
func (s *splitter) split(c *Chunk, b block) {
	c.Off = b.off
	if b.limit <= 0 {
		return
	}
	s.marks = decode.Mark(s.marks, b.buf)
	i := 0
	for i < b.limit {
		next := s.line.Fast(b.buf, s.marks, i)
		if next < 0 || next-i > event.MaxLine {
			next = s.slow(c, &b, i)
			if next < 0 {
				i = b.limit
				break
			}
			i = next
			continue
		}
		c.Lines++
		c.rows++
		s.worker.Line(&s.line, Place{c.Part, b.off + int64(i)})
		i = next
	}
	c.Bytes = int64(min(i, b.n))
	if c.Bad[Unfinished] > 0 {
		c.Bytes = c.end - b.off
	}
}

// slow takes the line at i, which is not as our writer writes them, and
// returns where the next one starts, −1 when none does in this block.
func (s *splitter) slow(c *Chunk, b *block, i int) int {
	n := bytes.IndexByte(b.buf[i:b.n], '\n')
	next := i + n + 1
	switch {
	case n >= 0:
	case !b.eof || b.n-i >= event.MaxLine:
		s.bad(c, b, i, TooLong)
		return -1
	case !b.sealed:
		if !blank(b.buf[i:b.n]) {
			c.end = b.off + int64(i)
			c.Bad[Unfinished]++
			c.First[Unfinished], c.FirstN[Unfinished] = Place{c.Part, c.end}, c.rows+1
		}
		return -1
	default:
		n, next = b.n-i, b.n
	}
	line := b.buf[i : i+n]
	if blank(line) {
		c.rows++
		return next
	}
	if n >= event.MaxLine {
		s.bad(c, b, i, TooLong)
		return next
	}
	switch err := s.line.Slow(line); {
	case err == nil:
		c.Lines++
		c.rows++
		s.worker.Line(&s.line, Place{c.Part, b.off + int64(i)})
	case bytes.IndexByte(line, 0) >= 0:
		s.bad(c, b, i, Nul)
	case err == decode.ErrTorn:
		s.bad(c, b, i, Torn)
	case err == decode.ErrNewer:
		s.bad(c, b, i, Newer)
	case err == decode.ErrNotEvent:
		s.bad(c, b, i, NotEvent)
	default:
		s.bad(c, b, i, NotJSON)
	}
	return next
}

// Damaged says whether a line, which has no newline, was an event once or never: it
// is neither one, nor blank, nor of a newer version.
func Damaged(line []byte) bool {
	if blank(line) {
		return false
	}
	if len(line) >= event.MaxLine {
		return true
	}
	var l decode.Line
	err := l.Decode(line)
	return err != nil && (err != decode.ErrNewer || bytes.IndexByte(line, 0) >= 0)
}

// bad counts a line that is not taken.
func (s *splitter) bad(c *Chunk, b *block, i int, why Bad) {
	c.Lines++
	c.rows++
	if c.Bad[why]++; c.Bad[why] == 1 {
		c.First[why], c.FirstN[why] = Place{c.Part, b.off + int64(i)}, c.rows
	}
}

// blank says whether a line has nothing but white space.
func blank(line []byte) bool {
	return len(bytes.TrimRight(line, " \t\r")) == 0
}
