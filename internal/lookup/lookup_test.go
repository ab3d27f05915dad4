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

// Which program a call runs: the pin, else the alias, else the first on PATH; and
// what is passed over.
func TestResolve(t *testing.T) {
	dir := t.TempDir()
	p := func(s string) string { return filepath.Join(dir, s) }
	write(t, p("a/tool"), 0o755)
	write(t, p("b/tool"), 0o755)
	write(t, p("b/other"), 0o755)
	write(t, p("plain/tool"), 0o644)
	write(t, p("home/bin/pi-track-shim"), 0o755)
	link(t, "../bin/pi-track-shim", p("home/shims/tool"))
	a, _ := Stat(p("a/tool"))
	path := p("home/shims") + ":" + p("a") + ":" + p("b")
	isA := func(id ID) bool { return id == a }
	all := func(ID) bool { return true }
	for name, c := range map[string]struct {
		q    Query
		want string
		f    Found // its flags
	}{
		"by name":             {Query{Name: "tool", Path: path}, "a/tool", Found{}},
		"tried":               {Query{Name: "tool", Path: path, Tried: isA}, "b/tool", Found{}},
		"all tried":           {Query{Name: "tool", Path: path, Tried: all}, "a/tool", Found{}},
		"pinned":              {Query{Name: "tool", Pin: p("b/tool"), Path: path}, "b/tool", Found{}},
		"pinned, tried":       {Query{Name: "tool", Pin: p("b/tool"), Path: path, Tried: all}, "b/tool", Found{}},
		"pin lost":            {Query{Name: "tool", Pin: p("gone"), Path: path}, "a/tool", Found{PinLost: true}},
		"pinned to ourselves": {Query{Name: "tool", Pin: p("home/shims/tool"), Path: path}, "a/tool", Found{PinLost: true}},
		"pin, then alias":     {Query{Name: "tool", Pin: p("gone"), Alias: "other", Path: path}, "b/other", Found{PinLost: true, Aliased: true}},
		"alias":               {Query{Name: "tool", Alias: "other", Path: path}, "b/other", Found{Aliased: true}},
		"alias by path":       {Query{Name: "tool", Alias: p("b/other"), Path: path}, "b/other", Found{Aliased: true}},
		"alias of nothing":    {Query{Name: "tool", Alias: "gone", Path: path}, "", Found{Aliased: true}},
		"ours by path":        {Query{Name: p("home/shims/tool"), Path: path}, "", Found{}},
		"ours as typed":       {Query{Name: p("home/shims/tool"), Path: path, Typed: true}, "home/shims/tool", Found{}},
		"not executable":      {Query{Name: "tool", Path: p("plain")}, "plain/tool", Found{}},
		"nothing":             {Query{Name: "tool", Path: p("home/shims")}, "", Found{}},
	} {
		got, ok := Resolve(c.q)
		want := ""
		if c.want != "" {
			want = p(c.want)
		}
		if got.Path != want || ok != (want != "") || got.PinLost != c.f.PinLost || got.Aliased != c.f.Aliased ||
			ok && got.Executable != (c.want != "plain/tool") {
			t.Errorf("%s: %+v, %v; want %s", name, got, ok, c.want)
		}
	}
}
