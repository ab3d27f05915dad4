//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// Exit ends this process exactly as the program ended: with its exit status,
// or by the same signal and without a second core file. It never returns.
func (r Result) Exit() {
	reapWitnesses()
	if r.Signal == 0 {
		syscall.Exit(r.Code)
	}
	runtime.LockOSThread()
	sig := r.Signal
	unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	var none [2]uint64
	setLimit(unix.RLIMIT_CORE, &none)
	setThreadMask(^uint64(0))
	setAction(int(sig), &defaultAction)
	unix.Tgkill(syscall.Getpid(), syscall.Gettid(), sig)
	setThreadMask(^bit(int(sig)))
	syscall.Exit(128 + int(sig)) // not reached: the signal was fatal to the program
}

// Replace executes the program in this process, as if nothing had been in
// between: dispositions, blocked and pending signals, limits and closed
// descriptors are those found at start. It returns only on error.
func Replace(path string, argv, env []string) error {
	runtime.LockOSThread()
	asFound()
	state := startState()
	for sig := 1; sig <= maxSignal; sig++ {
		if handleable(sig) && state.ignored&bit(sig) != 0 {
			setAction(sig, &ignoreAction)
		}
	}
	name, args, vars := cStrings([]string{path})[0], cStrings(argv), cStrings(env)
	for fd := range 3 {
		if state.closed&(1<<fd) != 0 {
			syscall.Close(fd)
		}
	}
	setThreadMask(^uint64(0))
	for i := range startPendingCount {
		queue(syscall.Getpid(), &startPending[i])
	}
	restoreLimits()
	setThreadMask(state.blocked)
	_, _, e := syscall.RawSyscall(unix.SYS_EXECVE, addr(name), addr(&args[0]), addr(&vars[0]))
	if e == syscall.ENOEXEC && isScript(path) {
		sh := cStrings([]string{shell})[0]
		args = cStrings(scriptArgv(path, argv))
		syscall.RawSyscall(unix.SYS_EXECVE, addr(sh), addr(&args[0]), addr(&vars[0]))
	}
	return e
}
