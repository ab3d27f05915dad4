//go:build linux || darwin || freebsd || openbsd

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"pi-track/internal/home"
	"pi-track/internal/log"
	"pi-track/internal/log/reap"
	"pi-track/internal/shim"
	"pi-track/internal/suggest"
)

// installation is where everything is kept.
type installation struct{ home.Installation }

// errNoLog says that nothing has been recorded.
var errNoLog = errors.New("there is no log")

// findInstallation looks the home directory and the log up. Nothing needs to exist.
func findInstallation() (installation, error) {
	p := installation{home.Find()}
	if p.Home == "" {
		return p, withHint(exitFailed, errors.New("no home directory is known"), "set HOME or PI_TRACK_HOME")
	}
	return p, nil
}

// host is the random id of this machine, "" for none: that of the installation, or the one that ship gives
// to a home without one.
func (p installation) host() string {
	if p.Manifest != nil {
		return p.Manifest.Host
	}
	return shim.ReadHost(shim.Layout{Home: p.Home})
}

// reap records the runs that nobody will end any more, so that what is read next is
// complete; of those without a black box the ones that began within a day. A failure
// is no reason not to read. It returns the runs whose supervisor is alive, by id.
func (p installation) reap() (map[string]reap.RunningRun, error) {
	r, err := reap.Run(context.Background(), reap.Options{Home: p.Home, Log: p.Log, Since: time.Now().Add(-24 * time.Hour)})
	if err != nil {
		return supervised(p.Home)
	}
	return byID(r.Open.Running), nil
}

// hasLog is an error that leads to exit status 3 when the log has no file.
func (p installation) hasLog() error {
	files, err := log.Segments(p.Log)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return withHint(exitNoLog, err, "see 'pi-track doctor'")
	}
	if len(files) == 0 {
		return noLogAt(p.Log)
	}
	return nil
}

// openSegments are the files of the logs, oldest first, of p's own when none is
// named. They are open, so that a rotation cannot take one away, and are to be
// closed. Each of the logs has to exist.
func (p installation) openSegments(logs []string) ([]*os.File, error) {
	if len(logs) == 0 {
		logs = []string{p.Log}
	}
	var all []*os.File
	for _, path := range logs {
		files, err := log.OpenSegments(path, time.Time{})
		if err != nil {
			err = withHint(exitNoLog, err, "see 'pi-track doctor'")
		} else if len(files) == 0 {
			err = noLogAt(path)
		}
		if err != nil {
			for _, f := range all {
				f.Close()
			}
			return nil, err
		}
		all = append(all, files...)
	}
	return all, nil
}

func noLogAt(path string) error {
	return withHint(exitNoLog, fmt.Errorf("%w at %s", errNoLog, path), noLogHint([]string{path}))
}

// noLogHint is the hint where none of the logs is there: for one that the user named, a file that is near.
func noLogHint(paths []string) string {
	for _, path := range paths {
		if path == home.Find().Log {
			return "nothing has been recorded yet; 'pi-track doctor' says whether recording works"
		}
		var files []string
		entries, _ := os.ReadDir(filepath.Dir(path))
		for _, e := range entries {
			if !e.IsDir() {
				files = append(files, e.Name())
			}
		}
		if near := suggest.Nearest(filepath.Base(path), files); near != "" {
			return "did you mean " + filepath.Join(filepath.Dir(path), near) + "?"
		}
	}
	return "--log names a file that is not there"
}
