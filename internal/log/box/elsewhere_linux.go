package box

import (
	"strings"
	"syscall"

	"pi-track/internal/log/sys"
	"pi-track/internal/mount"
)

// Elsewhere tells whether the log at path may lie on another file system than
// home, which can hang while home does not: a dead network mount, a FUSE program
// that does not answer. Only the kernel's memory is asked, since a lookup on such
// a mount would wait. What cannot be told may be elsewhere.
func Elsewhere(home, path string) bool {
	if path == "/dev/null" {
		return false
	}
	in, inHome := strings.CutPrefix(path, home+"/")
	inHome = inHome && !strings.Contains(in, "/")
	var here syscall.Stat_t
	if syscall.Stat(home, &here) != nil {
		return true
	}
	dev, err := cachedDev(sys.DirOf(path))
	if err != nil {
		return !inHome
	}
	if dev != here.Dev {
		return true
	}
	// The file may be a mount point of its own, which the kernel then knows.
	dev, err = cachedDev(path)
	return err == nil && dev != here.Dev
}

// cachedDev is the device of the file at path, if the kernel can tell without
// asking a file system.
func cachedDev(path string) (uint64, error) {
	fd, err := mount.Open(mount.Cwd, path)
	if err != nil {
		return 0, err
	}
	defer syscall.Close(fd)
	i, err := mount.Of(fd)
	return i.Dev, err
}
