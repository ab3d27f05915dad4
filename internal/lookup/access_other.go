//go:build !linux

package lookup

import "syscall"

// executable asks the kernel whether the user may execute path.
func executable(path string) bool {
	const xOK = 1
	return syscall.Access(path, xOK) == nil
}
