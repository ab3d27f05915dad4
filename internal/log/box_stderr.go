package log

import (
	"bytes"
	"encoding/binary"
	"syscall"
	"time"

	"pi-track/internal/mount"
)

// Where a program writes its stderr to a regular file, the supervisor reads back
// once a second, and is killed before it could, mostly. So the box says which file
// that is and where the program began, and the reaper reads what it wrote. The
// layout, at atFile in the head: three uint64, then the path, zero-terminated.
const (
	atFile     = 3072
	atFilePath = atFile + 3*8
)

// killSlack is how much later than the heartbeat that never came a file may have
// been changed by a run that died before it: the heartbeat may be late.
const killSlack = 1500 * time.Millisecond

// stderrFile is a regular file that a program writes its stderr to.
type stderrFile struct {
	dev, ino uint64
	from     uint64 // where the program's output begins
	path     string
}

// Watch records in the box which file the descriptor is that the program will have
// as its stderr, if it is a regular one. To be called before the program starts.
func (b *Box) Watch(fd int) {
	if b.fd < 0 {
		return
	}
	st, err := mount.Of(fd)
	if err != nil || st.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return
	}
	if ours, err := mount.Of(b.fd); err != nil || mount.MayHang(st, ours) {
		return // whoever reads it back would hang
	}
	path, from, ok := written(fd, st.Size)
	if !ok || len(path) >= atRing-atFilePath {
		return
	}
	record := make([]byte, atFilePath-atFile, atRing-atFile)
	for i, n := range [...]uint64{st.Dev, st.Ino, uint64(from)} {
		binary.NativeEndian.PutUint64(record[8*i:], n)
	}
	_ = pwrite(b.fd, append(record, path...), atFile)
}

func readStderrFile(head []byte) stderrFile {
	n := func(i int) uint64 { return binary.NativeEndian.Uint64(head[atFile+8*i:]) }
	return stderrFile{n(0), n(1), n(2), cString(head[atFilePath:atRing])}
}

// stderrTail is the end of what the run wrote to its file, nil when that cannot be
// proved: the file is another, it was changed after the run must have been dead,
// or it does not go on from what was read back while the run was alive. With an
// owner the file has to be theirs.
func (r *record) stderrTail(began time.Time, owner int) []byte {
	f := r.file
	if f.path == "" || f.path[0] != '/' {
		return nil
	}
	fd, err := open(f.path, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NOFOLLOW|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil
	}
	defer syscall.Close(fd)
	var st syscall.Stat_t
	if syscall.Fstat(fd, &st) != nil || st.Mode&syscall.S_IFMT != syscall.S_IFREG ||
		uint64(st.Dev) != f.dev || st.Ino != f.ino || owner != anyOwner && int(st.Uid) != owner ||
		changeTime(&st).After(began.Add(r.beat+killSlack)) {
		return nil
	}
	size := uint64(max(st.Size, 0))
	if size <= f.from || size-f.from < r.total {
		return nil
	}
	at := max(f.from, size-min(size, RingSize))
	tail := make([]byte, size-at)
	if n, err := syscall.Pread(fd, tail, int64(at)); err != nil || n != len(tail) {
		return nil
	}
	// What the ring has, the file has in the same place.
	known := make([]byte, len(r.tail))
	if n, err := syscall.Pread(fd, known, int64(f.from+r.total)-int64(len(known))); err != nil || n != len(known) || !bytes.Equal(known, r.tail) {
		return nil
	}
	return tail
}
