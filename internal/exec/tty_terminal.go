//go:build unix

package exec

import (
	"syscall"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"pi-track/internal/mount"
)

// terminal stands between the real terminal and a pty that the program uses.
//
// The real terminal passes all keys on as they are, echo and signals are made
// by the pty. Output is processed by both: the pty as the program wants it,
// and the real terminal as well, so that lines of other jobs end as always.
// What the pty has added to a line end is taken away before.
type terminal struct {
	tty    int // the real terminal, an open file of its own
	master int
	slave  int
	saved  unix.Termios // of the real terminal
	first  unix.Termios // of the pty at start
	raw    bool         // the keys go to the program
	input  []byte       // typed and not yet taken by the pty
	output []byte       // written and not yet shown
	cr     bool         // the last byte of output was a CR, held back
	eof    bool         // nobody has the pty's slave open
	ring   *Ring
	inBuf  [4096]byte
	outBuf []byte
}

// openTerminal prepares a pty if 0, 1 and 2 are the terminal of this session
// and this process's group is in the foreground; nil if anything else is so.
// Bit n of closed: descriptor n was closed at start.
func openTerminal(closed uint64, ring *Ring) *terminal {
	var st [3]mount.Info
	for fd := range st {
		var err error
		if st[fd], err = mount.Of(fd); closed&(1<<fd) != 0 || err != nil ||
			st[fd].Mode&syscall.S_IFMT != syscall.S_IFCHR || st[fd].Rdev != st[0].Rdev || st[fd].Ino != st[0].Ino {
			return nil
		}
	}
	if !foreground(0) {
		return nil
	}
	t := &terminal{tty: -1, master: -1, slave: -1, ring: ring}
	if !t.open() {
		t.close()
		return nil
	}
	return t
}

// foreground says whether fd is this session's terminal and this process's
// group its foreground.
func foreground(fd int) bool {
	group, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	return err == nil && group == syscall.Getpgrp()
}

func (t *terminal) open() bool {
	modes, err := unix.IoctlGetTermios(0, getTermios)
	if err != nil {
		return false
	}
	t.saved, t.first = *modes, *modes
	t.tty, err = syscall.Open(terminalName(), syscall.O_RDWR|syscall.O_NOCTTY|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	master, slave, err := pty.Open()
	if err != nil {
		return false
	}
	defer master.Close()
	defer slave.Close()
	if t.master, err = unix.FcntlInt(master.Fd(), unix.F_DUPFD_CLOEXEC, 3); err != nil {
		return false
	}
	if t.slave, err = unix.FcntlInt(slave.Fd(), unix.F_DUPFD_CLOEXEC, 3); err != nil {
		return false
	}
	syscall.SetNonblock(t.master, true)
	if unix.IoctlSetTermios(t.slave, setTermios, &t.first) != nil {
		return false
	}
	t.resize()
	t.outBuf = make([]byte, 64<<10)
	return true
}

func (t *terminal) close() {
	for _, fd := range [...]int{t.tty, t.master, t.slave} {
		syscall.Close(fd) // -1 is not open
	}
}

// resize gives the pty the terminal's size; the kernel tells the program if
// it is another.
func (t *terminal) resize() {
	if size, err := unix.IoctlGetWinsize(t.tty, unix.TIOCGWINSZ); err == nil {
		unix.IoctlSetWinsize(t.slave, unix.TIOCSWINSZ, size)
	}
}

// take lets all keys through to the program.
func (t *terminal) take() bool {
	modes, err := unix.IoctlGetTermios(t.tty, getTermios)
	if err != nil {
		return false
	}
	t.saved = *modes
	t.raw = t.sync()
	return t.raw
}

// sync sets the real terminal's modes: raw input, and output processing as
// the pty's is now.
func (t *terminal) sync() bool {
	modes := t.saved
	modes.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL |
		unix.IXON | unix.IXOFF | unix.IXANY | unix.IMAXBEL | upperCase
	modes.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	modes.Cc[unix.VMIN], modes.Cc[unix.VTIME] = 1, 0
	if inner, err := unix.IoctlGetTermios(t.slave, getTermios); err == nil {
		modes.Oflag = inner.Oflag
	}
	return unix.IoctlSetTermios(t.tty, setTermios, &modes) == nil
}

// giveBack ends raw input. The settings that the program has made remain, as
// they would have; after a death by a signal the terminal is as it was.
func (t *terminal) giveBack(keep bool) {
	if !t.raw {
		return
	}
	t.raw = false
	modes := t.saved
	inner, err := unix.IoctlGetTermios(t.slave, getTermios)
	if keep && err == nil && *inner != t.first {
		modes = *inner
	}
	unix.IoctlSetTermios(t.tty, setTermios, &modes)
}

// modes returns the pty's modes.
func (t *terminal) modes() unix.Termios {
	if modes, err := unix.IoctlGetTermios(t.slave, getTermios); err == nil {
		return *modes
	}
	return t.first
}

// unread gives typed keys that the program has not read back to the terminal,
// for whoever reads next. Where the system does not let us, they are lost.
func (t *terminal) unread() {
	if !t.raw {
		return
	}
	inner, err := unix.IoctlGetTermios(t.slave, getTermios)
	if err != nil {
		return
	}
	loose := *inner // makes an unfinished line readable
	loose.Lflag &^= unix.ICANON | unix.ECHO
	loose.Cc[unix.VMIN], loose.Cc[unix.VTIME] = 1, 0
	unix.IoctlSetTermios(t.slave, setTermios, &loose)
	syscall.SetNonblock(t.slave, true)
	var keys []byte
	for {
		n, err := syscall.Read(t.slave, t.inBuf[:])
		if err != nil || n <= 0 {
			break
		}
		keys = append(keys, t.inBuf[:n]...)
	}
	unix.IoctlSetTermios(t.slave, setTermios, inner)
	for _, key := range append(keys, t.input...) {
		pushBack(t.tty, key)
	}
	t.input = nil
}
