package main

import (
	"encoding/binary"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"pi-track/internal/testbin"
)

// Every verb that looks at the black boxes looks once, however many there may be.
func TestBoxesAreListedOnce(t *testing.T) {
	bin := programs(t)
	home := t.TempDir()
	state := filepath.Join(home, "state")
	open := filepath.Join(state, "open")
	env := []string{"HOME=" + home, "PI_TRACK_HOME=" + state, "PATH=" + testbin.Root() + "/examples/helpers:/usr/bin:/bin", "SHELL=/bin/sh"}
	run := func(args ...string) string {
		cmd := exec.Command(filepath.Join(bin, "pi-track"), args...)
		cmd.Env = env
		out, _ := cmd.CombinedOutput()
		return string(out)
	}
	if out := run("run", "--", "true"); out != "" {
		t.Fatal(out)
	}
	watch, err := unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(watch)
	if _, err := unix.InotifyAddWatch(watch, open, unix.IN_OPEN); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"ps"}, {"doctor"}, {"verify"}, {"report"}, {"tail"}, {"show", "true"}, {"reap"}} {
		out := run(args...)
		if n := opened(t, watch); n != 1 {
			t.Errorf("%v looked %d times at the black boxes:\n%s", args, n, out)
		}
	}
}

// opened is how often the watched directory itself was opened since the last call.
func opened(t *testing.T, watch int) int {
	t.Helper()
	times := 0
	buf := make([]byte, 1<<16)
	for {
		n, err := unix.Read(watch, buf)
		if err == unix.EAGAIN {
			return times
		}
		if err != nil {
			t.Fatal(err)
		}
		for e := buf[:n]; len(e) >= unix.SizeofInotifyEvent; {
			mask, size := binary.NativeEndian.Uint32(e[4:]), binary.NativeEndian.Uint32(e[12:])
			if mask&unix.IN_ISDIR != 0 && size == 0 {
				times++
			}
			e = e[unix.SizeofInotifyEvent+size:]
		}
	}
}
