//go:build unix && (portable || !linux || !(amd64 || arm64))

package exec

import (
	"os"
	"strconv"
	"syscall"
	"time"
)

// defaultAction gives a signal its default action, which package os/signal
// cannot. Where the system lets nobody do that, this process stops by SIGSTOP
// and dies by kill(1).
var defaultAction = setDefault

// Exit ends this process as the program ended: with its exit status, or by the
// same signal and without a second core file. It never returns.
func (r Result) Exit() {
	if r.Signal == 0 {
		os.Exit(r.Code)
	}
	var none syscall.Rlimit
	syscall.Setrlimit(syscall.RLIMIT_CORE, &none)
	pid := syscall.Getpid()
	if defaultAction(r.Signal) == nil {
		syscall.Kill(pid, r.Signal)
		time.Sleep(10 * time.Millisecond) // another thread may take it
	}
	// execve gives signals their default action, and kill(1) then meets itself.
	syscall.Exec("/bin/kill", []string{"kill", "-" + strconv.Itoa(int(r.Signal)), strconv.Itoa(pid)}, nil)
	os.Exit(128 + int(r.Signal))
}

// Replace executes the program in this process. It returns only on error.
func Replace(path string, argv, env []string) error {
	err := syscall.Exec(path, argv, env)
	if err == syscall.ENOEXEC && path != shell && isScript(path) {
		err = syscall.Exec(shell, scriptArgv(path, argv), env)
	}
	return err
}

// FullStart is true: there is no entry point here that could be missing.
func FullStart() bool { return true }
