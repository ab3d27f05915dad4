package sys

import (
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// unlimited says that RLIMIT_FSIZE does not apply, the usual case. The limit
// is looked up once: a process does not change its own.
var unlimited = sync.OnceValue(func() bool {
	var limit syscall.Rlimit
	err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit)
	return err == nil && limit.Cur == ^uint64(0)
})

// withinLimit calls f, which writes up to offset end. Where RLIMIT_FSIZE
// applies, SIGXFSZ, which would end this process, is blocked in this thread
// and taken off again if the write raised it. It is never set to ignored: a
// program started afterwards would inherit that.
func withinLimit(_ int64, f func() (int, error)) (int, error) {
	if unlimited() {
		return f()
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const size = 8 // of the kernel's signal set
	set := uint64(1) << (syscall.SIGXFSZ - 1)
	var old uint64
	if _, _, e := syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, unix.SIG_BLOCK, uintptr(unsafe.Pointer(&set)),
		uintptr(unsafe.Pointer(&old)), size, 0, 0); e != 0 {
		return 0, e
	}
	n, err := f()
	if err == syscall.EFBIG && old&set == 0 {
		var now syscall.Timespec
		syscall.RawSyscall6(syscall.SYS_RT_SIGTIMEDWAIT, uintptr(unsafe.Pointer(&set)), 0,
			uintptr(unsafe.Pointer(&now)), size, 0, 0)
	}
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&old)), 0, size, 0, 0)
	return n, err
}

// sleep pauses this thread; a signal may cut it short. Package time would wake
// another thread, by a poller that counts in milliseconds.
func sleep(d time.Duration) {
	t := syscall.NsecToTimespec(int64(d))
	_ = syscall.Nanosleep(&t, nil)
}

// BootID names this boot of the machine.
func BootID() string {
	fd, err := Open("/proc/sys/kernel/random/boot_id", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return ""
	}
	defer syscall.Close(fd)
	var b [36]byte
	if n, _ := syscall.Read(fd, b[:]); n != len(b) {
		return ""
	}
	return string(b[:])
}

// BootTime is about when the machine was started; never late, by the clock as
// it is now.
func BootTime() time.Time {
	var info syscall.Sysinfo_t
	if syscall.Sysinfo(&info) != nil {
		return time.Time{}
	}
	return time.Now().Add(-time.Duration(info.Uptime) * time.Second) // rounded up
}

func ModTime(st *syscall.Stat_t) time.Time { return time.Unix(st.Mtim.Unix()) }

// RenameNew renames a file unless something has the new name.
func RenameNew(from, to string) error {
	return unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
}

func ChangeTime(st *syscall.Stat_t) time.Time { return time.Unix(st.Ctim.Unix()) }

// Written is the path of a regular file of this size that is open for writing as
// fd, and where the next write goes.
func Written(fd int, size int64) (path string, from int64, ok bool) {
	flags, _, e := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_GETFL, 0)
	if e != 0 || flags&syscall.O_ACCMODE == syscall.O_RDONLY {
		return "", 0, false
	}
	from = size
	if flags&syscall.O_APPEND == 0 {
		var err error
		if from, err = syscall.Seek(fd, 0, 1); err != nil {
			return "", 0, false
		}
	}
	var b [1024]byte
	n, err := syscall.Readlink("/proc/self/fd/"+strconv.Itoa(fd), b[:])
	return string(b[:max(n, 0)]), from, err == nil && n < len(b)
}
