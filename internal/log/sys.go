package log

import "syscall"

// The system calls below are tried again when a signal interrupts them.

func open(path string, flags int, mode uint32) (int, error) {
	for {
		fd, err := syscall.Open(path, flags, mode)
		if err != syscall.EINTR {
			return fd, err
		}
	}
}

func flock(fd, how int) error {
	for {
		if err := syscall.Flock(fd, how); err != syscall.EINTR {
			return err
		}
	}
}

// write writes b to fd, which stands at end, without raising SIGXFSZ.
func write(fd int, b []byte, end int64) (int, error) {
	return withinLimit(end+int64(len(b)), func() (int, error) {
		for {
			n, err := syscall.Write(fd, b)
			if err != syscall.EINTR {
				return max(n, 0), err
			}
		}
	})
}

// pwrite writes all of b at offset, without raising SIGXFSZ.
func pwrite(fd int, b []byte, offset int64) error {
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

// dirOf is the directory part of path.
func dirOf(path string) string {
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
	if syscall.Stat(dirOf(path), &st) == nil && st.Uid != 0 {
		_ = syscall.Lchown(path, int(st.Uid), int(st.Gid))
	}
}

// adopt is [Adopt] for a file that is open. It also gives it the mode that the
// umask may have kept from it, which would shut its owner out for good.
func adopt(fd int, dir string) {
	_ = syscall.Fchmod(fd, 0o600)
	if syscall.Geteuid() != 0 {
		return
	}
	var st syscall.Stat_t
	if syscall.Stat(dir, &st) == nil && st.Uid != 0 {
		_ = syscall.Fchown(fd, int(st.Uid), int(st.Gid))
	}
}

// mkdirAll makes dir and its parents (0700), each owned as its parent is.
func mkdirAll(dir string) error {
	err := syscall.Mkdir(dir, 0o700)
	if err == syscall.ENOENT && dirOf(dir) != dir {
		if err := mkdirAll(dirOf(dir)); err != nil {
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
