// Package scan reads logs at the speed of the disk: whole segments in
// parallel chunks, each line decoded in place. A line that is not an event is
// counted with its place and never an error. Memory stays bounded however
// large the log and however long a line is.
//
// The package knows lines, not runs: what a line means for a report is the
// business of the Workers that it is given.
package scan

import (
	"context"
	"errors"
	"os"
	"sync"
	"syscall"

	"pi-track/internal/event/decode"
)

// ChunkSize is how many bytes a chunk covers: small enough that it stays in a
// core's cache between being read and being decoded.
const ChunkSize = 128 << 10

// Bad says why a line was not taken.
type Bad uint8

// The reasons.
const (
	Torn       Bad = iota // ends in the middle of its JSON text
	NotJSON               // not JSON at all
	NotEvent              // JSON, but not an event
	Newer                 // of a newer schema version
	TooLong               // longer than event.MaxLine
	Nul                   // holds a NUL byte: left behind by a crashed file system
	Unfinished            // the last line has no newline yet: not bad, but left for the next scan
	NumBad
)

// Codes are the reasons as words for programs.
var Codes = [NumBad]string{"torn", "not_json", "not_event", "newer", "too_long", "nul", "unfinished"}

// Part is a piece of a segment: its bytes in [From, To).
type Part struct {
	Path string
	File *os.File // if set, Path is read from it: a rotation may have renamed or removed Path
	From int64    // the start of a line
	To   int64    // −1: all there is when the scan begins

	Object bool // a compressed file of To bytes that nobody renames or changes: it is opened when it is read
}

// open returns the part's file, and how to close it unless it is the caller's.
func (p Part) open() (*os.File, func(), error) {
	if p.File != nil {
		return p.File, func() {}, nil
	}
	// A fifo that nobody writes to must not hold the scan up.
	f, err := os.OpenFile(p.Path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	return f, func() { f.Close() }, nil
}

// Place is where a line starts.
type Place struct {
	Part int
	Off  int64
}

// Counts are numbers of lines, and the first bad one of each reason.
type Counts struct {
	Lines  int64 // blank ones not counted
	Bytes  int64
	Bad    [NumBad]int64
	First  [NumBad]Place
	FirstN [NumBad]int64 // the line's number within its part, from 1
}

// Chunk is what a worker makes of about ChunkSize bytes. Data is for the
// worker and the in-order step.
type Chunk struct {
	Seq  int64
	Part int
	Off  int64 // of its first line
	Data any
	Counts
	rows int64 // lines, blank ones too: for the numbers of lines
	end  int64 // where an unfinished line starts, if Bad counts one
}

// Worker takes the lines of one chunk after the other. It is used by one
// goroutine at a time; the Line is valid during the call only.
type Worker interface {
	Begin(c *Chunk)
	Line(l *decode.Line, at Place)
	End(c *Chunk)
}

// Scan is one pass over parts.
type Scan struct {
	Parts   []Part
	Workers []Worker // one goroutine each

	// Done, if set, is called for every chunk in the order of the parts and
	// of the bytes within, never twice at the same time.
	Done func(c *Chunk)

	// Damaged, if set, is told of a compressed part that cannot be unpacked to its
	// end, and the scan goes on with the next one; else that is an error of Run.
	Damaged func(part int, err error)

	// Progress, if set, is called now and then with the bytes done.
	Progress func(done int64)
}

// Run reads all parts and returns what it counted. The first error of reading
// ends it, as does ctx.
func (s *Scan) Run(ctx context.Context) (*Result, error) {
	src, err := newBlockReader(s.Parts)
	if err != nil {
		return nil, err
	}
	defer src.close()
	src.damaged = s.Damaged
	r := &sequencer{scan: s, result: &Result{Parts: make([]Counts, len(s.Parts)), Ends: src.ends()}}
	r.moved.L = &r.mu
	r.rows = make([]int64, len(s.Parts))
	r.result.Rows = r.rows
	var wg sync.WaitGroup
	errs := make([]error, len(s.Workers))
	for i, w := range s.Workers {
		wg.Go(func() {
			if errs[i] = work(ctx, src, w, r); errs[i] != nil {
				r.stop()
			}
		})
	}
	wg.Wait()
	return r.result, errors.Join(errs...)
}

// Result is what a scan counted.
type Result struct {
	Parts []Counts // of each part
	Ends  []int64  // of each part, the offset behind its last finished line
	Rows  []int64  // of each part, its finished lines, blank ones too
}

// Continue adds what an earlier scan of the beginning of part i counted.
func (r *Result) Continue(i int, c Counts, rows int64) {
	p := &r.Parts[i]
	for b := range c.Bad {
		if c.Bad[b] > 0 {
			p.First[b], p.FirstN[b] = c.First[b], c.FirstN[b]
		} else if p.Bad[b] > 0 {
			p.FirstN[b] += rows
		}
		p.Bad[b] += c.Bad[b]
	}
	p.Lines += c.Lines
	p.Bytes += c.Bytes
	r.Rows[i] += rows
}

// Total sums the parts up.
func (r *Result) Total() Counts {
	var sum Counts
	for i := range r.Parts {
		c := &r.Parts[i]
		sum.Lines += c.Lines
		sum.Bytes += c.Bytes
		for b := range sum.Bad {
			if sum.Bad[b] == 0 && c.Bad[b] > 0 {
				sum.First[b], sum.FirstN[b] = c.First[b], c.FirstN[b]
			}
			sum.Bad[b] += c.Bad[b]
		}
	}
	return sum
}

// work decodes chunks until there are none.
func work(ctx context.Context, src *blockReader, w Worker, r *sequencer) error {
	d := splitter{worker: w}
	var mem []byte
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, ok, err := src.next(mem)
		if err != nil {
			src.stop()
			return err
		}
		if !ok {
			return nil
		}
		mem = b.mem
		c := r.chunk(b)
		w.Begin(c)
		d.split(c, b)
		w.End(c)
		r.put(c)
	}
}
