//go:build (amd64 || arm64) && !portable

package exec_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"pi-track/internal/exec"
)

// counted expects the numbers from 1 on, one a line.
type counted struct {
	want  []byte // what comes next
	last  int64  // the last number in want
	total int
}

func (c *counted) Write(b []byte) (int, error) {
	for len(c.want) < len(b) {
		c.last++
		c.want = append(strconv.AppendInt(c.want, c.last, 10), '\n')
	}
	if !bytes.Equal(b, c.want[:len(b)]) {
		return 0, fmt.Errorf("not what was written, within %d bytes after %d", len(b), c.total)
	}
	c.want = append(c.want[:0], c.want[len(b):]...)
	c.total += len(b)
	return len(b), nil
}

// hasTail says whether the tail in a report is a piece of what counted expects.
// It is not the end of what came if a detached relay had to deliver that.
func hasTail(t *testing.T, report string) bool {
	t.Helper()
	_, quoted, _ := strings.Cut(strings.TrimSpace(report), "tail=")
	quoted, _, _ = strings.Cut(quoted, " terminal=")
	tail, err := strconv.Unquote(quoted)
	if err != nil {
		t.Fatal(err)
	}
	_, lines, _ := strings.Cut(tail, "\n")
	first, _, _ := strings.Cut(lines, "\n")
	c := counted{last: int64(atoi(t, first)) - 1}
	_, err = c.Write([]byte(lines))
	return len(tail) == exec.TailSize && err == nil
}

func pipeSize(t *testing.T, f *os.File) int {
	t.Helper()
	size, err := unix.FcntlInt(f.Fd(), unix.F_GETPIPE_SZ, 0)
	if err != nil {
		t.Fatal(err)
	}
	return size
}

// stream lets a program write to its stderr until enough says so, and then asks
// it to end. It checks all that came, the tail, and the caller's open file.
func stream(t *testing.T, resize int, enough func(w *os.File, total int) bool) {
	p := wrapped(t, "/bin/sh", "-c", "exec seq 1000000000 >&2")
	r := stderrPipe(t, p.Cmd)
	w := p.Stderr.(*os.File)
	if resize > 0 {
		if _, err := unix.FcntlInt(w.Fd(), unix.F_SETPIPE_SZ, resize); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	var got counted
	for end := time.Now().Add(patience); !enough(w, got.total); {
		if _, err := io.CopyN(&got, r, 64<<10); err != nil {
			t.Fatal(err)
		}
		if time.Now().After(end) {
			t.Fatalf("still not enough after %d bytes", got.total)
		}
	}
	until(t, "a full pipe", func() bool {
		fds := []unix.PollFd{{Fd: int32(w.Fd()), Events: unix.POLLOUT}}
		n, err := unix.Poll(fds, 0)
		return n == 0 && err == nil
	})
	if _, err := unix.Pwritev2(int(w.Fd()), [][]byte{{'x'}}, -1, unix.RWF_NOWAIT); err != unix.EAGAIN {
		t.Errorf("a write without waiting to the full pipe: %v", err)
	}
	if flags, err := unix.FcntlInt(w.Fd(), unix.F_GETFL, 0); err != nil || flags&unix.O_NONBLOCK != 0 {
		t.Errorf("flags of the caller's open file: %#x, %v", flags, err)
	}
	w.Close()
	p.Process.Signal(syscall.SIGTERM)
	ended := make(chan error, 1)
	go func() {
		_, err := io.Copy(&got, r)
		ended <- err
	}()
	if ws := p.result(); ws.Signal() != syscall.SIGTERM {
		t.Errorf("ended with %#x", ws)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if !hasTail(t, p.reported()) {
		t.Errorf("after %d bytes: %.200s", got.total, p.reported())
	}
}

// TestStream: what a program writes far ahead of its reader arrives as it was
// written, and nothing but the size of the caller's pipe changes.
func TestStream(t *testing.T) {
	t.Run("a pipe as it comes", func(t *testing.T) {
		wide := 0
		stream(t, 0, func(w *os.File, total int) bool {
			if wide == 0 && pipeSize(t, w) == 1<<20 {
				wide = total
			}
			return wide > 0 && total > wide+16<<20
		})
	})
	t.Run("a pipe whose size the caller has chosen", func(t *testing.T) {
		const size = 128 << 10
		stream(t, size, func(w *os.File, total int) bool {
			if got := pipeSize(t, w); got != size {
				t.Fatalf("its size is %d", got)
			}
			return total > 32<<20
		})
	})
}
