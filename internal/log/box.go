package log

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"syscall"
	"time"
	"unsafe"

	"pi-track/internal/event"
)

// RingSize is the size of a box's ring of stderr in bytes.
const RingSize = 4096

// The layout of a box, 16 KiB in four parts of 4 KiB: the head, the ring, the
// start line, the end line. The lines end in a newline, the rest is zero. Numbers
// have the byte order of the machine.
const (
	boxMagic = "pi-trk-1"

	atState = 8  // uint32: startLogged
	atTotal = 16 // uint64: bytes of stderr so far, stored by the supervisor
	atBeat  = 24 // uint64: milliseconds from the start to the last heartbeat
	atBoot  = 32 // the boot's id, up to 64 bytes, zero-terminated, stored with the first heartbeat
	atPath  = 96 // the log's path, zero-terminated, up to atFile
	atRing  = 4096
	atStart = atRing + RingSize
	atEnd   = atStart + event.MaxLine
	boxSize = atEnd + event.MaxLine
	mapSize = atStart // head and ring
)

// startLogged says that the start line is in the log.
const startLogged = 1

var (
	errPath   = errors.New("the path of the log is too long")
	errNoLock = errors.New("no lock on it can be had: does the file system have flock?")
	errLine   = errors.New("the line is longer than 4096 bytes or has no newline at its end")
)

// Box is the record of a run that has not ended. See the package comment.
type Box struct {
	fd    int // -1: the box could not be made
	home  string
	id    string
	path  string
	owner int // whose the log has to be, or anyOwner
	state uint32
	start []byte
	boot  string // the boot's id, once it has been asked for

	area   []byte // head and ring, once asked for: the mapping, or plain memory without one
	mapped bool

	noUsage bool // there is no usage file to be removed
}

// NewBox makes the box of the run id in home/open for the log at path, with
// the start line as far as it is known before the program runs. All its
// blocks are taken at once, so that a disk that fills up later does no harm.
//
// On an error the returned box has no file and works all the same: it logs
// the lines, only a run that is killed together with its supervisor leaves
// its start line alone.
func NewBox(home, id, path string, start []byte) (*Box, error) {
	b := &Box{fd: -1, home: home, id: id, path: path, owner: anyOwner, start: start}
	err := b.create()
	if err != nil {
		Note(home, "cannot make a black box in "+home+"/open: "+err.Error())
	}
	return b, err
}

// Ring is the memory for the last bytes of stderr, [RingSize] bytes, and the
// count of all bytes so far: byte i of the stream belongs at i modulo the
// size, the count is stored after the bytes. Another process reads it when this one has
// been killed. The memory stays valid until the process ends, but after
// [Box.Finish] or [Box.Discard] nothing may be stored there: it may be in the box
// of another run.
func (b *Box) Ring() (bytes []byte, total *uint64) {
	if b.area == nil {
		b.mapFile()
	}
	return b.area[atRing : atRing+RingSize : atRing+RingSize], (*uint64)(unsafe.Pointer(&b.area[atTotal]))
}

// Store is [Box.Ring] for a few short texts, without the mapping, which costs as
// much as a third of the box: it puts text at offset at of stderr, then the
// count. at+len(text) is at most [RingSize]. The file, and with it the mapping,
// holds what was stored however the process dies. After an error the text may be
// there, the count is as before.
func (b *Box) Store(at uint64, text []byte) error {
	if b.fd < 0 {
		return syscall.EBADF
	}
	if err := pwrite(b.fd, text, atRing+int64(at)); err != nil {
		return err
	}
	var total [8]byte
	binary.NativeEndian.PutUint64(total[:], at+uint64(len(text)))
	return pwrite(b.fd, total[:], atTotal)
}

