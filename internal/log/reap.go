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

	// sweepTime bounds the time in which one call removes boxes that hold
	// nothing: there may be very many of them, and they can wait.
	sweepTime = 500 * time.Millisecond
)

// Reaped is what Reap did and saw.
type Reaped struct {
	Runs    int          // that it ended
	Running []RunningRun // whose supervisor is alive, oldest first
	Damaged []DamagedBox // left as they are

	// Strangers are the paths in home/open that pi-track did not make or cannot
	// recognise, the first few, and StrangersN is how many there are. They stay.
	Strangers  []string
	StrangersN int
}

// maxStrangers is how many strangers are named.
const maxStrangers = 5

// DamagedBox is a box from which no end can be made. Its supervisor is dead.
type DamagedBox struct {
	ID   string    // its name
	Last time.Time // when it was written last
}

// Reap ends the runs whose supervisor was killed: for each box in home/open
// whose lock can be taken it appends the end line that the box holds or, when
// it holds none, one with the status cancelled and src reaped, and removes
// the box. A box whose log cannot be written stays; the error is a [*ReapError] then.
//
// Nothing is removed that is not provably ours: see the package comment.
// Reapers and supervisors may work at the same time: a run gets one end.
func Reap(home string) (Reaped, error) {
	var result Reaped
	d, names, err := openBoxes(home)
	if d == nil {
		return result, err
	}
	defer d.close()
	var failed *ReapError
	var blank []string
	for _, name := range names {
		kind, err := d.visit(name, &result)
		switch kind {
		case boxBlank:
			blank = append(blank, name)
		case boxStrange, boxDamaged:
			if result.StrangersN++; len(result.Strangers) < maxStrangers {
				result.Strangers = append(result.Strangers, d.path+"/"+name)
			}
		}
		if err == nil {
			continue
		}
		if failed == nil {
			failed = &ReapError{First: boxPath(home, name), Err: err}
		}
		failed.Boxes++
	}
	d.sweep(blank)
	if failed != nil {
		return result, failed
	}
	return result, nil
}

// RunningRun is a run that has not ended.
type RunningRun struct {
	ID      string
	Start   []byte        // the start line, newline included
	Path    string        // of the log
	Elapsed time.Duration // from the start to the last heartbeat, about a second ago at most
}

func runningRun(id string, r *record) RunningRun {
	return RunningRun{ID: id, Start: r.start, Path: r.path, Elapsed: r.beat}
}

// Running returns the runs whose supervisor is alive, oldest first.
func Running(home string) ([]RunningRun, error) {
	d, names, err := openBoxes(home)
	if d == nil {
		if errors.Is(err, ErrNotOurs) {
			err = nil // there are no boxes, then
		}
		return nil, err
	}
	defer d.close()
	var runs []RunningRun
	for _, name := range names {
		if st, err := d.stat(name); !isRunID(name) || err != nil || st.Size != boxSize {
			continue
		}
		fd, err := d.open(name, syscall.O_RDWR)
		if err != nil {
			continue // gone in between
		}
		if flock(fd, syscall.LOCK_EX|syscall.LOCK_NB) == syscall.EWOULDBLOCK {
			if r, kind := readBox(fd); kind == boxWhole && r.end == nil && d.isNamed(fd, name) {
				runs = append(runs, runningRun(name, &r))
			}
		}
		syscall.Close(fd)
	}
	return runs, nil
}

// visit does what is to be done with one entry of home/open.
func (d *ownDir) visit(name string, result *Reaped) (boxKind, error) {
	if isRunID(name) {
		return d.reap(name, result)
	}
	id, usage := usageOf(name)
	switch {
	case usage && !d.isUsage(name), !usage && !isSpareName(name):
		return boxStrange, nil
	case usage:
		d.dropUsage(id)
	default:
		if st, err := d.stat(name); err == nil && st.Size != boxSize && st.Size != 0 || err == ErrNotRegular {
			return boxStrange, nil
		}
	}
	return boxNone, nil
}

// openBoxes opens home/open and lists it in the order of the names, which is
// the order of the runs' starts. It is nil when there is none.
func openBoxes(home string) (*ownDir, []string, error) {
	d, err := enterDir(home + "/open")
	if d == nil {
		return nil, nil, err
	}
	names, err := d.names()
	if err != nil {
		d.close()
		return nil, nil, err
	}
	return d, names, nil
}

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

