package log

import (
	"errors"
	"syscall"
	"time"

	"pi-track/internal/log/sys"
)

// Why a log is refused without a try to write it.
var (
	ErrNotRegular = sys.ErrNotRegular
	ErrForeign    = errors.New("owned by someone else")
	ErrSymlink    = errors.New("a symlink, which is not followed")
	ErrMoving     = errors.New("renamed again and again while it was opened")
	ErrLocked     = errors.New("locked by another process for too long")
)

// Append appends line, which ends in a newline, to the log at path with a
// single write, and creates the log (0600) and its directory (0700) when they
// are missing. It follows the protocol in the package comment, takes a few
// milliseconds at most whatever path is, prints nothing and raises no signal.
//
// It returns the error of the system call that failed, or [ErrNotRegular],
// [ErrForeign], [ErrSymlink] or [ErrMoving]; the line is then not in the log. /dev/null
// takes every line.
func Append(path string, line []byte) error { return AppendAs(path, line, AnyOwner) }

// AnyOwner stands for whomever [Append] takes as the owner of a log.
const AnyOwner = -1

// AppendAs is [Append] to a log that has to exist and to belong to owner, unless
// that is [AnyOwner].
func AppendAs(path string, line []byte, owner int) error {
	if path == "/dev/null" {
		return nil
	}
	var wait sys.LockTimer
	for range sys.ReopenMax {
		fd, err := openLog(path, owner == AnyOwner)
		if err != nil {
			return err
		}
		done, err := appendTo(fd, path, line, owner, &wait)
		syscall.Close(fd) // also drops the lock
		if done || err != nil {
			return err
		}
	}
	return ErrMoving
}

// appendTo appends line to the open log. It is false when the log was renamed
// away and has to be opened again.
func appendTo(fd int, path string, line []byte, owner int, wait *sys.LockTimer) (bool, error) {
	locked := wait.Lock(fd)
	var st syscall.Stat_t
	if err := syscall.Fstat(fd, &st); err != nil {
		return false, err
	}
	if err := usable(&st, path); err != nil {
		return false, err
	}
	if owner != AnyOwner && int(st.Uid) != owner {
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
		if _, err := syscall.Pread(fd, last[:], st.Size-1); err != nil {
			return false, err
		}
		if last[0] != '\n' {
			line = onNewLine(line) // a fragment of a killed writer
		}
	}
	n, err := sys.Write(fd, line, st.Size)
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
	n, err := sys.Write(fd, line, size)
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
	fd, err := sys.Open(sys.DirOf(path), syscall.O_RDONLY|syscall.O_DIRECTORY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return func() {}
	}
	wait := sys.LockTimer{Within: within}
	wait.Lock(fd)
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
		if uid != 0 || syscall.Stat(sys.DirOf(path), &dir) != nil || dir.Uid != st.Uid {
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
	for range sys.ReopenMax {
		fd, err := sys.Open(path, sys.OpenFlags, 0)
		if err == syscall.ELOOP && sys.IsLink(path) {
			err = ErrSymlink
		}
		if err != syscall.ENOENT || !create {
			return fd, err
		}
		fd, err = sys.Open(path, sys.OpenFlags|syscall.O_CREAT|syscall.O_EXCL, 0o600)
		switch err {
		case nil:
			sys.AdoptFile(fd, sys.DirOf(path))
			return fd, nil
		case syscall.EEXIST: // created by another process just now
		case syscall.ENOENT:
			if err := sys.MkdirAll(sys.DirOf(path)); err != nil {
				return -1, err
			}
		default:
			return -1, err
		}
	}
	return -1, ErrMoving
}
