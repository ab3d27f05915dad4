//go:build !(linux && (amd64 || arm64))

package exec

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// FullStart is true: there is no entry point here that could be missing.
func FullStart() bool { return true }

// Supervise runs the program and returns when it has ended. Here every signal
// that this process gets is passed on, without its siginfo, unless it came
// from the terminal to the whole group. Nothing is interposed.
func Supervise(spec Spec) Result {
	if spec.Ring == nil {
		spec.Ring = newRing()
	}
	signals := make(chan os.Signal, 64)
	signal.Notify(signals)
	defer signal.Stop(signals)
	start := time.Now()
	attr := &syscall.ProcAttr{Env: spec.Env, Files: []uintptr{0, 1, 2}}
	pid, err := syscall.ForkExec(spec.Path, spec.Argv, attr)
	if err == syscall.ENOEXEC && isScript(spec.Path) {
		pid, err = syscall.ForkExec(shell, scriptArgv(spec.Path, spec.Argv), attr)
	}
	if err != nil {
		return failed(&spec, err, start)
	}
	if spec.Started != nil {
		spec.Started(pid)
	}
	return supervise(&spec, pid, signals, start)
}

func supervise(spec *Spec, pid int, signals <-chan os.Signal, start time.Time) Result {
	r := Result{PID: pid, Start: start}
	done := make(chan struct{})
	var status syscall.WaitStatus
	var usage syscall.Rusage
	go func() {
		defer close(done)
		for {
			_, err := syscall.Wait4(pid, &status, 0, &usage)
			if err != syscall.EINTR {
				return
			}
		}
	}()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case sig := <-signals:
			if n, ok := sig.(syscall.Signal); ok && passable(n) {
				r.Passed |= 1 << (n - 1)
				syscall.Kill(pid, n)
			}
		case <-tick.C:
			if spec.Tick != nil {
				spec.Tick()
			}
		case <-done:
			r.Duration = time.Since(start)
			r.UserTime, r.SysTime = time.Duration(usage.Utime.Nano()), time.Duration(usage.Stime.Nano())
			r.MaxRSSKB = maxRSSKB(&usage)
			r.StderrEnd = spec.Ring.tail()
			if r.Code = status.ExitStatus(); status.Signaled() {
				r.Signal = status.Signal()
			}
			return r
		}
	}
}

// passable says whether a signal is the program's business: not the ones that
// the runtime uses, and not the ones that a terminal sends to the whole group.
func passable(sig syscall.Signal) bool {
	switch sig {
	case syscall.SIGCHLD, syscall.SIGURG, syscall.SIGPIPE,
		syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU, syscall.SIGWINCH:
		return false
	}
	return true
}

// Exit ends this process as the program ended. It never returns.
func (r Result) Exit() {
	if r.Signal != 0 {
		var none syscall.Rlimit
		syscall.Setrlimit(syscall.RLIMIT_CORE, &none)
		signal.Reset(r.Signal)
		syscall.Kill(syscall.Getpid(), r.Signal)
		time.Sleep(time.Second) // the signal ends this process
		os.Exit(128 + int(r.Signal))
	}
	os.Exit(r.Code)
}

// Replace executes the program in this process. It returns only on error.
func Replace(path string, argv, env []string) error {
	err := syscall.Exec(path, argv, env)
	if err == syscall.ENOEXEC && isScript(path) {
		syscall.Exec(shell, scriptArgv(path, argv), env)
	}
	return err
}

// InheritedEnv returns the environment; duplicates are lost here.
func InheritedEnv() []string { return os.Environ() }

// Drain reports whether this process was started to relay: never here.
func Drain([]string) (handled bool) { return false }

// Detach is not needed here: no log is handed to another process.
func Detach(argv []string, in, out int) error { return syscall.ENOSYS }

// LetGo does nothing.
func LetGo() {}
