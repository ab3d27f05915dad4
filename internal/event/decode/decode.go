package decode

import (
	"time"
	"unsafe"

	"pi-track/internal/event"
)

// Problem says why a line is not an event. It is an error.
type Problem string

// Error is the problem in words.
func (p Problem) Error() string { return string(p) }

// The problems of a line, in the order in which they are looked for.
const (
	ErrTorn     Problem = "the line ends in the middle of its JSON text"
	ErrSyntax   Problem = "the line is not JSON"
	ErrNewer    Problem = "the line has a newer schema version"
	ErrNotEvent Problem = "the line is JSON but not an event"
)

// Code is the number of a Status in a [Line].
type Code uint8

// tsLen is the length of a ts.
const tsLen = 24

// The codes.
const (
	CodeStarted Code = iota + 1
	CodeSucceeded
	CodeFailed
	CodeCancelled
)

// Status is the status that c stands for.
func (c Code) Status() event.Status {
	return [...]event.Status{"", event.Started, event.Succeeded, event.Failed, event.Cancelled}[c]
}

// Text is a string of a [Line]: n bytes of its base. The zero Text is empty.
type Text struct{ off, n uint32 }

// Empty says whether the text has no bytes.
func (t Text) Empty() bool { return t.n == 0 }

// Line is a decoded line without copies: its texts point into the decoded
// bytes, so it is valid as long as they are. Decoding into the same Line
// again reuses its memory. What a line lacks is zero, a missing ExitCode −1.
type Line struct {
	LineHead
	LineUsage
	LineRusage
	Extra []event.Member // their Raw points into the line

	raw     []byte
	base    []byte
	scratch []byte // base of lines that the slow path decoded
	marks   Marks
	date    [10]byte
	dateMS  int64 // midnight of date
}

// LineHead is what every line sets anew.
type LineHead struct {
	TS         int64 // Unix milliseconds
	DurationMS int64
	PID        int64
	ExitCode   int16
	Code       Code
	HasUsage   bool
	HasRusage  bool

	LineTexts
	Model Text // of the usage; the agent's is AgentModel
}

// LineUsage is the usage of a Line.
type LineUsage struct {
	Tokens, Input, Output int64
	CacheRead, CacheWrite int64
	Cost                  float64
}

// LineRusage is the rusage of a Line.
type LineRusage struct{ UserMS, SysMS, MaxRSSKB int64 }

// Raw is the line itself, without its newline.
func (l *Line) Raw() []byte { return l.raw }

// Bytes is the text's content. It must not be changed.
func (l *Line) Bytes(t Text) []byte { return l.base[t.off : t.off+t.n : t.off+t.n] }

// String is a copy of the text's content.
func (l *Line) String(t Text) string { return string(l.Bytes(t)) }

// Event reads a line, with or without its newline, into e. It takes what
// [event.Event.Append] writes and everything that says the same in other JSON: other order
// of keys, blanks, escapes. Precisely:
//
//   - The line is one JSON object (RFC 8259, nested at most 10 000 deep).
//     Invalid UTF-8 and lone surrogates in strings read as U+FFFD.
//   - Keys are case-sensitive. A key that occurs twice makes the line
//     ErrNotEvent, because readers differ in which one counts. null is as good
//     as absent. Keys of other names are kept in Extra in their order.
//   - ts has exactly the form 2006-01-02T15:04:05.000Z; v is an integer of at least 1; id,
//     kind and name are not empty; status is one of four. These six must be
//     there. A v above [event.Version] makes the line ErrNewer, whatever else it holds.
//   - Integers are written without fraction and exponent and lie in 0…2^53−1,
//     exit_code in 0…255. cost is a finite number. Within usage and rusage
//     other keys are passed over.
//
// The error is a Problem. e is changed only if there is none.
func Event(line []byte, e *event.Event) error {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	var l Line
	if err := l.Decode(line); err != nil {
		return err
	}
	l.event(e)
	return nil
}

