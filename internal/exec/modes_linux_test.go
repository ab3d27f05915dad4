//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"os"
	"syscall"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"pi-track/internal/mount"
)

// What is let go of is /dev/null, so that its number is not given to another file,
// and who reads from it finds an end.
func TestLetGoOf(t *testing.T) {
	p := pair(t, pipes)
	before := len(openDescriptors())
	letGoOf(p[1])
	if after := len(openDescriptors()); after != before {
		t.Errorf("%d descriptors are open, not %d", after, before)
	}
	if !isNull(p[1]) {
		t.Error("it is not /dev/null")
	}
	var b [1]byte
	if n, err := syscall.Read(p[0], b[:]); n != 0 || err != nil {
		t.Errorf("the reader finds %d bytes, %v", n, err)
	}
	if flags, err := unix.FcntlInt(uintptr(p[1]), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
		t.Errorf("the program would inherit it: %v", err)
	}
}

// newTerminal is a terminal with a pty in front, all modes of which are on.
func newTerminal(t *testing.T) *terminal {
	t.Helper()
	tm := &terminal{}
	for _, fd := range []*int{&tm.tty, &tm.slave} {
		master, slave, err := pty.Open()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { master.Close(); slave.Close() })
		*fd = int(slave.Fd())
		modes := getModes(t, *fd)
		modes.Iflag |= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL |
			unix.IXON | unix.IXOFF | unix.IXANY | unix.IMAXBEL | unix.IUTF8 | upperCase
		modes.Lflag |= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
		modes.Oflag |= unix.OPOST
		modes.Cc[unix.VMIN], modes.Cc[unix.VTIME] = 3, 4
		if err := unix.IoctlSetTermios(*fd, setTermios, modes); err != nil {
			t.Fatal(err)
		}
	}
	return tm
}

func getModes(t *testing.T, fd int) *unix.Termios {
	t.Helper()
	modes, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		t.Fatal(err)
	}
	return modes
}

// The terminal passes each key on as it is, nothing is echoed twice, output is
// processed as the program wants it; later all is as before.
func TestModesOfTheTerminal(t *testing.T) {
	tm := newTerminal(t)
	before := *getModes(t, tm.tty)
	inner := getModes(t, tm.slave)
	inner.Oflag &^= unix.OPOST
	if err := unix.IoctlSetTermios(tm.slave, setTermios, inner); err != nil {
		t.Fatal(err)
	}
	tm.first = *getModes(t, tm.slave)
	if !tm.take() {
		t.Fatal("not taken")
	}
	raw := getModes(t, tm.tty)
	if raw.Iflag != unix.IUTF8 {
		t.Errorf("of input %#x is still on", raw.Iflag)
	}
	if left := raw.Lflag & (unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN); left != 0 {
		t.Errorf("of the local modes %#x are still on", left)
	}
	if raw.Cc[unix.VMIN] != 1 || raw.Cc[unix.VTIME] != 0 || raw.Oflag != inner.Oflag {
		t.Errorf("%d bytes within %d, output %#x", raw.Cc[unix.VMIN], raw.Cc[unix.VTIME], raw.Oflag)
	}
	tm.giveBack(true)
	if after := *getModes(t, tm.tty); after != before {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

// A pipe has no foreground, and a terminal has one of its own session only.
func TestForeground(t *testing.T) {
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer slave.Close()
	p := pair(t, pipes)
	for _, fd := range []int{int(master.Fd()), int(slave.Fd()), p[0], -1} {
		if foreground(fd) {
			t.Errorf("this group is in the foreground of %d", fd)
		}
	}
}

// Where the program cannot be looked at there is no waker, and nothing to end.
func TestNoWaker(t *testing.T) {
	before := len(openDescriptors())
	w := waker{pid: 1<<22 + 5, woke: true} // of an earlier stop
	w.start(&supervisor{child: 1<<22 + 6, pid: os.Getpid()})
	if w.pid != 0 || w.woke {
		t.Errorf("%+v", w)
	}
	if w.sent(&siginfo{pid: 1, signo: int32(syscall.SIGCONT)}) {
		t.Error("a signal of init's is the waker's")
	}
	w.stop()
	if after := len(openDescriptors()); after != before {
		t.Errorf("%d descriptors are open, not %d", after, before)
	}
}

// A file that takes no reading back, or that holds other things than a program's
// output, is left alone.
func TestKindsOfStderr(t *testing.T) {
	var o original
	for fd := range 3 {
		o.closed |= 1 << fd
	}
	var c capture
	c.open(&Spec{Ring: newRing()}, &o)
	if c.file != -1 || c.child != -1 || c.relay.in != -1 || c.out.child != -1 || c.out.relay.in != -1 || c.tty {
		t.Errorf("closed at start: %+v", c)
	}
	st, err := mount.Of(2)
	if err != nil {
		t.Fatal(err)
	}
	if sameFile(2, &st, &o) {
		t.Error("what was closed at start is the same file")
	}
}
