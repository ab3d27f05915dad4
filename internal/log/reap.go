package log

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"strings"
	"syscall"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/redact"
)

const (
	// makingTime is how long a file without contents may be a box that is
	// just being made.
	makingTime = time.Minute

	// usageTime is how long a usage file outlives its box: a nested Pi may
	// still write to it.
	usageTime = 24 * time.Hour
)

// Reap ends the runs whose supervisor was killed: for each box in home/open
// whose lock can be taken it appends the end line that the box holds or, when
// it holds none, one with the status cancelled and src reaped, and removes
// the box. It returns how many runs it ended. A box whose log cannot be
// written stays; the error is a [*ReapError] then.
//
// Reapers and supervisors may work at the same time: a run gets one end.
func Reap(home string) (int, error) {
	names, err := openNames(home)
	if err != nil {
		return 0, err
	}
	n := 0
	var failed *ReapError
	for _, name := range names {
		if id, ok := strings.CutSuffix(name, ".usage"); ok {
			dropUsage(home, id)
			continue
		}
		done, err := reapOne(home, name)
		if done {
			n++
		}
		if err == nil {
			continue
		}
		if failed == nil {
			failed = &ReapError{First: boxPath(home, name), Err: err}
		}
		failed.Boxes++
	}
	if failed != nil {
		return n, failed
	}
	return n, nil
}

// RunningRun is a run that has not ended.
type RunningRun struct {
	ID      string
	Start   []byte        // the start line, newline included
	Path    string        // of the log
	Elapsed time.Duration // from the start to the last heartbeat, about a second ago at most
}

// Running returns the runs whose supervisor is alive, oldest first.
func Running(home string) ([]RunningRun, error) {
	names, err := openNames(home)
	if err != nil {
		return nil, err
	}
	var runs []RunningRun
	for _, name := range names {
		fd, err := openBox(home, name)
		if err != nil {
			continue // not a box, or gone in between
		}
		if flock(fd, syscall.LOCK_EX|syscall.LOCK_NB) == syscall.EWOULDBLOCK {
			var st syscall.Stat_t
			if r, ok := readBox(fd); ok && syscall.Fstat(fd, &st) == nil && isNamed(&st, boxPath(home, name)) {
				runs = append(runs, RunningRun{ID: name, Start: r.start, Path: r.path, Elapsed: r.beat})
			}
		}
		syscall.Close(fd)
	}
	return runs, nil
}

