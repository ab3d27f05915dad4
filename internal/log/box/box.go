package box

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"syscall"
	"time"
	"unsafe"

	"pi-track/internal/event"
	"pi-track/internal/log"
	"pi-track/internal/log/sys"
)

var (
	errPath   = errors.New("the path of the log is too long")
	errNoLock = errors.New("it cannot be locked: does the file system support flock?")
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

	area []byte // head and ring, once asked for: the mapping, or plain memory without one

	noUsage bool // there is no usage file to be removed
}

// New makes the box of the run id in home/open for the log at path, with
// the start line as far as it is known before the program runs. All its
// blocks are taken at once, so that a disk that fills up later does no harm.
//
// On an error the returned box has no file and works all the same: it logs
// the lines, only a run that is killed together with its supervisor leaves
// its start line alone.
func New(home, id, path string, start []byte) (*Box, error) {
	b := &Box{fd: -1, home: home, id: id, path: path, owner: log.AnyOwner, start: start}
	err := b.create()
	if err != nil {
		log.Note(home, "cannot make a black box in "+home+"/open: "+err.Error())
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
	return b.area[AtRing : AtRing+RingSize : AtRing+RingSize], (*uint64)(unsafe.Pointer(&b.area[AtTotal]))
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
	if err := sys.Pwrite(b.fd, text, AtRing+int64(at)); err != nil {
		return err
	}
	var total [8]byte
	binary.NativeEndian.PutUint64(total[:], at+uint64(len(text)))
	return sys.Pwrite(b.fd, total[:], AtTotal)
}

// mapFile maps the box, only now: most runs write nothing or little to stderr.
// Where that cannot be done, the ring is lost with the process.
func (b *Box) mapFile() {
	if b.fd >= 0 {
		area, err := syscall.Mmap(b.fd, 0, mapSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
		if err == nil {
			b.area = area
			return
		}
		log.Note(b.home, "cannot map a black box in "+b.home+"/open: "+err.Error())
	}
	b.area = make([]byte, mapSize)
}

// Beat records that the program still runs, elapsed after its start. To be
// called about once a second: a reaped run's duration is its last heartbeat.
func (b *Box) Beat(elapsed time.Duration) {
	if b.fd >= 0 {
		var beat [AtPath - AtBeat]byte
		binary.NativeEndian.PutUint64(beat[:], uint64(elapsed.Milliseconds()))
		if b.boot == "" {
			b.boot = sys.BootID() // as dear as making the box, so not for every short run
		}
		copy(beat[AtBoot-AtBeat:len(beat)-1], b.boot)
		_ = sys.Pwrite(b.fd, beat[:], AtBeat)
	}
}

// Start records the start line, which may know more than the one given to
// [New], in the box and appends it to the log. When the append fails, the
// line is in the box only, and [Box.Finish] or a reaper tries again.
func (b *Box) Start(line []byte) error {
	if !isLine(line) {
		return errLine
	}
	b.start = line
	if b.fd >= 0 {
		if err := b.put(line, AtStart); err != nil {
			return err
		}
	}
	return b.logStart()
}

func (b *Box) logStart() error {
	if err := log.AppendAs(b.path, b.start, b.owner); err != nil {
		return err
	}
	b.state |= StartLogged
	if b.fd >= 0 {
		var state [4]byte
		binary.NativeEndian.PutUint32(state[:], b.state)
		_ = sys.Pwrite(b.fd, state[:], AtState) // a second start line would be dropped by readers
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
		_ = b.put(end, AtEnd) // the append below counts
	}
	err := b.LogEnd(end)
	if err != nil {
		log.Note(b.home, "cannot write the log "+b.path+": "+err.Error())
		if b.fd >= 0 {
			// Hand the box to the reaper. Closing alone would not do: the
			// mapping holds the open file, and with it the lock.
			_ = sys.Flock(b.fd, syscall.LOCK_UN)
			syscall.Close(b.fd)
			b.fd = -1
		}
		return err
	}
	b.Discard()
	return nil
}

// LogEnd appends the end line to the log, after the start line, if that is not yet
// there.
func (b *Box) LogEnd(end []byte) error {
	if b.state&StartLogged == 0 {
		if err := b.logStart(); err != nil {
			return err
		}
	}
	return log.AppendAs(b.path, end, b.owner)
}

// Discard removes the box without a trace in the log: the program could not
// be started.
func (b *Box) Discard() {
	if b.fd < 0 {
		return
	}
	if !b.giveBack() {
		_ = syscall.Unlink(Path(b.home, b.id))
	}
	if !b.noUsage {
		_ = syscall.Unlink(UsagePath(b.home, b.id))
	}
	syscall.Close(b.fd)
	b.fd = -1
}

// Usage sums what programs below this run have spent on models, as they wrote
// it into home/open/ID.usage. Nothing known is the zero Usage.
func (b *Box) Usage() event.Usage {
	u, err := ReadUsage(b.home, b.id)
	b.noUsage = err == syscall.ENOENT
	return u
}

// usageMax bounds what is read of a usage file, in bytes.
const usageMax = 16 << 20

// ReadUsage sums the usage file of the run id, see [Box.Usage].
func ReadUsage(home, id string) (event.Usage, error) {
	var sum event.Usage
	fd, err := sys.Open(UsagePath(home, id), syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return sum, err
	}
	f := os.NewFile(uintptr(fd), "usage")
	defer f.Close()
	var st syscall.Stat_t
	if syscall.Fstat(fd, &st) != nil || st.Mode&syscall.S_IFMT != syscall.S_IFREG || st.Size > usageMax {
		return sum, sys.ErrNotRegular
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
func (b *Box) put(line []byte, offset int64) error { return sys.Pwrite(b.fd, line, offset) }

func isLine(line []byte) bool {
	return len(line) > 1 && len(line) <= event.MaxLine && bytes.IndexByte(line, '\n') == len(line)-1
}
