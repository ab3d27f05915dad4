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

// unsupported says whether a file system does not know the call.
func unsupported(err error) bool {
	return errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.EROFS)
}
