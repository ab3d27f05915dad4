package ship

import (
	"errors"
	"fmt"
	"io"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/fleet"
)

// Status is what is known of a sink without asking it.
type Status struct {
	Sent, Rejected int64 // lines, in all
	Dropped        int64 // of those sent: refused by a sink that does not say which
	LastSuccess    time.Time
	LastError      string // of the last run, "" when it ended well
	ErrorAt        time.Time

	Waiting int64     // lines that are not sent yet
	Bytes   int64     // of them, in the log
	Oldest  time.Time // of them; zero when none waits
	Note    string
}

// StatusOf counts what waits for a sink.
func StatusOf(home, log string, s *fleet.Sink) (*Status, error) {
	a, note, err := readAccount(home, s.Name, s.To.String())
	if err != nil {
		return nil, err
	}
	out := &Status{Sent: a.Lines, Rejected: a.Rejected, Dropped: a.Dropped, LastSuccess: parseStamp(a.LastSuccess),
		LastError: a.LastError, ErrorAt: parseStamp(a.ErrorAt), Note: note}
	files, err := openFiles(log)
	if err != nil {
		return out, err
	}
	defer closeFiles(files)
	for _, f := range files {
		err = errors.Join(err, a.unsent(f, fleet.Selection(s), func(e *event.Event, n int) bool {
			out.Waiting++
			out.Bytes += int64(n)
			if out.Oldest.IsZero() || e.TS.Before(out.Oldest) {
				out.Oldest = e.TS
			}
			return true
		}))
	}
	return out, err
}

// unsent tells take of each line of a segment that is still to be sent, and of how
// many bytes it has, until take returns false.
func (a *account) unsent(f *file, p *fleet.Policy, take func(e *event.Event, n int) bool) error {
	if err := f.identify(); err != nil || f.id == "" {
		return err
	}
	r, _, _, err := a.resume(f)
	if err != nil {
		return fmt.Errorf("%s: %w", f.f.Name(), err)
	}
	if r == nil {
		return nil
	}
	defer r.close()
	for {
		line, err := r.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.f.Name(), err)
		}
		var e event.Event
		if len(line) < event.MaxLine && decode.Event(line, &e) == nil && p.Takes(&e) && !take(&e, len(line)+1) {
			return nil
		}
	}
}

// Unsent returns a function that names a sink which still waits for lines of a
// segment, "" when all have them.
func Unsent(home, log string, sinks []*fleet.Sink) (func(segment string) (string, error), error) {
	accounts := make([]*account, len(sinks))
	for i, s := range sinks {
		var err error
		if accounts[i], _, err = readAccount(home, s.Name, s.To.String()); err != nil {
			return nil, err
		}
	}
	return func(name string) (string, error) {
		for i, s := range sinks {
			waits, err := waitsFor(accounts[i], s, log, name)
			if waits || err != nil {
				return s.Name, err
			}
		}
		return "", nil
	}, nil
}

func waitsFor(a *account, s *fleet.Sink, path, name string) (waits bool, err error) {
	f, err := openFile(path, name)
	if err != nil || f == nil {
		return false, err
	}
	defer f.f.Close()
	err = a.unsent(f, fleet.Selection(s), func(*event.Event, int) bool {
		waits = true
		return false
	})
	return waits, err
}

// Preview writes to w the very bytes that a run would send now, and returns how many
// lines they are.
func Preview(o Options, w io.Writer) (int64, error) {
	s := &shipper{Options: o, result: &Result{}}
	if err := s.prepare(); err != nil {
		return 0, err
	}
	files, err := openFiles(o.Log)
	if err != nil {
		return 0, err
	}
	defer closeFiles(files)
	n := int64(0)
	b := batcher{policy: s.policy}
	for _, f := range files {
		var failed error
		err := s.account.unsent(f, s.policy, func(e *event.Event, _ int) bool {
			leaves := s.policy.Apply(*e)
			b.out = leaves.Append(b.out[:0])
			_, failed = w.Write(b.out)
			n++
			return failed == nil
		})
		if err = errors.Join(err, failed); err != nil {
			return n, err
		}
	}
	return n, nil
}
