package scan

import (
	"bufio"
	"bytes"
	"io"
	"math"
	"os"
	"sort"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log"
	"pi-track/internal/log/segment"
)

// Slack is how far lines may be out of order in ts for Since to find them all, in
// milliseconds.
const Slack = int64(log.Slack / time.Millisecond)

// How much of a segment a step of the search reads to find a line: at first, and if
// that holds none.
const (
	shortProbe = 4 << 10
	probe      = 64 << 10
)

// Since is an offset in f, a plain segment of size bytes, the start of a line,
// before which no line is written at ms (Unix milliseconds) or later, given
// that the segment is ordered by ts but for Slack. It is found by binary
// search in about twenty short reads. Where these show that the clock was wrong
// for a while, or that an older log was appended, it is the beginning; also where a line that
// is wanted stands in what would be passed over. Of that every line is looked at, and beyond
// maxLooked bytes one at each of maxPlaces places: in a log that was put together by hand, a part
// that is smaller than their distance may be missed.
func Since(f *os.File, size, ms int64) (int64, error) {
	p := prober{f: f, size: size, buf: make([]byte, probe)}
	at, err := p.since(ms)
	if err != nil || at == 0 {
		return 0, err
	}
	if p.wanted(at, ms) {
		return 0, p.err
	}
	return at, p.err
}

const (
	maxLooked = 16 << 20
	maxPlaces = 1024
)

// wanted says whether a line before the offset is of ms or later, as far as it looks.
func (p *prober) wanted(before, ms int64) bool {
	if before > maxLooked {
		for i := range int64(maxPlaces) {
			if ts, at, ok := p.line(before / maxPlaces * i); p.err != nil || ok && at < before && ts >= ms {
				return true
			}
		}
		return false
	}
	const head = `{"ts":"`
	least := time.UnixMilli(ms).UTC().Format(event.TimeFormat)
	s := bufio.NewReaderSize(io.NewSectionReader(p.f, 0, before), probe)
	for whole := true; ; {
		line, err := s.ReadSlice('\n')
		if err != nil && err != bufio.ErrBufferFull {
			if err != io.EOF {
				p.err = err
			}
			return false
		}
		switch {
		case !whole || err != nil: // a part of a line that is too long
		case len(line) > len(head)+len(least) && string(line[:len(head)]) == head:
			if string(line[len(head):len(head)+len(least)]) >= least && p.l.Decode(line[:len(line)-1]) == nil {
				return true
			}
		case p.l.Decode(line[:len(line)-1]) == nil && p.l.TS >= ms:
			return true
		}
		whole = err == nil
	}
}

// since is the offset of a binary search.
func (p *prober) since(ms int64) (int64, error) {
	size := p.size
	before, _, ok := p.line(0) // ts of the nearest line known to stand before the searched part
	if p.err != nil || !ok {
		return 0, p.err
	}
	behind := int64(math.MaxInt64) // and behind it
	ordered := true
	// Of the probes the first whose line is late enough; the one before it
	// is early enough to start there.
	n := int((size + probe - 1) / probe)
	i := sort.Search(n, func(i int) bool {
		ts, _, ok := p.line(int64(i) * probe)
		if p.err != nil || !ok || !ordered {
			return true
		}
		ordered = ts >= before-Slack && ts-Slack <= behind
		if ts >= ms-Slack {
			behind = ts
			return true
		}
		before = ts
		return false
	})
	if p.err != nil || i == 0 || !ordered {
		return 0, p.err
	}
	for i--; i > 0; i-- {
		if _, at, ok := p.line(int64(i) * probe); ok || p.err != nil {
			return at, p.err
		}
	}
	return 0, nil
}

// Bounds are the ts of a line near the beginning of a part and of one near its
// end; ok is false when the part is compressed or has hardly any lines.
func Bounds(part Part) (first, last int64, ok bool) {
	if segment.Compressed(part.Path) || part.File == nil {
		return 0, 0, false
	}
	p := prober{f: part.File, size: part.To, buf: make([]byte, probe)}
	first, _, ok = p.line(part.From)
	if ok {
		last, _, ok = p.line(max(part.From, part.To-probe))
	}
	return first, last, ok
}

type prober struct {
	f    *os.File
	size int64
	buf  []byte
	l    decode.Line
	err  error
}

// line finds the first event that starts behind from: its ts and its offset.
// Where a stretch of probe bytes holds none, as inside a very long line, it
// looks further.
func (p *prober) line(from int64) (ts, at int64, ok bool) {
	if ts, at, ok = p.lineIn(from, shortProbe); ok {
		return ts, at, true
	}
	for ; from < p.size && p.err == nil; from += probe - event.MaxLine {
		if ts, at, ok = p.lineIn(from, probe); ok {
			return ts, at, true
		}
	}
	return 0, 0, false
}

// lineIn finds it among size bytes.
func (p *prober) lineIn(from, size int64) (ts, at int64, ok bool) {
	n, err := p.f.ReadAt(p.buf[:max(0, min(size, p.size-from))], from)
	if err != nil && err != io.EOF {
		p.err = err
		return 0, 0, false
	}
	b := p.buf[:n]
	i := bytes.IndexByte(b, '\n') + 1
	for i > 0 && i < n {
		end := bytes.IndexByte(b[i:], '\n')
		if end < 0 {
			break
		}
		if p.l.Decode(b[i:i+end]) == nil {
			return p.l.TS, from + int64(i), true
		}
		i += end + 1
	}
	return 0, 0, false
}
