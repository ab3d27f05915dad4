package launch

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestAnswerOutside: that there is no repository is an answer, too, and it is
// asked for once.
func TestAnswerOutside(t *testing.T) {
	s := newSearch("/")
	conn := s.conn
	if conn < 0 {
		t.Fatal("no search has begun")
	}
	s.until = time.Now().Add(time.Minute) // a loaded machine
	if repo, known := s.Answer(); repo != "" || !known {
		t.Errorf("%q, %v", repo, known)
	}
	if _, err := unix.FcntlInt(uintptr(conn), unix.F_GETFD, 0); err != unix.EBADF {
		t.Errorf("the pipe is still open: %v", err)
	}
	if repo, known := s.Answer(); repo != "" || known {
		t.Errorf("asked again: %q, %v", repo, known)
	}
}

// TestASearchHoldsNoDirectory: a search that waits does not keep the caller's directory
// in use.
func TestASearchHoldsNoDirectory(t *testing.T) {
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		t.Fatal(err)
	}
	r, w := os.NewFile(uintptr(p[0]), "r"), os.NewFile(uintptr(p[1]), "w")
	defer r.Close()
	for {
		if _, err := unix.Write(p[1], make([]byte, 4096)); err != nil {
			break // it is full: whoever answers waits
		}
	}
	if err := unix.SetNonblock(p[1], false); err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := &exec.Cmd{Path: exe, Args: []string{scribeName, searchArg, "/"}, Dir: t.TempDir(), Stdout: w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	defer cmd.Wait()
	defer cmd.Process.Kill()
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		dir, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", cmd.Process.Pid))
		if dir == "/" {
			return
		}
		if err != nil || time.Now().After(end) {
			t.Fatalf("it is in %s: %v", dir, err)
		}
	}
}
