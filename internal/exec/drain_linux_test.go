//go:build (amd64 || arm64) && !portable

package exec_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// drainOf is the process that relays to a pipe, 0 if there is none.
func drainOf(pipe string) int {
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range all {
		line, _ := os.ReadFile(dir + "/cmdline")
		if out, _ := os.Readlink(dir + "/fd/2"); bytes.Equal(line, []byte("pi-track\x00--pi-track-drain\x00")) && out == pipe {
			pid, _ := strconv.Atoi(filepath.Base(dir))
			return pid
		}
	}
	return 0
}

// What a descendant writes after the program's end comes through a process that keeps
// no directory busy and that a signal to everybody does not end.
func TestDrainStays(t *testing.T) {
	dir := t.TempDir()
	gate := filepath.Join(dir, "gate")
	if err := syscall.Mkfifo(gate, 0o600); err != nil {
		t.Fatal(err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	p := wrapped(t, "/bin/sh", "-c", `(trap "" TERM HUP INT; read line <"$0"; echo "late $line" >&2) </dev/null >/dev/null & echo early >&2`, gate)
	p.Dir, p.Stderr = dir, write
	if ws := p.run(); ws.ExitStatus() != 0 {
		t.Errorf("ended with %#x", ws)
	}
	pipe, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(int(write.Fd())))
	if err != nil {
		t.Fatal(err)
	}
	write.Close()
	var drain int
	until(t, "the drain", func() bool { drain = drainOf(pipe); return drain != 0 })
	until(t, "its leaving the directory", func() bool {
		at, err := os.Readlink("/proc/" + strconv.Itoa(drain) + "/cwd")
		return err == nil && at == "/"
	})
	for _, sig := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM, syscall.SIGUSR1} {
		syscall.Kill(drain, sig)
	}
	if err := os.WriteFile(gate, []byte("and last\n"), 0); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(read)
	if err != nil || string(got) != "early\nlate and last\n" {
		t.Errorf("%q, %v", got, err)
	}
}
