package reap

import (
	"strconv"
	"syscall"
	"time"

	"pi-track/internal/log/box"
)

// RemoveSpares removes the spare boxes in home/open that nobody is using, and
// the directory, if nothing else is in it.
func RemoveSpares(home string) {
	d, _, err := openBoxes(home)
	if d == nil || err != nil {
		return
	}
	defer d.Close()
	for slot := range box.SpareSlots {
		d.removeIf(".spare-"+strconv.Itoa(slot), isUsable)
	}
	_ = syscall.Rmdir(d.Path)
}

// isUsable accepts what has a box's size and holds a box's image, or nothing.
func isUsable(kind boxKind, size int64, _ time.Duration) bool {
	return size == box.Size && kind != boxStrange
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
	defer d.Close()
	for _, name := range names {
		removed := false
		switch {
		case box.IsRunID(name):
			removed = d.removeIf(name, func(kind boxKind, size int64, age time.Duration) bool {
				return isUsable(kind, size, age) || isOld(kind, size, age)
			})
		default:
			if id, ok := box.UsageOf(name); ok && d.isUsage(name) {
				_, err := d.Stat(id)
				removed = err == syscall.ENOENT && d.Remove(name) == nil
			}
		}
		if !removed {
			kept = append(kept, d.Path+"/"+name)
		}
	}
	_ = syscall.Rmdir(d.Path)
	return kept
}
