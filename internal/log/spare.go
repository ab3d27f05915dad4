package log

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// spareSlots is how many boxes of ended runs are kept for runs to come: making
// and removing a file costs several times as much as giving one another name.
// A process uses the slot of its pid.
const spareSlots = 4

// noImage is what a spare box holds: nothing of the run before.
var noImage [boxSize]byte

func sparePath(home string, slot int) string {
	return home + "/open/.spare-" + strconv.Itoa(slot%spareSlots)
}

// takeSpare turns a spare box into the box of run id with the given image. It
// is false when there is none to be had.
//
// The name of a spare box changes only while its lock is held, and it gets the
// run's name when its image is complete: a reaper sees either nothing or a
// living run. Whoever is killed before leaves a spare with some image, which
// the next one overwrites.
func takeSpare(home, id string, image []byte) (int, bool) {
	spare := sparePath(home, os.Getpid())
	fd, ok := lockSpare(spare)
	if !ok {
		return -1, false
	}
	to := boxPath(home, id)
	if pwrite(fd, image, 0) == nil && renameNew(spare, to) == nil && isBox(to, fd) {
		return fd, true
	}
	syscall.Close(fd)
	return -1, false
}

// lockSpare opens a spare box and locks it. It is false when there is none
// under this name, or what is there is in use or not ours.
func lockSpare(path string) (int, bool) {
	fd, err := open(path, openFlags&^syscall.O_APPEND, 0)
	if err != nil {
		return -1, false
	}
	// The file may have become the box of a run since it was opened, which its
	// supervisor's death has unlocked.
	if flock(fd, syscall.LOCK_EX|syscall.LOCK_NB) == nil && isBox(path, fd) {
		return fd, true
	}
	syscall.Close(fd)
	return -1, false
}

// isBox says whether path is the file that is open as fd, and one that this
// user's box can be in.
func isBox(path string, fd int) bool {
	var st syscall.Stat_t
	return syscall.Fstat(fd, &st) == nil && isNamed(&st, path) &&
		st.Mode == syscall.S_IFREG|0o600 && st.Size == boxSize && st.Nlink == 1 &&
		st.Uid == uint32(syscall.Geteuid())
}

// giveBack makes the box a spare one. When it is false, the file may still
// have the run's name.
//
// The contents go first. Killed in between, an empty box stays, which is nothing
// to a reaper; the other way round stderr would stay on the disk, unredacted.
func (b *Box) giveBack() bool {
	if pwrite(b.fd, noImage[:], 0) != nil {
		return false
	}
	if renameNew(boxPath(b.home, b.id), sparePath(b.home, os.Getpid())) != nil {
		return false
	}
	_ = flock(b.fd, syscall.LOCK_UN) // closing would not do: the mapping holds the open file
	return true
}

// isSpareName says whether a spare box may have this name.
func isSpareName(name string) bool {
	n, ok := strings.CutPrefix(name, ".spare-")
	return ok && len(n) == 1 && n[0] >= '0' && n[0] < '0'+spareSlots
}

// RemoveSpares removes the spare boxes in home/open that nobody is using, and
// the directory, if nothing else is in it.
func RemoveSpares(home string) {
	d, err := enterDir(home + "/open")
	if d == nil || err != nil {
		return
	}
	defer d.close()
	for slot := range spareSlots {
		d.removeIf(".spare-"+strconv.Itoa(slot), isUsable)
	}
	_ = syscall.Rmdir(d.path)
}

// isUsable accepts what has a box's size and holds a box's image, or nothing.
func isUsable(kind boxKind, size int64, _ time.Duration) bool {
	return size == boxSize && kind != boxStrange
}

// RemoveBoxes removes what pi-track made in home/open, and the directory. What
// it did not make, cannot recognise, or may still be in use stays, and is returned.
func RemoveBoxes(home string) (kept []string) {
	RemoveSpares(home)
	d, names, err := openBoxes(home)
	if err != nil {
		return []string{home + "/open"}
	}
	if d == nil {
		return nil
	}
	defer d.close()
	for _, name := range names {
		removed := false
		switch {
		case isRunID(name):
			removed = d.removeIf(name, func(kind boxKind, size int64, age time.Duration) bool {
				return isUsable(kind, size, age) || isOld(kind, size, age)
			})
		default:
			if id, ok := usageOf(name); ok && d.isUsage(name) {
				_, err := d.stat(id)
				removed = err == syscall.ENOENT && d.remove(name) == nil
			}
		}
		if !removed {
			kept = append(kept, d.path+"/"+name)
		}
	}
	_ = syscall.Rmdir(d.path)
	return kept
}
