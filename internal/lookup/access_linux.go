package lookup

import (
	"syscall"
)

// Executable asks the kernel whether the effective user may execute path.
func Executable(path string) bool {
	const (
		xOK      = 1
		atFdCwd  = -100
		atEAcces = 0x200
	)
	err := syscall.Faccessat(atFdCwd, path, xOK, atEAcces)
	return err == nil
}
