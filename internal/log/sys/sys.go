// Package sys has the system calls that the packages below log share: calls that are
// retried after an interrupting signal, writes that raise no SIGXFSZ, file locks, and
// files that get the owner of their directory.
package sys

import (
	"errors"
	"syscall"
)

// ErrNotRegular says that a path leads to something else than a regular file.
var ErrNotRegular = errors.New("not a regular file")

const (
	// ReopenMax is how often a file that was renamed away in between is opened
	// again.
	ReopenMax = 8

	// OpenFlags open a log for appending, and neither follow a symlink nor wait.
	OpenFlags = syscall.O_RDWR | syscall.O_APPEND | syscall.O_CLOEXEC |
		syscall.O_NOFOLLOW | syscall.O_NONBLOCK | syscall.O_NOCTTY
)

// Open is open(2).
func Open(path string, flags int, mode uint32) (int, error) {
	for {
		fd, err := syscall.Open(path, flags, mode)
		if err != syscall.EINTR {
			return fd, err
		}
	}
}

// Flock is flock(2).
func Flock(fd, how int) error {
	for {
		if err := syscall.Flock(fd, how); err != syscall.EINTR {
			return err
		}
	}
}

// Write writes b to fd, which stands at end, without raising SIGXFSZ.
func Write(fd int, b []byte, end int64) (int, error) {
	return withinLimit(end+int64(len(b)), func() (int, error) {
		for {
			n, err := syscall.Write(fd, b)
			if err != syscall.EINTR {
				return max(n, 0), err
			}
		}
	})
}

// Pwrite writes all of b at offset, without raising SIGXFSZ.
func Pwrite(fd int, b []byte, offset int64) error {
	n, err := withinLimit(offset+int64(len(b)), func() (int, error) {
		for {
			n, err := syscall.Pwrite(fd, b, offset)
			if err != syscall.EINTR {
				return max(n, 0), err
			}
		}
	})
	if err == nil && n < len(b) {
		err = syscall.ENOSPC
	}
	return err
}

// DirOf is the directory part of path.
func DirOf(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '/' {
			return path[:max(i, 1)]
		}
	}
	return "."
}

// Adopt gives the file or directory just created at path to the owner of the
// directory that it is in, so that what runs under sudo leaves nothing in a
// user's directory that the user cannot write.
func Adopt(path string) {
	if syscall.Geteuid() != 0 {
		return
	}
	var st syscall.Stat_t
	if syscall.Stat(DirOf(path), &st) == nil && st.Uid != 0 {
		_ = syscall.Lchown(path, int(st.Uid), int(st.Gid))
	}
}

// AdoptFile is [Adopt] for a file that is open. It also gives it the mode that the
// umask may have kept from it, which would shut its owner out for good.
func AdoptFile(fd int, dir string) {
	_ = syscall.Fchmod(fd, 0o600)
	if syscall.Geteuid() != 0 {
		return
	}
	var st syscall.Stat_t
	if syscall.Stat(dir, &st) == nil && st.Uid != 0 {
		_ = syscall.Fchown(fd, int(st.Uid), int(st.Gid))
	}
}

// MkdirAll makes dir and its parents (0700), each owned as its parent is.
func MkdirAll(dir string) error {
	err := syscall.Mkdir(dir, 0o700)
	if err == syscall.ENOENT && DirOf(dir) != dir {
		if err := MkdirAll(DirOf(dir)); err != nil {
			return err
		}
		err = syscall.Mkdir(dir, 0o700)
	}
	if err == syscall.EEXIST {
		return nil
	}
	if err != nil {
		return err
	}
	_ = syscall.Chmod(dir, 0o700) // whatever the umask
	Adopt(dir)
	return nil
}

// IsLink says whether path itself is a symlink.
func IsLink(path string) bool {
	var st syscall.Stat_t
	return syscall.Lstat(path, &st) == nil && st.Mode&syscall.S_IFMT == syscall.S_IFLNK
}

// IsNamed says whether path is the file with these properties. A box that is
// looked at from outside may meanwhile be a spare one, or another run's.
func IsNamed(st *syscall.Stat_t, path string) bool {
	var named syscall.Stat_t
	return syscall.Lstat(path, &named) == nil && named.Ino == st.Ino && named.Dev == st.Dev
}
