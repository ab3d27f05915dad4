package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"pi-track/internal/log"
	"pi-track/internal/testbin"
)

// noFlock, if set, makes the test binary run its arguments as a program for which
// flock(2) does what it does on a file system without locks.
const noFlock = "PI_TRACK_TEST_NO_FLOCK"

func init() {
	if os.Getenv(noFlock) == "" {
		return
	}
	os.Unsetenv(noFlock)
	runtime.LockOSThread()
	const load, equal, ret = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, unix.BPF_RET | unix.BPF_K
	const fail, allow = 0x00050000 | uint32(syscall.EOPNOTSUPP), 0x7fff0000
	filter := []unix.SockFilter{
		{Code: load, K: 0}, // the number of the system call
		{Code: equal, Jt: 0, Jf: 1, K: unix.SYS_FLOCK},
		{Code: ret, K: fail},
		{Code: ret, K: allow},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		panic(err)
	}
	if err := unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0); err != nil {
		panic(err)
	}
	panic(syscall.Exec(os.Args[1], os.Args[1:], os.Environ()))
}

// Where the file system has no locks, install and uninstall work, one at a time,
// and one that was killed does not keep the next from it.
func TestInstallWithoutFlock(t *testing.T) {
	bin := programs(t)
	home := t.TempDir()
	state := filepath.Join(home, "state")
	run := func(args ...string) (string, error) {
		cmd := exec.Command(os.Args[0], append([]string{filepath.Join(bin, "pi-track")}, args...)...)
		cmd.Env = []string{noFlock + "=1", "HOME=" + home, "PI_TRACK_HOME=" + state, "PATH=" + testbin.Root() + "/examples/helpers:/usr/bin:/bin", "SHELL=/bin/sh"}
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	want := func(text string, args ...string) {
		t.Helper()
		if out, err := run(args...); err != nil || !strings.Contains(out, text) {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	want("added  pi-loop", "install", "--no-pi")
	done := make(chan error)
	for range 4 {
		go func() { _, err := run("install", "--no-pi"); done <- err }()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Errorf("several at once: %v", err)
		}
	}
	// The holder is dead: a process id that is not in use any more.
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	lock := filepath.Join(state, "install.lock.held")
	dead := writerOf(t, gone.Process.Pid)
	if err := os.Symlink(dead, lock); err != nil {
		t.Fatal(err)
	}
	want("nothing to change", "install", "--no-pi")
	if err := os.Symlink("somebody", lock); err != nil {
		t.Fatal(err)
	}
	if out, err := run("install", "--no-pi"); err == nil || !strings.Contains(out, "another install or uninstall is running") || !strings.Contains(out, "hint: if none is running, remove that link") {
		t.Errorf("an unknown holder: %v\n%s", err, out)
	}
	os.Remove(lock)
	want("removed", "uninstall", "--purge", "--yes")
	if _, err := os.Lstat(state); err == nil {
		left, _ := os.ReadDir(state)
		t.Errorf("left: %v", left)
	}
}

// writerOf is what a lock names as its holder, for another process of this boot.
func writerOf(t *testing.T, pid int) string {
	t.Helper()
	f := strings.Split(log.Writer(), ":")
	if len(f) != 5 {
		t.Fatal(f)
	}
	f[0] = strconv.Itoa(pid)
	return strings.Join(f, ":")
}
