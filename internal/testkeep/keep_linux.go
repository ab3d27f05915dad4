package testkeep

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// grace is how long what is about to end may take for it.
var grace = time.Minute

// Run runs a program and returns its exit status, 2 for a death by a signal, and
// the command lines of the processes that it has left running and that do not
// end by themselves. They are ended. The program starts with the usual umask. SIGTERM
// ends the program and all below it at once.
func Run(argv []string) (code int, left []string) {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return 2, []string{err.Error()}
	}
	stop := make(chan os.Signal, 8)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGQUIT)
	unignore()
	unix.Umask(0o022) // below 0 tests would make directories for everyone, which are not trusted
	p, err := os.StartProcess(argv[0], argv, &os.ProcAttr{
		Env: append(os.Environ(), kept+"=1"), Files: []*os.File{os.Stdin, os.Stdout, os.Stderr},
	})
	if err != nil {
		return 2, []string{err.Error()}
	}
	go func() {
		for s := range stop {
			if s == syscall.SIGTERM {
				endAll()
				os.Exit(2)
			}
			p.Signal(s)
		}
	}()
	code = 2
	for {
		var ws syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &ws, 0, nil)
		if err != nil && err != syscall.EINTR {
			return code, nil
		}
		if pid == p.Pid {
			if ws.Exited() {
				code = ws.ExitStatus()
			}
			break
		}
	}
	for end := time.Now().Add(grace); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if reaped() {
			return code, nil
		}
	}
	return code, endAll()
}

// unignore has programs started from here on begin with the default action of
// the signals that this process was told to ignore, as a background job of a
// script and nohup are: tests send them.
func unignore() {
	status, _ := os.ReadFile("/proc/self/status")
	_, mask, _ := strings.Cut(string(status), "SigIgn:\t")
	mask, _, _ = strings.Cut(mask, "\n")
	ignored, _ := strconv.ParseUint(mask, 16, 64)
	for s := 1; ignored != 0; s, ignored = s+1, ignored>>1 {
		if ignored&1 == 0 {
			continue
		}
		if s >= 32 && s <= 34 { // the C libraries', which os/signal leaves alone
			var standard [4]uint64
			unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(s), uintptr(unsafe.Pointer(&standard)), 0, 8, 0, 0)
			continue
		}
		signal.Notify(make(chan os.Signal, 1), syscall.Signal(s))
	}
}

// endAll ends the children of this process, and those that become its children
// thereby, and returns their command lines.
func endAll() (left []string) {
	for seen := map[int]bool{}; !reaped(); time.Sleep(5 * time.Millisecond) {
		for _, pid := range children() {
			line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
			if text := strings.TrimSpace(strings.ReplaceAll(string(line), "\x00", " ")); text != "" && !seen[pid] {
				left = append(left, text)
			}
			seen[pid] = true
			syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	return left
}

// reaped waits for the children that have ended and says whether there are none
// left.
func reaped() bool {
	for {
		pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		if pid <= 0 && err != syscall.EINTR {
			return err == syscall.ECHILD
		}
	}
}

// children are the processes whose parent this one is.
func children() (list []int) {
	tasks, _ := filepath.Glob("/proc/self/task/*/children")
	for _, name := range tasks {
		text, _ := os.ReadFile(name)
		for _, f := range strings.Fields(string(text)) {
			if pid, err := strconv.Atoi(f); err == nil {
				list = append(list, pid)
			}
		}
	}
	return list
}
