package box

import (
	"syscall"

	"pi-track/internal/log"
)

// A log on a mount that hangs must not hold up a supervisor. Its lines are then
// only kept in the box by the supervisor ([Box.KeepStart], [Box.KeepEnd]), while
// another process, which nobody waits for, has been handed the same open box
// ([Box.File], [Handed]) and logs them. The lock belongs to both: when the
// last of them dies, the box is a reaper's.

// KeepStart is [Box.Start] without the log.
func (b *Box) KeepStart(line []byte) error { return b.keep(line, AtStart) }

// KeepEnd is [Box.Finish] without the log: the box stays.
func (b *Box) KeepEnd(line []byte) error { return b.keep(line, AtEnd) }

func (b *Box) keep(line []byte, offset int64) error {
	switch {
	case !isLine(line):
		return errLine
	case b.fd < 0:
		return syscall.EBADF
	}
	return b.put(line, offset)
}

// File is the open box, -1 if there is none, and what [Handed] has to be told.
func (b *Box) File() (fd int, home, id, path string) { return b.fd, b.home, b.id, b.path }

// Handed is the box that another process has made, here open as fd. Its
// [Box.Start] and [Box.Finish] log the lines.
func Handed(fd int, home, id, path string) *Box {
	return &Box{fd: fd, home: home, id: id, path: path, owner: log.AnyOwner}
}

// Dead is the box of a run whose supervisor is dead, locked by the caller, open as
// fd, with what it holds: [Box.KeepEnd] and [Box.LogEnd] end its run. The log has to
// belong to owner.
func Dead(fd int, home, id, path string, state uint32, start []byte, owner int) *Box {
	return &Box{fd: fd, home: home, id: id, path: path, owner: owner, state: state, start: start}
}
