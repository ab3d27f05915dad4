//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// A program that writes as fast as it can, the relay and the reader share few
// processors, and 64 KiB at a time they mostly wait for each other. Pipes of
// 1 MiB on both sides halve the context switches, and pages that are moved from
// one pipe to the other need not be copied twice more.

const largePipe = 1 << 20

// widenPipe makes a pipe larger, unless somebody has chosen its size. It fails
// when the user has many large pipes.
func widenPipe(fd int) {
	size, err := unix.FcntlInt(uintptr(fd), unix.F_GETPIPE_SZ, 0)
	if err == nil && size == 16*syscall.Getpagesize() && size < largePipe {
		unix.FcntlInt(uintptr(fd), unix.F_SETPIPE_SZ, largePipe)
	}
}

// own opens the caller's pipe once more, non-blocking, and says whether it
// could: splice takes RWF_NOWAIT away from an open file for good, and the
// caller's own is shared with others.
func (r *relay) own() bool {
	fd, err := syscall.Open("/proc/self/fd/"+strconv.Itoa(r.out), syscall.O_WRONLY|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if err != nil {
		return false // another user's pipe, or no /proc
	}
	defer syscall.Close(fd)
	return syscall.Dup3(fd, r.out, 0) == nil
}

// splice passes on, without reading it, most of what is in the pipe: all but
// TailSize bytes, which are to be read next. It is false if that does not pay.
func (r *relay) splice() bool {
	n, err := unix.IoctlGetInt(r.in, unix.TIOCINQ)
	if err != nil || n < smallBuffer {
		return false
	}
	moved, err := syscall.Splice(r.in, nil, r.out, nil, n-TailSize, unix.SPLICE_F_NONBLOCK)
	if err == nil {
		r.skipped += uint64(moved)
	}
	return err == nil || err == syscall.EAGAIN
}
