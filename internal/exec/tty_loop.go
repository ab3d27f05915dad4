//go:build unix

package exec

import (
	"bytes"
	"syscall"

	"golang.org/x/sys/unix"
)

// typed reads keys, and returns them. Only the foreground may: the kernel would
// stop us.
func (t *terminal) typed() (keys []byte) {
	if !foreground(t.tty) {
		t.raw = false // until continued
		return nil
	}
	n, err := syscall.Read(t.tty, t.inBuf[:])
	switch {
	case n > 0:
		t.input = t.inBuf[:n]
		t.feed()
	case err != syscall.EINTR && err != syscall.EAGAIN:
		t.raw = false // the terminal has gone; SIGHUP says so
	}
	return t.inBuf[:max(n, 0)]
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
	inner, err := unix.IoctlGetTermios(t.slave, getTermios)
	outer, err2 := unix.IoctlGetTermios(t.tty, getTermios)
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
