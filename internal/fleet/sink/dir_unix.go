package sink

import (
	"errors"

	"golang.org/x/sys/unix"
)

// writable says why this user cannot make files in a directory.
func writable(path string) error {
	const writeAndSearch = unix.W_OK | unix.X_OK
	return unix.Access(path, writeAndSearch)
}

// unsupported says whether a file system does not know the call. EROFS is none of
// these: ext4 says so of a directory whose journal it has given up (fsync(2)).
func unsupported(err error) bool {
	return errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.EOPNOTSUPP)
}
