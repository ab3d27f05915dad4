//go:build !openbsd

package doctor

import "syscall"

// available is how many bytes the file system still takes from its users.
func available(disk *syscall.Statfs_t) int64 { return int64(disk.Bavail) * int64(disk.Bsize) }
