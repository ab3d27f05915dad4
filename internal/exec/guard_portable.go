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
	askWatch = 'w' // the supervisor is about to stop
	askRest  = 'r' // it has been continued
	askEnd   = 'q' // the program has ended

	markSync = 0xff
	markWoke = 0xfe
)

// start starts the guard; without it groupWide guesses.
func (g *guard) start(program int) {
	requests, control, err := pipe()
	if err != nil {
		return
	}
	defer syscall.Close(requests)
	reports, w, err := pipe()
	if err != nil {
		syscall.Close(control)
		return
	}
	defer syscall.Close(w)
	pid, err := startHelper(&syscall.ProcAttr{Files: []uintptr{uintptr(requests), uintptr(w), 0}}, guardArg, strconv.Itoa(program))
	if err != nil {
		syscall.Close(control)
		syscall.Close(reports)
		return
	}
	g.pid, g.control, g.reports = pid, control, make(chan byte, 256)
	go readBytes(reports, g.reports)
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

// record takes a report; the first one tells that the guard stands.
func (g *guard) record(report byte, ok bool) {
	switch {
	case !ok: // it has been killed
		syscall.Close(g.control)
		g.reports, g.synced = nil, false
	case report == markSync:
		g.synced = true
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

// sync waits for the answer to askSync.
func (g *guard) sync() {
	g.synced = false
	for late := time.After(time.Second / 4); !g.synced && g.reports != nil; {
		select {
		case report, ok := <-g.reports:
			g.record(report, ok)
		case <-late: // somebody has stopped it alone
			syscall.Kill(g.pid, syscall.SIGCONT)
			late = time.After(time.Second / 4)
		}
	}
}

// watch tells the guard whether this process is about to stop.
func (g *guard) watch(on bool) {
	if on {
		g.ask(askWatch)
	} else {
		g.ask(askRest)
	}
}

// dismiss ends the guard: the program has ended, and its pid may be another's.
func (g *guard) dismiss() {
	if g.pid == 0 {
		return
	}
	if g.reports != nil {
		syscall.Write(g.control, []byte{askEnd})
	}
	syscall.Kill(g.pid, syscall.SIGKILL)
	reap(g.pid)
	g.pid = 0
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
	w.report(markSync)
	look := time.NewTicker(time.Second / 10)
	look.Stop()
	for {
		select {
		case sig := <-w.signals:
			w.report(byte(sig.(syscall.Signal)))
		case <-look.C:
			if running, known := isRunning(w.program); known && running {
				w.report(markWoke)
				syscall.Kill(w.supervisor, syscall.SIGCONT)
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
				look.Reset(time.Second / 10)
			case request == askRest:
				look.Stop()
			}
		}
	}
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
