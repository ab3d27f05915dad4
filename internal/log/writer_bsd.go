//go:build freebsd || openbsd

package log

import "syscall"

// startTime is "", and known only of a process that is gone: when a process
// started is told in structures that differ by system and release.
func startTime(pid int) (start string, known bool) {
	return "", syscall.Kill(pid, 0) == syscall.ESRCH
}

// pidNamespace is "": there is only one.
func pidNamespace() string { return "" }

// machineID is "": what would tell machines apart here is not asked for.
func machineID() string { return "" }
