package box

import (
	"os"
	"syscall"

	"pi-track/internal/log/sys"
)

// takeSpare turns a spare box into the box of run id with the given image. It
// is false when there is none to be had.
//
// The name of a spare box changes only while its lock is held, and it gets the
// run's name when its image is complete: a reaper sees either nothing or a
// living run. Whoever is killed before leaves a spare with some image, which
// the next one overwrites.
func takeSpare(home, id string, image []byte) (int, bool) {
	spare := SparePath(home, os.Getpid())
	fd, ok := lockSpare(spare)
	if !ok {
		return -1, false
	}
	to := Path(home, id)
	if sys.Pwrite(fd, image, 0) == nil && sys.RenameNew(spare, to) == nil && isBox(to, fd) {
		return fd, true
	}
	syscall.Close(fd)
	return -1, false
}

// lockSpare opens a spare box and locks it. It is false when there is none
// under this name, or what is there is in use or not ours.
func lockSpare(path string) (int, bool) {
	fd, err := sys.Open(path, sys.OpenFlags&^syscall.O_APPEND, 0)
	if err != nil {
		return -1, false
	}
	// The file may have become the box of a run since it was opened, which its
	// supervisor's death has unlocked.
	if sys.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB) == nil && isBox(path, fd) {
		return fd, true
	}
	syscall.Close(fd)
	return -1, false
}

// isBox says whether path is the file that is open as fd, and one that this
// user's box can be in.
func isBox(path string, fd int) bool {
	var st syscall.Stat_t
	return syscall.Fstat(fd, &st) == nil && sys.IsNamed(&st, path) &&
		st.Mode == syscall.S_IFREG|0o600 && st.Size == Size && st.Nlink == 1 &&
		st.Uid == uint32(syscall.Geteuid())
}

// giveBack makes the box a spare one. When it is false, the file may still
// have the run's name.
//
// The contents go first. Killed in between, an empty box stays, which is nothing
// to a reaper; the other way round stderr would stay on the disk, unredacted.
func (b *Box) giveBack() bool {
	if sys.Pwrite(b.fd, Blank[:], 0) != nil {
		return false
	}
	if sys.RenameNew(Path(b.home, b.id), SparePath(b.home, os.Getpid())) != nil {
		return false
	}
	_ = sys.Flock(b.fd, syscall.LOCK_UN) // closing would not do: the mapping holds the open file
	return true
}
