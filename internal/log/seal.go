package log

import (
	"syscall"
	"time"

	"pi-track/internal/log/sys"
)

// sealWait is how long a rotation waits for the lock.
var sealWait = 5 * time.Second

// Seal renames the log at path to the name of a sealed segment, under the
// lock, and puts an empty log in its place. It returns the segment's name, ""
// when the log is empty or missing. Lines that are appended meanwhile are in
// the one or the other.
func Seal(path string) (string, error) {
	for range sys.ReopenMax {
		fd, err := openLog(path, false)
		if err == syscall.ENOENT {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		name, again, err := seal(fd, path)
		syscall.Close(fd)
		if !again {
			return name, err
		}
	}
	return "", ErrMoving
}

// seal renames the open log; again says that path is another file by now.
func seal(fd int, path string) (name string, again bool, err error) {
	if wait := (sys.LockTimer{Within: sealWait}); !wait.Lock(fd) {
		return "", false, ErrLocked
	}
	var st, now syscall.Stat_t
	if err := syscall.Fstat(fd, &st); err != nil {
		return "", false, err
	}
	if err := usable(&st, path); err != nil {
		return "", false, err
	}
	if syscall.Stat(path, &now) != nil || now.Ino != st.Ino || now.Dev != st.Dev {
		return "", true, nil
	}
	if st.Size == 0 {
		return "", false, nil
	}
	t := time.Now()
	for name = SealedName(path, t, ""); exists(name) || exists(name+zstdExt); name = SealedName(path, t, "") {
		t = t.Add(time.Millisecond)
	}
	if err := syscall.Rename(path, name); err != nil {
		return "", false, err
	}
	if next, err := sys.Open(path, sys.OpenFlags|syscall.O_CREAT|syscall.O_EXCL, 0o600); err == nil {
		sys.AdoptFile(next, sys.DirOf(path))
		syscall.Close(next)
	}
	return name, false, nil
}

func exists(path string) bool {
	var st syscall.Stat_t
	return syscall.Lstat(path, &st) != syscall.ENOENT
}
