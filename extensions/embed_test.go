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
	for _, dir := range []string{"_shared", "pi-track", "dist"} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.IsDir() {
				t.Errorf("%s/%s: directories are not embedded", dir, e.Name())
				continue
			}
			if dir == "pi-track" && e.Name() == "package.json" {
				continue // of the sources as a package: dist has its own
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
			if dir == "dist" {
				installed = e.Name()
			}
			if !bytes.Equal(got[filepath.ToSlash(installed)], data) {
				t.Errorf("%s: not embedded, or differs", name)
			}
		}
	}
	if len(got) != want {
		t.Errorf("%d files embedded, %d in the repository", len(got), want)
	}
	for _, name := range []string{Loader, Bundle, Entry} {
		if got[name] == nil {
			t.Errorf("no %s", name)
		}
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

// Pi's loader runs the bundle without compiling it: it is CommonJS, and loads
// nothing but node's own modules.
func TestBundleIsCommonJS(t *testing.T) {
	files := Files()
	if m := regexp.MustCompile(`(?m)^\s*(import|export)\b[^\n]*`).Find(files[Bundle]); m != nil {
		t.Errorf("an ES module: %s", m)
	}
	if !bytes.Contains(files[Loader], []byte(`"./`+Bundle+`"`)) {
		t.Errorf("%s does not load it: %s", Loader, files[Loader])
	}
	if !bytes.Contains(files["package.json"], []byte(`"./`+Loader+`"`)) || bytes.Contains(files["package.json"], []byte(`"type"`)) {
		t.Errorf("package.json does not lead there, or says of what type it is: %s", files["package.json"])
	}
	for _, m := range regexp.MustCompile(`\brequire\(["']([^"']+)["']\)`).FindAllSubmatch(files[Bundle], -1) {
		if !strings.HasPrefix(string(m[1]), "node:") {
			t.Errorf("requires %s", m[1])
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
