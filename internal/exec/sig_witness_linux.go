//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"slices"
	"syscall"
	"time"
	"unsafe"

	"pi-track/internal/exec/script"

	"golang.org/x/sys/unix"
)

// A signal to a process and one to its group look the same to the receiver.
// A witness is another member of the group: what it gets as well went to the
// whole group. It shares this memory and these descriptors, has every signal
// blocked, and repeats
//
//	rt_sigtimedwait(all signals, info, no timeout)
//	writev(signalPipe, info and a mark)
//
// until it is killed. One is in this process's group; on a pty another is in the
// program's.
type witness struct {
	pid      int
	synced   uint64 // the last sync that was answered
	asked    uint64 // the last sync
	settling uint64 // the last settle
	seen     []sighting
}

const minRealTime = 32

type sighting struct {
	used     bool
	info     siginfo
	at       time.Time
	order    uint64 // of its report in signalPipe
	settling uint64
}

// The marks of reports in signalPipe that the handler did not write.
const (
	markWitness = 1 + iota // the witness got this signal
	markChild              // the program's process exists
	markStarted            // the monitor has started the program
	markStatus             // wait4's status in value
	markSwitch             // the monitor has switched the pty's foreground
	markInner              // the witness in the program's group got this signal
	markMonitor            // the monitor got this signal, and not from us
)

// syncSignal asks the witness to answer; it takes lower signals first.
const syncSignal = maxSignal

// taker is what a script needs to take signals and to write them to signalPipe.
type taker struct {
	info siginfo
	mark uint64
	iov  [2]unix.Iovec
}

// take adds the taking of the next signal to a script.
func take(s *script.Script, t *taker) *script.Step {
	return s.Add(unix.SYS_RT_SIGTIMEDWAIT, addr(&everySignal), addr(&t.info), 0, 8)
}

// tell adds the writing of the signal that was taken, with a mark.
func tell(s *script.Script, t *taker, mark uint64) {
	t.mark = mark
	t.iov[0].Base = (*byte)(unsafe.Pointer(&t.info))
	t.iov[0].SetLen(int(unsafe.Sizeof(t.info) - unsafe.Sizeof(t.info.mark)))
	t.iov[1].Base = (*byte)(unsafe.Pointer(&t.mark))
	t.iov[1].SetLen(int(unsafe.Sizeof(t.mark)))
	s.Add(unix.SYS_WRITEV, uintptr(signalPipe), addr(&t.iov), uintptr(len(t.iov)))
}

// What the scripts of the witnesses point to.
var (
	everySignal   = ^uint64(0)
	witnessScript script.Script
	witnessTaker  taker
	childMark     = siginfo{mark: markChild}
)

// start starts the witness, before the program: a caller may signal the group
// as soon as it sees the program at work. Without a witness, alive is false.
func (w *witness) start() {
	reapWitnesses()
	s := &witnessScript
	s.Reset()
	s.DieWithParent()
	again := take(s, &witnessTaker)
	tell(s, &witnessTaker, markWitness)
	s.Jump(again)
	w.pid = s.Clone(sharing)
}

// kill ends the witness; reapWitnesses leaves no zombie.
func (w *witness) kill() {
	if w.pid > 0 {
		syscall.Kill(w.pid, syscall.SIGKILL)
		deadWitnesses, w.pid = append(deadWitnesses, w.pid), 0
	}
}

var deadWitnesses []int

func reapWitnesses() {
	for _, pid := range deadWitnesses {
		wait(pid, nil, unix.WALL, nil)
	}
	deadWitnesses = nil
}

func (w *witness) alive() bool { return w.pid > 0 }

// answer takes the answer to a sync and says whether the report is one.
func (w *witness) answer(info *siginfo) bool {
	if info.signo != syncSignal || int(info.pid) != syscall.Getpid() {
		return false
	}
	w.synced = info.value
	return true
}

