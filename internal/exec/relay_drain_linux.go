//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// A process with this argv is a detached relay of descriptor 0, then of 1, to 2.
// No shim is called pi-track, so that no caller of a helper can ask for one by
// an argument.
const (
	drainName = "pi-track"
	drainArg  = "--pi-track-drain"
)

// Drain relays what a program's descendants still write, if args, a whole argv, ask
// for it, and says so. Call it first: Supervise starts this executable again for what
// has to outlive it.
func Drain(args []string) (handled bool) {
	if len(args) != 2 || args[0] != drainName || args[1] != drainArg {
		return false
	}
	for sig := 1; sig <= maxSignal; sig++ {
		if handleable(sig) && sig != int(unix.SIGURG) && sig != int(unix.SIGSEGV) && sig != int(unix.SIGBUS) {
			setAction(sig, &ignoreAction)
		}
	}
	syscall.Chdir("/")
	var st syscall.Stat_t
	if syscall.Fstat(2, &st) != nil {
		return true
	}
	socket := st.Mode&syscall.S_IFMT == syscall.S_IFSOCK
	for _, in := range [...]int{0, 1} {
		out, err := unix.FcntlInt(2, unix.F_DUPFD_CLOEXEC, 3)
		if err != nil || syscall.Fstat(in, &st) != nil || st.Mode&syscall.S_IFMT == syscall.S_IFCHR { // /dev/null
			break
		}
		r := relay{in: in, out: out, ring: newRing(), socket: socket}
		r.pump()
	}
	return true
}

// pump relays until the last writer or the reader has gone.
func (r *relay) pump() {
	for r.in >= 0 {
		var fds [2]unix.PollFd
		r.want(fds[:])
		pollWait(fds[:], -1)
		r.serve(fds[:])
	}
}

// detach hands the relay to a process of its own, which serves descendants of
// the program that still hold its stderr, and a reader that takes its time. What
// has been read already goes to it through another pipe. If there can be no
// such process, this one stays instead: nothing is lost.
func detach(r *relay) {
	p := &program{
		path: cStrings([]string{"/proc/self/exe"})[0],
		argv: cStrings([]string{drainName, drainArg}), envp: cStrings(nil),
		fds: [3]int{r.in, -1, r.out}, detached: true,
	}
	if len(r.pending) > 0 {
		first, ok := pipeOf(r.pending)
		if !ok {
			r.pump()
			return
		}
		defer syscall.Close(first)
		p.fds = [3]int{first, r.in, r.out}
	}
	if _, err := spawn(p); err != nil {
		r.pump()
		return
	}
	syscall.Close(r.in)
	r.in = -1
	letGoOf(r.out)
}

// pipeOf returns the end to read of a pipe that holds b, if one can.
func pipeOf(b []byte) (fd int, ok bool) {
	var p [2]int
	if syscall.Pipe2(p[:], syscall.O_CLOEXEC|syscall.O_NONBLOCK) != nil {
		return -1, false
	}
	defer syscall.Close(p[1])
	unix.FcntlInt(uintptr(p[1]), unix.F_SETPIPE_SZ, max(len(b), smallBuffer))
	if n, err := syscall.Write(p[1], b); err != nil || n < len(b) {
		syscall.Close(p[0])
		return -1, false
	}
	return p[0], true
}
