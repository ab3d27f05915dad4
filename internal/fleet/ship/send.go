package ship

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"pi-track/internal/fleet/sink"
	"pi-track/internal/safefile"
)

// How long to wait between two tries: at first, and at most.
const (
	firstWait = 500 * time.Millisecond
	maxWait   = time.Minute
)

// maxRefused is how many lines a sink may refuse before it has taken any: one that
// refuses every line is broken, and its lines are not to be set aside.
const maxRefused = 20

// refusals are what a sink refuses in one run.
type refusals struct {
	lines []byte // that wait to be set aside
	n     int
	err   error
}

// put sends lines until they are taken. A batch that is refused is halved, down
// to the line that is set aside.
func (s *shipper) put(ctx context.Context, lines []byte) error {
	err := s.try(ctx, lines)
	var refused *sink.Refused
	if !errors.As(err, &refused) {
		return err
	}
	half := halve(lines)
	if half == len(lines) {
		return s.refuse(lines, refused)
	}
	if err := s.put(ctx, lines[:half]); err != nil {
		return err
	}
	return s.put(ctx, lines[half:])
}

// halve is where the second half of the lines begins.
func halve(lines []byte) int {
	if at := bytes.IndexByte(lines[len(lines)/2:], '\n'); at >= 0 && len(lines)/2+at+1 < len(lines) {
		return len(lines)/2 + at + 1
	}
	if at := bytes.LastIndexByte(lines[:len(lines)-1], '\n'); at >= 0 {
		return at + 1
	}
	return len(lines)
}

// try sends the lines, again and again while the sink is away and there is time.
func (s *shipper) try(ctx context.Context, lines []byte) error {
	b := sink.Batch{Host: s.host, Lines: lines, Count: bytes.Count(lines, []byte{'\n'})}
	for wait := firstWait; ; wait = min(2*wait, maxWait) {
		err := s.sink.Put(ctx, b)
		if some := new(sink.Partial); errors.As(err, &some) {
			s.notePartial(some)
			err = nil
		}
		if err == nil {
			s.result.Lines += int64(b.Count)
			s.result.Batches++
			s.account.Lines += int64(b.Count)
			return nil
		}
		var later *sink.Away
		if !errors.As(err, &later) {
			return err
		}
		pause := max(rand.N(wait), later.After)
		if time.Now().Add(pause).After(s.Until) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(pause):
		}
	}
}

// notePartial counts what a sink refused of a batch without saying which lines.
func (s *shipper) notePartial(p *sink.Partial) {
	s.result.Dropped += p.Rejected
	s.account.Dropped += p.Rejected
	if note := fmt.Sprintf("accepted, but: %v", p); len(s.result.Notes) == 0 || s.result.Notes[len(s.result.Notes)-1] != note {
		s.result.Notes = append(s.result.Notes, note)
	}
}

// refuse keeps a line that the sink does not take.
func (s *shipper) refuse(line []byte, why *sink.Refused) error {
	s.bad.lines = append(s.bad.lines, line...)
	s.bad.n++
	s.bad.err = why.Err
	if s.result.Batches == 0 && s.bad.n >= maxRefused {
		return s.refusesAll()
	}
	return nil
}

// refusesAll says that a sink takes nothing: its lines are not to be set aside.
func (s *shipper) refusesAll() error {
	return &sink.Denied{
		Err:  fmt.Errorf("it refuses every line: %w", s.bad.err),
		Hint: "compare its tables with 'pi-track ship schema clickhouse'; nothing was set aside",
	}
}

// setAside moves the refused lines into a file of their own.
func (s *shipper) setAside() error {
	if s.bad.n == 0 {
		return nil
	}
	name := RejectedFile(s.Home, s.Sink.Name)
	// A fifo in its place would be waited for.
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_APPEND|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0o600)
	if err != nil {
		return err
	}
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
		return errors.Join(err, &os.PathError{Op: "write", Path: name, Err: safefile.ErrNotRegular}, f.Close())
	}
	if err = errors.Join(appendAll(f, s.bad.lines), f.Close()); err != nil {
		return err
	}
	s.result.Rejected += int64(s.bad.n)
	s.account.Rejected += int64(s.bad.n)
	s.result.Notes = append(s.result.Notes, fmt.Sprintf("refused and set aside in %s: %v", name, s.bad.err))
	s.bad = refusals{}
	return nil
}

// appendAll adds lines to a file of lines, all or none: a full disk leaves no half
// line. One that stands there already stays a line of its own.
func appendAll(f *os.File, lines []byte) error {
	st, err := f.Stat()
	if err != nil {
		return err
	}
	if last := []byte{'\n'}; st.Size() > 0 {
		if _, err := f.ReadAt(last, st.Size()-1); err != nil {
			return err
		}
		if last[0] != '\n' {
			lines = append([]byte{'\n'}, lines...)
		}
	}
	_, err = f.Write(lines)
	if err = errors.Join(err, f.Sync()); err != nil {
		return errors.Join(err, f.Truncate(st.Size()))
	}
	return nil
}
