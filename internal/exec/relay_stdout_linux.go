//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"bytes"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"pi-track/internal/mount"
)

// stdout is left alone, but for one case: a socket that our parent holds the other
// end of, as Node.js gives its children. A parent that signals the program and then
// closes the socket (spawnSync with maxBuffer) means the signal to come first; the
// program would see the closed socket before this process has passed the signal on.
type stdout struct {
	relay relay
	child int // the program's end, until it has started
}

func (o *stdout) open(state *original) {
	st, err := mount.Of(1)
	if state.closed&(1<<1) != 0 || err != nil || st.Mode&syscall.S_IFMT != syscall.S_IFSOCK ||
		!streamSocket(1) || sameFile(0, &st, state) || !ofParent(1) {
		return
	}
	flags, err := unix.FcntlInt(1, unix.F_GETFL, 0)
	if err != nil {
		return
	}
	reader := [...]unix.PollFd{{Fd: 1}}
	pollWait(reader[:], 0)
	if reader[0].Revents != 0 {
		return
	}
	out, err := unix.FcntlInt(1, unix.F_DUPFD_CLOEXEC, 3) // 1 is let go of
	if err != nil {
		return
	}
	o.child, o.relay = interpose(true, flags, out, newRing())
	if o.child < 0 {
		syscall.Close(out)
	}
}

// ofParent says whether our parent made the socket.
func ofParent(fd int) bool {
	peer, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
	return err == nil && int(peer.Pid) == syscall.Getppid()
}

func (o *stdout) started() {
	if o.child >= 0 {
		syscall.Close(o.child)
		o.child = -1
	}
}

// taken waits until the program has taken the signals that were passed on last, or
// for a hundredth of a second: it may have blocked them.
func (s *supervisor) taken() {
	for begun := time.Now(); time.Since(begun) < brief && pending(s.child)&s.passed != 0; {
		pollWait(nil, 50*time.Microsecond)
	}
}

// pending returns the signals to a process that it has not taken yet.
func pending(pid int) (set uint64) {
	fd, err := syscall.Open("/proc/"+strconv.Itoa(pid)+"/status", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return 0
	}
	defer syscall.Close(fd)
	var b [2048]byte
	n, _ := syscall.Read(fd, b[:])
	_, rest, _ := bytes.Cut(b[:max(n, 0)], []byte("\nShdPnd:\t"))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	for _, c := range line {
		digit := bytes.IndexByte([]byte("0123456789abcdef"), c)
		set = set<<4 | uint64(max(digit, 0))
	}
	return set
}
