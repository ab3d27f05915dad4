//go:build unix && !darwin && (portable || !linux || !(amd64 || arm64))

package exec

import "syscall"

func maxRSSKB(u *syscall.Rusage) int64 { return int64(u.Maxrss) }
