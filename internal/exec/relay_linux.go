//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// relay moves bytes from the program's stderr to the real one and keeps the
// end of them. It never blocks in a write: a slow reader must not hold up the
// signals.
type relay struct {
	in, out int // in is -1 when the relay is over
	socket  bool
	blocky  bool // the kernel lacks RWF_NOWAIT for pipes
	ring    *Ring
	buf     []byte
	pending []byte // read and not yet written
	moved   uint64
	wide    bool   // the caller's pipe is as large as it gets
	splices bool   // out is an open file of our own, non-blocking
	behind  bool   // there may be much to splice
	skipped uint64 // bytes spliced since the last read
}

const (
	tinyBuffer  = 4 << 10 // most programs write little to stderr
	smallBuffer = 64 << 10
	largeBuffer = 256 << 10
)

// want fills in what to wait for: fds[0] is in, fds[1] is out.
func (r *relay) want(fds []unix.PollFd) {
	fds[0] = unix.PollFd{Fd: -1}
	fds[1] = unix.PollFd{Fd: -1}
	if r.in < 0 {
		return
	}
	fds[1].Fd = int32(r.out) // without events: tells that the reader has gone
	if len(r.pending) > 0 {
		fds[1].Events = unix.POLLOUT
	} else {
		fds[0] = unix.PollFd{Fd: int32(r.in), Events: unix.POLLIN}
	}
}

// serve does what poll found possible.
func (r *relay) serve(fds []unix.PollFd) {
	switch {
	case r.in < 0:
	case fds[1].Revents&(unix.POLLERR|unix.POLLHUP|unix.POLLNVAL) != 0:
		r.close() // the program's next write fails as it would have
	case len(r.pending) > 0:
		if fds[1].Revents != 0 {
			r.flush()
		}
	case fds[0].Revents != 0:
		r.fill()
	}
}

// fill reads once and passes on what it can. It returns false when nothing
// was there to read.
func (r *relay) fill() bool {
	if r.buf == nil {
		r.buf = firstBuffer[:]
	}
	buf := r.buf
	if r.behind {
		if r.behind = r.splice(); r.behind {
			buf = buf[:TailSize]
		}
	}
	n, err := syscall.Read(r.in, buf)
	switch {
	case err == syscall.EINTR:
		return true
	case err == syscall.EAGAIN:
		return false
	case n <= 0:
		r.close()
		return true
	}
	r.pending = buf[:n]
	r.ring.skip(r.skipped)
	r.skipped = 0
	r.ring.write(r.pending)
	r.flush()
	r.behind = r.splices && (r.behind || n >= smallBuffer)
	r.grow(n)
	return true
}

// grow makes buffer and pipe larger when the program writes a lot.
func (r *relay) grow(n int) {
	r.moved += uint64(n)
	if len(r.pending) > 0 || r.in < 0 {
		return
	}
	switch {
	case len(r.buf) == tinyBuffer && n == tinyBuffer:
		r.buf = make([]byte, smallBuffer)
	case len(r.buf) == smallBuffer && r.moved >= 4*smallBuffer:
		r.buf = make([]byte, largeBuffer)
		if !r.socket {
			widenPipe(r.in)
		}
	case n == largeBuffer && !r.socket && !r.wide: // the program is far ahead
		r.wide = true
		r.splices = r.own()
		widenPipe(r.out)
	}
}

var firstBuffer [tinyBuffer]byte

// flush writes what is pending as far as that is possible at once.
func (r *relay) flush() {
	for len(r.pending) > 0 {
		n, err := r.write(r.pending)
		switch {
		case err == syscall.EINTR:
		case err == syscall.EAGAIN, err == syscall.EPIPE: // poll says so, after the signals
			return
		case err != nil:
			r.close()
			return
		default:
			r.pending = r.pending[n:]
		}
	}
}

// write writes without blocking and without touching the flags of the open
// file, which others share.
func (r *relay) write(b []byte) (int, error) {
	if r.socket {
		n, _, e := syscall.Syscall6(unix.SYS_SENDTO, uintptr(r.out), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)),
			unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, 0, 0)
		return result(n, e)
	}
	if r.splices {
		return syscall.Write(r.out, b)
	}
	if !r.blocky {
		const nowait = 8 // RWF_NOWAIT
		iov := unix.Iovec{Base: &b[0]}
		iov.SetLen(len(b))
		const here = ^uintptr(0)
		n, _, e := syscall.Syscall6(unix.SYS_PWRITEV2, uintptr(r.out), uintptr(unsafe.Pointer(&iov)), 1, here, here, nowait)
		switch e {
		case syscall.EOPNOTSUPP, syscall.ENOSYS, syscall.EINVAL, syscall.ESPIPE, syscall.EPERM: // a sandbox says EPERM
		default:
			return result(n, e)
		}
		r.blocky = true
	}
	// A pipe that poll calls writable takes a page.
	fds := [...]unix.PollFd{{Fd: int32(r.out), Events: unix.POLLOUT}}
	pollWait(fds[:], 0)
	if fds[0].Revents == 0 {
		return 0, syscall.EAGAIN
	}
	return syscall.Write(r.out, b[:min(len(b), 4096)])
}

func result(n uintptr, e syscall.Errno) (int, error) {
	if e != 0 {
		return 0, e
	}
	return int(n), nil
}

// close ends the relay: the program finds no reader, the reader an end.
func (r *relay) close() {
	if r.in >= 0 {
		syscall.Close(r.in)
		r.in, r.pending = -1, nil
		letGoOf(r.out)
	}
}

// drain moves everything that is in the pipe after the program has ended. It
// returns true if something is left to relay: a descendant of the program has
// the pipe, or nobody has read for a while, or a signal asks this process to
// end. The caller may be one that reads when its child has ended.
func (r *relay) drain(s *supervisor) (open bool) {
	const patience = 100 * time.Millisecond
	for r.in >= 0 {
		if len(r.pending) == 0 {
			if !r.fill() {
				return true
			}
			continue
		}
		var fds [3]unix.PollFd
		fds[0] = unix.PollFd{Fd: int32(s.signals), Events: unix.POLLIN}
		r.want(fds[1:])
		pollWait(fds[:], patience)
		if fds[2].Revents == 0 && (fds[0].Revents == 0 || s.told()) {
			return true
		}
		r.serve(fds[1:])
	}
	return false
}

// told says whether a signal came that ends most programs.
func (s *supervisor) told() bool {
	s.readSignals()
	for i := range s.queued {
		switch syscall.Signal(s.queued[i].signo) {
		case syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGALRM:
			return true
		}
	}
	s.queued = nil
	return false
}
