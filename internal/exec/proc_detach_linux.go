//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"syscall"

	"pi-track/internal/exec/script"

	"golang.org/x/sys/unix"
)

// Detach starts this executable again, with that argv, in a session of its own:
// it outlives this process and nobody waits for it. It gets in and out as
// descriptors 0 and 1, /dev/null as 2, no others, and no environment. The argv of
// a process of ours begins with "pi-track", as no shim's does.
func Detach(argv []string, in, out int) error {
	null, err := syscall.Open("/dev/null", syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(null)
	_, err = spawn(&program{
		path: cStrings([]string{"/proc/self/exe"})[0],
		argv: cStrings(argv), envp: cStrings(nil),
		fds: [3]int{in, out, null}, detached: true, bare: true,
	})
	return err
}

// LetGo closes what a detached process has inherited beyond 0, 1 and 2, where the
// kernel could not.
func LetGo() { letGoInherited() }

// addBare closes all descriptors but 0, 1 and 2, once they are set.
func (p *program) addBare(s *script.Script) {
	if p.bare {
		const max = ^uint32(0)
		s.Add(unix.SYS_CLOSE_RANGE, 3, uintptr(max), 0)
	}
}
