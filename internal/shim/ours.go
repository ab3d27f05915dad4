package shim

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log"
	"pi-track/internal/log/segment"
)

// What uninstall removes has to be ours by its name, its owner and what is in it.
// A receipt (install.json) alone proves nothing: it may be damaged, of another
// installation, or somebody's invention.

// headSize is how much of a file is looked at, in bytes.
const headSize = 64 << 10

// owned tells whether path is a regular file of the user's; root acts for the
// owner of its directory.
func owned(path string) bool {
	var st, dir syscall.Stat_t
	if syscall.Lstat(path, &st) != nil || st.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return false
	}
	uid := uint32(os.Geteuid())
	return st.Uid == uid || uid == 0 && syscall.Stat(filepath.Dir(path), &dir) == nil && st.Uid == dir.Uid
}

// head is the beginning of a regular file, unpacked if it is a compressed
// segment.
func head(path string) ([]byte, error) {
	f, err := log.OpenRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if segment.Compressed(path) {
		z, err := segment.Unpack(f)
		if err != nil {
			return nil, err
		}
		defer z.Close()
		r = z
	}
	return io.ReadAll(io.LimitReader(r, headSize))
}

// isLog tells whether a file is a log of ours: empty, or with an event among its
// first lines.
func isLog(path string) bool {
	if !owned(path) {
		return false
	}
	data, err := head(path)
	if err != nil {
		return false
	}
	var e event.Event
	for line := range bytes.Lines(data) {
		if err := decode.Event(line, &e); err == nil || errors.Is(err, decode.ErrNewer) {
			return true
		}
	}
	return len(bytes.TrimSpace(data)) == 0
}

// isNotes tells whether a file holds notes, see [log.Note].
func isNotes(path string) bool {
	if !owned(path) {
		return false
	}
	data, err := head(path)
	stamp, _, _ := strings.Cut(string(data), " ")
	_, bad := time.Parse(time.RFC3339, stamp)
	return err == nil && (len(data) == 0 || bad == nil)
}

// isLastSession tells whether a file is where the extension in Pi keeps when the
// last session started.
func isLastSession(path string) bool {
	data, err := head(path)
	return err == nil && owned(path) && (len(data) == 0 || strings.HasPrefix(string(data), "pi-track last session "))
}

// beginsWith tells whether a file of the user's is the beginning of a file that
// begins with text: it has text, or ends within it.
func beginsWith(path, text string) bool {
	if !owned(path) {
		return false
	}
	data, err := head(path)
	return err == nil && (strings.HasPrefix(string(data), text) || strings.HasPrefix(text, string(data)))
}

// removeEmpty removes an empty file of the user's.
func removeEmpty(path string) {
	if isEmpty(path) {
		os.Remove(path)
	}
}

// exists tells whether there is anything at path, a dangling link too.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// inside tells whether dir is path or one of the directories above it.
func inside(dir, path string) bool {
	return path != "" && (dir == path || strings.HasPrefix(path, strings.TrimSuffix(dir, "/")+"/"))
}
