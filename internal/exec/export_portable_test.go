//go:build unix && (portable || !linux || !(amd64 || arm64))

package exec

import (
	"os"
	"syscall"
)

// As on OpenBSD, where nobody can give a signal its default action.
func init() {
	if os.Getenv("EXEC_NO_SIGACTION") != "" {
		defaultAction = func(syscall.Signal) error { return syscall.ENOSYS }
	}
}
