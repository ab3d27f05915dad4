// Package extensions holds the files of the Pi extension, embedded so that
// the binary can install them without the repository. It knows the layout of
// the installed extension and nothing about where that goes.
package extensions

import (
	"bytes"
	"embed"
	"io/fs"
	"path"
	"strings"
)

// A name that begins with an underscore has to be listed for go:embed.
//
//go:embed _shared/*.ts pi-track/*.ts dist/index.js dist/pi-track.cjs dist/package.json
var files embed.FS

// Loader is the file that Pi loads, as package.json says. It loads Bundle: all
// of the extension in one file, made of the sources by test/run.mjs, because
// Pi compiles TypeScript at its start. Entry is the source that Pi would load
// without package.json; it imports all others.
const (
	Loader = "index.js"
	Bundle = "pi-track.cjs"
	Entry  = "index.ts"
)

// Files returns the installed layout: contents by slash-separated path
// relative to the extension's directory. In the repository the modules that
// any extension may use lie beside the extension, in _shared; the installed
// extension is one self-contained directory with _shared inside it, so the
// imports that lead there are rewritten. Beside the sources lies the bundle.
func Files() map[string][]byte {
	out := make(map[string][]byte)
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		if inside, ok := strings.CutPrefix(name, "pi-track/"); ok {
			name = path.Clean(inside)
			data = bytes.ReplaceAll(data, []byte(`"../_shared/`), []byte(`"./_shared/`))
		}
		out[strings.TrimPrefix(name, "dist/")] = data
		return nil
	})
	if err != nil {
		panic(err) // the embedded files are part of the program
	}
	return out
}
