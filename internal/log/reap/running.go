package reap

import (
	"errors"
	"syscall"
	"time"

	"pi-track/internal/log/box"
	"pi-track/internal/log/owned"
	"pi-track/internal/log/sys"
)

// RunningRun is a run that has not ended.
type RunningRun struct {
	ID      string
	Start   []byte        // the start line, newline included
	Path    string        // of the log
	Elapsed time.Duration // from the start to the last heartbeat, about a second ago at most
}

func runningRun(id string, r *boxContents) RunningRun {
	return RunningRun{ID: id, Start: r.start, Path: r.path, Elapsed: r.beat}
}

// Running returns the runs whose supervisor is alive, oldest first.
func Running(home string) ([]RunningRun, error) {
	d, names, err := openBoxes(home)
	if d == nil {
		if errors.Is(err, owned.ErrNotOurs) {
			err = nil // there are no boxes, then
		}
		return nil, err
	}
	defer d.Close()
	var runs []RunningRun
	for _, name := range names {
		if st, err := d.Stat(name); !box.IsRunID(name) || err != nil || st.Size != box.Size {
			continue
		}
		fd, err := d.Open(name, syscall.O_RDWR)
		if err != nil {
			continue // gone in between
		}
		if sys.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB) == syscall.EWOULDBLOCK {
			if r, kind := readBox(fd); kind == boxWhole && r.end == nil && d.IsNamed(fd, name) {
				runs = append(runs, runningRun(name, &r))
			}
		}
		syscall.Close(fd)
	}
	return runs, nil
}
