package reap

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/log"
	"pi-track/internal/log/box"
	"pi-track/internal/log/sys"
)

// What a killed program wrote to its file is taken, if the file is still as the
// program must have left it.
func TestReapReadsTheFileOfStderr(t *testing.T) {
	for name, tc := range map[string]struct {
		flags  int
		before string           // in the file when the run begins
		beat   time.Duration    // the last heartbeat
		ring   string           // what had been read back by then
		after  func(f *os.File) // the run's death
		want   string
	}{
		"fresh":                       {want: "error: in the file"},
		"appended":                    {flags: os.O_APPEND, before: "error: of an earlier run\n", want: "error: in the file"},
		"read back before":            {ring: "error: in ", want: "error: in the file"},
		"the ring is of another text": {ring: "error: other", want: "error: other"},
		"the ring has more":           {ring: strings.Repeat("error: long ", 10), want: strings.TrimSpace(strings.Repeat("error: long ", 10))},
		"changed since": {after: func(f *os.File) {
			f.WriteString("error: of somebody else\n")
		}, beat: -10 * time.Second, want: "killed together with its supervisor"},
		"emptied": {after: func(f *os.File) { f.Truncate(0) }, want: "killed together with its supervisor"},
		"removed": {after: func(f *os.File) { os.Remove(f.Name()) }, want: "killed together with its supervisor"},
		"another file": {after: func(f *os.File) {
			text, _ := os.ReadFile(f.Name())
			os.WriteFile(f.Name()+".2", text, 0o600)
			os.Rename(f.Name()+".2", f.Name())
		}, want: "killed together with its supervisor"},
		"a link": {after: func(f *os.File) {
			os.Rename(f.Name(), f.Name()+".2")
			os.Symlink(f.Name()+".2", f.Name())
		}, want: "killed together with its supervisor"},
		"much": {before: strings.Repeat("x", 3*box.RingSize), flags: os.O_APPEND, want: "error: in the file"},
	} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			path := filepath.Join(home, "err.log")
			os.WriteFile(path, []byte(tc.before), 0o600)
			f, err := os.OpenFile(path, os.O_RDWR|tc.flags, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			b := newBox(t, home, uid("id"))
			b.Watch(int(f.Fd()))
			if tc.ring != "" {
				if err := b.Store(0, []byte(tc.ring)); err != nil {
					t.Fatal(err)
				}
			}
			f.WriteString("error: in the file\n")
			if tc.beat != 0 { // as if it had begun earlier
				e := event.Event{TS: time.Now().Add(tc.beat), ID: uid("id"), Kind: event.Script, Name: "helper", Status: event.Started, Src: "shim"}
				if err := b.put(e.Append(nil), box.AtStart); err != nil {
					t.Fatal(err)
				}
			}
			b.die()
			if tc.after != nil {
				tc.after(f)
			}
			reap(t, home, 1)
			all := events(t, b.path)
			if got := all[len(all)-1].Error; got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}

// Under sudo, a user's box must not have root read what is not the user's.
func TestReapReadsNoForeignFile(t *testing.T) {
	home := t.TempDir()
	path := filepath.Join(home, "secret")
	os.WriteFile(path, nil, 0o600)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := newBox(t, home, uid("id"))
	b.Watch(int(f.Fd()))
	f.WriteString("error: root's\n")
	fd, err := sys.Open(box.Path(home, uid("id")), os.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	r, kind := readBox(fd)
	if kind != boxWhole {
		t.Fatal(kind)
	}
	if got := r.stderrTail(time.Now(), log.AnyOwner); string(got) != "error: root's\n" {
		t.Errorf("one's own: %q", got)
	}
	if got := r.stderrTail(time.Now(), os.Geteuid()+1); got != nil {
		t.Errorf("somebody else's: %q", got)
	}
	b.Discard()
}

// A reaped run cannot have lasted longer than since its start.
func TestReapedDurationIsCut(t *testing.T) {
	home := t.TempDir()
	b := newBox(t, home, uid("id"))
	b.Beat(1000 * time.Hour)
	b.die()
	reap(t, home, 1)
	all := events(t, b.path)
	if d := all[1].DurationMS; d > time.Minute.Milliseconds() {
		t.Errorf("%d ms", d)
	}
}
