package log

import (
	"errors"
	"os"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// ErrNotOurs says that a directory is not one in which pi-track may remove
// anything: it is a link or no directory, or it belongs to somebody else than what
// it is part of, or than the user. Root acts for whoever that is.
var ErrNotOurs = errors.New("not a directory of pi-track's: a link, or somebody else's")

// ownDir is a directory in which files of ours may be removed. Every name in it
// is looked up from the open directory, so that nothing else comes in between.
type ownDir struct {
	file *os.File
	fd   int
	path string
	uid  uint32 // whose it is, and whose the files of ours in it are
}

// enterDir opens the directory at path, which is a part of the directory that
// holds it: both are to have one owner. The last element of path may not be a
// link. It is nil without an error when there is no such directory.
func enterDir(path string) (*ownDir, error) {
	var above, st syscall.Stat_t
	if err := syscall.Stat(dirOf(path), &above); err != nil {
		if err == syscall.ENOENT {
			err = nil
		}
		return nil, err
	}
	fd, err := open(path, syscall.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW|syscall.O_CLOEXEC, 0)
	switch err {
	case nil:
	case syscall.ENOENT:
		return nil, nil
	case syscall.ELOOP, syscall.ENOTDIR:
		return nil, &os.PathError{Op: "open", Path: path, Err: ErrNotOurs}
	default:
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	d := &ownDir{file: os.NewFile(uintptr(fd), path), fd: fd, path: path, uid: above.Uid}
	euid := uint32(syscall.Geteuid())
	if err := syscall.Fstat(fd, &st); err != nil || st.Uid != above.Uid || euid != 0 && euid != st.Uid {
		d.close()
		return nil, &os.PathError{Op: "open", Path: path, Err: ErrNotOurs}
	}
	return d, nil
}

func (d *ownDir) close() { d.file.Close() }

// names are the directory's entries, sorted.
func (d *ownDir) names() ([]string, error) {
	if _, err := d.file.Seek(0, 0); err != nil {
		return nil, err
	}
	names, err := d.file.Readdirnames(-1)
	slices.Sort(names)
	return names, err
}

// stat looks at a regular file of the owner's; anything else is an error.
func (d *ownDir) stat(name string) (unix.Stat_t, error) {
	var st unix.Stat_t
	if err := unix.Fstatat(d.fd, name, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return st, err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG || st.Uid != d.uid {
		return st, ErrNotRegular
	}
	return st, nil
}

// open opens a regular file of the owner's.
func (d *ownDir) open(name string, flags int) (int, error) {
	for {
		fd, err := unix.Openat(d.fd, name, flags|unix.O_CLOEXEC|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return -1, err
		}
		var st syscall.Stat_t
		if err := syscall.Fstat(fd, &st); err != nil || st.Mode&syscall.S_IFMT != syscall.S_IFREG || st.Uid != d.uid {
			syscall.Close(fd)
			return -1, ErrNotRegular
		}
		return fd, nil
	}
}

// isNamed says whether name is the file that is open as fd.
func (d *ownDir) isNamed(fd int, name string) bool {
	var st syscall.Stat_t
	named, err := d.stat(name)
	return err == nil && syscall.Fstat(fd, &st) == nil && named.Ino == st.Ino && uint64(named.Dev) == uint64(st.Dev)
}

func (d *ownDir) remove(name string) error { return unix.Unlinkat(d.fd, name, 0) }

// isRunID says whether name has the form of a run's id, a UUID.
func isRunID(name string) bool {
	if len(name) != 36 {
		return false
	}
	for i, c := range []byte(name) {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') ||
			!dash && (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// usageOf is the run whose usage file has this name.
func usageOf(name string) (id string, ok bool) {
	id, ok = strings.CutSuffix(name, ".usage")
	return id, ok && isRunID(id)
}
