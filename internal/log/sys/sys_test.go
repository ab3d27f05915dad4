package sys

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func TestDirOf(t *testing.T) {
	for path, want := range map[string]string{"/a/b": "/a", "/a": "/", "/": "/", "a/b": "a", "a": ".", "": ".", "/a/": "/a", "a/b/c": "a/b"} {
		if got := DirOf(path); got != want {
			t.Errorf("%q: %q, not %q", path, got, want)
		}
	}
}

// Directories are made with their parents, for their owner alone; what is there
// is left as it is.
func TestMkdirAll(t *testing.T) {
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	dir := t.TempDir()
	syscall.Umask(0o777)
	err := MkdirAll(dir + "/a/b/c")
	syscall.Umask(0o077)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"/a", "/a/b", "/a/b/c"} {
		if st, err := os.Stat(dir + d); err != nil || st.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v", d, err)
		}
	}
	os.Chmod(dir+"/a", 0o750)
	if err := MkdirAll(dir + "/a"); err != nil {
		t.Error(err)
	}
	if st, _ := os.Stat(dir + "/a"); st.Mode().Perm() != 0o750 {
		t.Error("a directory that was there is changed")
	}
	os.WriteFile(dir+"/file", nil, 0o600)
	if err := MkdirAll(dir + "/file/x"); err != syscall.ENOTDIR {
		t.Error(err)
	}
	if err := MkdirAll(""); err == nil {
		t.Error("no name at all")
	}
}

// Links and other files are told from the file itself.
func TestNamesOfFiles(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(dir+"/a", nil, 0o600)
	os.WriteFile(dir+"/b", nil, 0o600)
	os.Symlink("a", dir+"/link")
	var st syscall.Stat_t
	if err := syscall.Stat(dir+"/a", &st); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"a": true, "b": false, "link": false, "none": false} {
		if IsNamed(&st, filepath.Join(dir, name)) != want {
			t.Errorf("%s is the file: %t", name, !want)
		}
	}
	other := st
	other.Dev++
	if IsNamed(&other, dir+"/a") {
		t.Error("the same number on another device")
	}
	for name, want := range map[string]bool{"a": false, "link": true, "none": false} {
		if IsLink(filepath.Join(dir, name)) != want {
			t.Errorf("%s is a link: %t", name, !want)
		}
	}
}

// Everything is written, or it is an error.
func TestPwrite(t *testing.T) {
	path := t.TempDir() + "/f"
	fd, err := Open(path, syscall.O_RDWR|syscall.O_CREAT, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	if err := Pwrite(fd, []byte("abc"), 2); err != nil {
		t.Error(err)
	}
	if n, err := Write(fd, []byte("xy"), 0); n != 2 || err != nil {
		t.Error(n, err)
	}
	if b, _ := os.ReadFile(path); string(b) != "xyabc" {
		t.Errorf("%q", b)
	}
	if n, err := Write(-1, []byte("x"), 0); n != 0 || err != syscall.EBADF {
		t.Error(n, err)
	}
	if err := Pwrite(-1, []byte("x"), 0); err != syscall.EBADF {
		t.Error(err)
	}
}

// A lock that somebody holds is waited for, up to the limit, which counts over all
// locks of one timer.
func TestLockTimer(t *testing.T) {
	path := t.TempDir() + "/f"
	open := func() int {
		fd, err := Open(path, syscall.O_RDWR|syscall.O_CREAT, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { syscall.Close(fd) })
		return fd
	}
	a, b := open(), open()
	var first, second LockTimer
	if !first.Lock(a) {
		t.Fatal("a free lock")
	}
	if !first.deadline.IsZero() {
		t.Error("a free lock is not waited for")
	}
	begun := time.Now()
	if second.Lock(b) {
		t.Error("a lock that is held")
	}
	if second.Within != LockWait || time.Since(begun) < LockWait {
		t.Errorf("waited %v of %v", time.Since(begun), second.Within)
	}
	if second.Lock(b) {
		t.Error("again")
	}
	long := LockTimer{Within: time.Minute}
	time.AfterFunc(20*time.Millisecond, func() { Flock(a, syscall.LOCK_UN) })
	if !long.Lock(b) || long.Within != time.Minute {
		t.Error("a lock that was let go")
	}
	if long.Lock(-1) {
		t.Error("no file")
	}
}
