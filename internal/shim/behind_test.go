package shim_test

import (
	"os"
	"path/filepath"
	"testing"

	"pi-track/internal/manifest"
	"pi-track/internal/shim"
)

// What a call would run: the pinned program, else what an alias names, else
// the first of that name on PATH.
func TestBehind(t *testing.T) {
	dir := t.TempDir()
	layout := shim.Layout{Home: filepath.Join(dir, "home")}
	program := func(rel string, mode os.FileMode) string {
		path := filepath.Join(dir, rel)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tool, pinned, plain := program("bin/tool", 0o755), program("pin/tool", 0o755), program("plain/tool", 0o644)
	gone := filepath.Join(dir, "gone/tool")
	path := filepath.Dir(tool)
	for _, c := range []struct {
		shim         manifest.Shim
		path         string
		target, note string
	}{
		{manifest.Shim{Name: "tool"}, path, tool, ""},
		{manifest.Shim{Name: "tool"}, dir, "", "not found yet"},
		{manifest.Shim{Name: "tool", Disabled: true}, path, tool, "disabled"},
		{manifest.Shim{Name: "tool", Disabled: true}, dir, "", "disabled"},
		{manifest.Shim{Name: "tool"}, filepath.Dir(plain), plain, "not executable"},
		{manifest.Shim{Name: "tool", Real: pinned}, path, pinned, ""},
		{manifest.Shim{Name: "tool", Real: plain}, path, plain, "not executable"},
		{manifest.Shim{Name: "tool", Real: gone}, path, tool, "pinned program missing, PATH is searched"},
		{manifest.Shim{Name: "tool", Real: gone}, dir, "", "not found yet"},
		{manifest.Shim{Name: "alias", Command: []string{"tool", "x"}}, path, tool, ""},
		{manifest.Shim{Name: "alias", Command: []string{pinned, "x"}}, path, pinned, ""},
		{manifest.Shim{Name: "alias", Command: []string{gone}}, path, "", "alias with nothing behind it"},
		{manifest.Shim{Name: "alias", Command: []string{"nothing"}}, path, "", "alias with nothing behind it"},
	} {
		if target, note := shim.Behind(layout, &c.shim, c.path); target != c.target || note != c.note {
			t.Errorf("%+v with PATH %s: %q, %q; want %q, %q", c.shim, c.path, target, note, c.target, c.note)
		}
	}
}
