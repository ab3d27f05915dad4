//go:build unix && (portable || !linux || !(amd64 || arm64))

package exec

import (
	"os"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// capture keeps the end of the program's stderr, which goes through a pipe or
// a socket of ours, or into a regular file that is read back.
type capture struct {
	in     *os.File // to read what the program writes, nil when nothing is relayed
	child  int      // the program's end, until it has started
	socket bool     // it is one
	both   bool     // stdout is the same open file: one pipe for both
	tty    bool     // stderr is a terminal, and left alone

	pumped  chan struct{} // closed when the pump has ended
	over    bool          // since writers or reader have gone; set before pumped is closed
	pending []byte        // read and not written; set likewise
	broken  atomic.Bool   // the reader has gone
	hurry   atomic.Bool   // the program has ended: do not wait for a slow reader

	lock sync.Mutex // the ring's, which others read back to at the same time
	ring *Ring

	file int // a regular file, open for reading; -1 for none
	from int64
}

// open decides by what stderr is, and prepares for it. Whatever cannot be set
// up is left alone.
func (c *capture) open(spec *Spec) {
	c.child, c.file, c.ring = -1, -1, spec.Ring
	var st syscall.Stat_t
	flags, err := unix.FcntlInt(2, unix.F_GETFL, 0)
	if err != nil || syscall.Fstat(2, &st) != nil {
		return
	}
	kind, access := st.Mode&syscall.S_IFMT, flags&unix.O_ACCMODE
	if kind == syscall.S_IFCHR {
		_, err := unix.IoctlGetTermios(2, getTermios)
		c.tty = err == nil
	}
	switch {
	case spec.Capture == CaptureOff || access == unix.O_RDONLY:
	case kind == syscall.S_IFREG:
		c.openFile(&st, flags)
	case kind == syscall.S_IFIFO && access == unix.O_WRONLY && flags&packetPipe == 0,
		kind == syscall.S_IFSOCK && streamSocket(2) && !sameFile(0, &st): // with stdin it is a conversation
		c.openRelay(&st, flags)
	case kind == syscall.S_IFCHR && isNull(&st) && !sameFile(1, &st):
		c.openRelay(&st, 0)
	}
}

// isNull says whether a file is /dev/null, where an error text goes that
// somebody does not want to see.
func isNull(st *syscall.Stat_t) bool {
	var null syscall.Stat_t
	return syscall.Stat(os.DevNull, &null) == nil && null.Rdev == st.Rdev
}

func streamSocket(fd int) bool {
	kind, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	if err != nil || kind != unix.SOCK_STREAM {
		return false
	}
	name, err := syscall.Getsockname(fd)
	_, local := name.(*syscall.SockaddrUnix)
	return err == nil && local
}

// sameFile says whether fd is the same pipe, socket or device as st.
func sameFile(fd int, st *syscall.Stat_t) bool {
	var other syscall.Stat_t
	return syscall.Fstat(fd, &other) == nil && other.Mode&syscall.S_IFMT == st.Mode&syscall.S_IFMT &&
		other.Dev == st.Dev && other.Ino == st.Ino && other.Rdev == st.Rdev && (st.Ino != 0 || st.Rdev != 0 || sameFlags(fd))
}

// sameFlags says whether fd and 2 are one open file, by a flag that such share: it
// is for systems that number no pipes (OpenBSD).
func sameFlags(fd int) bool {
	before, err1 := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	of2, err2 := unix.FcntlInt(2, unix.F_GETFL, 0)
	if err1 != nil || err2 != nil || before != of2 {
		return false
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETFL, before^unix.O_APPEND); err != nil {
		return false
	}
	after, err := unix.FcntlInt(2, unix.F_GETFL, 0)
	unix.FcntlInt(uintptr(fd), unix.F_SETFL, before)
	return err == nil && after == before^unix.O_APPEND
}

// openRelay makes the program's stderr a pipe or a socket like the one that is
// there, a pipe for /dev/null.
func (c *capture) openRelay(st *syscall.Stat_t, flags int) {
	kind := st.Mode & syscall.S_IFMT
	if kind != syscall.S_IFCHR && sameFile(1, st) {
		other, err := unix.FcntlInt(1, unix.F_GETFL, 0)
		if err != nil || other != flags {
			return
		}
		c.both = true
	}
	if kind != syscall.S_IFCHR && gone(2, false) { // that the program finds out by itself
		return
	}
	in, child, err := pipe()
	if kind == syscall.S_IFSOCK && err == nil {
		syscall.Close(in)
		syscall.Close(child)
		in, child, err = socketPair()
	}
	if err != nil {
		return
	}
	syscall.SetNonblock(in, true)
	if flags&unix.O_NONBLOCK != 0 {
		syscall.SetNonblock(child, true)
	}
	c.child, c.socket = child, kind == syscall.S_IFSOCK
	c.in = os.NewFile(uintptr(in), "stderr") // non-blocking: the runtime polls it
}

// pipe makes a pipe that is closed on exec. Not every system has pipe2.
func pipe() (r, w int, err error) {
	return pair(func(p *[2]int) error { return syscall.Pipe(p[:]) })
}

func socketPair() (a, b int, err error) {
	return pair(func(p *[2]int) (err error) {
		*p, err = syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
		return err
	})
}

func pair(makePair func(*[2]int) error) (a, b int, err error) {
	var p [2]int
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err = makePair(&p); err == nil {
		syscall.CloseOnExec(p[0])
		syscall.CloseOnExec(p[1])
	}
	return p[0], p[1], err
}

// files are what the program's descriptors 0, 1 and 2 are made from.
func (c *capture) files() []uintptr {
	list := []uintptr{0, 1, 2}
	if c.child >= 0 {
		list[2] = uintptr(c.child)
		if c.both {
			list[1] = list[2]
		}
	}
	return list
}

// started is called when the program has its copies.
func (c *capture) started() {
	if c.child >= 0 {
		syscall.Close(c.child)
		c.child = -1
	}
	letGo(0)
	letGo(1)
	if c.in == nil {
		letGo(2)
	}
	letGoInherited()
}

// abandon undoes open when the program could not be started.
func (c *capture) abandon() {
	if c.child >= 0 {
		syscall.Close(c.child)
		c.in.Close()
		c.child, c.in = -1, nil
	}
	if c.file >= 0 {
		syscall.Close(c.file)
		c.file = -1
	}
}

// openFile remembers where the program's output will begin. The descriptor of
// its own leaves the program's open file, its locks and its offset alone.
func (c *capture) openFile(st *syscall.Stat_t, flags int) {
	c.from = st.Size
	if flags&unix.O_APPEND == 0 {
		var err error
		if c.from, err = syscall.Seek(2, 0, 1); err != nil {
			return
		}
	}
	c.file = openToRead(2, st)
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
	if n, err := syscall.Pread(c.file, buf, at); err == nil && n > 0 {
		ring.put(uint64(at-from), buf[:n])
	}
}
