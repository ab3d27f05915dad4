//go:build linux && (amd64 || arm64) && !portable

package launch

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"pi-track/internal/exec"
	"pi-track/internal/mount"
)

// FindRepo is [RepoOf] of the working directory, which is dir. Where a file
// system that home is not on may never answer, it looks there in another
// process: later is then not nil, and has the answer if there comes one.
func FindRepo(home, dir string) (repo string, later *Search) {
	safe, err := mount.At(home)
	if err != nil || dir == "" {
		return "", nil
	}
	here, looked := mount.Cwd, safe.Dev
	for at := dir; at != ""; at = parent(at) {
		i, err := mount.Of(here)
		if err != nil || i.Dev != looked && mount.MayHang(i, safe) {
			leave(here)
			return "", newSearch(dir)
		}
		looked = i.Dev
		if isWorkTree(here, ".git") {
			leave(here)
			return at, nil
		}
		up, err := mount.Parent(here)
		leave(here)
		if err != nil {
			return "", newSearch(dir)
		}
		here = up
	}
	leave(here)
	return "", nil
}

func leave(dirfd int) {
	if dirfd != mount.Cwd {
		syscall.Close(dirfd)
	}
}

// A Search looks for a repository in a process that nobody waits for: on a mount
// that hangs, a system call cannot be given up.
type Search struct {
	conn  int // a pipe from that process, -1 if nothing more comes
	until time.Time
}

// A process with such an argv is one. The directory follows.
const searchArg = "--pi-track-repo"

func newSearch(dir string) *Search {
	s := &Search{conn: -1, until: time.Now().Add(patience)}
	var p [2]int
	if syscall.Pipe2(p[:], syscall.O_CLOEXEC) != nil {
		return s
	}
	if exec.Detach([]string{scribeName, searchArg, dir}, p[1], p[1]) == nil {
		s.conn = p[0]
	} else {
		syscall.Close(p[0])
	}
	syscall.Close(p[1])
	return s
}

// Answer is the repository, "" for none, and whether it is known. It waits for
// [patience] from the beginning of the search, and not again.
func (s *Search) Answer() (repo string, known bool) {
	if s.conn < 0 {
		return "", false
	}
	answer := []unix.PollFd{{Fd: int32(s.conn), Events: unix.POLLIN}}
	for {
		left := unix.NsecToTimespec(max(0, int64(time.Until(s.until))))
		n, err := unix.Ppoll(answer, &left, nil)
		if err == unix.EINTR {
			continue
		}
		if n <= 0 {
			return "", false
		}
		break
	}
	var text [1 + unix.PathMax]byte
	n, _ := syscall.Read(s.conn, text[:])
	syscall.Close(s.conn)
	s.conn = -1
	if n <= 0 {
		return "", false
	}
	return string(text[1:n]), true
}

// searchFor is the search itself, if args ask for it.
func searchFor(args []string) bool {
	if len(args) != 3 || args[0] != scribeName || args[1] != searchArg {
		return false
	}
	exec.LetGo()
	syscall.Chdir("/")
	const conn = 1
	syscall.Write(conn, append([]byte{'r'}, RepoOf(args[2])...))
	return true
}
