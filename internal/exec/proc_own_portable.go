//go:build unix && (portable || !linux || !(amd64 || arm64))

package exec

import (
	"io"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// A process with this argv[0] is one of ours; no shim is called so. What it is
// to do stands in argv[1].
const (
	ownName   = "pi-track"
	drainArg  = "--pi-track-drain"    // relay descriptor 0, then 1, to 2
	guardArg  = "--pi-track-guard"    // watch over the program whose pid follows (guard)
	leaderArg = "--pi-track-terminal" // lead the session of a pty (leader)
)

// Drain does the work of a process of ours if args, a whole argv, ask for it,
// and says so. Call it first: Supervise starts this executable again.
func Drain(args []string) (handled bool) {
	if len(args) < 2 || args[0] != ownName {
		return false
	}
	switch {
	case args[1] == drainArg && len(args) == 2:
		ignoreAll()
		if _, err := io.Copy(plainFile(2), plainFile(0)); err == nil {
			syscall.Close(0)
			io.Copy(plainFile(2), plainFile(1))
		}
	case args[1] == guardArg && len(args) == 3:
		if pid, err := strconv.Atoi(args[2]); err == nil && pid > 1 {
			guardProgram(pid)
		}
	case args[1] == leaderArg && len(args) == 2:
		leadSession()
	default:
		return false
	}
	return true
}

func ignoreAll() {
	signal.Ignore(asSignals(beforeStart)...)
	signal.Ignore(asSignals(afterStart)...)
	signal.Ignore(asSignals(otherSignals())...)
}

func catchAll() <-chan os.Signal {
	signals := make(chan os.Signal, 256)
	signal.Notify(signals, asSignals(beforeStart)...)
	signal.Notify(signals, asSignals(afterStart)...)
	signal.Notify(signals, asSignals(otherSignals())...)
	return signals
}

// startOwn starts this executable again, in a directory that is in nobody's
// way and without the caller's environment, in which a variable may ask a Go
// program to print.
func startOwn(attr *syscall.ProcAttr, args ...string) (pid int, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	attr.Dir, attr.Env = "/", []string{"GOMAXPROCS=1"}
	return syscall.ForkExec(self, append([]string{ownName}, args...), attr)
}

// plainFile is a descriptor without package os: no poller, blocking.
type plainFile int

func (fd plainFile) Read(b []byte) (int, error) {
	for {
		n, err := syscall.Read(int(fd), b)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return 0, err
		case n == 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}

func (fd plainFile) Write(b []byte) (done int, err error) {
	for done < len(b) {
		n, err := syscall.Write(int(fd), b[done:])
		switch {
		case err == syscall.EINTR:
		case err == syscall.EAGAIN: // others share the open file's flags
			writable(int(fd), time.Hour)
		case err != nil:
			return done, err
		default:
			done += n
		}
	}
	return done, nil
}
