package log

import (
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// startTime is when a process started, in microseconds since 1970, "" for one
// that has ended, a zombie too. It is false when that cannot be told.
func startTime(pid int) (start string, known bool) {
	info, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	if err != nil {
		return "", syscall.Kill(pid, 0) == syscall.ESRCH
	}
	const zombie = 5 // SZOMB
	if info.Proc.P_stat == zombie {
		return "", true
	}
	began := info.Proc.P_starttime
	return strconv.FormatInt(began.Sec*1e6+int64(began.Usec), 10), true
}

// pidNamespace is "": there is only one.
func pidNamespace() string { return "" }

// machineID is "": what would tell machines apart here costs a program.
func machineID() string { return "" }
