package log

import (
	"strings"
	"syscall"

	"pi-track/internal/log/owned"
	"pi-track/internal/log/sys"
)

// IndexMagic begins every index of a report; the version of its contents
// follows.
const IndexMagic = "pi-track index "

// isIndexName says whether a report's index, or one that is being written, may
// have this name: 16 hexadecimal digits, for the latter a dot and digits too.
func isIndexName(name string) bool {
	name, rest, dot := strings.Cut(name, ".")
	return len(name) == 16 && strings.Trim(name, "0123456789abcdef") == "" &&
		(!dot || rest != "" && strings.Trim(rest, "0123456789") == "")
}

// IsIndex says whether the file at path, which may be a link, begins as an index
// does.
func IsIndex(path string) bool {
	fd, err := sys.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return false
	}
	defer syscall.Close(fd)
	return beginsAsIndex(fd, len(IndexMagic))
}

// RemoveIndexes removes the indexes of the log at path that drop accepts, and their
// directory when nothing else is in it. Nothing is touched that is not
// provably ours: of an index's name, with its magic or empty, owned as the log's
// directory is, and reached without a link. Everything else is returned as kept;
// of an index, drop is told the name.
func RemoveIndexes(path string, drop func(name string) bool) (kept []string) {
	dir := IndexDir(path)
	d, err := owned.Enter(dir)
	if err != nil {
		return []string{dir}
	}
	if d == nil {
		return nil
	}
	defer d.Close()
	names, err := d.Names()
	if err != nil {
		return []string{dir}
	}
	for _, name := range names {
		if !isIndexName(name) || !isIndex(d, name) {
			kept = append(kept, dir+"/"+name)
		} else if drop(name) {
			_ = d.Remove(name)
		}
	}
	_ = syscall.Rmdir(dir)
	return kept
}

// isIndex says whether a file holds what begins as an index does.
func isIndex(d *owned.Dir, name string) bool {
	fd, err := d.Open(name, syscall.O_RDONLY)
	if err != nil {
		return false
	}
	defer syscall.Close(fd)
	return beginsAsIndex(fd, 0) // it may be in the making
}

// beginsAsIndex says whether a file has at least so many bytes of an index's
// magic, and nothing else in its place.
func beginsAsIndex(fd, least int) bool {
	var head [len(IndexMagic)]byte
	n, err := syscall.Pread(fd, head[:], 0)
	return err == nil && n >= least && strings.HasPrefix(IndexMagic, string(head[:n]))
}
