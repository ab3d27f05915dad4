package log

import (
	"bytes"
	"os"
	"strings"
	"syscall"
	"time"

	"pi-track/internal/log/sys"
	"pi-track/internal/safefile"
)

// notesMax is the size in bytes beyond which the older half of the notes goes.
const notesMax = 16 << 10

// timeFormat is the schema's, 24 bytes.
const timeFormat = "2006-01-02T15:04:05.000Z"

// Note leaves text, one line, for `pi-track doctor` in the file notes of home:
// what kept a run from being recorded. A note that was left within the hour
// is not repeated, the file stays below 20 KiB, and nothing is reported when
// it cannot be written.
func Note(home, text string) {
	fd, err := openNotes(home)
	if err != nil {
		return
	}
	defer syscall.Close(fd)
	var wait sys.LockTimer
	var st syscall.Stat_t
	locked := wait.Lock(fd) // not on every file system; then two notes at once may be one
	if syscall.Fstat(fd, &st) != nil || usable(&st, home+"/notes") != nil || !locked && st.Size > notesMax {
		return
	}
	text = strings.ReplaceAll(text[:min(len(text), 500)], "\n", " ")
	old := make([]byte, min(st.Size, 2*notesMax))
	n, _ := syscall.Pread(fd, old, st.Size-int64(len(old)))
	old = old[:max(n, 0)]
	now := time.Now()
	if isRecent(old, text, now) {
		return
	}
	line := now.UTC().AppendFormat(nil, timeFormat)
	line = append(append(append(line, ' '), text...), '\n')
	if st.Size <= notesMax {
		if sys.Pwrite(fd, line, st.Size) != nil {
			_ = syscall.Ftruncate(fd, st.Size) // half a note
		}
		return
	}
	kept := old[len(old)-min(len(old), notesMax/2):]
	kept = append(bytes.Clone(kept[bytes.IndexByte(kept, '\n')+1:]), line...)
	if sys.Pwrite(fd, kept, 0) == nil {
		_ = syscall.Ftruncate(fd, int64(len(kept)))
	}
}

// isRecent says whether one of the notes has this text and is at most an hour
// old.
func isRecent(notes []byte, text string, now time.Time) bool {
	end := " " + text + "\n"
	for {
		at := bytes.LastIndex(notes, []byte(end))
		if at < 0 {
			return false
		}
		from := at - len(timeFormat)
		if from == 0 || from > 0 && notes[from-1] == '\n' {
			left, err := time.Parse(timeFormat, string(notes[from:at]))
			return err == nil && now.Sub(left).Abs() < time.Hour
		}
		notes = notes[:at+1]
	}
}

// openNotes opens the notes without O_APPEND: they are rewritten in place.
func openNotes(home string) (int, error) {
	const flags = sys.OpenFlags &^ syscall.O_APPEND
	path := home + "/notes"
	fd, err := sys.Open(path, flags, 0)
	if err != syscall.ENOENT {
		return fd, err
	}
	if err := sys.MkdirAll(home); err != nil {
		return -1, err
	}
	fd, err = sys.Open(path, flags|syscall.O_CREAT|syscall.O_EXCL, 0o600)
	if err == nil {
		sys.AdoptFile(fd, home)
	}
	return fd, err
}

// NoteLine is one note.
type NoteLine struct {
	Time time.Time
	Text string
}

// Notes returns the notes in home, oldest first. Text comes as it was written:
// clean it before it is printed. Lines that are no notes are left out.
func Notes(home string) ([]NoteLine, error) {
	b, err := safefile.Read(home+"/notes", 4*notesMax)
	if err != nil {
		if os.IsNotExist(err) {
			return nil, nil
		}
		return nil, err
	}
	var notes []NoteLine
	for line := range strings.Lines(string(b)) {
		stamp, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if t, err := time.Parse(timeFormat, stamp); ok && err == nil {
			notes = append(notes, NoteLine{Time: t, Text: text})
		}
	}
	return notes, nil
}