// record is what a box holds.
type record struct {
	state      uint32
	beat       time.Duration
	boot, path string
	start, end []byte // lines; end is nil when there is none
	tail       []byte // of stderr, in order
	total      uint64 // bytes of stderr so far
	file       stderrFile
}

// readBox reads a box, and says what it is.
func readBox(fd int) (record, boxKind) {
	var head [len(boxMagic)]byte
	n, err := syscall.Pread(fd, head[:], 0)
	if err != nil {
		return record{}, boxStrange
	}
	const version = len(boxMagic) - 1
	if n == len(boxMagic) && string(head[:version]) == boxMagic[:version] && head[version] != boxMagic[version] &&
		head[version] > '0' && head[version] <= '9' {
		return record{}, boxVersion
	}
	image := make([]byte, boxSize+1)
	n, err = syscall.Pread(fd, image, 0)
	switch {
	case err != nil || n > boxSize:
		return record{}, boxStrange
	case bytes.Equal(image[:n], noImage[:n]):
		return record{}, boxBlank
	case n < boxSize:
		return record{}, boxStrange
	}
	r := record{
		state: binary.NativeEndian.Uint32(image[atState:]),
		beat:  time.Duration(binary.NativeEndian.Uint64(image[atBeat:])) * time.Millisecond,
		boot:  cString(image[atBoot:atPath]),
		path:  cString(image[atPath:atFile]),
		file:  readStderrFile(image),
		total: binary.NativeEndian.Uint64(image[atTotal:]),
		start: lineIn(image[atStart:atEnd]),
		end:   lineIn(image[atEnd:boxSize]),
		tail:  ringEnd(image[atRing:atStart], binary.NativeEndian.Uint64(image[atTotal:])),
	}
	var e event.Event
	started := r.start != nil && event.Decode(r.start, &e) == nil
	if string(head[:]) != boxMagic {
		if started {
			return r, boxDamaged // its head is lost
		}
		return r, boxStrange
	}
	if !started || r.path == "" || r.path[0] != '/' {
		return r, boxDamaged
	}
	if r.end != nil && event.Decode(r.end, &e) != nil {
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

// reap ends one run, if its supervisor is dead.
func (d *ownDir) reap(id string, result *Reaped) (boxKind, error) {
	st, err := d.stat(id)
	switch {
	case err == syscall.ENOENT:
		return boxNone, nil // ended in between
	case err != nil || st.Size > boxSize:
		return boxStrange, nil
	case st.Size < boxSize && time.Since(time.Unix(st.Mtim.Unix())) < makingTime:
		return boxNone, nil // even a lock held for a moment could get in the way of its maker
	case st.Size == 0:
		return boxBlank, nil
	}
	fd, err := d.open(id, syscall.O_RDWR)
	if err != nil {
		if err == syscall.ENOENT || err == ErrNotRegular {
			err = nil // ended in between
		}
		return boxNone, err
	}
	defer syscall.Close(fd) // drops the lock, after everything else
	if err := flock(fd, syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if r, kind := readBox(fd); err == syscall.EWOULDBLOCK && kind == boxWhole && d.isNamed(fd, id) {
			result.Running = append(result.Running, runningRun(id, &r))
		}
		return boxNone, nil // alive, or another reaper is at it
	}
	if !d.isNamed(fd, id) {
		return boxNone, nil // another reaper was faster
	}
	r, kind := readBox(fd)
	switch kind {
	case boxWhole:
		err := d.end(fd, id, &r)
		if err == nil {
			result.Runs++
		}
		return kind, err
	case boxVersion:
		return kind, errVersion
	case boxDamaged, boxStrange:
		result.Damaged = append(result.Damaged, DamagedBox{ID: id, Last: time.Unix(st.Mtim.Unix())})
	}
	return kind, nil
}

// end logs the end of the run in a box, and removes the box.
func (d *ownDir) end(fd int, id string, r *record) error {
	home := dirOf(d.path)
	b := Box{fd: fd, home: home, id: id, path: r.path, owner: anyOwner, state: r.state, start: r.start}
	if d.uid != uint32(os.Geteuid()) {
		b.owner = int(d.uid) // under sudo: what a user's box says must not be written to a file of root's
	}
	end := r.end
	if end == nil {
		end = reapedLine(home, id, r, b.owner)
		// Recorded first: if this process is killed after the append, the
		// next reaper appends the same line, which readers drop.
		if err := b.put(end, atEnd); err != nil {
			return err
		}
	}
	if err := b.finish(end); err != nil {
		return &os.PathError{Op: "write", Path: b.path, Err: err}
	}
	_ = d.remove(id + ".usage")
	return d.remove(id)
}

// sweep removes boxes that hold nothing and have not been touched for a while,
// as many as there is time for.
func (d *ownDir) sweep(names []string) {
	until := time.Now().Add(sweepTime)
	for i, name := range names {
		if i%16 == 15 && time.Now().After(until) {
			return
		}
		d.removeIf(name, isOld)
	}
}

// isOld accepts what holds nothing, unless it may be in the making.
func isOld(kind boxKind, _ int64, age time.Duration) bool {
	return kind == boxBlank && age >= makingTime
}

// removeIf removes the file called name that nobody uses if want accepts what it
// is, its size, and the time since it was written.
func (d *ownDir) removeIf(name string, want func(kind boxKind, size int64, age time.Duration) bool) bool {
	fd, err := d.open(name, syscall.O_RDWR)
	if err != nil {
		return false
	}
	defer syscall.Close(fd)
	var st syscall.Stat_t
	if flock(fd, syscall.LOCK_EX|syscall.LOCK_NB) != nil || syscall.Fstat(fd, &st) != nil || !d.isNamed(fd, name) {
		return false
	}
	kind := boxBlank
	if st.Size > 0 {
		_, kind = readBox(fd)
	}
	return want(kind, st.Size, time.Since(modTime(&st))) && d.remove(name) == nil
}

// DropDamaged removes the damaged box of run id from home/open, now that its run
// has its end, if it is provably a box: of a box's magic and size. It is false when
// the file stays.
func DropDamaged(home, id string) bool {
	d, err := enterDir(home + "/open")
	if d == nil || err != nil || !isRunID(id) {
		return false
	}
	defer d.close()
	return d.removeIf(id, func(kind boxKind, _ int64, _ time.Duration) bool { return kind == boxDamaged })
}

// reapedLine makes the end line of a run that nobody ended.
func reapedLine(home, id string, r *record, owner int) []byte {
	var e event.Event
	_ = event.Decode(r.start, &e) // readBox has tried
	began := e.TS
	restarted := r.restarted(began)
	e.TS = time.Now()
	e.Status = event.Cancelled
	e.Src = "reaped"
	e.DurationMS = r.beat.Milliseconds()
	tail := r.tail
	if !restarted {
		e.DurationMS = estimate(r.beat, e.TS.Sub(began)).Milliseconds()
		if text := r.stderrTail(began, owner); text != nil {
			tail = text
		}
	}
	if since := e.TS.Sub(began).Milliseconds(); since >= 0 { // else the clock was set back
		e.DurationMS = min(e.DurationMS, since)
	}
	e.DurationMS = max(e.DurationMS, 0)
	e.Error = redact.Summary(tail, os.Environ())
	switch {
	case restarted:
		e.Error = strings.TrimSuffix("the machine was restarted while it ran: "+e.Error, ": ")
	case e.Error == "":
		e.Error = "killed together with its supervisor"
	}
	if u, _ := readUsage(home, id); u != (event.Usage{}) {
		e.Usage = &u
	}
	return e.Append(nil)
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
func (d *ownDir) dropUsage(id string) {
	if _, err := d.stat(id); err != syscall.ENOENT {
		return
	}
	name := id + ".usage"
	if st, err := d.stat(name); err == nil && time.Since(time.Unix(st.Mtim.Unix())) > usageTime && d.isUsage(name) {
		_ = d.remove(name)
	}
}

// isUsage says whether a file holds what Pi's extension writes about usage, or
// nothing.
func (d *ownDir) isUsage(name string) bool {
	fd, err := d.open(name, syscall.O_RDONLY)
	if err != nil {
		return false
	}
	defer syscall.Close(fd)
	var head [event.MaxLine]byte
	n, err := syscall.Pread(fd, head[:], 0)
	line, _, _ := bytes.Cut(head[:max(n, 0)], []byte("\n"))
	_, ok := event.ParseUsage(line)
	return err == nil && (n == 0 || ok)
}
