//go:build linux && (amd64 || arm64)

package exec

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// A process with this argv is a detached relay. No shim is called pi-track, so
// that no caller of a helper can ask for one by an argument.
const (
	drainName = "pi-track"
	drainArg  = "--pi-track-drain"
)

// Helper does the work of a helper process if args, a whole argv, ask for it,
// and says so. Call it first: Supervise starts this executable again for what
// has to outlive it.
func Helper(args []string) (handled bool) {
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
	r := relay{in: 0, out: 2, ring: newRing(), socket: st.Mode&syscall.S_IFMT == syscall.S_IFSOCK}
	r.pump()
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
// the program that still hold its stderr. If there can be none, this process
// stays as long as they do: nothing they write is lost.
func detach(r *relay) {
	p := &program{
		path: cStrings([]string{"/proc/self/exe"})[0],
		argv: cStrings([]string{drainName, drainArg}), envp: cStrings(nil),
		fds: [3]int{r.in, -1, -1}, detached: true,
	}
	if _, err := spawn(p); err != nil {
		r.pump()
		return
	}
	syscall.Close(r.in)
	r.in = -1
	letGoOf(r.out)
}
