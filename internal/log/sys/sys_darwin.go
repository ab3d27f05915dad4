package sys

import (
	"encoding/binary"
	"syscall"
	"time"
)

// withinLimit calls f, which writes up to offset end, unless that is beyond
// RLIMIT_FSIZE: the kernel would raise SIGXFSZ, which ends this process.
func withinLimit(end int64, f func() (int, error)) (int, error) {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit) == nil && uint64(end) > limit.Cur {
		return 0, syscall.EFBIG
	}
	return f()
}

func sleep(d time.Duration) { time.Sleep(d) }

// BootID names this boot of the machine.
func BootID() string {
	id, err := syscall.Sysctl("kern.bootsessionuuid")
	if err != nil {
		return ""
	}
	return id
}

// BootTime is about when the machine was started; never late, by the clock as
// it is now.
func BootTime() time.Time {
	at, err := syscall.Sysctl("kern.boottime") // a struct timeval
	if err != nil || len(at) < 8 {
		return time.Time{}
	}
	return time.Unix(int64(binary.NativeEndian.Uint64([]byte(at))), 0)
}

func ModTime(st *syscall.Stat_t) time.Time { return time.Unix(st.Mtimespec.Unix()) }

// renameNew, which spare boxes need, is not used here: boxes are made and
// removed.
func RenameNew(_, _ string) error { return syscall.ENOSYS }

func ChangeTime(st *syscall.Stat_t) time.Time { return time.Unix(st.Ctimespec.Unix()) }

// Written is not known here: no tail of stderr is kept either.
func Written(_ int, _ int64) (path string, from int64, ok bool) { return "", 0, false }
