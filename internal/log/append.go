package log

import (
	"errors"
	"syscall"
	"time"
)

// Why a log is refused without a try to write it.
var (
	ErrNotRegular = errors.New("not a regular file")
	ErrForeign    = errors.New("owned by someone else")
	ErrSymlink    = errors.New("a symbolic link, which is not followed")
	ErrMoving     = errors.New("renamed again and again while it was opened")
	ErrLocked     = errors.New("locked by another process for too long")
)

const (
	// lockWait bounds the time that an append waits for the lock. After it
	// the line is appended without: whoever holds the lock that long is
	// stopped, and must not hold up a helper.
	lockWait = 4 * time.Millisecond

	// reopenMax is how often a log that was renamed away in between is
	// opened again.
	reopenMax = 8

	openFlags = syscall.O_RDWR | syscall.O_APPEND | syscall.O_CLOEXEC |
		syscall.O_NOFOLLOW | syscall.O_NONBLOCK | syscall.O_NOCTTY
)

// Append appends line, which ends in a newline, to the log at path with a
// single write, and creates the log (0600) and its directory (0700) when they
// are missing. It follows the protocol in the package comment, takes a few
// milliseconds at most whatever path is, prints nothing and raises no signal.
//
// It returns the error of the system call that failed, or [ErrNotRegular],
// [ErrForeign], [ErrSymlink] or [ErrMoving]; the line is then not in the log. /dev/null
// takes every line.
func Append(path string, line []byte) error { return appendLine(path, line, false, anyOwner) }

// AppendSync is like [Append] and returns when the line is on the disk
// (fdatasync). It costs about fifty times as much.
func AppendSync(path string, line []byte) error { return appendLine(path, line, true, anyOwner) }

// anyOwner stands for whomever [usable] takes.
const anyOwner = -1

// appendLine appends line to the log at path. With an owner the log has to exist
// and to be theirs.
func appendLine(path string, line []byte, sync bool, owner int) error {
	if path == "/dev/null" {
		return nil
	}
	var wait lockTimer
	for range reopenMax {
		fd, err := openLog(path, owner == anyOwner)
		if err != nil {
			return err
		}
		done, err := appendTo(fd, path, line, owner, &wait)
		if done && err == nil && sync {
			err = datasync(fd)
		}
		syscall.Close(fd) // also drops the lock
		if done || err != nil {
			return err
		}
	}
	return ErrMoving
}

// appendTo appends line to the open log. It is false when the log was renamed
// away and has to be opened again.
func appendTo(fd int, path string, line []byte, owner int, wait *lockTimer) (bool, error) {
	locked := wait.lock(fd)
	var st syscall.Stat_t
	if err := syscall.Fstat(fd, &st); err != nil {
		return false, err
	}
	if err := usable(&st, path); err != nil {
		return false, err
	}
	if owner != anyOwner && int(st.Uid) != owner {
		return false, ErrForeign
	}
	if !locked {
		return appendUnlocked(fd, line, st.Size)
	}
	var now syscall.Stat_t
	if err := syscall.Stat(path, &now); err != nil || now.Ino != st.Ino || now.Dev != st.Dev {
		return false, nil
	}
	var last [1]byte
	if st.Size > 0 {
		if n, err := syscall.Pread(fd, last[:], st.Size-1); n != 1 && err != nil {
			return false, err
		}
		if last[0] != '\n' {
			line = onNewLine(line) // a fragment of a killed writer
		}
	}
	n, err := write(fd, line, st.Size)
	if n == len(line) {
		return true, nil
	}
	if n > 0 {
		undo(fd, int64(n))
	}
	if err == nil {
		err = syscall.ENOSPC // a short write: the limit or the end of the disk
	}
	return false, err
}

