package reap

import (
	"os"
	"syscall"
	"time"

	"pi-track/internal/log"
	"pi-track/internal/log/box"
	"pi-track/internal/log/owned"
	"pi-track/internal/log/sys"
)

// makingTime is how long a file without contents may be a box that is just being
// made.
const makingTime = time.Minute

// Found is what [Boxes] did and saw.
type Found struct {
	Runs    int          // that it ended
	Running []RunningRun // whose supervisor is alive, oldest first
	Damaged []DamagedBox // left as they are

	// Strangers are the paths in home/open that pi-track did not make or cannot
	// recognise, the first few, and StrangersN is how many there are. They stay.
	Strangers  []string
	StrangersN int

	Blank int // boxes that hold nothing, before some of them were removed
}

// maxStrangers is how many strangers are named.
const maxStrangers = 5

// DamagedBox is a box from which no end can be made. Its supervisor is dead.
type DamagedBox struct {
	ID   string    // its name
	Last time.Time // when it was written last
}

// Boxes ends the runs whose supervisor was killed: for each box in home/open
// whose lock can be taken it appends the end line that the box holds or, when
// it holds none, one with the status cancelled and src reaped, and removes
// the box. A box whose log cannot be written stays; the error is a [*Error] then.
//
// Nothing is removed that is not provably ours: see the package comment.
// Reapers and supervisors may work at the same time: a run gets one end.
func Boxes(home string) (Found, error) {
	var result Found
	d, names, err := openBoxes(home)
	if d == nil {
		return result, err
	}
	defer d.Close()
	var failed *Error
	var blank []string
	for _, name := range names {
		kind, err := d.visit(name, &result)
		switch kind {
		case boxBlank:
			blank = append(blank, name)
		case boxStrange, boxDamaged:
			if result.StrangersN++; len(result.Strangers) < maxStrangers {
				result.Strangers = append(result.Strangers, d.Path+"/"+name)
			}
		}
		if err == nil {
			continue
		}
		if failed == nil {
			failed = &Error{First: box.Path(home, name), Err: err}
		}
		failed.Boxes++
	}
	d.sweep(blank)
	result.Blank = len(blank)
	if failed != nil {
		return result, failed
	}
	return result, nil
}

// visit does what is to be done with one entry of home/open.
func (d *boxDir) visit(name string, result *Found) (boxKind, error) {
	if box.IsRunID(name) {
		return d.reap(name, result)
	}
	id, usage := box.UsageOf(name)
	switch {
	case usage && !d.isUsage(name), !usage && !box.IsSpareName(name):
		return boxStrange, nil
	case usage:
		d.dropUsage(id)
	default:
		if st, err := d.Stat(name); err == nil && st.Size != box.Size && st.Size != 0 || err == sys.ErrNotRegular {
			return boxStrange, nil
		}
	}
	return boxNone, nil
}

// boxDir is home/open.
type boxDir struct{ *owned.Dir }

// openBoxes opens home/open and lists it in the order of the names, which is
// the order of the runs' starts. It is nil when there is none.
func openBoxes(home string) (*boxDir, []string, error) {
	dir, err := owned.Enter(home + "/open")
	if dir == nil {
		return nil, nil, err
	}
	d := &boxDir{dir}
	names, err := d.Names()
	if err != nil {
		d.Close()
		return nil, nil, err
	}
	return d, names, nil
}

// reap ends one run, if its supervisor is dead.
func (d *boxDir) reap(id string, result *Found) (boxKind, error) {
	st, err := d.Stat(id)
	switch {
	case err == syscall.ENOENT:
		return boxNone, nil // ended in between
	case err != nil || st.Size > box.Size:
		return boxStrange, nil
	case st.Size < box.Size && time.Since(time.Unix(st.Mtim.Unix())) < makingTime:
		return boxNone, nil // even a lock held for a moment could get in the way of its maker
	case st.Size == 0:
		return boxBlank, nil
	}
	fd, err := d.Open(id, syscall.O_RDWR)
	if err != nil {
		if err == syscall.ENOENT || err == sys.ErrNotRegular {
			err = nil // ended in between
		}
		return boxNone, err
	}
	defer syscall.Close(fd) // drops the lock, after everything else
	return d.reapOpen(fd, id, time.Unix(st.Mtim.Unix()), result)
}

// reapOpen is reap of the file that was found under the run's id, written at
// last. By now it may have another name.
func (d *boxDir) reapOpen(fd int, id string, last time.Time, result *Found) (boxKind, error) {
	if err := sys.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if r, kind := readBox(fd); err == syscall.EWOULDBLOCK && kind == boxWhole && d.IsNamed(fd, id) {
			result.Running = append(result.Running, runningRun(id, &r))
		}
		return boxNone, nil // alive, or another reaper is at it
	}
	if !d.IsNamed(fd, id) {
		return boxNone, nil // another reaper was faster
	}
	r, kind := readBox(fd)
	switch kind {
	case boxWhole:
		err := d.end(fd, id, &r)
		if err == nil {
			result.Runs++
		}
		return kind, err
	case boxVersion:
		return kind, errVersion
	case boxDamaged, boxStrange:
		result.Damaged = append(result.Damaged, DamagedBox{ID: id, Last: last})
	}
	return kind, nil
}

// end logs the end of the run in a box, and removes the box.
func (d *boxDir) end(fd int, id string, r *boxContents) error {
	home, owner := sys.DirOf(d.Path), log.AnyOwner
	if d.UID != uint32(os.Geteuid()) {
		owner = int(d.UID) // under sudo: what a user's box says must not be written to a file of root's
	}
	b := box.Dead(fd, home, id, r.path, r.state, r.start, owner)
	end := r.end
	if end == nil {
		end = reapedLine(home, id, r, owner)
		// Recorded first: if this process is killed after the append, the
		// next reaper appends the same line, which readers drop.
		if err := b.KeepEnd(end); err != nil {
			return err
		}
	}
	if err := b.LogEnd(end); err != nil {
		return &os.PathError{Op: "write", Path: r.path, Err: err}
	}
	_ = d.Remove(id + ".usage")
	return d.Remove(id)
}
