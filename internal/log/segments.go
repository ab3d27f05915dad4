package log

import (
	"maps"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"pi-track/internal/log/sys"
)

// Slack is how much earlier than its neighbours a line may stand in the log:
// files and parts of files are passed over only when they end that much
// before the time asked for.
const Slack = 10 * time.Minute

// sealLayout is the time in the name of a sealed segment; without its dot it
// is 19 bytes long and sorts as the time does.
const sealLayout = "20060102T150405.000Z"

// zstdExt ends the name of a compressed segment.
const zstdExt = ".zst"

// IndexDir is the directory beside the log at path in which reports keep what
// they added up. It holds texts of the log; deleting it only costs time.
func IndexDir(path string) string { return path + ".index" }

// AsidePath is the file beside the log at path that takes damaged lines. Its name is
// none that a reader of the log, or a glob for its segments, takes for one.
func AsidePath(path string) string {
	stem, _ := splitName(path)
	return inDir(sys.DirOf(path), "damaged-"+stem+".txt")
}

// OpenAside opens that file for appending, and makes it (0600) when it is missing. It
// has to be a regular file of this user's.
func OpenAside(path string) (*os.File, error) {
	name := AsidePath(path)
	fd, err := openLog(name, true)
	if err == nil {
		var st syscall.Stat_t
		if err = syscall.Fstat(fd, &st); err == nil {
			err = usable(&st, name)
		}
		if err != nil {
			syscall.Close(fd)
		}
	}
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(fd), name), nil
}

// Segments returns the files of the log at path: the sealed segments, oldest
// first, then path itself if it exists. A segment that exists both plain and
// compressed, because a rotation was interrupted, is named once, as the plain
// file. To read them beside a rotation use [OpenSegments].
func Segments(path string) ([]string, error) {
	// Twice: a segment that is compressed while the directory is read, one
	// name coming and the other going, may be seen under neither.
	first, _, err := list(path)
	if err != nil {
		return nil, err
	}
	second, current, err := list(path)
	if err != nil {
		return nil, err
	}
	names := union(first, second)
	for i, name := range names {
		names[i] = inDir(sys.DirOf(path), name)
	}
	if current {
		names = append(names, path)
	}
	return names, nil
}

// list reads the directory: the names of the sealed segments, and whether the
// log itself exists.
func list(path string) (names []string, current bool, err error) {
	entries, err := os.ReadDir(sys.DirOf(path))
	if err != nil {
		if os.IsNotExist(err) {
			err = nil
		}
		return nil, false, err
	}
	for _, e := range entries {
		name := e.Name()
		if name == baseOf(path) {
			current = true
		} else if _, ok := SealedAt(path, name); ok {
			names = append(names, name)
		}
	}
	return names, current, nil
}

// union is one name for each segment of two lists, in the order of the names,
// of two the plain one, of that in both lists the one from the second.
func union(first, second []string) []string {
	plain := func(name string) string { return strings.TrimSuffix(name, zstdExt) }
	names := map[string]string{}
	for _, list := range [][]string{first, second} {
		slices.Sort(list) // "x.jsonl" comes before "x.jsonl.zst"
		for i, name := range list {
			if i == 0 || plain(list[i-1]) != plain(name) {
				names[plain(name)] = name
			}
		}
	}
	return slices.SortedFunc(maps.Values(names), func(a, b string) int { return strings.Compare(plain(a), plain(b)) })
}

// OpenSegments opens the files of the log at path for reading, in the order
// of [Segments], without those that by their name hold nothing from since on
// (the zero time leaves none out). What had been appended before the call is
// in the files, each line once, whatever a rotation does meanwhile. A log
// that does not exist has no files.
//
// A compressed file's name ends in .zst.
func OpenSegments(path string, since time.Time) ([]*os.File, error) {
	for {
		files, err := openSegments(path, since)
		if err == nil {
			return files, nil
		}
		for _, f := range files {
			f.Close()
		}
		if !os.IsNotExist(err) { // else compressed or pruned in between: look again
			return nil, err
		}
	}
}

// openSealed opens a sealed segment. A dangling symlink is not one that has just
// gone: looking again would find it again.
func openSealed(name string) (*os.File, error) {
	f, err := OpenRegular(name)
	if os.IsNotExist(err) {
		if st, lerr := os.Lstat(name); lerr == nil && st.Mode()&os.ModeSymlink != 0 {
			err = &os.PathError{Op: "read", Path: name, Err: ErrNotRegular}
		}
	}
	return f, err
}

func openSegments(path string, since time.Time) (files []*os.File, err error) {
	// The current file first: if it is sealed from now on, it is listed under
	// its new name as well, and known by its inode.
	current, err := OpenRegular(path)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	var inode os.FileInfo
	if current != nil {
		defer func() { files = append(files, current) }()
		if inode, err = current.Stat(); err != nil {
			return nil, err
		}
	}
	names, err := Segments(path)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if at, ok := SealedAt(path, name); !ok || at.Before(since.Add(-Slack)) {
			continue // the current file itself, or too old
		}
		f, err := openSealed(name)
		if err != nil {
			return files, err
		}
		if st, err := f.Stat(); err == nil && inode != nil && os.SameFile(st, inode) {
			f.Close()
			continue
		}
		files = append(files, f)
	}
	return files, nil
}

// OpenRegular opens a regular file for reading; a fifo does not hold it up, and
// is an error as everything else is that is not a regular file.
func OpenRegular(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
		f.Close()
		return nil, &os.PathError{Op: "read", Path: name, Err: ErrNotRegular}
	}
	return f, nil
}

// SealedAt returns the time in the name of a sealed segment of the log at
// path: its lines were written up to then. It is false for any other name.
func SealedAt(path, name string) (time.Time, bool) {
	stem, ext := splitName(path)
	rest, ok := strings.CutPrefix(strings.TrimSuffix(baseOf(name), zstdExt), stem+"-")
	if !ok {
		return time.Time{}, false
	}
	rest, ok = strings.CutSuffix(rest, ext)
	const size, ms = len(sealLayout) - 1, len("20060102T150405")
	if !ok || len(rest) < size || len(rest) > size && rest[size] != '-' {
		return time.Time{}, false
	}
	t, err := time.Parse(sealLayout, rest[:ms]+"."+rest[ms:size])
	return t, err == nil
}

// SealedName is the name for a sealed segment of the log at path whose last
// line was written at t. A label, if any, says what it holds.
func SealedName(path string, t time.Time, label string) string {
	stem, ext := splitName(path)
	stamp := strings.Replace(t.UTC().Format(sealLayout), ".", "", 1)
	if label != "" {
		stamp += "-" + label
	}
	return inDir(sys.DirOf(path), stem+"-"+stamp+ext)
}

// splitName splits the base of path into the stem and the extension.
func splitName(path string) (stem, ext string) {
	base := baseOf(path)
	if i := strings.LastIndexByte(base, '.'); i > 0 {
		return base[:i], base[i:]
	}
	return base, ""
}

func baseOf(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

func inDir(dir, name string) string {
	if strings.HasSuffix(dir, "/") {
		return dir + name
	}
	return dir + "/" + name
}
