//go:build linux && (amd64 || arm64) && !portable

package launch

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"pi-track/internal/event"
	"pi-track/internal/exec"
	"pi-track/internal/log/box"
)

// A scribe is a process that logs the lines of one run where that may take for
// ever: on a mount that hangs, a system call cannot be given up, nor can a process
// end that makes it. The supervisor keeps both lines in the box and hands them to
// the scribe, which nobody waits for. When the mount comes back it logs them; when
// it is killed, a reaper does.
type scribe struct {
	box  *box.Box
	conn int // a socket to the scribe, -1 if there is none
}

// patience is how long the end of a helper may be kept from its caller, so that
// the line is usually there when the caller goes on.
var patience = 5 * time.Millisecond

// A process with such an argv is a scribe. Home, id and path follow.
const (
	scribeName = "pi-track"
	scribeArg  = "--pi-track-log"
)

// The first byte of a message: which line follows.
const (
	startMessage = 's'
	endMessage   = 'e'
)

// newScribe starts the scribe for the box's log, unless the log lies beside the
// box: then it is nil. It is as well where there is no box.
func newScribe(b *box.Box) *scribe {
	fd, home, id, path := b.File()
	if fd < 0 || !box.Elsewhere(home, path) {
		return nil
	}
	s := &scribe{box: b, conn: -1}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return s
	}
	if exec.Detach([]string{scribeName, scribeArg, home, id, path}, pair[1], fd) == nil {
		s.conn = pair[0]
	} else {
		syscall.Close(pair[0])
	}
	syscall.Close(pair[1])
	return s
}

func (s *scribe) start(line []byte) {
	s.box.KeepStart(line)
	s.send(startMessage, line)
}

// finish hands the end line over and waits for it to be logged, but not longer
// than [patience].
func (s *scribe) finish(line []byte) {
	s.box.KeepEnd(line)
	if !s.send(endMessage, line) {
		return
	}
	answer := []unix.PollFd{{Fd: int32(s.conn), Events: unix.POLLIN}}
	for until := time.Now().Add(patience); ; {
		left := unix.NsecToTimespec(max(0, int64(time.Until(until))))
		if _, err := unix.Ppoll(answer, &left, nil); err != unix.EINTR {
			return
		}
	}
}

func (s *scribe) send(kind byte, line []byte) bool {
	if s.conn < 0 {
		return false
	}
	message := append([]byte{kind}, line...)
	return unix.Sendto(s.conn, message, unix.MSG_NOSIGNAL|unix.MSG_DONTWAIT, nil) == nil
}

// scribeFor is the scribe itself, if args ask for it.
func scribeFor(args []string) bool {
	if len(args) != 5 || args[0] != scribeName || args[1] != scribeArg {
		return false
	}
	exec.LetGo()
	syscall.Chdir("/") // and keep no file system from being unmounted
	const conn, file = 0, 1
	b := box.Handed(file, args[2], args[3], args[4])
	var message [1 + event.MaxLine]byte
	for {
		n, err := syscall.Read(conn, message[:])
		switch {
		case err == syscall.EINTR:
		case err != nil || n <= 0:
			return true // the supervisor was killed: the box is a reaper's
		case message[0] == startMessage:
			b.Start(append([]byte{}, message[1:n]...))
		case message[0] == endMessage:
			b.Finish(append([]byte{}, message[1:n]...))
			return true // which is the answer
		}
	}
}
