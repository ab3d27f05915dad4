//go:build linux && (amd64 || arm64) && !portable

package exec

import (
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
