//go:build linux && (amd64 || arm64)

package exec

import (
	"bytes"
	"syscall"

	"golang.org/x/sys/unix"
)

// want fills in what to wait for: fds[0] is the terminal, fds[1] the pty.
func (t *terminal) want(fds []unix.PollFd) {
	fds[0] = unix.PollFd{Fd: -1}
	fds[1] = unix.PollFd{Fd: int32(t.master)}
	if t.raw && len(t.input) == 0 {
		fds[0] = unix.PollFd{Fd: int32(t.tty), Events: unix.POLLIN}
	}
	if len(t.output) > 0 {
		fds[0].Fd = int32(t.tty)
		fds[0].Events |= unix.POLLOUT
	} else {
		fds[1].Events |= unix.POLLIN
	}
	if len(t.input) > 0 {
		fds[1].Events |= unix.POLLOUT
	}
	if fds[1].Events == 0 {
		fds[1].Fd = -1
	}
}

// serve does what poll found possible.
func (t *terminal) serve(fds []unix.PollFd) {
	if fds[0].Revents&unix.POLLOUT != 0 {
		t.show()
	}
	if fds[0].Revents&^unix.POLLOUT != 0 && t.raw && len(t.input) == 0 {
		t.typed()
	}
	if fds[1].Revents&unix.POLLOUT != 0 {
		t.feed()
	}
	if fds[1].Revents&^unix.POLLOUT != 0 && len(t.output) == 0 {
		t.written()
	}
}

// typed reads keys. Only the foreground may: the kernel would stop us.
func (t *terminal) typed() {
	if !foreground(t.tty) {
		t.raw = false // until continued
		return
	}
	n, err := syscall.Read(t.tty, t.inBuf[:])
	switch {
	case n > 0:
		t.input = t.inBuf[:n]
		t.feed()
	case err != syscall.EINTR && err != syscall.EAGAIN:
		t.raw = false // the terminal has gone; SIGHUP says so
	}
}

// feed gives the pty what was typed.
func (t *terminal) feed() {
	n, err := syscall.Write(t.master, t.input)
	switch {
	case n > 0:
		t.input = t.input[n:]
	case err != syscall.EINTR && err != syscall.EAGAIN:
		t.input = nil
	}
}

// written reads what the program has written, and shows it. It returns false
// when nothing was there.
func (t *terminal) written() bool {
	n, err := syscall.Read(t.master, t.outBuf)
	if n <= 0 {
		t.eof = err != syscall.EINTR && err != syscall.EAGAIN
		return err == syscall.EINTR
	}
	t.ring.write(t.outBuf[:n])
	t.output = t.undo(t.outBuf[:n])
	t.show()
	return true
}

// undo takes back the CR that the pty has put before each LF if the terminal
// is going to put one there as well. The terminal follows the pty's modes.
func (t *terminal) undo(b []byte) []byte {
	inner, err := unix.IoctlGetTermios(t.slave, unix.TCGETS)
	outer, err2 := unix.IoctlGetTermios(t.tty, unix.TCGETS)
	if err != nil || err2 != nil {
		return b
	}
	if t.raw && inner.Oflag != outer.Oflag && t.sync() {
		outer.Oflag = inner.Oflag
	}
	const adds = unix.OPOST | unix.ONLCR
	if t.cr {
		b = append([]byte{'\r'}, b...)
		t.cr = false
	}
	if outer.Oflag&adds != adds {
		return b
	}
	if b[len(b)-1] == '\r' {
		b, t.cr = b[:len(b)-1], true
	}
	return bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
}

// show writes to the terminal as far as it takes it.
func (t *terminal) show() {
	for len(t.output) > 0 {
		n, err := syscall.Write(t.tty, t.output)
		switch {
		case n > 0:
			t.output = t.output[n:]
		case err == syscall.EINTR:
		case err == syscall.EAGAIN:
			return
		default:
			t.output = nil // the terminal has gone
		}
	}
}

// drain shows all that is in the pty.
func (t *terminal) drain(s *supervisor) {
	for {
		for len(t.output) > 0 {
			fds := [...]unix.PollFd{
				{Fd: int32(s.signals), Events: unix.POLLIN},
				{Fd: int32(t.tty), Events: unix.POLLOUT},
			}
			pollWait(fds[:], -1)
			if fds[0].Revents != 0 && s.told() {
				return
			}
			t.show()
		}
		if t.eof || !t.written() {
			break
		}
	}
	if t.cr {
		t.cr = false
		t.output = []byte{'\r'}
		t.show()
	}
}
