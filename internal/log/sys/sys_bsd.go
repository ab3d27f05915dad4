//go:build freebsd || openbsd

package sys

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// withinLimit calls f, which writes up to offset end, unless that is beyond
// RLIMIT_FSIZE: the kernel would raise SIGXFSZ, which ends this process.
func withinLimit(end int64, f func() (int, error)) (int, error) {
	var limit syscall.Rlimit
	// FreeBSD's limits are signed, OpenBSD's are not; "none" is the largest of either.
	if syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit) == nil && uint64(end) > uint64(limit.Cur) {
		return 0, syscall.EFBIG
	}
	return f()
}

func sleep(d time.Duration) { time.Sleep(d) }

// BootID is "", not known: neither system names its boots, and the time of the
// boot moves when the clock is set.
func BootID() string { return "" }

// BootTime is about when the machine was started; never late, by the clock as
// it is now.
func BootTime() time.Time {
	at, err := unix.SysctlTimeval("kern.boottime")
	if err != nil {
		return time.Time{}
	}
	return time.Unix(int64(at.Sec), int64(at.Usec)*1000)
}

// RenameNew, which spare boxes need, is not used here: boxes are made and
// removed.
func RenameNew(_, _ string) error { return syscall.ENOSYS }

// Written is not known here: no tail of stderr is kept either.
func Written(_ int, _ int64) (path string, from int64, ok bool) { return "", 0, false }
