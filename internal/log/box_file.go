package log

import "syscall"

// create makes the file, locked, or nothing.
func (b *Box) create() error {
	if len(b.path) >= atFile-atPath {
		return errPath
	}
	if !isLine(b.start) {
		return errLine
	}
	if isLink(b.home + "/open") {
		return ErrNotOurs // nobody would look for a box behind it
	}
	image := make([]byte, boxSize)
	copy(image, boxMagic)
	copy(image[atPath:], b.path)
	copy(image[atStart:], b.start)

	if fd, ok := takeSpare(b.home, b.id, image); ok {
		b.fd = fd
		return nil
	}
	for range reopenMax {
		fd, err := createBox(b.home, b.id)
		if err != nil {
			return err
		}
		// Reapers leave a young file without contents alone, so the lock is free.
		var wait lockTimer
		if !wait.lock(fd) {
			return b.giveUp(fd, errNoLock)
		}
		var st syscall.Stat_t
		if err := syscall.Fstat(fd, &st); err != nil {
			return b.giveUp(fd, err)
		}
		if st.Nlink == 0 { // this process was stopped long enough to be taken for dead
			syscall.Close(fd)
			continue
		}
		if err := pwrite(fd, image, 0); err != nil {
			return b.giveUp(fd, err)
		}
		b.fd = fd
		return nil
	}
	return ErrMoving
}

func (b *Box) giveUp(fd int, err error) error {
	_ = syscall.Unlink(boxPath(b.home, b.id))
	syscall.Close(fd)
	return err
}

func createBox(home, id string) (int, error) {
	path := boxPath(home, id)
	const flags = syscall.O_RDWR | syscall.O_CREAT | syscall.O_EXCL | syscall.O_CLOEXEC | syscall.O_NOFOLLOW
	fd, err := open(path, flags, 0o600)
	if err == syscall.ENOENT {
		if err := mkdirAll(dirOf(path)); err != nil {
			return -1, err
		}
		fd, err = open(path, flags, 0o600)
	}
	if err == nil {
		adopt(fd, dirOf(path))
	}
	return fd, err
}

func boxPath(home, id string) string   { return home + "/open/" + id }
func usagePath(home, id string) string { return boxPath(home, id) + ".usage" }

// isNamed says whether path is the file with these properties. A box that is
// looked at from outside may meanwhile be a spare one, or another run's.
func isNamed(st *syscall.Stat_t, path string) bool {
	var named syscall.Stat_t
	return syscall.Lstat(path, &named) == nil && named.Ino == st.Ino && named.Dev == st.Dev
}
