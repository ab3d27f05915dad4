package ship

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/fleet"
	"pi-track/internal/fleet/sink"
)

// The most lines of a batch, and its bytes before compression when the
// configuration says nothing else.
const (
	MaxLines     = 20000
	DefaultBatch = 4 << 20
)

// ErrBusy says that another process ships to the same sink.
var ErrBusy = errors.New("another ship is running")

// Options say what to send where.
type Options struct {
	Home string // where the accounts are
	Log  string
	Host string // the id of the installation
	Sink *fleet.Sink

	// Open makes the sink that takes the batches.
	Open func() (sink.Sink, error)
	// Until is when to stop waiting for a sink that does not answer.
	Until time.Time
	// Resend forgets the account: everything is sent again.
	Resend bool
}

// Result is what a run did.
type Result struct {
	Lines    int64 // taken
	Batches  int
	Rejected int64    // lines set aside
	Dropped  int64    // of the lines taken: refused by a sink that does not say which
	Bad      int64    // lines that are no events, and stay
	Left     bool     // something is left for the next time
	Notes    []string // what a user should know
}

// shipper is one run.
type shipper struct {
	Options
	policy  *fleet.Policy
	account *account
	sink    sink.Sink
	result  *Result
	host    string
	bad     refusals
}

// Run sends what is new. Its error says why something is left: a *sink.Denied
// needs somebody, [ErrBusy] nobody, anything else another try.
func Run(ctx context.Context, o Options) (*Result, error) {
	s := &shipper{Options: o, result: &Result{}}
	if err := makeDir(o.Home); err != nil {
		return s.result, err
	}
	unlock, err := lock(filepath.Join(dirOf(o.Home), o.Sink.Name+".lock"))
	if err != nil {
		return s.result, err
	}
	defer unlock()
	if err := s.prepare(); err != nil {
		return s.result, err
	}
	s.sink, err = o.Open()
	if err == nil {
		defer s.sink.Close()
		err = s.all(ctx)
	}
	s.result.Left = err != nil
	return s.result, s.note(err)
}

// lock keeps a second run away. The kernel drops it with the process.
func lock(name string) (unlock func(), err error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err == unix.EWOULDBLOCK {
		f.Close()
		return nil, ErrBusy
	}
	// Without locks two runs send the same batches under the same names.
	return func() { f.Close() }, nil
}

func (s *shipper) prepare() error {
	var note string
	var err error
	if s.policy, err = fleet.NewPolicy(s.Sink); err != nil {
		return err
	}
	s.host = s.policy.Host(s.Host)
	if s.account, note, err = readAccount(s.Home, s.Sink.Name, s.Sink.To.String()); err != nil {
		return err
	}
	if note != "" {
		s.result.Notes = append(s.result.Notes, note)
	}
	if s.Resend {
		s.account.Segments, s.account.Pending = map[string][]*progress{}, nil
	}
	return nil
}

// note writes down how the run ended.
func (s *shipper) note(err error) error {
	if err == nil {
		s.account.LastSuccess, s.account.LastError, s.account.ErrorAt = stamp(time.Now()), "", ""
	} else {
		s.account.LastError, s.account.ErrorAt = err.Error(), stamp(time.Now())
	}
	return errors.Join(err, s.account.write(s.Home, s.Sink.Name))
}

// all sends every segment. One that cannot be read does not keep the others.
func (s *shipper) all(ctx context.Context) error {
	files, err := openFiles(s.Log)
	if err != nil {
		return err
	}
	defer closeFiles(files)
	var unread error
	for _, f := range files {
		if err := f.identify(); err != nil {
			unread = errors.Join(unread, fmt.Errorf("%s: %w", f.f.Name(), err))
		}
	}
	for _, f := range files {
		if f.id == "" {
			continue
		}
		switch err := s.segment(ctx, f); {
		case errors.As(err, new(*readError)):
			unread = errors.Join(unread, err)
		case err != nil:
			return err
		}
	}
	if unread == nil {
		s.account.forgetUnused()
	}
	return unread
}

// readError says that a segment cannot be read on.
type readError struct{ error }

// segment sends what is new in one segment.
func (s *shipper) segment(ctx context.Context, f *file) error {
	r, sent, moved, err := s.account.resume(f)
	if err != nil {
		return &readError{fmt.Errorf("%s: %w", f.f.Name(), err)}
	}
	if moved {
		s.result.Notes = append(s.result.Notes, f.f.Name()+" is not what was sent: it is sent again from its beginning")
	}
	if r == nil {
		return nil
	}
	defer r.close()
	from := r.at
	b := batcher{policy: s.policy, reader: r, size: s.Sink.Batch}
	if b.size <= 0 {
		b.size = DefaultBatch
	}
	if p := s.account.Pending; p != nil && p.Segment == f.id && p.From == from {
		b.first = p.To
	}
	for {
		end, readErr := b.fill()
		s.result.Bad += b.bad
		if len(b.out) > 0 {
			if err := s.send(ctx, f, &b, span{f.id, from, b.end}); err != nil {
				return err
			}
		}
		sent.At, sent.Tail, sent.Sealed = b.end, r.last.hash(), ""
		if end && readErr == nil {
			sent.Sealed, readErr = f.seal()
		}
		if readErr != nil {
			return &readError{fmt.Errorf("%s: %w", f.f.Name(), readErr)}
		}
		if end {
			return nil
		}
		from = b.end
	}
}

// send writes the batch's span down and sends it until it is taken, set aside, or
// time is over.
func (s *shipper) send(ctx context.Context, f *file, b *batcher, at span) error {
	s.account.Pending = &at
	if err := s.account.write(s.Home, s.Sink.Name); err != nil {
		return fmt.Errorf("nothing more is sent, because the account cannot be written: %w", err)
	}
	if err := s.put(ctx, b.out); err != nil {
		return err
	}
	if s.bad.n > 0 && s.account.Lines == 0 {
		return s.refusesAll()
	}
	if err := s.setAside(); err != nil {
		return err
	}
	s.account.Pending = nil
	return nil
}

// batcher cuts a segment into batches.
type batcher struct {
	policy *fleet.Policy
	reader *lineReader
	size   int
	first  int64 // where the first batch ends; 0: where it is full

	out []byte // what leaves
	n   int    // its lines
	bad int64  // lines that are no events
	end int64  // offset behind what was read
}

// fill reads the next batch. end says that the segment has no more.
func (b *batcher) fill() (end bool, err error) {
	b.out, b.n, b.bad = b.out[:0], 0, 0
	defer func() { b.first = 0 }()
	for {
		b.end = b.reader.at
		if b.first > 0 && b.end >= b.first || b.n >= MaxLines || len(b.out) >= b.size-event.MaxLine && b.n > 0 {
			return false, nil
		}
		line, err := b.reader.next()
		if err == io.EOF {
			return true, nil
		}
		if err != nil {
			return true, err
		}
		b.take(line)
	}
}

// take adds what of a line leaves.
func (b *batcher) take(line []byte) {
	if len(line) == 0 {
		return
	}
	var e event.Event
	if len(line) >= event.MaxLine || decode.Event(line, &e) != nil {
		b.bad++
		return
	}
	if b.policy.Takes(&e) {
		e = b.policy.Apply(e)
		b.out = e.Append(b.out)
		b.n++
	}
}
