package lookup

import (
	"os"
	"path/filepath"
	"testing"
)

func write(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), mode); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, text, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(text, path); err != nil {
		t.Fatal(err)
	}
}

func TestFindPassesOverEveryFormOfOurselves(t *testing.T) {
	dir := t.TempDir()
	p := func(s string) string { return filepath.Join(dir, s) }
	write(t, p("home/bin/pi-track-shim"), 0o755)
	link(t, "../bin/pi-track-shim", p("home/shims/tool"))
	link(t, "home/shims", p("alias"))
	link(t, p("home/shims/tool"), p("twostep/tool"))
	if err := os.MkdirAll(p("hard"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(p("home/bin/pi-track-shim"), p("hard/tool")); err != nil {
		t.Fatal(err)
	}
	write(t, p("real/tool"), 0o755)
	id, ok := Stat(p("home/bin/pi-track-shim"))
	if !ok {
		t.Fatal("no identity")
	}
	t.Chdir(dir)
	for _, before := range []string{
		p("home/shims"), p("home/shims") + "/", p("alias"), "home/shims", p("home/shims") + ":" + p("home/shims"),
		p("twostep"), p("hard"), p("home/./shims"), "",
	} {
		got, ok := Find("tool", before+":"+p("real"), []ID{id}, nil)
		if !ok || got.Path != p("real/tool") {
			t.Errorf("PATH begins %q: found %+v", before, got)
		}
	}
}

func TestFindTakesWhatAShellWouldTake(t *testing.T) {
	dir := t.TempDir()
	p := func(s string) string { return filepath.Join(dir, s) }
	write(t, p("noexec/tool"), 0o644)
	if err := os.MkdirAll(p("isdir/tool"), 0o755); err != nil {
		t.Fatal(err)
	}
	link(t, "nowhere", p("dangling/tool"))
	write(t, p("real/tool"), 0o755)
	write(t, p("cwd/tool"), 0o755)
	t.Chdir(p("cwd"))

	for path, want := range map[string]string{
		p("isdir") + ":" + p("dangling") + ":" + p("noexec") + ":" + p("real"): p("real/tool"),
		p("noexec"):     p("noexec/tool"),
		":" + p("real"): p("cwd/tool"),
		"../real":       p("cwd") + "/../real/tool",
		p("isdir"):      "",
	} {
		got, _ := Find("tool", path, nil, nil)
		if got.Path != want {
			t.Errorf("PATH %q: found %q, want %q", path, got.Path, want)
		}
	}
}

func TestFindSkipsWhatTheCallerRefuses(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a/tool"), 0o755)
	write(t, filepath.Join(dir, "b/tool"), 0o755)
	refused, _ := Stat(filepath.Join(dir, "a/tool"))
	got, ok := Find("tool", dir+"/a:"+dir+"/b", nil, func(id ID) bool { return id == refused })
	if !ok || got.Path != dir+"/b/tool" {
		t.Errorf("found %+v", got)
	}
}
