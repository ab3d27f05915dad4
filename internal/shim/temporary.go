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
// also beside the configuration ("" for none), and directories that hold a link of
// ours, whose name is a dot, the name of what was to be made, and digits. What is
// in a file has to be the beginning of what was to be made.
func removeTemporary(l Layout, config string) {
	if config != "" {
		removeTemporaryFiles(filepath.Dir(config), map[string]func(string) bool{"shims.toml": begins("# pi-track: ")})
	}
	removeTemporaryFiles(l.Home, homeFiles)
	removeTemporaryFiles(l.BinDir(), map[string]func(string) bool{lookup.ShimProgram: isProgram, lookup.MainProgram: isProgram})
	for _, dir := range []string{l.BinDir(), l.ShimDir()} {
		for _, e := range temporary(dir) {
			if path := filepath.Join(dir, e.Name()); e.IsDir() {
				link := filepath.Join(path, "symlink")
				if text, err := os.Readlink(link); err == nil && lookup.IsOurLink(text) {
					os.Remove(link)
				}
				if info, err := e.Info(); err == nil && info.Mode().Perm() == 0o700 {
					os.Remove(path) // only if empty
				}
			}
		}
	}
}

// removeTemporaryFiles removes the temporary files in dir for files of these names,
// if they are ours.
func removeTemporaryFiles(dir string, ours map[string]func(path string) bool) {
	for _, e := range temporary(dir) {
		is := ours[temporaryFor(e)]
		if path := filepath.Join(dir, e.Name()); is != nil && is(path) {
			os.Remove(path)
		}
	}
}

// begins is a test for the beginning of a file that begins with text.
func begins(text string) func(string) bool {
	return func(path string) bool { return beginsWith(path, text) }
}

// isProgram tells whether a file may be the beginning of a program (ELF, Mach-O).
func isProgram(path string) bool {
	return beginsWith(path, "\x7fELF") || beginsWith(path, "\xcf\xfa\xed\xfe")
}

// isHost tells whether a file may be the beginning of a host file.
func isHost(path string) bool {
	const size = 16
	data, err := head(path)
	return owned(path) && err == nil && len(data) <= size+1 && strings.Trim(strings.TrimSpace(string(data)), "0123456789abcdef") == ""
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

// homeFiles are the regular files that install makes beside the programs, and how
// to know them.
var homeFiles = map[string]func(string) bool{
	manifest.File: begins("pi-track manifest "), "install.json": begins("{\n  \"version\""), "host": isHost,
}
