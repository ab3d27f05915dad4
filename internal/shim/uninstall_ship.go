package shim

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// shipped removes, with purge, what 'pi-track ship' keeps in the directory "ship":
// for each sink the account of what was sent, the lines that it refused, a lock.
// The key of a team is no file of ours.
func (r *Removal) shipped(l Layout, purge bool) {
	dir := filepath.Join(l.Home, "ship")
	st, err := os.Lstat(dir)
	switch {
	case err != nil:
		return
	case !purge:
		r.Kept = append(r.Kept, dir)
		return
	case !st.IsDir():
		r.foreign(dir)
		return
	}
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		switch {
		case strings.HasSuffix(path, ".rejected.jsonl"):
			r.keepOr(true, path, isLog)
		case strings.HasSuffix(path, ".json"):
			r.keepOr(true, path, isAccount)
		case strings.HasSuffix(path, ".lock"):
			r.keepOr(true, path, isEmpty)
		default:
			r.foreign(path)
		}
	}
	if syscall.Rmdir(dir) == nil {
		r.Removed = append(r.Removed, dir)
	}
}

// isAccount tells whether a file says what was sent to a sink, in any version.
func isAccount(path string) bool {
	data, err := head(path)
	if err != nil || !owned(path) {
		return false
	}
	rest, ok := strings.CutPrefix(string(data), `{"v":`)
	return ok && strings.HasPrefix(strings.TrimLeft(rest, "0123456789"), `,"to":`)
}

// isEmpty tells whether a file of the user's is empty.
func isEmpty(path string) bool {
	st, err := os.Lstat(path)
	return err == nil && st.Size() == 0 && owned(path)
}
