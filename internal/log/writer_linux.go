package log

import (
	"strconv"
	"strings"
	"syscall"

	"pi-track/internal/log/sys"
)

// startTime is when a process started, in clock ticks since the boot (field 22
// of /proc/PID/stat, proc(5)), "" for one that has ended, a zombie too. It is
// false when that cannot be told: there is no /proc, it is that of other
// processes, or it hides those of other users.
func startTime(pid int) (start string, known bool) {
	if self, err := readSmall("/proc/self/stat"); err != nil || !strings.HasPrefix(self, strconv.Itoa(syscall.Getpid())+" ") {
		return "", false
	}
	stat, err := readSmall("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return "", syscall.Kill(pid, 0) == syscall.ESRCH
	}
	// The name, in parentheses, may hold anything; field 3, the state, follows.
	f := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	const state, at = 0, 22 - 3
	if len(f) <= at {
		return "", false
	}
	if f[state] == "Z" || f[state] == "X" {
		return "", true
	}
	return f[at], true
}

// pidNamespace is the number of the namespace of process ids.
func pidNamespace() string {
	var b [64]byte
	n, err := syscall.Readlink("/proc/self/ns/pid", b[:])
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(strings.TrimPrefix(string(b[:n]), "pid:["), "]")
}

// machineID tells machines apart that share a log, machine-id(5).
func machineID() string {
	id, _ := readSmall("/etc/machine-id")
	return machineHash(id)
}

// readSmall reads the beginning of a file.
func readSmall(path string) (string, error) {
	fd, err := sys.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
	if err != nil {
		return "", err
	}
	defer syscall.Close(fd)
	var b [1024]byte
	n, err := syscall.Read(fd, b[:])
	return string(b[:max(n, 0)]), err
}
