package extensions

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The embedded files are those of the repository, all of them: a module that
// the pattern misses would stop Pi at its start.
func TestFilesAreTheRepositorys(t *testing.T) {
	got := Files()
	want := 0
	for _, dir := range []string{"_shared", "pi-track"} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.IsDir() {
				t.Errorf("%s/%s: directories are not embedded", dir, e.Name())
				continue
			}
			want++
			name, data := filepath.Join(dir, e.Name()), []byte(nil)
			if data, err = os.ReadFile(name); err != nil {
				t.Fatal(err)
			}
			installed := name
			if dir == "pi-track" {
				installed = e.Name()
				data = bytes.ReplaceAll(data, []byte(`"../_shared/`), []byte(`"./_shared/`))
			}
			if !bytes.Equal(got[filepath.ToSlash(installed)], data) {
				t.Errorf("%s: not embedded, or differs", name)
			}
		}
	}
	if len(got) != want {
		t.Errorf("%d files embedded, %d in the repository", len(got), want)
	}
	if got[Entry] == nil {
		t.Errorf("no %s", Entry)
	}
}

// Every import of the installed layout leads to an installed file or to a
// module of node's own: nothing that may be missing is imported.
func TestImportsResolve(t *testing.T) {
	files := Files()
	imports := regexp.MustCompile(`(?m)^(?:import|export)\b[^;]*?\bfrom "([^"]+)"|^import "([^"]+)"`)
	for name, data := range files {
		if !strings.HasSuffix(name, ".ts") {
			continue
		}
		for _, m := range imports.FindAllSubmatch(data, -1) {
			target := string(m[1]) + string(m[2])
			if strings.HasPrefix(target, "node:") {
				continue
			}
			if files[path.Join(path.Dir(name), target)] == nil || !strings.HasPrefix(target, ".") {
				t.Errorf("%s imports %s, which is not installed", name, target)
			}
		}
	}
}

// Pi would load these as extensions of their own.
func TestSharedIsNoExtension(t *testing.T) {
	for name := range Files() {
		if name == "_shared/index.ts" || name == "_shared/package.json" {
			t.Errorf("%s would be loaded by Pi", name)
		}
	}
	if _, err := os.Stat("_shared.ts"); err == nil {
		t.Error("_shared.ts would be loaded by Pi")
	}
}
