// Package segment keeps the sealed segments of a log: it rotates the log,
// compresses what has been sealed and prunes what is old. It is apart from
// package log because shims do not link the compressor.
//
// All of it is safe while writers are at work, those without a lock included:
//
//   - The log is renamed under its lock ([log.Seal]).
//   - A writer without a lock may have opened the log before it was renamed,
//     and write a moment later. So a segment is left alone for [Grace] after
//     the last write to it. Then it is compressed into a file beside it. That
//     file is read back, compared and put in place, and only then is the plain
//     file removed. Whatever was appended to the plain file in the meantime is
//     appended to the log again. A writer that finds after its write that its
//     file was removed writes again. So no line can be lost at any moment.
//   - A crash leaves the plain file, or both; readers take the plain one.
package segment

import (
	"bytes"
	"io"
	"os"
	"time"

	"pi-track/internal/log"
)

// Grace is how long a sealed segment must not have changed before it is
// compressed.
const Grace = 5 * time.Second

// Ext is what the name of a compressed segment ends in.
const Ext = ".zst"

// When says when a log is rotated. The zero value is always.
type When struct {
	// Size is the least size of the log in bytes, 0 for any.
	Size int64
	// Month, if not zero, rotates a log that holds lines from before the
	// month of this moment (UTC), whatever its size.
	Month time.Time
}

// Due says whether the log at path is to be rotated: it has reached the size,
// or it began in an earlier month; without either condition whenever it holds
// anything. A log that is missing is not due.
func (w When) Due(path string) (bool, error) {
	f, err := log.OpenRegular(path)
	if err != nil {
		if os.IsNotExist(err) {
			return false, nil
		}
		return false, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil || st.Size() == 0 {
		return false, err
	}
	if w.Size == 0 && w.Month.IsZero() || w.Size > 0 && st.Size() >= w.Size {
		return true, nil
	}
	if w.Month.IsZero() {
		return false, nil
	}
	month, err := firstMonth(f)
	return month != "" && month < w.Month.UTC().Format("2006-01"), err
}

// firstMonth is the month of the first event, as 2006-01. Blank and damaged
// lines may stand before it. It is "" when there is none early in the file.
func firstMonth(f *os.File) (string, error) {
	head := make([]byte, 64<<10)
	n, err := f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return "", err
	}
	const prefix, size = `{"ts":"`, len("2006-01")
	for line := range bytes.Lines(head[:n]) {
		if rest, ok := bytes.CutPrefix(line, []byte(prefix)); ok && len(rest) > size {
			return string(rest[:size]), nil
		}
	}
	return "", nil
}

// Rotate seals the log at path if it is due. It returns the name of the
// sealed segment, "" if there was nothing to do.
func Rotate(path string, when When) (string, error) {
	if due, err := when.Due(path); !due || err != nil {
		return "", err
	}
	return log.Seal(path)
}

// Pruned is a segment that Prune has removed.
type Pruned struct {
	Name string
	Size int64     // bytes on disk
	Last time.Time // up to when its lines were written
}

// Prune removes the sealed segments of the log at path whose last lines were
// written before the given time, and returns them. The log itself is never
// pruned: rotate it first. The index of reports goes too, because it quotes
// the log. With dry nothing is removed. A segment for which hold, if not nil, is
// true stays.
func Prune(path string, before time.Time, dry bool, hold func(name string) bool) ([]Pruned, error) {
	names, err := log.Segments(path)
	if err != nil {
		return nil, err
	}
	var pruned []Pruned
	for _, name := range names {
		last, ok := log.SealedAt(path, name)
		if !ok || !last.Before(before) || hold != nil && hold(name) {
			continue
		}
		p := Pruned{Name: name, Last: last}
		found := false
		for _, file := range []string{name, name + Ext} { // both after a crash
			st, err := os.Stat(file)
			if err != nil {
				continue
			}
			found = true
			p.Size += st.Size()
			if dry {
				continue
			}
			log.RemoveIndexes(path, func(string) bool { return true })
			if err := remove(path, file); err != nil {
				return pruned, err
			}
		}
		if found { // else another process was faster, or it is a dangling symlink
			pruned = append(pruned, p)
		}
	}
	return pruned, nil
}

// remove removes a segment; what is appended to it at this moment is kept.
func remove(path, file string) error {
	if Compressed(file) {
		return os.Remove(file)
	}
	f, err := log.OpenRegular(file)
	if err != nil {
		return err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	if err := os.Remove(file); err != nil {
		return err
	}
	return rescue(path, f, st.Size())
}
