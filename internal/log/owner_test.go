package log_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"pi-track/internal/event"
	"pi-track/internal/log"
	"pi-track/internal/log/box"
	"pi-track/internal/log/logtest"
	"pi-track/internal/log/sys"
)

var (
	children = logtest.Children
	command  = logtest.Command
	run      = logtest.Run
	check    = logtest.Check
	uid      = logtest.UID
	line     = logtest.Line
	contents = logtest.Contents
)

// Everything that is made belongs to the owner of the directory it is made in.
func TestSudoLeavesNothing(t *testing.T) {
	owner := os.Geteuid()
	user := filepath.Join(t.TempDir(), "user")
	os.Mkdir(user, 0o755)
	if owner == 0 {
		owner = 65534
		os.Chown(user, owner, owner)
	}
	home := filepath.Join(user, "runtime", "tool-usage")
	path := filepath.Join(home, "logs", "events.jsonl")
	b, err := box.New(home, uid("id"), path, line(uid("id"), "started"))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Start(line(uid("id"), "started")); err != nil {
		t.Fatal(err)
	}
	log.Note(home, "a note")
	made := filepath.Join(home, "made")
	os.Mkdir(made, 0o700)
	sys.Adopt(made)
	f, err := os.OpenFile(filepath.Join(home, "file"), os.O_CREATE|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	sys.AdoptFile(int(f.Fd()), home)
	f.Close()
	if _, err := log.Seal(path); err != nil {
		t.Fatal(err)
	}
	n := 0
	filepath.Walk(user, func(name string, info os.FileInfo, err error) error {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if uid := info.Sys().(*syscall.Stat_t).Uid; uid != uint32(owner) {
			t.Errorf("%s belongs to %d", name, uid)
		}
		return nil
	})
	if n != 11 {
		t.Errorf("%d files", n)
	}
}

// A umask that takes everything away (services have such) must not leave a
// directory or a file behind that its owner cannot use any more.
func TestUmask(t *testing.T) {
	home := t.TempDir() + "/a/b"
	path := home + "/c/events.jsonl"
	defer syscall.Umask(syscall.Umask(0o777))
	b, err := box.New(home, uid("id"), path, line(uid("id"), event.Started))
	if err != nil {
		t.Fatal(err)
	}
	log.Note(home, "text")
	if err := b.Start(line(uid("id"), event.Started)); err != nil {
		t.Fatal(err)
	}
	if _, err := log.Seal(path); err != nil {
		t.Fatal(err)
	}
	n := 0
	err = filepath.WalkDir(filepath.Dir(home), func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		n++
		st, err := d.Info()
		if want := map[bool]os.FileMode{true: 0o700, false: 0o600}[d.IsDir()]; err == nil && st.Mode().Perm() != want {
			t.Errorf("%s has the mode %o", name, st.Mode().Perm())
		}
		return err
	})
	if err != nil || n != 8 { // a, b, c, open, the box, the notes, the segment, the log
		t.Errorf("%d files, %v", n, err)
	}
}
