//go:build unix && (portable || !linux || !(amd64 || arm64))

package exec

import (
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// superviseOnPTY runs the program on a pty in front of the terminal. It says
// no when it has done nothing, because that is not possible.
func (s *supervisor) superviseOnPTY() (r Result, ok bool) {
	t := openTerminal(0, s.spec.Ring)
	if t == nil {
		return r, false
	}
	if t.slave >= unix.FD_SETSIZE || t.tty >= unix.FD_SETSIZE || !t.take() {
		t.close()
		return r, false
	}
	poller, err := newPoller()
	if err != nil {
		t.giveBack(false)
		t.close()
		return r, false
	}
	s.catch(afterStart) // before it: a stop of this process alone would not stop the program
	start := time.Now()
	first, err := s.leader.start(t, s.spec)
	if err != nil || first.errno != 0 {
		t.giveBack(false)
		t.close()
		poller.close()
		if err != nil {
			return r, false // try without
		}
		s.leader.close()
		reap(s.leader.pid)
		return failed(s.spec, first.errno, start), !noRoom(first.errno)
	}
	s.term, s.child, s.poller = t, int(first.pid), poller
	last := s.runOnPTY()
	duration := time.Since(start)
	s.poller.close()
	if sig := last.status.Signal(); (sig == syscall.SIGINT || sig == syscall.SIGQUIT) && (s.passed|s.sent)&bit(sig) == 0 {
		s.passOut(sig) // from a key that a program on a pty further in has taken
	}
	s.drainTerminal()
	t.unread()
	t.giveBack(!last.status.Signaled())
	s.leader.guard(nil)
	s.leader.close()
	t.close() // before its end: macOS lets a leader end only when its terminal's output has been read
	reap(s.leader.pid)
	return s.result(&last, start, duration), true
}

func (s *supervisor) runOnPTY() change {
	s.leader.guard(&s.term.saved)
	for _, sig := range stopSignals[1:] { // it serves the terminal from the background as well
		s.caught &^= bit(sig)
		signal.Ignore(sig)
	}
	s.term.resize() // it may have a new size since the program's was made, which nothing told this process
	letGoInherited()
	s.stderr.file = -1
	go s.leader.watch(s.changes)
	if s.spec.Started != nil {
		s.spec.Started(s.child)
	}
	s.awaitTerminal()
	return s.run()
}

// suspendTerminal and resumeTerminal stand around a stop of this process.
func (s *supervisor) suspendTerminal() {
	s.drainTerminal()
	s.term.giveBack(true)
	s.leader.guard(nil)
}

// resumeTerminal is called for a SIGCONT: the job is in the foreground or in the
// background, and so is the program on its pty.
func (s *supervisor) resumeTerminal() {
	t := s.term
	front := foreground(t.tty)
	if front && !t.raw {
		t.resize()
		t.first = t.modes()
		t.take()
	}
	if t.raw {
		s.leader.guard(&t.saved)
	}
	s.leader.give(front)
	s.poller.interrupt()
}

// forwardOnPTY passes a signal to the program, or to its group if that is what
// a shell or a terminal sends to a job.
func (s *supervisor) forwardOnPTY(sig syscall.Signal) {
	switch sig {
	case syscall.SIGCONT:
		s.goOn()
	case syscall.SIGWINCH:
		s.term.resize()
	case syscall.SIGTSTP, syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM:
		s.sent |= bit(sig)
		syscall.Kill(-s.child, sig)
	default:
		syscall.Kill(s.child, sig)
	}
}

// passKeys gives the caller's group the signals that keys send to the program's:
// the two stand for one, and a script around the program ends by them.
func (s *supervisor) passKeys(keys []byte) {
	modes := s.term.modes()
	if modes.Lflag&unix.ISIG == 0 {
		return
	}
	for _, key := range keys {
		front, err := unix.IoctlGetInt(s.term.master, unix.TIOCGPGRP)
		switch {
		case key == 0 || err != nil || front != s.child: // 0 stands for no key
		case key == modes.Cc[unix.VINTR]:
			s.passOut(syscall.SIGINT)
		case key == modes.Cc[unix.VQUIT]:
			s.passOut(syscall.SIGQUIT)
		case key == modes.Cc[unix.VSUSP]:
			s.passOut(syscall.SIGTSTP)
			s.suspended = time.Now()
		}
	}
}

// passOut gives the caller's group, which this process is in, a signal that the
// program's got.
func (s *supervisor) passOut(sig syscall.Signal) {
	s.passed |= bit(sig)
	if s.own&bit(sig) == 0 && s.caught&bit(sig) != 0 {
		s.own |= bit(sig)
		syscall.Kill(0, sig)
	}
}

// awaitTerminal asks the poller for what can be done next.
func (s *supervisor) awaitTerminal() {
	t := s.term
	var w descriptors
	if t.raw && len(t.input) == 0 {
		w.read(t.tty)
	}
	if len(t.output) > 0 {
		w.write(t.tty)
	} else if !t.eof {
		w.read(t.master)
	}
	if len(t.input) > 0 {
		w.write(t.master)
	}
	s.poller.await(w)
}

// serveTerminal does what the poller found possible.
func (s *supervisor) serveTerminal(ready descriptors) {
	t := s.term
	if ready.out.IsSet(t.tty) {
		t.show()
	}
	if ready.in.IsSet(t.tty) && t.raw && len(t.input) == 0 {
		s.passKeys(t.typed())
	}
	if ready.out.IsSet(t.master) {
		t.feed()
	}
	if ready.in.IsSet(t.master) && len(t.output) == 0 {
		t.written()
	}
	s.awaitTerminal()
}

// drainTerminal shows what is in the pty: what the program has written before it
// ended or stopped, and not all that a descendant may go on to write.
func (s *supervisor) drainTerminal() {
	const most = 1 << 20
	t := s.term
	for begun := t.ring.total(); ; {
		for len(t.output) > 0 {
			var w descriptors
			w.write(t.tty)
			w.wait(patience)
			if s.told() {
				return
			}
			t.show()
		}
		if t.eof || t.ring.total()-begun > most || !t.written() {
			break
		}
	}
	if t.cr {
		t.cr, t.output = false, []byte{'\r'}
		t.show()
	}
}

// told says whether a signal came that ends most programs.
func (s *supervisor) told() bool {
	s.takeSignals()
	for _, sig := range s.queue {
		switch sig {
		case syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGALRM:
			return true
		}
	}
	return false
}

// poller waits for the terminal beside everything else, with select(2): poll(2) and
// kqueue(2) on macOS do not take terminals.
type poller struct {
	wanted      chan descriptors
	ready       chan descriptors
	woken, wake int // a pipe that ends a wait
}

// descriptors are those that can be, or are to be, read and written.
type descriptors struct {
	in, out unix.FdSet
	max     int
}

func (d *descriptors) read(fd int)  { d.in.Set(fd); d.max = max(d.max, fd) }
func (d *descriptors) write(fd int) { d.out.Set(fd); d.max = max(d.max, fd) }

// wait waits until one of them is ready, and keeps those; a negative timeout waits
// for ever.
func (d *descriptors) wait(timeout time.Duration) {
	for {
		in, out := d.in, d.out
		var limit *unix.Timeval
		if timeout >= 0 {
			t := unix.NsecToTimeval(int64(timeout))
			limit = &t
		}
		n, err := unix.Select(d.max+1, &in, &out, nil, limit)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || n == 0 {
			in.Zero()
			out.Zero()
		}
		d.in, d.out = in, out
		return
	}
}

func newPoller() (*poller, error) {
	woken, wake, err := pipe()
	if err != nil {
		return nil, err
	}
	p := &poller{wanted: make(chan descriptors, 1), ready: make(chan descriptors), woken: woken, wake: wake}
	go p.loop()
	return p, nil
}

func (p *poller) loop() {
	defer close(p.ready)
	for d := range p.wanted {
		d.read(p.woken)
		d.wait(-1)
		if d.in.IsSet(p.woken) {
			var b [64]byte
			plainFile(p.woken).Read(b[:])
		}
		p.ready <- d
	}
}

// events tells what is ready, once for each await; nothing when there is no poller.
func (p *poller) events() <-chan descriptors {
	if p == nil {
		return nil
	}
	return p.ready
}

func (p *poller) await(d descriptors) { p.wanted <- d }

// interrupt ends a wait: other descriptors count now.
func (p *poller) interrupt() { plainFile(p.wake).Write([]byte{0}) }

// close ends the poller, which may hold the terminal's descriptors in a system call.
func (p *poller) close() {
	close(p.wanted)
	p.interrupt()
	for range p.ready {
	}
	syscall.Close(p.woken)
	syscall.Close(p.wake)
}
