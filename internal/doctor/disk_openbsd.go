package doctor

import "syscall"

// available is how many bytes the file system still takes from its users.
func available(disk *syscall.Statfs_t) int64 { return disk.F_bavail * int64(disk.F_bsize) }