// take takes a report of the witness from signalPipe.
func (w *witness) take(info siginfo, order uint64) {
	if w.answer(&info) {
		return
	}
	switch { // what the kernel has taken back
	case isContinue(info.signo):
		w.takeBack(isStop)
	case isStop(info.signo):
		w.takeBack(isContinue)
	}
	w.seen = append(w.seen, sighting{info: info, at: time.Now(), order: order, settling: w.settling})
}

// sync returns when the witness has reported every signal sent to the group
// before now. A sender holds the kernel's lock on the process list while it
// goes through the group; setpgid needs that lock for itself, so when it
// returns, the sender is done. A witness that sleeps then has none left to report.
// Another is asked to answer, and takes the signals that it had before first.
func (w *witness) sync(s *supervisor) {
	if !w.alive() {
		return
	}
	syscall.Setpgid(0, s.group)
	if stateOf(w.pid) == 'S' { // the sender's signal would have woken it
		s.readSignals()
		return
	}
	w.asked++
	ask := siginfo{signo: syncSignal, code: siQueue, pid: int32(s.pid), value: w.asked}
	if queue(w.pid, &ask) != nil {
		w.kill()
		return
	}
	for asked := time.Now(); w.synced != w.asked; {
		const step, patience = 100 * time.Millisecond, 2 * time.Second
		waited := time.Since(asked)
		switch {
		case waited > patience:
			w.kill()
			return
		case waited > step: // stopped together with the group, perhaps
			syscall.Kill(w.pid, syscall.SIGCONT)
		}
		fds := [...]unix.PollFd{{Fd: int32(s.signals), Events: unix.POLLIN}}
		pollWait(fds[:], step)
		s.readSignals()
	}
}

// saw says whether the witness got the same signal. A standard signal that is
// sent twice at once may be one here or there, so its sighting serves for all
// that have come until now; a real-time signal is counted.
func (w *witness) saw(info *siginfo) bool {
	var found *sighting
	for i := range w.seen {
		s := &w.seen[i]
		if !sameSignal(&s.info, info) {
			continue
		}
		if !s.used {
			s.used = true
			return true
		}
		found = s
	}
	return found != nil && info.signo < minRealTime
}

func sameSignal(a, b *siginfo) bool {
	return a.signo == b.signo && a.code == b.code && a.pid == b.pid && a.value == b.value
}

func (w *witness) takeBack(which func(signo int32) bool) {
	w.seen = slices.DeleteFunc(w.seen, func(s sighting) bool { return which(s.info.signo) })
}

// settle drops sightings that have served, and those of signals that this
// process did not get: two signals to the group became one here, or a stop or
// a SIGCONT made the kernel discard one. They must not speak for a later
// signal that is for this process alone.
func (w *witness) settle(s *supervisor) {
	if len(w.seen) == 0 {
		return
	}
	w.settling++
	syscall.Setpgid(0, s.group) // as in sync: what the witness has seen until now has come here, too
	s.readSignals()
	kept := w.seen[:0]
	for _, o := range w.seen {
		if o.settling == w.settling || !o.used && o.expected(s.queued) || o.used && o.merged(s.queued) {
			kept = append(kept, o)
		}
	}
	w.seen = kept
}

// merged says whether the same signal has come again before the witness took this
// one, and is to be judged: the two may have been one for the witness.
func (o *sighting) merged(queued []arrival) bool {
	return o.info.signo < minRealTime && slices.ContainsFunc(queued, func(a arrival) bool {
		return sameSignal(&o.info, &a.siginfo) && a.order < o.order
	})
}

// expected says whether the same signal has arrived and is to be judged, or
// may be under way. Job control signals never are (receive), others may be in
// the handler of another thread.
func (o *sighting) expected(queued []arrival) bool {
	const while = time.Second / 2
	for i := range queued {
		if sameSignal(&o.info, &queued[i].siginfo) {
			return true
		}
	}
	return !isStop(o.info.signo) && !isContinue(o.info.signo) && time.Since(o.at) < while
}