// mapFile maps the box, only now: most runs write nothing or little to stderr.
// Where that cannot be done, the ring is lost with the process.
func (b *Box) mapFile() {
	if b.fd >= 0 {
		area, err := syscall.Mmap(b.fd, 0, mapSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
		if err == nil {
			b.area, b.mapped = area, true
			return
		}
		Note(b.home, "cannot map a black box in "+b.home+"/open: "+err.Error())
	}
	b.area = make([]byte, mapSize)
}

// Beat records that the program still runs, elapsed after its start. To be
// called about once a second: a reaped run's duration is its last heartbeat.
func (b *Box) Beat(elapsed time.Duration) {
	if b.fd >= 0 {
		var beat [atPath - atBeat]byte
		binary.NativeEndian.PutUint64(beat[:], uint64(elapsed.Milliseconds()))
		if b.boot == "" {
			b.boot = bootID() // as dear as making the box, so not for every short run
		}
		copy(beat[atBoot-atBeat:len(beat)-1], b.boot)
		_ = pwrite(b.fd, beat[:], atBeat)
	}
}

// Start records the start line, which may know more than the one given to
// [NewBox], in the box and appends it to the log. When the append fails, the
// line is in the box only, and [Box.Finish] or a reaper tries again.
func (b *Box) Start(line []byte) error {
	if !isLine(line) {
		return errLine
	}
	b.start = line
	if b.fd >= 0 {
		if err := b.put(line, atStart); err != nil {
			return err
		}
	}
	return b.logStart()
}

func (b *Box) logStart() error {
	if err := appendLine(b.path, b.start, false, b.owner); err != nil {
		return err
	}
	b.state |= startLogged
	if b.fd >= 0 {
		var state [4]byte
		binary.NativeEndian.PutUint32(state[:], b.state)
		_ = pwrite(b.fd, state[:], atState) // a second start line would be dropped by readers
	}
	return nil
}

// Finish records the end line in the box, appends it to the log (after the
// start line, if that is not yet there) and removes the box. When the append
// fails, the box stays with its end line, and a reaper appends exactly that
// line once the log can be written again.
func (b *Box) Finish(end []byte) error {
	if !isLine(end) {
		return errLine
	}
	if b.fd >= 0 {
		_ = b.put(end, atEnd) // the append below counts
	}
	err := b.finish(end)
	if err != nil {
		Note(b.home, "cannot write the log "+b.path+": "+err.Error())
		if b.fd >= 0 {
			// Hand the box to the reaper. Closing alone would not do: the
			// mapping holds the open file, and with it the lock.
			_ = flock(b.fd, syscall.LOCK_UN)
			syscall.Close(b.fd)
			b.fd = -1
		}
		return err
	}
	b.Discard()
	return nil
}

func (b *Box) finish(end []byte) error {
	if b.state&startLogged == 0 {
		if err := b.logStart(); err != nil {
			return err
		}
	}
	return appendLine(b.path, end, false, b.owner)
}

// Discard removes the box without a trace in the log: the program could not
// be started.
func (b *Box) Discard() {
	if b.fd < 0 {
		return
	}
	if !b.giveBack() {
		_ = syscall.Unlink(boxPath(b.home, b.id))
	}
	if !b.noUsage {
		_ = syscall.Unlink(usagePath(b.home, b.id))
	}
	syscall.Close(b.fd)
	b.fd = -1
}

// Unmap gives the memory of [Box.Ring] back, which nobody may use any more. A
// process that ends need not call it.
func (b *Box) Unmap() {
	if b.mapped {
		_ = syscall.Munmap(b.area)
		b.area, b.mapped = make([]byte, mapSize), false
	}
}

// Usage sums what programs below this run have spent on models, as they wrote
// it into home/open/ID.usage. Nothing known is the zero Usage.
func (b *Box) Usage() event.Usage {
	u, err := readUsage(b.home, b.id)
	b.noUsage = err == syscall.ENOENT
	return u
}

// usageMax bounds what is read of a usage file, in bytes.
const usageMax = 16 << 20

func readUsage(home, id string) (event.Usage, error) {
	var sum event.Usage
	fd, err := open(usagePath(home, id), syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return sum, err
	}
	f := os.NewFile(uintptr(fd), "usage")
	defer f.Close()
	var st syscall.Stat_t
	if syscall.Fstat(fd, &st) != nil || st.Mode&syscall.S_IFMT != syscall.S_IFREG || st.Size > usageMax {
		return sum, ErrNotRegular
	}
	b := make([]byte, st.Size)
	n, _ := f.ReadAt(b, 0)
	for line := range bytes.Lines(b[:n]) {
		if u, ok := event.ParseUsage(line); ok {
			sum.Add(u)
		}
	}
	return sum, nil
}

// put writes a line into its part of the box. It lies within one block, which
// a kill does not tear; what was there before is cut off by its newline.
func (b *Box) put(line []byte, offset int64) error { return pwrite(b.fd, line, offset) }

func isLine(line []byte) bool {
	return len(line) > 1 && len(line) <= event.MaxLine && bytes.IndexByte(line, '\n') == len(line)-1
}
