package box

import (
	"encoding/binary"
	"syscall"

	"pi-track/internal/log"
	"pi-track/internal/log/owned"
	"pi-track/internal/log/sys"
)

// create makes the file, locked, or nothing.
func (b *Box) create() error {
	if len(b.path) >= AtFile-AtPath {
		return errPath
	}
	if !isLine(b.start) {
		return errLine
	}
	if sys.IsLink(b.home + "/open") {
		return owned.ErrNotOurs // nobody would look for a box behind it
	}
	image := make([]byte, Size)
	copy(image, Magic)
	binary.NativeEndian.PutUint32(image[AtPathSum:], PathSum(b.path))
	copy(image[AtPath:], b.path)
	copy(image[AtStart:], b.start)

	if fd, ok := takeSpare(b.home, b.id, image); ok {
		b.fd = fd
		return nil
	}
	for range sys.ReopenMax {
		fd, err := createBox(b.home, b.id)
		if err != nil {
			return err
		}
		// Reapers leave a young file without contents alone, so the lock is free.
		var wait sys.LockTimer
		if !wait.Lock(fd) {
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
		if err := sys.Pwrite(fd, image, 0); err != nil {
			return b.giveUp(fd, err)
		}
		b.fd = fd
		return nil
	}
	return log.ErrMoving
}

func (b *Box) giveUp(fd int, err error) error {
	_ = syscall.Unlink(Path(b.home, b.id))
	syscall.Close(fd)
	return err
}

func createBox(home, id string) (int, error) {
	path := Path(home, id)
	const flags = syscall.O_RDWR | syscall.O_CREAT | syscall.O_EXCL | syscall.O_CLOEXEC | syscall.O_NOFOLLOW
	fd, err := sys.Open(path, flags, 0o600)
	if err == syscall.ENOENT {
		if err := sys.MkdirAll(sys.DirOf(path)); err != nil {
			return -1, err
		}
		fd, err = sys.Open(path, flags, 0o600)
	}
	if err == nil {
		sys.AdoptFile(fd, sys.DirOf(path))
	}
	return fd, err
}
