//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// follow takes this process out of the caller's group when the program has left
// it, into a group or session of its own, as the caller's child would then be: who
// signals the old group means neither, and who signals this process's pid, or the
// group of that number, means the program. The kernel tells nobody that a process
// leaves its group, so it is looked at after 10 ms, then after four times as long
// each time, and from the first second on once a second.
//
// A process that leads its group cannot leave it; see apart.
func (s *supervisor) follow() {
	if s.term != nil || s.group == s.pid || !s.left() {
		return
	}
	session, err := unix.Getsid(s.child)
	if err != nil {
		return
	}
	if own, _ := unix.Getsid(0); session != own {
		if _, err := syscall.Setsid(); err == nil {
			s.group = s.pid
			s.witness.kill() // nobody can take it along
			s.witness = witness{}
			s.witness.start()
		}
		return
	}
	group, err := syscall.Getpgid(s.child)
	if group == s.child {
		group = s.pid
	}
	if err == nil && syscall.Setpgid(0, group) == nil {
		s.group = group
		syscall.Setpgid(s.witness.pid, group)
	}
}

// left says whether the program is in another group than this process.
func (s *supervisor) left() bool {
	group, err := syscall.Getpgid(s.child)
	return err == nil && group != s.group
}

// apart says whether the program leads a group of its own, and this process another
// that the program would lead if this process were not there. There setpgid(0, 0)
// would have changed nothing: what is sent to that group is for the program's.
func (s *supervisor) apart() bool {
	if s.group != s.pid || s.ended {
		return false
	}
	group, err := syscall.Getpgid(s.child)
	return err == nil && group == s.child
}

// lookAgain is when to look next whether the program has left the group.
func (s *supervisor) lookAgain(now time.Time) {
	s.lookAfter = max(brief, 4*s.lookAfter)
	s.nextLook = now.Add(s.lookAfter)
	if s.lookAfter > time.Second {
		s.nextLook = time.Time{} // with the ticks
	}
}
