//go:build linux || darwin || freebsd || openbsd

package main

import (
	"errors"
	"fmt"
	"io/fs"

	"pi-track/internal/event"
	"pi-track/internal/log/history"
	"pi-track/internal/log/reap"
)

// supervised lists the runs whose supervisor is alive, by id.
func supervised(home string) (map[string]reap.RunningRun, error) {
	runs, err := reap.Running(home)
	if err != nil {
		return nil, fmt.Errorf("cannot read the black boxes: %w", err)
	}
	return byID(runs), nil
}

func byID(runs []reap.RunningRun) map[string]reap.RunningRun {
	m := make(map[string]reap.RunningRun, len(runs))
	for _, r := range runs {
		m[r.ID] = r
	}
	return m
}

// openHistory finds the log of an installation.
func openHistory(p installation) (history.Log, error) { return history.Log{Path: p.Log}, p.hasLog() }

// unreadable adds to the error of a log that could not be read what to do.
func unreadable(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, fs.ErrPermission) {
		return withHint(exitNoLog, err, hintOf(err))
	}
	return withHint(exitNoLog, err, "restore that file or move it away")
}

// rootOf is the outermost run above the run id, "" when the log does not tell.
func rootOf(id string) string {
	root := ""
	p, err := findInstallation()
	if err != nil {
		return root
	}
	h, err := openHistory(p)
	if err != nil {
		return root
	}
	h.OfRun(id, history.IsRun(id), func(e *event.Event) bool {
		root = e.RootID
		return false
	})
	return root
}

// openRun is the start event of a run that 'emit end' may end.
func openRun(id string) (event.Event, error) {
	var start event.Event
	p, err := findInstallation()
	if err != nil {
		return start, err
	}
	if runs, err := supervised(p.Home); err == nil {
		if r, ok := runs[id]; ok {
			return start, withHint(exitFailed, fmt.Errorf("run %s is supervised: its end will be recorded (log %s)", id, r.Path),
				"'emit end' is for runs that 'emit start' began")
		}
	}
	h, err := openHistory(p)
	if err != nil {
		return start, err
	}
	var end event.Event
	err = h.OfRun(id, history.IsRun(id), func(e *event.Event) bool {
		if e.Status == event.Started {
			start = *e
			return false
		}
		end = *e
		return true
	})
	switch {
	case err != nil:
		return start, unreadable(err)
	case end.ID != "":
		return start, withHint(exitFailed, fmt.Errorf("run %s has already ended: %s", id, end.Status), "see 'pi-track show "+id+"'")
	case start.ID == "":
		return start, withHint(exitFailed, fmt.Errorf("no run %q in the log", id), "use the id that 'pi-track emit start' printed")
	}
	return start, nil
}
