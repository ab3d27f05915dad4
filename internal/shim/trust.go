package shim

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"pi-track/internal/safefile"
)

// CheckTrust says why somebody else could change what the shims in l run: a
// directory, the manifest or a program belongs to neither the user nor root, or
// everyone may write to it or a directory above it. Shims do not trust such a
// manifest. Nothing needs to exist; what does not is judged by where it would be.
func CheckTrust(l Layout) error {
	for _, path := range l.trustees() {
		if err := safefile.Trusted(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// GroupWritable lists what a group may write of what CheckTrust looks at: the
// members of that group are trusted.
func GroupWritable(l Layout) []string {
	seen := map[string]bool{}
	var found []string
	for _, path := range l.trustees() {
		for {
			st, err := os.Stat(path)
			sticky := err == nil && st.IsDir() && st.Mode()&fs.ModeSticky != 0
			if err == nil && st.Mode().Perm()&0o020 != 0 && !sticky && !seen[path] {
				seen[path] = true
				found = append(found, path)
			}
			if path == filepath.Dir(path) {
				break
			}
			path = filepath.Dir(path)
		}
	}
	return found
}

// trustees are the paths that have to be trusted, with what stands above them,
// without links.
func (l Layout) trustees() []string {
	var paths []string
	for _, path := range []string{l.Home, l.ShimDir(), l.BinDir(), l.Manifest(), l.ShimProgram(), l.MainProgram()} {
		for {
			real, err := filepath.EvalSymlinks(path)
			if err == nil {
				paths = append(paths, real)
				break
			}
			if path == filepath.Dir(path) {
				break
			}
			path = filepath.Dir(path) // it is not there yet
		}
	}
	return paths
}
