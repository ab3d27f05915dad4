// Package safefile reads the files of an installation without trusting what is at
// their paths, and tells whether other users could have put it there.
//
// It makes system calls directly. Package os would start the runtime's poller, which
// costs a shim more than all its reading.
package safefile

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Why a file is refused.
var (
	ErrNotRegular    = errors.New("not a regular file")
	ErrTooLarge      = errors.New("larger than such a file can be")
	ErrForeign       = errors.New("it belongs to somebody else")
	ErrWorldWritable = errors.New("everyone may write to it")
)

// Limit is more than a file of an installation, or its configuration, has: in
// bytes.
const Limit = 16 << 20

// LimitOfText is more than a file has that somebody's work adds to, such as a
// session of Pi's or a shell's history: in bytes.
const LimitOfText = 8 << 30

// NoLimit is for files of which only a part is read.
const NoLimit = 1<<63 - 1

// Read returns the content of a regular file of at most limit bytes. Whatever
// else lies there (a fifo, a device, a directory, a file of any size) is refused
// at once. Links are followed. Every error is an *os.PathError.
func Read(path string, limit int64) ([]byte, error) {
	data, _, err := read(path, limit)
	return data, err
}

// Open opens a regular file of at most limit bytes for reading, as [Read] does.
func Open(path string, limit int64) (*os.File, error) {
	fd, err := open(path)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	var st syscall.Stat_t
	if err = syscall.Fstat(fd, &st); err == nil {
		err = sane(&st, limit)
	}
	if err != nil {
		syscall.Close(fd)
		return nil, &os.PathError{Op: "read", Path: path, Err: err}
	}
	return os.NewFile(uintptr(fd), path), nil
}

// sane says why a file is refused, whatever is in it.
func sane(st *syscall.Stat_t, limit int64) error {
	switch {
	case st.Mode&syscall.S_IFMT != syscall.S_IFREG:
		return ErrNotRegular
	case st.Size > limit:
		return ErrTooLarge
	}
	return nil
}

// ReadTrusted is [Read] for a file that decides what is executed: the file, its
// directory and all directories above have to be such as [Trusted] demands.
func ReadTrusted(path string, limit int64) ([]byte, error) {
	data, st, err := read(path, limit)
	if err == nil {
		err = trusted(path, &st, owners())
	}
	if err == nil {
		err = Trusted(dirOf(path))
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}

// Trusted says why somebody else could have made or changed what lies at path,
// an absolute one without links: it, or a directory above it, belongs to neither
// this user nor root, or everyone may write to it. In a directory with the sticky
// bit everyone may make files, but not replace those of others. It is nil when
// there is no reason. For root the user who called sudo is as good.
func Trusted(path string) error {
	may := owners()
	for {
		var st syscall.Stat_t
		if err := syscall.Stat(path, &st); err != nil {
			return &os.PathError{Op: "stat", Path: path, Err: err}
		}
		if err := trusted(path, &st, may); err != nil {
			return err
		}
		if path == "/" || path == "." {
			return nil
		}
		path = dirOf(path)
	}
}

func trusted(path string, st *syscall.Stat_t, may [3]uint32) error {
	why := error(nil)
	sticky := st.Mode&syscall.S_IFMT == syscall.S_IFDIR && st.Mode&syscall.S_ISVTX != 0
	switch {
	case st.Uid != may[0] && st.Uid != may[1] && st.Uid != may[2]:
		why = ErrForeign
	case st.Mode&0o002 != 0 && !sticky:
		why = ErrWorldWritable
	default:
		return nil
	}
	return &os.PathError{Op: "trust", Path: path, Err: why}
}

// owners are the users whose files this process trusts.
func owners() [3]uint32 {
	user := uint32(syscall.Geteuid())
	may := [3]uint32{0, user, user}
	if user == 0 {
		if id, err := strconv.ParseUint(os.Getenv("SUDO_UID"), 10, 32); err == nil {
			may[2] = uint32(id)
		}
	}
	return may
}

func read(path string, limit int64) ([]byte, syscall.Stat_t, error) {
	var st syscall.Stat_t
	fail := func(op string, err error) ([]byte, syscall.Stat_t, error) {
		return nil, st, &os.PathError{Op: op, Path: path, Err: err}
	}
	fd, err := open(path)
	if err != nil {
		return fail("open", err)
	}
	defer syscall.Close(fd)
	if err := syscall.Fstat(fd, &st); err != nil {
		return fail("stat", err)
	}
	if err := sane(&st, limit); err != nil {
		return fail("read", err)
	}
	data := make([]byte, st.Size)
	for n := 0; n < len(data); {
		m, err := syscall.Read(fd, data[n:])
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return fail("read", err)
		case m == 0:
			return data[:n], st, nil
		default:
			n += m
		}
	}
	return data, st, nil
}

// open does not wait for a writer of a fifo, and does not become the owner of a
// terminal.
func open(path string) (int, error) {
	const flags = syscall.O_RDONLY | syscall.O_CLOEXEC | syscall.O_NONBLOCK | syscall.O_NOCTTY
	for {
		fd, err := syscall.Open(path, flags, 0)
		if err != syscall.EINTR {
			return fd, err
		}
	}
}

// dirOf is the directory that path lies in.
func dirOf(path string) string {
	switch at := strings.LastIndexByte(path, '/'); {
	case at < 0:
		return "."
	case at == 0:
		return "/"
	default:
		return path[:at]
	}
}
