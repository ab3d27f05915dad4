package log

import "syscall"

// A log on a mount that hangs must not hold up a supervisor. Its lines are then
// only kept in the box by the supervisor ([Box.KeepStart], [Box.KeepEnd]), while
// another process, which nobody waits for, has been handed the same open box
// ([Box.File], [HandedBox]) and logs them. The lock belongs to both: when the
// last of them dies, the box is a reaper's.

// KeepStart is [Box.Start] without the log.
func (b *Box) KeepStart(line []byte) error { return b.keep(line, atStart) }

// KeepEnd is [Box.Finish] without the log: the box stays.
func (b *Box) KeepEnd(line []byte) error { return b.keep(line, atEnd) }

func (b *Box) keep(line []byte, offset int64) error {
	switch {
	case !isLine(line):
		return errLine
	case b.fd < 0:
		return syscall.EBADF
	}
	return b.put(line, offset)
}

// File is the open box, -1 if there is none, and what [HandedBox] has to be told.
func (b *Box) File() (fd int, home, id, path string) { return b.fd, b.home, b.id, b.path }

// HandedBox is the box that another process has made, here open as fd. Its
// [Box.Start] and [Box.Finish] log the lines.
func HandedBox(fd int, home, id, path string) *Box {
	return &Box{fd: fd, home: home, id: id, path: path, owner: anyOwner}
}
