package shim

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pi-track/internal/lookup"
	"pi-track/internal/manifest"
)

// removeTemporary removes what an interrupted installation left behind: files,
// also beside the configurations, and directories that hold a link of ours,
// whose name is a dot, the name of what was to be made, and digits.
func removeTemporary(l Layout, configs ...string) {
	for _, config := range configs {
		removeTemporaryFiles(filepath.Dir(config), map[string]bool{"shims.toml": true})
	}
	removeTemporaryFiles(l.Home, ownFiles)
	removeTemporaryFiles(l.BinDir(), ownFiles)
	for _, dir := range []string{l.BinDir(), l.ShimDir()} {
		for _, e := range temporary(dir) {
			if path := filepath.Join(dir, e.Name()); e.IsDir() {
				link := filepath.Join(path, "symlink")
				if text, err := os.Readlink(link); err == nil && lookup.IsOurLink(text) {
					os.Remove(link)
				}
				os.Remove(path) // only if empty
			}
		}
	}
}

func removeTemporaryFiles(dir string, names map[string]bool) {
	for _, e := range temporary(dir) {
		if names[temporaryFor(e)] && e.Type().IsRegular() {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// temporary lists what has the name of a temporary file in dir.
func temporary(dir string) []fs.DirEntry {
	entries, _ := os.ReadDir(dir)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return temporaryFor(e) == "" })
}

// temporaryFor is the name of the file that e was to become, "" for none.
func temporaryFor(e fs.DirEntry) string {
	name := strings.TrimRight(e.Name(), "0123456789")
	if name == e.Name() || !strings.HasPrefix(name, ".") {
		return ""
	}
	return name[1:]
}

// ownFiles are the names of the regular files that install makes.
var ownFiles = map[string]bool{
	lookup.ShimProgram: true, lookup.MainProgram: true, manifest.File: true, "host": true, "install.json": true,
}
