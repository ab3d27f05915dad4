package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"pi-track/internal/log"
	"pi-track/internal/log/owned"
	"pi-track/internal/log/reap"
)

// noteAge is how old a note may be and still be worth a warning.
const noteAge = 7 * 24 * time.Hour

// manyBlank is how many black boxes that hold nothing make looking at them slow.
const manyBlank = 10000

// checkBoxes records the runs whose supervisor was killed, and says how many
// there were and what could not be recorded. It returns the runs that go on.
func (fs *findings) checkBoxes(c Config) []reap.RunningRun {
	r, err := reap.Run(context.Background(), reap.Options{Home: c.Layout.Home, Log: c.Log})
	reaped := r.Runs()
	var failed *reap.Error
	switch {
	case errors.As(err, &failed):
		fs.warn("boxes", "make that log writable, then run 'pi-track reap'; to discard them, remove "+failed.First+" and files like it",
			"%s in black boxes and cannot be recorded: %v", count(failed.Boxes, "run waits", "runs wait"), failed.Err)
	case errors.Is(err, owned.ErrNotOurs):
		fs.warn("boxes", "make it a directory of your own: until then a run that is killed with its supervisor has no end", "%v", err)
		return nil
	case err != nil:
		fs.warn("boxes", "make the directory readable for you", "%v", err)
		return nil
	}
	fs.checkStrangers(r.Open.Strangers, r.Open.StrangersN)
	if reaped > 0 {
		fs.note("boxes", "their supervisors were killed; 'pi-track tail --status cancelled' shows them",
			"%s waiting, recorded now as cancelled", count(reaped, "run was", "runs were"))
	}
	if r.Open.Blank >= manyBlank {
		fs.note("boxes", "nothing to do: each 'pi-track ps' and 'pi-track doctor' removes an eighth of them",
			"%s nothing", count(r.Open.Blank, "black box holds", "black boxes hold"))
	}
	fs.ok("boxes", "%s now", count(len(r.Open.Running), "run goes on", "runs go on"))
	return r.Open.Running
}

// checkStrangers names what lies among the black boxes and is none.
func (fs *findings) checkStrangers(paths []string, n int) {
	if n == 0 {
		return
	}
	more := ""
	if n > len(paths) {
		more = fmt.Sprintf(" and %d more", n-len(paths))
	}
	fs.warn("boxes", "pi-track leaves them alone; move them away if they are yours, remove them if they are damaged boxes",
		"not recognised as pi-track's: %s%s", strings.Join(paths, ", "), more)
}

// checkLog says whether the log can be written, and what is in it.
func (fs *findings) checkLog(c Config, running []reap.RunningRun) {
	writable := fs.checkWritable(c.Log)
	if lost := log.Rotated(c.Log); len(lost) > 0 {
		fs.warn("log", "keep that program from the log: 'pi-track rotate' seals it; unpack what it made, and read that with 'pi-track report --log FILE'",
			"another program rotated it, and pi-track does not read: %s", strings.Join(lost, ", "))
	}
	if info, err := os.Stat(c.Log); err == nil && !info.Mode().IsRegular() {
		return // nothing to be read
	}
	result, err := c.Verify(running)
	if err != nil {
		fs.warn("log", "make it readable for you", "it cannot be read: %v", err)
		return
	}
	if result == nil {
		if writable {
			fs.ok("log", "the first run will create %s", c.Log)
		}
		return
	}
	size := int64(0)
	for _, s := range result.Segments {
		size += s.Bytes
	}
	last := "no event yet"
	if !result.Last.IsZero() {
		last = "the last event is from " + result.Last.Local().Format(time.DateTime)
	}
	fs.ok("log", "%s: %s in %s, %s, %s", c.Log, sizeText(size), count(len(result.Segments), "segment", "segments"),
		count(result.Good, "event", "events"), last)
	if result.Wrong() {
		fs.warn("log", "'pi-track verify' names them; 'verify --set-aside' moves bad lines out of the log, 'reap --older 30d' ends old runs",
			"%s, %s without an end, %s with two", count(result.Bad(), "bad line", "bad lines"),
			count(result.WithoutEnd, "run", "runs"), count(result.EndsTwice, "run", "runs"))
	}
	if result.Newer > 0 {
		fs.note("log", "update pi-track to read them", "%s from a newer version", count(result.Newer, "line is", "lines are"))
	}
}

// checkWritable opens the log as a shim would, without making it, and says
// what keeps it from being written.
func (fs *findings) checkWritable(path string) bool {
	const hint = "correct the permissions, or name another file with 'log' in shims.toml or PI_TRACK_LOG"
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		dir := filepath.Dir(path)
		for !exists(dir) {
			dir = filepath.Dir(dir)
		}
		const writeAndSearch = 3
		if err := syscall.Access(dir, writeAndSearch); err != nil {
			fs.broken("log", hint, "%s cannot be made: %s: %v", path, dir, err)
			return false
		}
		return true
	}
	switch {
	case err != nil:
		fs.broken("log", hint, "%v", err)
		return false
	case path == os.DevNull:
		fs.warn("log", "unset PI_TRACK_LOG to record again", "%s keeps no event", path)
		return false
	case info.IsDir():
		fs.broken("log", hint, "%s is a directory: nothing can be recorded", path)
		return false
	}
	if err := log.Writable(path); err != nil {
		fs.broken("log", hint, "%s: nothing can be recorded: %v", path, err)
		return false
	}
	if info.Mode().Perm()&0o077 != 0 {
		fs.note("log", "run chmod 600 on it", "other users can read %s", path)
	}
	var disk syscall.Statfs_t
	if syscall.Statfs(path, &disk) == nil && available(&disk) < 1<<20 {
		fs.warn("log", "free some disk space; 'pi-track prune' removes old segments", "less than 1 MB is free for %s", path)
	}
	return true
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil || path == "/" || path == "."
}

// checkNotes passes on what shims and the extension could not log.
func (fs *findings) checkNotes(c Config) {
	notes, err := log.Notes(c.Layout.Home)
	if err != nil {
		fs.warn("notes", "make the file readable for you", "%v", err)
		return
	}
	const most = 5
	if over := len(notes) - most; over > 0 {
		fs.note("notes", "they are in "+filepath.Join(c.Layout.Home, "notes"), "%s older than these", count(over, "note is", "notes are"))
		notes = notes[over:]
	}
	for _, n := range notes {
		level := Note
		if time.Since(n.Time) < noteAge {
			level = Warning
		}
		fs.add("notes", level, "left by a run that could not be recorded; remove "+filepath.Join(c.Layout.Home, "notes")+" when the problem is solved",
			"%s: %s", n.Time.Local().Format(time.DateTime), n.Text)
	}
	if len(notes) == 0 {
		fs.ok("notes", "no shim has left one")
	}
}

// sizeText is a size with at most three figures.
func sizeText(n int64) string {
	value, unit := float64(n), 0
	units := []string{"bytes", "KB", "MB", "GB", "TB"}
	for value >= 1000 && unit < len(units)-1 {
		value /= 1000
		unit++
	}
	if unit == 0 || value >= 100 {
		return strconv.FormatFloat(value, 'f', 0, 64) + " " + units[unit]
	}
	return strconv.FormatFloat(value, 'f', 1, 64) + " " + units[unit]
}