// openNames lists home/open in the order of the names, which is the order of
// the runs' starts.
func openNames(home string) ([]string, error) {
	entries, err := os.ReadDir(home + "/open")
	if err != nil {
		if os.IsNotExist(err) {
			return nil, nil
		}
		return nil, err
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		if e.Name()[0] != '.' {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

var (
	errMaking  = errors.New("the box is just being made")
	errVersion = errors.New("the box was made by another version of pi-track")
)

// openBox opens a box. One in the making is left alone: even a lock held for
// a moment could get in the way of its maker.
func openBox(home, id string) (int, error) {
	fd, err := open(boxPath(home, id), openFlags&^syscall.O_APPEND, 0)
	if err != nil {
		return -1, err
	}
	var st syscall.Stat_t
	switch err = syscall.Fstat(fd, &st); {
	case err != nil || st.Mode&syscall.S_IFMT != syscall.S_IFREG:
		err = ErrNotRegular
	case st.Size < boxSize && time.Since(modTime(&st)) < makingTime:
		err = errMaking
	default:
		return fd, nil
	}
	syscall.Close(fd)
	return -1, err
}

// record is what a box holds.
type record struct {
	foreign    bool // another version's, not read
	state      uint32
	beat       time.Duration
	boot, path string
	start, end []byte // lines; end is nil when there is none
	tail       []byte // of stderr, in order
}

// readBox reads a box; it is false when the box was never completed.
func readBox(fd int) (record, bool) {
	image := make([]byte, boxSize)
	if n, err := syscall.Pread(fd, image, 0); err != nil || n != boxSize || string(image[:len(boxMagic)]) != boxMagic {
		const version = len(boxMagic) - 1
		return record{foreign: string(image[:version]) == boxMagic[:version] && image[version] != boxMagic[version]}, false
	}
	r := record{
		state: binary.NativeEndian.Uint32(image[atState:]),
		beat:  time.Duration(binary.NativeEndian.Uint64(image[atBeat:])) * time.Millisecond,
		boot:  cString(image[atBoot:atPath]),
		path:  cString(image[atPath:atRing]),
		start: lineIn(image[atStart:atEnd]),
		end:   lineIn(image[atEnd:]),
		tail:  ringEnd(image[atRing:atStart], binary.NativeEndian.Uint64(image[atTotal:])),
	}
	return r, r.start != nil && r.path != ""
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

// reapOne ends one run, if its supervisor is dead.
func reapOne(home, id string) (bool, error) {
	fd, err := openBox(home, id)
	if err != nil {
		if err == syscall.ENOENT || err == errMaking {
			err = nil // ended in between, or not even begun
		}
		return false, err
	}
	defer syscall.Close(fd) // drops the lock, after everything else
	if flock(fd, syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		return false, nil // alive, or another reaper is at it
	}
	var st syscall.Stat_t
	if err := syscall.Fstat(fd, &st); err != nil {
		return false, err
	}
	if !isNamed(&st, boxPath(home, id)) {
		return false, nil // ended in between, or another reaper was faster
	}
	r, ok := readBox(fd)
	if !ok {
		if r.foreign {
			return false, errVersion
		}
		return false, removeBox(home, id) // its supervisor died before the program started
	}
	b := Box{fd: fd, home: home, id: id, path: r.path, owner: anyOwner, state: r.state, start: r.start}
	if st.Uid != uint32(os.Geteuid()) {
		b.owner = int(st.Uid) // under sudo: what a user's box says must not be written to a file of root's
	}
	end := r.end
	if end == nil {
		if end, err = reapedLine(home, id, r); err != nil {
			Note(home, "a black box held no event and was removed: "+err.Error())
			return false, removeBox(home, id)
		}
		// Recorded first: if this process is killed after the append, the
		// next reaper appends the same line, which readers drop.
		if err := b.put(end, atEnd); err != nil {
			return false, err
		}
	}
	if err := b.finish(end); err != nil {
		return false, &os.PathError{Op: "write", Path: b.path, Err: err}
	}
	return true, removeBox(home, id)
}

func removeBox(home, id string) error {
	_ = syscall.Unlink(usagePath(home, id))
	return syscall.Unlink(boxPath(home, id))
}

// reapedLine makes the end line of a run that nobody ended.
func reapedLine(home, id string, r record) ([]byte, error) {
	var e event.Event
	if err := event.Decode(r.start, &e); err != nil {
		return nil, err
	}
	began := e.TS
	restarted := r.restarted(began)
	e.TS = time.Now()
	e.Status = event.Cancelled
	e.Src = "reaped"
	e.DurationMS = r.beat.Milliseconds()
	if !restarted {
		e.DurationMS = estimate(r.beat, e.TS.Sub(began)).Milliseconds()
	}
	e.Error = redact.Summary(r.tail, os.Environ())
	switch {
	case restarted:
		e.Error = strings.TrimSuffix("the machine was restarted while it ran: "+e.Error, ": ")
	case e.Error == "":
		e.Error = "killed together with its supervisor"
	}
	if u, _ := readUsage(home, id); u != (event.Usage{}) {
		e.Usage = &u
	}
	return e.Append(nil), nil
}

// restarted says whether the machine was restarted since the run began. Before
// its first heartbeat a run has no boot's id, and only its start tells.
func (r *record) restarted(began time.Time) bool {
	if r.boot == "" {
		return began.Before(bootTime())
	}
	return r.boot != bootID()
}

// estimate is the likely duration of a run: it died between its last heartbeat
// and the next, which would have come a second later, or now, if that is
// sooner. The middle is never more than half a second off.
func estimate(beat, now time.Duration) time.Duration {
	return beat + max(min(now-beat, time.Second), 0)/2
}

// dropUsage removes the usage file of a run that ended long ago.
func dropUsage(home, id string) {
	var st syscall.Stat_t
	if syscall.Stat(boxPath(home, id), &st) == syscall.ENOENT &&
		syscall.Stat(usagePath(home, id), &st) == nil && time.Since(modTime(&st)) > usageTime {
		_ = syscall.Unlink(usagePath(home, id))
	}
}
