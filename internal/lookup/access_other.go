//go:build !linux

package lookup

import "syscall"

// Executable asks the kernel whether the user may execute path.
func Executable(path string) bool {
	const xOK = 1
	return syscall.Access(path, xOK) == nil
}
