//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"syscall"

	"golang.org/x/sys/unix"

	"pi-track/internal/mount"
)

// capture keeps the end of the program's stderr.
type capture struct {
	relay relay
	out   stdout
	both  bool // stdout is the same open file: one pipe for both
	child int  // the program's end of the relay, until it has started
	file  int  // a regular file, open for reading; -1 for none
	from  int64
	tty   bool // stderr is a terminal, and left alone
}

// open decides by what stderr is, and prepares for it. Whatever cannot be set
// up is left alone.
func (c *capture) open(spec *Spec, state *original) {
	c.relay.in, c.child, c.file = -1, -1, -1
	c.out.relay.in, c.out.child = -1, -1
	if state.closed&(1<<2) != 0 {
		return
	}
	st, err := mount.Of(2)
	if err != nil {
		return
	}
	if st.Mode&syscall.S_IFMT == syscall.S_IFCHR {
		_, err := unix.IoctlGetTermios(2, unix.TCGETS)
		c.tty = err == nil
	}
	if spec.Capture == CaptureOff {
		return
	}
	switch st.Mode & syscall.S_IFMT {
	case syscall.S_IFREG:
		c.openFile(&st)
	case syscall.S_IFIFO, syscall.S_IFSOCK:
		c.openRelay(&st, state, spec.Ring)
	case syscall.S_IFCHR:
		if isNull(2) && (state.closed&(1<<1) != 0 || !isNull(1)) {
			c.child, c.relay = interpose(false, 0, 2, spec.Ring)
		}
	}
	if !c.both {
		c.out.open(state)
	}
}

// isNull says whether a program may write to a descriptor in vain: it is /dev/null,
// where an error text goes that somebody does not want to see. Who throws stdout
// away as well does not want to wait for it either.
func isNull(fd int) bool {
	const null = 1<<8 | 3 // major and minor number
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err != nil || flags&unix.O_ACCMODE == unix.O_RDONLY {
		return false
	}
	st, err := mount.Of(fd)
	return err == nil && st.Mode&syscall.S_IFMT == syscall.S_IFCHR && st.Rdev == null
}

// openFile remembers where the program's output will begin. The descriptor of
// its own leaves the program's open file, its locks and its offset alone. A file
// on a mount that may hang is left alone altogether.
func (c *capture) openFile(st *mount.Info) {
	flags, err := unix.FcntlInt(2, unix.F_GETFL, 0)
	if err != nil || flags&unix.O_ACCMODE == unix.O_RDONLY {
		return
	}
	if ours, err := mount.At("/proc/self/exe"); err != nil || mount.MayHang(*st, ours) {
		return
	}
	c.from = st.Size
	if flags&unix.O_APPEND == 0 {
		if c.from, err = syscall.Seek(2, 0, 1); err != nil {
			return
		}
	}
	c.file, err = syscall.Open("/proc/self/fd/2", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		c.file = -1
	}
}

// readBack copies the end of what the program has written to its file so far
// to the ring.
func (c *capture) readBack(ring *Ring) {
	var st syscall.Stat_t
	if c.file < 0 || syscall.Fstat(c.file, &st) != nil {
		return
	}
	from := c.from
	if st.Size < from { // truncated since
		from = 0
	}
	if st.Size == from {
		return
	}
	at := max(from, st.Size-int64(ring.size()))
	buf := make([]byte, st.Size-at)
	n, err := syscall.Pread(c.file, buf, at)
	if err == nil && n > 0 {
		ring.put(uint64(at-from), buf[:n])
	}
}

