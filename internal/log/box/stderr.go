package box

import (
	"encoding/binary"
	"syscall"

	"pi-track/internal/log/sys"
	"pi-track/internal/mount"
)

// Watch records in the box which file the descriptor is that the program will have
// as its stderr, if it is a regular one. To be called before the program starts.
//
// Where a program writes its stderr to a regular file, the supervisor reads back
// once a second, and is killed before it could, mostly. With this, a reaper reads
// what the program wrote.
func (b *Box) Watch(fd int) {
	if b.fd < 0 {
		return
	}
	st, err := mount.Of(fd)
	if err != nil || st.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return
	}
	if ours, err := mount.Of(b.fd); err != nil || mount.MayHang(st, ours) {
		return // whoever reads it back would hang
	}
	path, from, ok := sys.Written(fd, st.Size)
	if !ok || len(path) >= AtRing-AtFilePath {
		return
	}
	record := make([]byte, AtFilePath-AtFile, AtRing-AtFile)
	for i, n := range [...]uint64{st.Dev, st.Ino, uint64(from)} {
		binary.NativeEndian.PutUint64(record[8*i:], n)
	}
	_ = sys.Pwrite(b.fd, append(record, path...), AtFile)
}
