//go:build unix && (portable || !linux || !(amd64 || arm64))

package exec

import (
	"errors"
	"io"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// patience is how long a reader may take nothing of what is left when the program
// has ended: after that another process waits for it.
const patience = 100 * time.Millisecond

// relayBuffer is what every system's pipe takes in: what has been read is handed on
// through one when this process ends.
const relayBuffer = 16 << 10

// relay begins to relay.
func (c *capture) relay() {
	if c.in == nil {
		return
	}
	c.pumped = make(chan struct{})
	go c.pump()
	if !isDevNull(2) {
		go func() { // a reader that goes away is noticed without a write
			if gone(2, true) {
				c.broken.Store(true)
				c.in.Close()
			}
		}()
	}
}

// pump relays until the last writer or the reader has gone, or the program has
// ended.
func (c *capture) pump() {
	defer close(c.pumped)
	buf := make([]byte, relayBuffer)
	for {
		n, err := c.in.Read(buf)
		if n > 0 && !c.pass(buf[:n]) {
			return
		}
		if err != nil {
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				c.close()
			}
			return
		}
	}
}

// pass keeps and writes b, for as long as that takes: the program would have
// waited for a slow reader as well. It returns false if the relay is over, or
// leaves what could not be written in c.pending.
func (c *capture) pass(b []byte) bool {
	c.lock.Lock()
	c.ring.write(b)
	c.lock.Unlock()
	c.pending = b
	for len(c.pending) > 0 {
		n, err := c.write(c.pending)
		switch {
		case n > 0:
			c.pending = c.pending[n:]
		case err == syscall.EINTR:
		case err == syscall.EAGAIN:
			if !writable(2, patience) && c.hurry.Load() {
				return false
			}
		default:
			c.broken.Store(true)
			c.close()
			return false
		}
	}
	return true
}

// write writes without blocking and without touching the flags of the open
// file, which others share. A pipe that poll calls writable takes PIPE_BUF.
func (c *capture) write(b []byte) (int, error) {
	if c.socket && sendNow != 0 {
		return unix.SendmsgN(2, b, nil, nil, sendNow)
	}
	if !writable(2, 0) {
		return 0, syscall.EAGAIN
	}
	return syscall.Write(2, b[:min(len(b), pipeBuf)])
}

// writable waits until something can be written to fd, or an error be found.
func writable(fd int, timeout time.Duration) bool {
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
	n, err := unix.Poll(fds, int(timeout.Milliseconds()))
	return n > 0 || err != nil && err != syscall.EINTR
}

// close ends the relay: the program finds no reader, the reader an end.
func (c *capture) close() {
	c.over, c.pending = true, nil
	c.in.Close()
	letGo(2)
}

// readerGone says whether nobody reads what is relayed.
func (c *capture) readerGone() bool {
	return c.in != nil && (c.broken.Load() || gone(2, false))
}

// finish takes what the program has written and not yet been relayed. What
// is left (a descendant still has the pipe, or nobody reads) is another process's,
// and if there can be none this one stays.
func (c *capture) finish(s *supervisor) {
	c.readBack(s.spec.Ring)
	if c.in == nil {
		return
	}
	c.hurry.Store(true)
	c.in.SetReadDeadline(time.Unix(1, 0))
	<-c.pumped
	if c.over {
		return
	}
	c.in.SetReadDeadline(time.Time{})
	raw, err := c.in.SyscallConn()
	if err != nil {
		return
	}
	raw.Control(func(fd uintptr) {
		if !c.drain(int(fd)) {
			return
		}
		first, err := pipeOf(c.pending)
		if err == nil && detach(first, int(fd)) == nil {
			return
		}
		syscall.SetNonblock(int(fd), false)
		if _, err := io.Copy(plainFile(2), first); err == nil {
			io.Copy(plainFile(2), plainFile(fd))
		}
	})
}

// drain moves everything that is in the pipe, and says whether something is left.
func (c *capture) drain(fd int) (left bool) {
	buf := make([]byte, relayBuffer)
	for len(c.pending) == 0 {
		n, err := syscall.Read(fd, buf)
		switch {
		case err == syscall.EINTR:
		case err == syscall.EAGAIN:
			return true
		case n <= 0:
			return false
		case !c.pass(buf[:n]):
			return !c.over
		}
	}
	return true
}

// pipeOf returns the end to read of a pipe that holds b.
func pipeOf(b []byte) (plainFile, error) {
	r, w, err := pipe()
	if err != nil {
		return -1, err
	}
	defer syscall.Close(w)
	syscall.SetNonblock(w, true)
	if n, err := syscall.Write(w, b); len(b) > 0 && (err != nil || n < len(b)) {
		syscall.Close(r)
		return -1, errors.New("a pipe takes less than the buffer")
	}
	return plainFile(r), nil
}

// detach hands the relay to a process of its own, which copies first and then in.
func detach(first plainFile, in int) error {
	syscall.SetNonblock(in, false)
	_, err := startOwn(&syscall.ProcAttr{
		Files: []uintptr{uintptr(first), uintptr(in), 2},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	}, drainArg)
	return err
}

// isDevNull says whether a descriptor is /dev/null.
func isDevNull(fd int) bool {
	var st syscall.Stat_t
	return syscall.Fstat(fd, &st) == nil && st.Mode&syscall.S_IFMT == syscall.S_IFCHR
}
