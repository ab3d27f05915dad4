package audit

import (
	"hash/maphash"

	"pi-track/internal/event"
)

// key stands for the id and the status of an event: 62 bits of the id's hash,
// then the status. Two ids share a hash by chance once in 10¹⁸ pairs.
type key uint64

// started is status() of a start line.
const started = 0

var seed = maphash.MakeSeed()

func keyOf(l *event.Line) key {
	return key(maphash.Bytes(seed, l.Bytes(l.ID)))&^3 | key(l.Code-event.CodeStarted)
}

func (k key) run() key    { return k &^ 3 }
func (k key) status() int { return int(k & 3) }