// appendUnlocked appends line with a newline in front, because the end of the
// file cannot be judged without the lock. When the file has meanwhile been
// removed for good (compressed or pruned after a rotation) the line has to be
// written once more.
func appendUnlocked(fd int, line []byte, size int64) (bool, error) {
	line = onNewLine(line)
	n, err := write(fd, line, size)
	if err != nil {
		return false, err
	}
	if n < len(line) {
		return false, syscall.ENOSPC // the next writer heals the fragment
	}
	var st syscall.Stat_t
	if err := syscall.Fstat(fd, &st); err == nil && st.Nlink == 0 {
		return false, nil
	}
	return true, nil
}

// undo takes back the n bytes of a short write, unless another writer, who
// has no lock, has already written behind them.
func undo(fd int, n int64) {
	end, err := syscall.Seek(fd, 0, 1) // where our write ended
	if err != nil {
		return
	}
	var st syscall.Stat_t
	if syscall.Fstat(fd, &st) == nil && st.Size == end && end >= n {
		_ = syscall.Ftruncate(fd, end-n)
	}
}

func onNewLine(line []byte) []byte {
	return append(append(make([]byte, 0, len(line)+1), '\n'), line...)
}

// Alone keeps away whoever else asks for it with the same log, until done is
// called. It waits for at most within, and goes on without then, or when the
// log's directory is not there. Appending does not wait for it.
func Alone(path string, within time.Duration) (done func()) {
	fd, err := open(dirOf(path), syscall.O_RDONLY|syscall.O_DIRECTORY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return func() {}
	}
	wait := lockTimer{within: within}
	wait.lock(fd)
	return func() { syscall.Close(fd) }
}

// usable says whether a log with these properties may be written.
func usable(st *syscall.Stat_t, path string) error {
	if st.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return ErrNotRegular
	}
	if uid := uint32(syscall.Geteuid()); st.Uid != uid {
		// Under sudo the log belongs to the user, as its directory does.
		var dir syscall.Stat_t
		if uid != 0 || syscall.Stat(dirOf(path), &dir) != nil || dir.Uid != st.Uid {
			return ErrForeign
		}
	}
	return nil
}

// Writable says what would keep [Append] from writing the log at path, which
// exists, or nil. It writes nothing.
func Writable(path string) error {
	fd, err := openLog(path, false)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	var st syscall.Stat_t
	if err := syscall.Fstat(fd, &st); err != nil {
		return err
	}
	return usable(&st, path)
}

// openLog opens the log and creates what is missing, if it is to.
func openLog(path string, create bool) (int, error) {
	for range reopenMax {
		fd, err := open(path, openFlags, 0)
		if err == syscall.ELOOP && isLink(path) {
			err = ErrSymlink
		}
		if err != syscall.ENOENT || !create {
			return fd, err
		}
		fd, err = open(path, openFlags|syscall.O_CREAT|syscall.O_EXCL, 0o600)
		switch err {
		case nil:
			adopt(fd, dirOf(path))
			return fd, nil
		case syscall.EEXIST: // created by another process just now
		case syscall.ENOENT:
			if err := mkdirAll(dirOf(path)); err != nil {
				return -1, err
			}
		default:
			return -1, err
		}
	}
	return -1, ErrMoving
}

func isLink(path string) bool {
	var st syscall.Stat_t
	return syscall.Lstat(path, &st) == nil && st.Mode&syscall.S_IFMT == syscall.S_IFLNK
}

// lockTimer hands out locks until it has waited for [lockWait], or for within,
// in total.
type lockTimer struct {
	within   time.Duration
	deadline time.Time
}

// lock takes the exclusive lock on fd. It is false when that took too long or
// the file system has no locks.
func (t *lockTimer) lock(fd int) bool {
	pause := 50 * time.Microsecond
	for {
		err := flock(fd, syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return true
		}
		if err != syscall.EWOULDBLOCK {
			return false
		}
		now := time.Now()
		if t.deadline.IsZero() {
			if t.within == 0 {
				t.within = lockWait
			}
			t.deadline = now.Add(t.within)
		}
		if !now.Before(t.deadline) {
			return false
		}
		sleep(pause)
		pause = min(pause*2, time.Millisecond)
	}
}
