//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package exec

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// gone says whether nobody can read what is written to fd, or waits until it is
// so. Asked whether the wrong end of a pipe can be read, the kernel tells only that
// the pipe has died (filt_piperead() in XNU's bsd/kern/sys_pipe.c). A socket's peer
// may have ended its own writing alone, so there the question is whether one can
// write; EV_CLEAR keeps the answers few.
func gone(fd int, wait bool) bool {
	kq, err := unix.Kqueue()
	if err != nil {
		return false
	}
	defer syscall.Close(kq)
	syscall.CloseOnExec(kq)
	filter := unix.EVFILT_WRITE
	var st syscall.Stat_t
	if syscall.Fstat(fd, &st) == nil && st.Mode&syscall.S_IFMT == syscall.S_IFIFO {
		filter = unix.EVFILT_READ
	}
	var change unix.Kevent_t
	unix.SetKevent(&change, fd, filter, unix.EV_ADD|unix.EV_CLEAR)
	if _, err := unix.Kevent(kq, []unix.Kevent_t{change}, nil, nil); err != nil {
		return false
	}
	var limit *unix.Timespec // nil waits for ever
	if !wait {
		limit = new(unix.Timespec)
	}
	for {
		var events [1]unix.Kevent_t
		n, err := unix.Kevent(kq, nil, events[:], limit)
		switch {
		case err == syscall.EINTR:
		case err != nil || n == 0:
			return false
		case events[0].Flags&unix.EV_EOF != 0:
			return true
		}
	}
}
