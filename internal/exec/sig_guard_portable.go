//go:build unix && (portable || !linux || !(amd64 || arm64))

package exec

import (
	"os"
	"strconv"
	"syscall"
	"time"
)

// guard is a process in this group beside the program. It tells the supervisor
// which signals the whole group got, and so the program; it kills the program when
// the supervisor is killed; and it continues a stopped supervisor whose program
// somebody has continued by its own pid.
type guard struct {
	pid     int
	control int       // requests; its end tells that the supervisor is dead
	reports chan byte // numbers of signals, and marks
	stood   time.Time // when it was first
	synced  bool      // all that came before the last request has been reported
	woke    bool      // the guard has continued this process
	seen    [maxSignal + 1]sighting
}

// sighting is a signal that the guard got.
type sighting struct {
	at   time.Time
	used bool // it stands for one that the supervisor got
}

// Requests, and the marks that stand beside the numbers of signals in reports.
const (
	askSync  = 's' // report what came, then markSync
	askWatch = 'w' // the supervisor is about to stop: watch until it has gone on for a while
	askEnd   = 'q' // the program has ended

	markSync = 0xff
	markWoke = 0xfe
)

// startGuard starts the guard, beside all else. Without a guard groupWide guesses.
func (s *supervisor) startGuard() {
	s.guards = make(chan guard, 1)
	go func() {
		g, _ := newGuard(s.child)
		s.guards <- g
	}()
}

// awaitGuard waits until the guard of a program that has just been started stands,
// if it comes to that.
func (s *supervisor) awaitGuard() {
	if s.term != nil {
		return
	}
	if s.guard.pid == 0 && s.guards == nil {
		s.startGuard()
	}
	if s.guards != nil {
		s.guard, s.guards = <-s.guards, nil
	}
	if s.guard.pid != 0 && !s.guard.synced {
		s.guard.sync() // its first report
	}
}

func newGuard(program int) (g guard, err error) {
	requests, control, err := pipe()
	if err != nil {
		return g, err
	}
	defer syscall.Close(requests)
	reports, w, err := pipe()
	if err != nil {
		syscall.Close(control)
		return g, err
	}
	defer syscall.Close(w)
	defer blockStops()() // a process that is stopped before it is executed keeps this one from being stopped
	g.pid, err = startOwn(&syscall.ProcAttr{
		Files: []uintptr{uintptr(requests), uintptr(w), 0},
		Sys:   &syscall.SysProcAttr{Setpgid: true}, // for as long as a signal to the group would end it
	}, guardArg, strconv.Itoa(program))
	if err != nil {
		syscall.Close(control)
		syscall.Close(reports)
		return g, err
	}
	g.control, g.reports = control, make(chan byte, 256)
	go readBytes(reports, g.reports)
	return g, nil
}

// readBytes sends what comes through a descriptor.
func readBytes(fd int, to chan<- byte) {
	defer close(to)
	var b [64]byte
	for {
		n, err := plainFile(fd).Read(b[:])
		if err != nil {
			return
		}
		for _, c := range b[:n] {
			to <- c
		}
	}
}

// stands says whether the guard sees what comes.
func (g *guard) stands() bool { return g.pid > 0 && g.synced }

// isNew says whether what this process gets may have come before the guard stood.
func (g *guard) isNew() bool { return time.Since(g.stood) < 20*time.Millisecond }

// take takes a report; the first one tells that the guard stands.
func (g *guard) take(report byte, ok bool) {
	switch {
	case !ok: // it has been killed
		syscall.Close(g.control)
		g.reports, g.synced = nil, false
	case report == markSync:
		if g.synced = true; g.stood.IsZero() {
			g.stood = time.Now()
		}
	case report == markWoke:
		g.woke = true
	case int(report) < len(g.seen):
		g.seen[report] = sighting{at: time.Now()}
	}
}

// ask makes a request, and says whether there is somebody to make it to.
func (g *guard) ask(request byte) bool {
	if !g.stands() {
		return false
	}
	_, err := syscall.Write(g.control, []byte{request})
	return err == nil
}

