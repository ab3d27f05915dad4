package log

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/log/sys"
)

func TestNotes(t *testing.T) {
	home := t.TempDir() + "/a/b"
	if notes, err := Notes(home); notes != nil || err != nil {
		t.Error(notes, err)
	}
	Note(home, "one")
	Note(home, "one")
	Note(home, "two\nlines")
	Note(home, "one")
	Note(home, "lines")
	notes, err := Notes(home)
	if err != nil || len(notes) != 3 || notes[0].Text != "one" || notes[1].Text != "two lines" || notes[2].Text != "lines" {
		t.Errorf("%+v, %v", notes, err)
	}
	for i := range 2000 {
		Note(home, strconv.Itoa(i)+strings.Repeat("x", 40))
	}
	Note(home, "last")
	st, err := os.Stat(home + "/notes")
	if err != nil || st.Size() > 20<<10 || st.Size() < 4<<10 || st.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", st, err)
	}
	notes, err = Notes(home)
	if err != nil || len(notes) < 50 || notes[len(notes)-1].Text != "last" || len(notes[0].Text) < 40 {
		t.Errorf("%d notes, %v", len(notes), err)
	}
}

// What goes on being wrong is told again, but not with each run.
func TestNoteRepeats(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	notes := []byte("2026-11-22T10:30:00.000Z old\n2026-11-22T11:30:00.000Z new\ntorn 2026-11-22T11:30:00.000Z glued\n2026-11-22T11:31:00.000Z last\n")
	for text, want := range map[string]bool{"old": false, "new": true, "last": true, "glued": false, "ew": false, "none": false} {
		if got := isRecent(notes, text, now); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// Where there are no locks, which is one thing to note, a note is left as well.
func TestNoteWithoutLock(t *testing.T) {
	home := t.TempDir()
	Note(home, "one")
	f, err := os.Open(home + "/notes")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := sys.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	Note(home, "two")
	notes, err := Notes(home)
	if err != nil || len(notes) != 2 || notes[1].Text != "two" {
		t.Errorf("%+v, %v", notes, err)
	}
}