// openRelay makes the program's stderr a pipe or a socket like the one that
// is there. Order between stdout and stderr is kept when they are one and the
// same; a socket that stdin shares is a conversation, and is left alone.
func (c *capture) openRelay(st *mount.Info, state *original, ring *Ring) {
	socket := st.Mode&syscall.S_IFMT == syscall.S_IFSOCK
	flags, err := unix.FcntlInt(2, unix.F_GETFL, 0)
	switch {
	case err != nil || flags&unix.O_DIRECT != 0: // packets, not a stream
		return
	case socket && (!streamSocket(2) || sameFile(0, st, state)):
		return
	case !socket && flags&unix.O_ACCMODE != unix.O_WRONLY:
		return
	}
	if sameFile(1, st, state) {
		other, err := unix.FcntlInt(1, unix.F_GETFL, 0)
		if err != nil || other != flags {
			return
		}
		c.both = true
	}
	reader := [...]unix.PollFd{{Fd: 2}}
	pollWait(reader[:], 0)
	if reader[0].Revents != 0 { // nobody reads: that the program finds out by itself
		return
	}
	c.child, c.relay = interpose(socket, flags, 2, ring)
}

// interpose makes what the program is to write to instead of out, a pipe or a pair
// of sockets, with the flags of what it stands for. Both are -1 if it cannot.
func interpose(socket bool, flags, out int, ring *Ring) (child int, r relay) {
	var p [2]int // read from, write to
	var err error
	if socket {
		p, err = syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	} else {
		err = syscall.Pipe2(p[:], syscall.O_CLOEXEC)
	}
	if err != nil {
		return -1, relay{in: -1}
	}
	syscall.SetNonblock(p[0], true)
	if flags&unix.O_NONBLOCK != 0 {
		syscall.SetNonblock(p[1], true)
	}
	return p[1], relay{in: p[0], out: out, socket: socket, ring: ring}
}

func streamSocket(fd int) bool {
	domain, err1 := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN)
	kind, err2 := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	return err1 == nil && err2 == nil && domain == unix.AF_UNIX && kind == unix.SOCK_STREAM
}

// sameFile says whether fd is open at start and the same pipe or socket as st.
func sameFile(fd int, st *mount.Info, state *original) bool {
	if state.closed&(1<<fd) != 0 {
		return false
	}
	other, err := mount.Of(fd)
	return err == nil && other.Dev == st.Dev && other.Ino == st.Ino
}

// childFDs says what the program's descriptors 0, 1 and 2 are made from.
func (c *capture) childFDs() [3]int {
	fds := [3]int{-1, c.out.child, c.child}
	if c.both {
		fds[1] = c.child
	}
	return fds
}

// started is called when the program has its copies.
func (c *capture) started() {
	if c.child >= 0 {
		syscall.Close(c.child)
		c.child = -1
	}
	c.out.started()
	keep := 2 // descriptors below are let go of
	if c.relay.in < 0 {
		keep = 3
	}
	letGo(keep)
}

// abandon undoes open when the program could not be started.
func (c *capture) abandon() {
	for _, fd := range [...]*int{&c.child, &c.relay.in, &c.file, &c.out.child, &c.out.relay.in} {
		if *fd >= 0 {
			syscall.Close(*fd)
			*fd = -1
		}
	}
}

// finish takes what the program has written and not yet been relayed.
func (c *capture) finish(s *supervisor) {
	if c.file >= 0 {
		c.readBack(s.spec.Ring)
		syscall.Close(c.file)
		c.file = -1
	}
	for _, r := range [...]*relay{&c.relay, &c.out.relay} {
		if r.in >= 0 && r.drain(s) {
			detach(r)
		}
	}
}

// want fills in what to wait for, serve does what poll found possible: the first
// two descriptors are for stderr, the others for stdout.
func (c *capture) want(fds []unix.PollFd) {
	c.relay.want(fds[:2])
	c.out.relay.want(fds[2:])
}

func (c *capture) serve(fds []unix.PollFd) {
	c.relay.serve(fds[:2])
	c.out.relay.serve(fds[2:])
}

// readerGone says whether poll found that nobody reads any more.
func (c *capture) readerGone(fds []unix.PollFd) bool {
	const gone = unix.POLLERR | unix.POLLHUP
	return (fds[1].Revents|fds[3].Revents)&gone != 0
}