// Decode is [Event] without copies of the texts; line has no newline.
func (l *Line) Decode(line []byte) error {
	if n := len(line); n < event.MaxLine {
		l.scratch = append(append(append(l.scratch[:0], line...), '\n'), padding[:]...)
		l.marks = Mark(l.marks, l.scratch)
		if l.Fast(l.scratch, l.marks, 0) == n+1 {
			return nil
		}
	}
	return l.Slow(line)
}

// event copies the line into e.
func (l *Line) event(e *event.Event) {
	*e = event.Event{
		TS: time.UnixMilli(l.TS).UTC(), V: event.Version, Status: l.Code.Status(), DurationMS: l.DurationMS, PID: int(l.PID),
	}
	l.texts(e)
	if l.ExitCode >= 0 {
		code := int(l.ExitCode)
		e.ExitCode = &code
	}
	if l.HasUsage {
		e.Usage = &event.Usage{
			Tokens: l.Tokens, Input: l.Input, Output: l.Output,
			CacheRead: l.CacheRead, CacheWrite: l.CacheWrite, Cost: l.Cost, Model: l.String(l.Model),
		}
	}
	if l.HasRusage {
		e.Rusage = &event.Rusage{UserMS: l.UserMS, SysMS: l.SysMS, MaxRSSKB: l.MaxRSSKB}
	}
	for _, m := range l.Extra {
		e.Extra = append(e.Extra, event.Member{Key: m.Key, Raw: append([]byte(nil), m.Raw...)})
	}
}

// reset makes l empty but for its memory and its cache of the date.
func (l *Line) reset(base []byte) {
	if l.HasUsage {
		l.LineUsage = LineUsage{}
	}
	if l.HasRusage {
		l.LineRusage = LineRusage{}
	}
	l.LineHead = LineHead{ExitCode: -1}
	l.Extra = l.Extra[:0]
	l.base = base
}

// status is the code of a status, 0 of anything else.
func status(s []byte) Code {
	switch event.Status(unsafe.String(unsafe.SliceData(s), len(s))) {
	case event.Started:
		return CodeStarted
	case event.Succeeded:
		return CodeSucceeded
	case event.Failed:
		return CodeFailed
	case event.Cancelled:
		return CodeCancelled
	}
	return 0
}

// time reads a ts into Unix milliseconds.
func (l *Line) time(s []byte) (int64, bool) {
	if len(s) != tsLen {
		return 0, false
	}
	if [10]byte(s) != l.date {
		midnight, ok := dateMS(s)
		if !ok {
			return 0, false
		}
		l.date, l.dateMS = [10]byte(s), midnight
	}
	// T15:04:05 and 04:05.000, of each the punctuation and six digits.
	hour, second := load(s, 10), load(s, 15)
	const (
		colons = uint64('T') | ':'<<24 | ':'<<48
		point  = uint64(':')<<8 | '.'<<32
	)
	if hour&0xff0000ff0000ff != colons || second&0xff0000ff00 != point || s[23] != 'Z' {
		return 0, false
	}
	// The punctuation is replaced by zeros.
	if notDigits(hour&^0xff0000ff0000ff|0x30000030000030)|notDigits(second&^0xff0000ff00|0x3000003000) != 0 {
		return 0, false
	}
	h, m := two10(hour>>8), two10(hour>>32)
	sec, ms := two10(second>>16), two10(second>>40)*10+int64(s[22]&15)
	if h > 23 || m > 59 || sec > 59 {
		return 0, false
	}
	return l.dateMS + ((h*60+m)*60+sec)*1000 + ms, true
}

// two10 is the number that the two lowest bytes of w say as decimal digits.
func two10(w uint64) int64 { return int64(w&15*10 + w>>8&15) }

// dateMS is midnight of a date 2006-01-02 in Unix milliseconds.
func dateMS(s []byte) (int64, bool) {
	if s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	n := 0
	for _, at := range [8]uint8{0, 1, 2, 3, 5, 6, 8, 9} {
		c := s[at] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int(c)
	}
	y, m, d := n/10000, time.Month(n/100%100), n%100
	t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if t.Day() != d || t.Month() != m || t.Year() != y {
		return 0, false // as 30 February
	}
	return t.UnixMilli(), true
}
