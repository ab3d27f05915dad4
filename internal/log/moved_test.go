package log

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"pi-track/internal/log/sys"
)

// A log that another took the place of between opening and locking is opened
// again: the line belongs into the log, not into what was renamed away.
func TestAppendOpensTheLogAnew(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "events.jsonl")
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	open := func() int {
		fd, err := openLog(path, true)
		if err != nil {
			t.Fatal(err)
		}
		return fd
	}
	write("events.jsonl", "")
	for name, change := range map[string]func(){
		"renamed": func() { os.Rename(path, path+".1") },
		"removed": func() { os.Remove(path) },
		"another": func() { os.Rename(path, path+".2"); write("events.jsonl", "{}\n") },
	} {
		write("events.jsonl", "{}\n")
		fd := open()
		change()
		var wait sys.LockTimer
		done, err := appendTo(fd, path, []byte("{1}\n"), AnyOwner, &wait)
		var st syscall.Stat_t
		syscall.Fstat(fd, &st)
		syscall.Close(fd)
		if done || err != nil || st.Size != 3 {
			t.Errorf("%s: done %t, %v, %d bytes", name, done, err, st.Size)
		}
	}
	write("events.jsonl", "{}\n")
	fd := open()
	defer syscall.Close(fd)
	var wait sys.LockTimer
	if done, err := appendTo(fd, path, []byte("{1}\n"), AnyOwner, &wait); !done || err != nil {
		t.Errorf("the log in its place: %t, %v", done, err)
	}
}

// Without the lock nothing says where the log is; a file that has been removed
// for good gets the line, and so must the log.
func TestUnlockedAppendRepeats(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	for _, removed := range []bool{false, true} {
		if err := os.WriteFile(path, []byte("{}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		fd, err := openLog(path, true)
		if err != nil {
			t.Fatal(err)
		}
		if removed {
			os.Remove(path)
		}
		if done, err := appendUnlocked(fd, []byte("{1}\n"), 3); done == removed || err != nil {
			t.Errorf("removed %t: done %t, %v", removed, done, err)
		}
		syscall.Close(fd)
	}
	if b, err := os.ReadFile(path); err == nil {
		t.Errorf("%q", b)
	}
}