// saw says whether the guard got the same signal. Two of one number that come
// at once may be one in either process, so a sighting serves for a moment longer.
func (g *guard) saw(sig syscall.Signal) bool {
	const unused, used = time.Second / 2, 3 * time.Millisecond
	if !g.ask(askSync) {
		return false
	}
	g.sync()
	if sig == syscall.SIGCONT && g.woke {
		g.woke = false
		return true // nobody else has sent it, and the program runs
	}
	o := &g.seen[sig]
	age := time.Since(o.at)
	if age > unused || o.used && age > used {
		return false
	}
	o.used = true
	return true
}

// sync waits for the answer to askSync, or for the first report.
func (g *guard) sync() {
	g.synced = false
	again := time.NewTicker(time.Second / 4)
	defer again.Stop()
	for !g.synced && g.reports != nil {
		select {
		case report, ok := <-g.reports:
			g.take(report, ok)
		case <-again.C: // somebody has stopped it alone
			syscall.Kill(g.pid, syscall.SIGCONT)
		}
	}
}

// dismissGuard ends the guard: the program has ended, and its pid may be another's.
func (s *supervisor) dismissGuard() {
	if s.guards != nil {
		s.guard = <-s.guards
	}
	g := &s.guard
	if g.pid == 0 {
		return
	}
	if g.reports != nil {
		syscall.Write(g.control, []byte{askEnd})
	}
	syscall.Kill(g.pid, syscall.SIGKILL)
	reap(g.pid)
}

func reap(pid int) {
	for {
		if _, err := syscall.Wait4(pid, nil, 0, nil); err != syscall.EINTR {
			return
		}
	}
}

// watcher is the guard's side: requests come through descriptor 0, reports go to 1.
type watcher struct {
	program    int
	supervisor int
	signals    <-chan os.Signal
}

// guardProgram is the work of the guard.
func guardProgram(program int) {
	w := watcher{program: program, supervisor: syscall.Getppid(), signals: catchAll()}
	requests := make(chan byte)
	go readBytes(0, requests)
	if group, err := syscall.Getpgid(w.supervisor); err == nil && syscall.Setpgid(0, group) == nil {
		w.report(markSync)
	} else {
		syscall.Close(1) // it sees nothing, but still watches
	}
	look := time.NewTicker(time.Second / 10)
	look.Stop()
	looks := 0 // since the supervisor was last seen stopped
	for {
		select {
		case sig := <-w.signals:
			w.report(byte(sig.(syscall.Signal)))
		case <-look.C:
			if looks++; w.look() {
				looks = 0
			} else if looks == 10 {
				look.Stop()
			}
		case request, ok := <-requests:
			switch {
			case !ok:
				syscall.Kill(w.program, syscall.SIGKILL)
				return
			case request == askEnd:
				return
			case request == askSync:
				w.answer()
			case request == askWatch:
				looks = 0
				look.Reset(time.Second / 10)
			}
		}
	}
}

// look says whether the supervisor is stopped, and continues it when the program is
// not: in this order, as who continues the group continues both.
func (w *watcher) look() (stopped bool) {
	program, known := isRunning(w.program)
	supervisor, seen := isRunning(w.supervisor)
	stopped = seen && !supervisor
	if known && program && stopped {
		w.report(markWoke)
		syscall.Kill(w.supervisor, syscall.SIGCONT)
	}
	return stopped
}

func (w *watcher) report(b byte) { plainFile(1).Write([]byte{b}) }

// marker is a signal that nobody sends, with a high number: pending signals are
// delivered in the order of their numbers.
const marker = syscall.SIGSYS

// answer reports all that has come. The sender may still be going through the
// group; and what is pending is taken when a signal to itself is.
func (w *watcher) answer() {
	time.Sleep(time.Millisecond)
	syscall.Kill(syscall.Getpid(), marker)
	for late := time.After(time.Second / 10); ; {
		select {
		case sig := <-w.signals:
			if sig != marker {
				w.report(byte(sig.(syscall.Signal)))
				continue
			}
		case <-late:
		}
		break
	}
	w.report(markSync)
}
