package reap

import (
	"bytes"
	"encoding/binary"
	"syscall"
	"time"

	"pi-track/internal/log"
	"pi-track/internal/log/box"
	"pi-track/internal/log/sys"
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

func readStderrFile(head []byte) stderrFile {
	n := func(i int) uint64 { return binary.NativeEndian.Uint64(head[box.AtFile+8*i:]) }
	return stderrFile{n(0), n(1), n(2), cString(head[box.AtFilePath:box.AtRing])}
}

// stderrTail is the end of what the run wrote to its file, nil when that cannot be
// proved: the file is another, it was changed after the run must have been dead,
// or it does not go on from what was read back while the run was alive. With an
// owner the file has to be theirs.
func (r *boxContents) stderrTail(began time.Time, owner int) []byte {
	f := r.file
	if f.path == "" || f.path[0] != '/' {
		return nil
	}
	fd, err := sys.Open(f.path, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NOFOLLOW|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil
	}
	defer syscall.Close(fd)
	var st syscall.Stat_t
	if syscall.Fstat(fd, &st) != nil || st.Mode&syscall.S_IFMT != syscall.S_IFREG ||
		uint64(st.Dev) != f.dev || st.Ino != f.ino || owner != log.AnyOwner && int(st.Uid) != owner ||
		sys.ChangeTime(&st).After(began.Add(r.beat+killSlack)) {
		return nil
	}
	size := uint64(max(st.Size, 0))
	if size <= f.from || size-f.from < r.total {
		return nil
	}
	at := max(f.from, size-min(size, box.RingSize))
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
