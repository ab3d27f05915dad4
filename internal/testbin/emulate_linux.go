package testbin

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// emulated marks the process that Emulate has started.
const emulated = "TEST_EMULATES"

// headers are the beginnings of an ELF executable for each architecture, and what
// of them counts, as binfmt_misc takes them (Documentation/admin-guide/binfmt-misc.rst).
var headers = map[string]struct{ qemu, magic string }{
	"arm64": {"qemu-aarch64", `\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00`},
	"amd64": {"qemu-x86_64", `\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x3e\x00`},
}

const headerMask = `\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff`

// Emulate sees to it that execve starts Linux programs of an architecture, by
// QEMU's user emulation where the machine has another. It starts this program
// again in a user namespace of its own, whose formats of executables nobody else
// sees, and is then done: the caller exits with the code. In that second process,
// and on a machine of the architecture, it is not done and the caller goes on. The
// namespace wants Linux 6.7, and a kernel that lets this user make one.
func Emulate(arch string) (done bool, code int, err error) {
	if runtime.GOARCH == arch {
		return false, 0, nil
	}
	if os.Getenv(emulated) == arch {
		return false, 0, register(arch)
	}
	self, err := os.Executable()
	if err != nil {
		return true, 1, err
	}
	cmd := exec.Command(self, os.Args[1:]...)
	cmd.Env = append(os.Environ(), emulated+"="+arch)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	uids := syscall.SysProcIDMap{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}
	gids := syscall.SysProcIDMap{ContainerID: os.Getgid(), HostID: os.Getgid(), Size: 1}
	if os.Getuid() == 0 { // may map everybody, so that no file changes its owner
		uids.Size, gids.Size = 1<<32-2, 1<<32-2
	} else {
		uids.ContainerID, gids.ContainerID = 0, 0
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{uids}, GidMappings: []syscall.SysProcIDMap{gids},
		GidMappingsEnableSetgroups: os.Getuid() == 0,
	}
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return true, max(exit.ExitCode(), 1), nil
	}
	return true, 0, err
}

// register tells the kernel about QEMU, in the namespace of this process.
func register(arch string) error {
	qemu, err := exec.LookPath(headers[arch].qemu)
	if err != nil {
		return err
	}
	const dir = "/proc/sys/fs/binfmt_misc"
	if err := unix.Mount("none", dir, "binfmt_misc", 0, ""); err != nil {
		return fmt.Errorf("mount binfmt_misc: %w", err)
	}
	// P keeps argv[0], F opens the interpreter now.
	line := fmt.Sprintf(":%s:M::%s:%s:%s:PF", arch, headers[arch].magic, headerMask, qemu)
	return os.WriteFile(dir+"/register", []byte(line), 0)
}
