//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"syscall"
	"unsafe"

	"pi-track/internal/exec/script"

	"golang.org/x/sys/unix"
)

// sharing makes a process that shares memory, descriptors and handlers.
const sharing = unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES | unix.CLONE_SIGHAND

// program is a program to start with the state its parent had at start.
type program struct {
	path  *byte
	argv  []*byte
	envp  []*byte
	state original
	// fds are dup'ed to 0, 1 and 2; -1 leaves the descriptor as it is.
	fds [3]int
	// terminal, unless 0, is a terminal of this process's session: the program
	// becomes its foreground group. Otherwise it stays in this process's group.
	terminal int
	join     *script.Step // by which the witness joins that group
	// detached lets the program outlive this process, in a session of its own.
	detached bool
	// bare closes all descriptors but 0, 1 and 2.
	bare bool
	// announce, unless nil, is written to signalPipe first of all.
	announce *siginfo
}

var (
	spawnScript   script.Script
	spawnErrno    int // what execve returned
	ignoreAction  = kernelAction{handler: sigIgn}
	defaultAction = kernelAction{handler: sigDfl}
)

func addr[T any](p *T) uintptr { return uintptr(unsafe.Pointer(p)) }

func newProgram(spec *Spec, state original) *program {
	return &program{
		path: cStrings([]string{spec.Path})[0],
		argv: cStrings(spec.Argv), envp: cStrings(spec.Env), state: state,
		fds: [3]int{-1, -1, -1},
	}
}

// useShell lets the shell run a script without "#!". It is false if the file is
// none, or the shell itself.
func (p *program) useShell(spec *Spec) bool {
	if spec.Path == shell || !isScript(spec.Path) {
		return false
	}
	p.path = cStrings([]string{shell})[0]
	p.argv = cStrings(scriptArgv(spec.Path, spec.Argv))
	return true
}

// spawn starts the program and returns when it has been executed, or with the
// errno of execve.
func spawn(p *program) (pid int, err error) {
	s := &spawnScript
	s.Reset()
	p.addTo(s)
	spawnErrno = 0
	asFound() // the program inherits it from this very thread
	pid = s.Clone(unix.CLONE_VM | unix.CLONE_VFORK | uintptr(syscall.SIGCHLD))
	s.Keep = nil
	if pid < 0 {
		return 0, syscall.Errno(-pid)
	}
	if spawnErrno != 0 {
		wait(pid, nil, 0, nil)
		return 0, syscall.Errno(-spawnErrno)
	}
	return pid, nil
}

// addTo adds the steps from the new process to the program.
func (p *program) addTo(s *script.Script) {
	s.Keep = p
	if p.announce != nil {
		s.Add(unix.SYS_WRITE, uintptr(signalPipe), addr(p.announce), unsafe.Sizeof(*p.announce))
	}
	switch {
	case p.detached:
		s.Add(unix.SYS_SETSID)
	case p.terminal != 0:
		s.Add(unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, uintptr(syscall.SIGKILL))
		s.Add(unix.SYS_GETPID).Result = addr(&terminalGroup)
		s.Add(unix.SYS_SETPGID, 0, 0)
		s.Add(unix.SYS_IOCTL, uintptr(p.terminal), unix.TIOCSPGRP, addr(&terminalGroup))
		awaitInner(s, p.join)
	default:
		s.DieWithParent()
	}
	if p.subreaper() {
		s.Add(unix.SYS_PRCTL, unix.PR_SET_CHILD_SUBREAPER, 1)
	}
	for sig := 1; sig <= maxSignal; sig++ {
		if handleable(sig) {
			a := &defaultAction // a handler must not run in this memory
			if p.state.ignored&bit(sig) != 0 {
				a = &ignoreAction
			}
			s.Add(unix.SYS_RT_SIGACTION, uintptr(sig), addr(a), 0, 8)
		}
	}
	p.addDescriptors(s)
	p.addPending(s)
	s.Add(unix.SYS_RT_SIGPROCMASK, 2, addr(&p.state.blocked), 0, 8)
	execve := s.Add(unix.SYS_EXECVE, addr(p.path), addr(&p.argv[0]), addr(&p.envp[0]))
	execve.Mode, execve.Result = script.MustSucceed, addr(&spawnErrno)
}

// subreaper says whether the orphans among the program's descendants are to
// become its children: execve keeps that, a new process does not inherit it.
func (p *program) subreaper() bool {
	var is int32
	syscall.RawSyscall(unix.SYS_PRCTL, unix.PR_GET_CHILD_SUBREAPER, uintptr(unsafe.Pointer(&is)), 0)
	return is != 0 && !p.detached
}

// addDescriptors sets 0, 1 and 2 and the limits.
func (p *program) addDescriptors(s *script.Script) {
	for fd, from := range p.fds {
		if from >= 0 {
			s.Add(unix.SYS_DUP3, uintptr(from), uintptr(fd), 0)
		}
	}
	for fd := range p.fds {
		if p.state.closed&(1<<fd) != 0 {
			s.Add(unix.SYS_CLOSE, uintptr(fd))
		}
	}
	p.addBare(s)
	if !observed() {
		return
	}
	s.Add(unix.SYS_PRLIMIT64, 0, unix.RLIMIT_NOFILE, addr(&startNoFile), 0)
	if startAS[0] != ^uint64(0) {
		s.Add(unix.SYS_PRLIMIT64, 0, unix.RLIMIT_AS, addr(&startAS), 0)
	}
	if startData[0] != ^uint64(0) {
		s.Add(unix.SYS_PRLIMIT64, 0, unix.RLIMIT_DATA, addr(&startData), 0)
	}
}

// addPending queues again what was blocked and pending at start. A process
// may send itself any siginfo, so the program finds exactly what was sent.
func (p *program) addPending(s *script.Script) {
	for i := range startPendingCount {
		getpid := s.Add(unix.SYS_GETPID) // fills in the argument of the next call
		info := &startPending[i]
		q := s.Add(unix.SYS_RT_SIGQUEUEINFO, 0, uintptr(info.signo), addr(info))
		getpid.Result = addr(&q.Args[0])
	}
}

// cStrings turns strings into the NULL-terminated array that execve takes.
// Like execve's callers it cuts a string at a NUL.
func cStrings(list []string) []*byte {
	size := 0
	for _, s := range list {
		size += len(s) + 1
	}
	buf := make([]byte, size+1)
	out := make([]*byte, len(list)+1)
	for i, s := range list {
		out[i] = &buf[0]
		buf = buf[copy(buf, s)+1:]
	}
	return out
}

// wait is wait4, repeated when interrupted.
func wait(pid int, ws *syscall.WaitStatus, options int, usage *syscall.Rusage) (int, error) {
	for {
		got, err := syscall.Wait4(pid, ws, options, usage)
		if err != syscall.EINTR {
			return got, err
		}
	}
}
