package reap

import (
	"bytes"
	"encoding/binary"
	"errors"
	"syscall"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log/box"
)

var errVersion = errors.New("the box was made by another version of pi-track")

// boxKind says what a file with a run's name is.
type boxKind uint8

const (
	boxNone    boxKind = iota // not looked at: in use, in the making, gone
	boxWhole                  // a box with a start line
	boxBlank                  // nothing is in it: a normal state
	boxVersion                // another version's
	boxDamaged                // it has a box's size, and its magic or a start line, but not all that it takes
	boxStrange                // it may be a box that was cut short, or anything else
)

// boxContents are what a box holds.
type boxContents struct {
	state      uint32
	beat       time.Duration
	boot, path string
	start, end []byte // lines; end is nil when there is none
	tail       []byte // of stderr, in order
	total      uint64 // bytes of stderr so far
	file       stderrFile
}

// readBox reads a box, and says what it is.
func readBox(fd int) (boxContents, boxKind) {
	var head [len(box.Magic)]byte
	n, err := syscall.Pread(fd, head[:], 0)
	if err != nil {
		return boxContents{}, boxStrange
	}
	const version = len(box.Magic) - 1
	if n == len(box.Magic) && string(head[:version]) == box.Magic[:version] && head[version] != box.Magic[version] &&
		head[version] > '0' && head[version] <= '9' {
		return boxContents{}, boxVersion
	}
	image := make([]byte, box.Size+1)
	n, err = syscall.Pread(fd, image, 0)
	switch {
	case err != nil || n > box.Size:
		return boxContents{}, boxStrange
	case bytes.Equal(image[:n], box.Blank[:n]):
		return boxContents{}, boxBlank
	case n < box.Size:
		return boxContents{}, boxStrange
	}
	r := boxContents{
		state: binary.NativeEndian.Uint32(image[box.AtState:]),
		beat:  time.Duration(binary.NativeEndian.Uint64(image[box.AtBeat:])) * time.Millisecond,
		boot:  cString(image[box.AtBoot:box.AtPath]),
		path:  cString(image[box.AtPath:box.AtFile]),
		file:  readStderrFile(image),
		total: binary.NativeEndian.Uint64(image[box.AtTotal:]),
		start: lineIn(image[box.AtStart:box.AtEnd]),
		end:   lineIn(image[box.AtEnd:box.Size]),
		tail:  ringEnd(image[box.AtRing:box.AtStart], binary.NativeEndian.Uint64(image[box.AtTotal:])),
	}
	var e event.Event
	started := r.start != nil && decode.Event(r.start, &e) == nil
	if string(head[:]) != box.Magic {
		if started {
			return r, boxDamaged // its head is lost
		}
		return r, boxStrange
	}
	sum := binary.NativeEndian.Uint32(image[box.AtPathSum:])
	if !started || r.path == "" || r.path[0] != '/' || sum != 0 && sum != box.PathSum(r.path) {
		return r, boxDamaged
	}
	if r.end != nil && decode.Event(r.end, &e) != nil {
		r.end = nil // damaged as well: the run has no end
	}
	return r, boxWhole
}

func cString(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(b)
}

func lineIn(part []byte) []byte {
	if i := bytes.IndexByte(part, '\n'); i > 0 && part[0] == '{' {
		return part[:i+1]
	}
	return nil
}

// ringEnd puts the ring's bytes into their order.
func ringEnd(ring []byte, total uint64) []byte {
	size := uint64(len(ring))
	if total <= size {
		return ring[:total]
	}
	at := total % size
	return append(bytes.Clone(ring[at:]), ring[:at]...)
}
