// Package owned opens directories in which pi-track removes its own files. Every file
// in them is looked up relative to the open directory, so nobody can swap a directory
// between the check and the removal.
package owned

import (
	"errors"
	"os"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"

	"pi-track/internal/log/sys"
)

// ErrNotOurs says that a directory is not one in which pi-track may remove
// anything: it is a link or no directory, or it belongs to somebody else than what
// it is part of, or than the user. Root acts for whoever that is.
var ErrNotOurs = errors.New("not a directory of pi-track's: a symlink, or owned by somebody else")

// Dir is a directory in which files of ours may be removed. Every name in it
// is looked up from the open directory, so that nothing else comes in between.
type Dir struct {
	file *os.File
	fd   int
	Path string
	UID  uint32 // whose it is, and whose the files of ours in it are
}

// Enter opens the directory at path, which is a part of the directory that
// holds it: both are to have one owner. The last element of path may not be a
// link. It is nil without an error when there is no such directory.
func Enter(path string) (*Dir, error) {
	var above, st syscall.Stat_t
	if err := syscall.Stat(sys.DirOf(path), &above); err != nil {
		if err == syscall.ENOENT {
			err = nil
		}
		return nil, err
	}
	fd, err := sys.Open(path, syscall.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW|syscall.O_CLOEXEC, 0)
	switch err {
	case nil:
	case syscall.ENOENT:
		return nil, nil
	case syscall.ELOOP, syscall.ENOTDIR:
		return nil, &os.PathError{Op: "open", Path: path, Err: ErrNotOurs}
	default:
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	d := &Dir{file: os.NewFile(uintptr(fd), path), fd: fd, Path: path, UID: above.Uid}
	euid := uint32(syscall.Geteuid())
	if err := syscall.Fstat(fd, &st); err != nil || st.Uid != above.Uid || euid != 0 && euid != st.Uid {
		d.Close()
		return nil, &os.PathError{Op: "open", Path: path, Err: ErrNotOurs}
	}
	return d, nil
}

// Close closes the directory.
func (d *Dir) Close() { d.file.Close() }

// Names are the directory's entries, sorted.
func (d *Dir) Names() ([]string, error) {
	if _, err := d.file.Seek(0, 0); err != nil {
		return nil, err
	}
	names, err := d.file.Readdirnames(-1)
	slices.Sort(names)
	return names, err
}

// Stat looks at a regular file of the owner's; anything else is an error.
func (d *Dir) Stat(name string) (unix.Stat_t, error) {
	var st unix.Stat_t
	if err := unix.Fstatat(d.fd, name, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return st, err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG || st.Uid != d.UID {
		return st, sys.ErrNotRegular
	}
	return st, nil
}

// Open opens a regular file of the owner's.
func (d *Dir) Open(name string, flags int) (int, error) {
	for {
		fd, err := unix.Openat(d.fd, name, flags|unix.O_CLOEXEC|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return -1, err
		}
		var st syscall.Stat_t
		if err := syscall.Fstat(fd, &st); err != nil || st.Mode&syscall.S_IFMT != syscall.S_IFREG || st.Uid != d.UID {
			syscall.Close(fd)
			return -1, sys.ErrNotRegular
		}
		return fd, nil
	}
}

// IsNamed says whether name is the file that is open as fd.
func (d *Dir) IsNamed(fd int, name string) bool {
	var st syscall.Stat_t
	named, err := d.Stat(name)
	return err == nil && syscall.Fstat(fd, &st) == nil && named.Ino == st.Ino && uint64(named.Dev) == uint64(st.Dev)
}

// Remove removes a file.
func (d *Dir) Remove(name string) error { return unix.Unlinkat(d.fd, name, 0) }
