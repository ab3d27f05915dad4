// Package sink puts batches of event lines where a team keeps them.
package sink

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/fleet"
)

// Batch is lines that are sent as a whole, and taken once however often they are sent.
type Batch struct {
	Host  string // the pseudonym of the installation
	Lines []byte // finished lines
	Count int
}

// Token names the batch by its content: 32 hexadecimal digits.
func (b Batch) Token() string {
	sum := sha256.Sum256(b.Lines)
	return hex.EncodeToString(sum[:16])
}

// span is the least and the greatest ts of the lines.
func (b Batch) span() (from, to string) {
	const head = len(`{"ts":"`)
	for line := range bytes.Lines(b.Lines) {
		if len(line) < head+len(event.TimeFormat) {
			continue
		}
		ts := string(line[head : head+len(event.TimeFormat)])
		if from == "" || ts < from {
			from = ts
		}
		to = max(to, ts)
	}
	return from, to
}

// Sink takes batches.
type Sink interface {
	// Put returns nil or a *Partial only when the batch was taken. Its other errors are
	// a *Refused, a *Denied, or something that may pass.
	Put(ctx context.Context, b Batch) error
	// Check says whether batches would be taken, without sending any.
	Check(ctx context.Context) error
	Close() error
}

// Refused says that this batch will never be taken as it is: a line in it is
// none for the sink.
type Refused struct{ Err error }

func (e *Refused) Error() string { return "refused: " + e.Err.Error() }

// Unwrap returns Err.
func (e *Refused) Unwrap() error { return e.Err }

// Denied says that nothing will be taken until somebody changes something.
type Denied struct {
	Err  error
	Hint string
}

func (e *Denied) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *Denied) Unwrap() error { return e.Err }

// Away says that the sink does not answer, or not now: another try may do.
type Away struct {
	Err   error
	After time.Duration // when it wants to be asked again; 0 is not said
}

func (e *Away) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *Away) Unwrap() error { return e.Err }

// Partial says that the batch was taken but for some of it, which is not to be sent again.
type Partial struct {
	Rejected int64 // 0 with a warning about what was taken
	Err      error
}

func (e *Partial) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *Partial) Unwrap() error { return e.Err }

// Options are what a sink needs besides its address.
type Options struct {
	Token   string // "" for none
	Version string // of this program, for the User-Agent
}

// Open makes the sink of an address. Nothing is sent.
func Open(to fleet.Address, a fleet.Access, o Options) (Sink, error) {
	switch to.Kind {
	case fleet.Dir:
		return newDir(to.Path), nil
	case fleet.ClickHouse:
		return NewClickHouse(to, a, o)
	case fleet.S3:
		return NewS3(to, a, o)
	case fleet.OTLP:
		return newOTLP(to, a, o)
	}
	return nil, fmt.Errorf("no sink for %s", to)
}
