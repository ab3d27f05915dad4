package exec_test

import (
	"fmt"
	"io"
	"os"
	osexec "os/exec"
	"strings"
	"syscall"
	"testing"
)

// stderrPipe gives a command a pipe as stderr and returns the end to read.
func stderrPipe(t *testing.T, c *osexec.Cmd) *os.File {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	c.Stderr = w
	return r
}

// afterTheEnd reads what a pipe holds when its writer's parent has ended.
func afterTheEnd(t *testing.T, p *program, r *os.File) string {
	t.Helper()
	p.Stderr.(*os.File).Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestCallerReadsLater has callers that wait for their child first, and read its
// stderr then: nothing may keep the child from ending, and nothing be lost.
func TestCallerReadsLater(t *testing.T) {
	t.Run("a full pipe", func(t *testing.T) {
		p := wrapped(t, "/bin/sh", "-c", "exec dd if=/dev/zero bs=1 count=65536 status=none >&2")
		r := stderrPipe(t, p.Cmd)
		if ws := p.run(); ws != 0 {
			t.Errorf("ended with %#x", ws)
		}
		if got := afterTheEnd(t, p, r); len(got) != 65536 {
			t.Errorf("%d bytes", len(got))
		}
	})
	t.Run("a program that is asked to end while it writes", func(t *testing.T) {
		p := wrapped(t, "/bin/sh", "-c", "echo begin >&3; exec yes >&2")
		r := stderrPipe(t, p.Cmd)
		begin, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		p.ExtraFiles = []*os.File{w}
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		w.Close()
		if b := make([]byte, 6); readFull(begin, b) != "begin\n" {
			t.Fatalf("it does not begin: %q", b)
		}
		p.Process.Signal(syscall.SIGTERM)
		if ws := p.result(); ws.Signal() != syscall.SIGTERM {
			t.Errorf("ended with %#x", ws)
		}
		got := afterTheEnd(t, p, r)
		if strings.Trim(got, "y\n") != "" || strings.Contains(got, "yy") {
			t.Errorf("%d bytes, not what was written", len(got))
		}
	})
}

func readFull(r io.Reader, b []byte) string {
	n, _ := io.ReadFull(r, b)
	return string(b[:n])
}

// TestReaderGoneAtStart: a program whose stderr has no reader from the beginning
// finds out with its first write.
func TestReaderGoneAtStart(t *testing.T) {
	for range 30 {
		p := wrapped(t, "/bin/sh", "-c", "echo x >&2; exit 7")
		r := stderrPipe(t, p.Cmd)
		r.Close()
		if ws := p.run(); ws.Signal() != syscall.SIGPIPE {
			t.Fatalf("ended with %#x", ws)
		}
	}
}

func TestSandboxWithoutPwritev2(t *testing.T) {
	p := wrapped(t, withEntry(t), "/bin/sh", "-c", "echo hello >&2; exit 3")
	p.Env = append(os.Environ(), "EXEC_REFUSE=pwritev2")
	r := stderrPipe(t, p.Cmd)
	if ws := p.run(); ws.ExitStatus() != 3 {
		t.Errorf("ended with %#x", ws)
	}
	if got := afterTheEnd(t, p, r); got != "hello\n" {
		t.Errorf("stderr %q", got)
	}
}

// TestSocketsLeftAlone: a program whose stderr is a socket for packets, or the one that
// it reads its input from, gets that very socket.
func TestSocketsLeftAlone(t *testing.T) {
	for _, c := range []struct {
		name        string
		kind, input int // which descriptor is the other one
	}{{"packets", syscall.SOCK_DGRAM, 3}, {"a conversation", syscall.SOCK_STREAM, 0}} {
		pair, err := syscall.Socketpair(syscall.AF_UNIX, c.kind|syscall.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		near, far := os.NewFile(uintptr(pair[0]), "near"), os.NewFile(uintptr(pair[1]), "far")
		p := wrapped(t, "/bin/sh", "-c", fmt.Sprintf("[ /proc/self/fd/%d -ef /proc/self/fd/2 ]", c.input))
		p.Stderr = near
		if c.input == 0 {
			p.Stdin = near
		} else {
			p.ExtraFiles = []*os.File{near}
		}
		if ws := p.run(); ws.ExitStatus() != 0 {
			t.Errorf("%s: stderr is another socket than descriptor %d", c.name, c.input)
		}
		near.Close()
		far.Close()
	}
}
