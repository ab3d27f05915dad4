//go:build linux && (amd64 || arm64) && !portable

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

// TestSearchWithoutAnAnswer: a search that ends early has not found that there is none.
func TestSearchWithoutAnAnswer(t *testing.T) {
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	unix.Close(p[1])
	s := &Search{conn: p[0], until: time.Now().Add(time.Minute)}
	if repo, known := s.Answer(); repo != "" || known {
		t.Errorf("%q, %v", repo, known)
	}
}

// TestAnswerOnDescriptor0: a caller may have closed its input, and the pipe is there then.
func TestAnswerOnDescriptor0(t *testing.T) {
	input, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(input)
	defer unix.Dup3(input, 0, 0)
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	unix.Dup3(p[0], 0, 0)
	unix.Close(p[0])
	unix.Write(p[1], []byte("r/src/web"))
	unix.Close(p[1])
	s := &Search{until: time.Now().Add(time.Minute)}
	if repo, known := s.Answer(); repo != "/src/web" || !known {
		t.Errorf("%q, %v", repo, known)
	}
}

// TestSearchCannotBegin: without a descriptor more there is no search, and no descriptor
// stays open for it.
func TestSearchCannotBegin(t *testing.T) {
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	unix.Close(p[0])
	unix.Close(p[1])
	var was unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &was); err != nil {
		t.Fatal(err)
	}
	few := unix.Rlimit{Cur: uint64(max(p[0], p[1])) + 1, Max: was.Max} // a pipe, and nothing else
	if err := unix.Prlimit(0, unix.RLIMIT_NOFILE, &few, nil); err != nil {
		t.Fatal(err)
	}
	s := newSearch("/")
	if err := unix.Prlimit(0, unix.RLIMIT_NOFILE, &was, nil); err != nil {
		t.Fatal(err)
	}
	if _, known := s.Answer(); s.conn >= 0 || known {
		t.Fatal("a search has begun")
	}
	for _, fd := range p {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != unix.EBADF {
			t.Errorf("descriptor %d is still open: %v", fd, err)
		}
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
