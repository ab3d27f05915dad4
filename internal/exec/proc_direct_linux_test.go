//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

func text(s string) unsafe.Pointer { return cString(s + "\x00") }

// goText is the text at p.
func goText(p unsafe.Pointer) string {
	var b []byte
	for i := 0; byteAt(p, i) != 0; i++ {
		b = append(b, byteAt(p, i))
	}
	return string(b)
}

func TestTextsBeforeTheRuntime(t *testing.T) {
	for _, c := range []struct {
		a, b           string
		equal, isStart bool
	}{{"", "", true, true}, {"a", "a", true, true}, {"a", "b", false, false}, {"ab", "a", false, true}, {"a", "ab", false, false}, {"PATH=x", "PATH=", false, true}, {"", "a", false, false}} {
		if got := same(text(c.a), text(c.b)); got != c.equal {
			t.Errorf("%q is %q: %v", c.a, c.b, got)
		}
		if got := startsWith(text(c.a), text(c.b)); got != c.isStart {
			t.Errorf("%q begins with %q: %v", c.a, c.b, got)
		}
	}
	for path, want := range map[string]string{"": "", "a": "a", "/a": "a", "/a/b": "b", "a/": "", "//": "", "a/b/cd": "cd"} {
		if got := goText(baseOf(text(path))); got != want {
			t.Errorf("base of %q is %q", path, got)
		}
	}
	for name, want := range map[string]bool{"pi-track": true, "pi-track-shim": true, "tool-usage-report": true, "pi-trac": false, "pi-tracks": false, "": false} {
		if isOurName(text(name)) != want {
			t.Errorf("%q is ours: %v", name, !want)
		}
	}
	var to [pathMax]byte
	if !copyTo(&to, 2, text("bc")) || string(to[2:5]) != "bc\x00" {
		t.Errorf("%q", to[:6])
	}
	long := strings.Repeat("x", pathMax-2)
	if !copyTo(&to, 0, text(long)) || goText(unsafe.Pointer(&to)) != long {
		t.Error("the longest text does not fit")
	}
	if copyTo(&to, 0, text(long+"x")) || to[0] != 0 || copyTo(&to, 1, text(long)) {
		t.Error("a text fits that is too long")
	}
}

func TestCandidatesBeforeTheRuntime(t *testing.T) {
	copyTo(&directName, 0, text("tool"))
	long := strings.Repeat("x", pathMax-3)
	for path, want := range map[string]string{
		"/a:/b": "/a/tool /b/tool", "": "tool", ":": "tool tool", "/a:": "/a/tool tool", "/a/::b": "/a//tool tool b/tool",
		long + ":/b": " /b/tool", long + "xxx:/b": " /b/tool", strings.Repeat("y", pathMax-10) + ":/b": strings.Repeat("y", pathMax-10) + "/tool /b/tool",
	} {
		c := directCall{path: text(path)}
		var got []string
		for more := true; more; {
			more = c.candidate()
			got = append(got, goText(unsafe.Pointer(&directPath)))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%.60s: %.80q", path, got)
		}
	}
}

func TestLinksBeforeTheRuntime(t *testing.T) {
	dir := t.TempDir()
	link := func(to, name string) string {
		path := filepath.Join(dir, name)
		if err := os.Symlink(to, path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("\x7fELF"), 0o755); err != nil {
		t.Fatal(err)
	}
	link("loop", "loop")
	for _, c := range []struct {
		path, at, text string
		links          int
	}{
		{file, file, "", 0}, {link("file", "one"), file, "", 1}, {link(file, "whole"), file, "", 1}, {link("one", "two"), file, "", 2},
		{link("../bin/pi-track-shim", "shim"), filepath.Join(dir, "shim"), "../bin/pi-track-shim", 0}, {link("shim", "alias"), filepath.Join(dir, "shim"), "../bin/pi-track-shim", 1},
		{link("gone", "dangling"), filepath.Join(dir, "gone"), "", 1},
	} {
		links := follow(text(c.path))
		if at, is := goText(unsafe.Pointer(&directLink)), goText(unsafe.Pointer(&directText)); at != c.at || is != c.text || links != c.links {
			t.Errorf("%s: %d links to %s, %q", c.path, links, at, is)
		}
	}
	if links := follow(text(filepath.Join(dir, "loop"))); links != 40 {
		t.Errorf("a loop of %d", links)
	}
	if follow(nil) != 0 || directLink[0] != 0 || follow(text(strings.Repeat("x", pathMax))) != 0 || directLink[0] != 0 {
		t.Error("a path that is none")
	}
}

func TestFilesBeforeTheRuntime(t *testing.T) {
	dir := t.TempDir()
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	other := append([]byte{}, self...)
	other[4000] ^= 1
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o755); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if !directStatOf(text("/proc/self/exe"), &directSelf) {
		t.Fatal("no such program")
	}
	if err := os.Symlink("/x/pi-track-shim", filepath.Join(dir, "shim")); err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path          string
		is, elf, copy bool
	}{
		{write("copy", self), false, true, true}, {write("other", other), true, true, false}, {write("script", []byte("#!/bin/sh\n")), true, false, false},
		{write("empty", nil), true, false, false}, {dir, false, false, false}, {filepath.Join(dir, "none"), false, false, false},
		{filepath.Join(dir, "shim"), false, false, false}, {exe, false, true, true},
	} {
		copyTo(&directPath, 0, text(c.path))
		if got := isCandidate(); got != c.is {
			t.Errorf("%s is a candidate: %v", c.path, got)
		}
		copyTo(&directPath, 0, text(c.path))
		if got := isELF(); got != c.elf {
			t.Errorf("%s is ELF: %v", c.path, got)
		}
		if got := isCopy(); got != c.copy {
			t.Errorf("%s is a copy: %v", c.path, got)
		}
	}
	fds := openDescriptors()
	for range 20 {
		head(text(exe), &directText)
	}
	if now := openDescriptors(); len(now) > len(fds)+5 {
		t.Errorf("%d descriptors are left open", len(now)-len(fds))
	}
	if directText[0] != 0x7f || directText[pathMax-1] != self[pathMax-1] {
		t.Error("not the beginning of the file")
	}
	if limitOf(syscall.RLIMIT_NOFILE) < 3 {
		t.Error("no limit")
	}
}

// What the kernel puts on the stack is read as it stands there.
func TestStackBeforeTheRuntime(t *testing.T) {
	for _, c := range []struct {
		args, env          []string
		path, called, name string
		own                bool
	}{
		{[]string{"/shims/tool", "x"}, []string{"A=1", "PATH=/a", "PATH=/b"}, "/a", "/shims/tool", "tool", false},
		{[]string{"tool"}, nil, "/bin:/usr/bin", "/shims/tool", "tool", false},
		{[]string{"foo"}, []string{"PATHX=/x", "PATH="}, "", "/shims/tool", "tool", true},
		{nil, []string{"PATH=/a"}, "/a", "/shims/tool", "tool", true},
		{[]string{"tool"}, []string{"PATH=/a"}, "/a", "/bin/pi-track-shim", "tool", false},
		{[]string{"/x/other"}, []string{"PATH=/a"}, "/a", "/bin/pi-track", "other", false},
	} {
		const execFn = 31
		var texts []unsafe.Pointer
		put := func(s string) uintptr {
			texts = append(texts, text(s))
			return uintptr(texts[len(texts)-1])
		}
		stack := []uintptr{uintptr(len(c.args))}
		for _, list := range [][]string{c.args, c.env} {
			for _, s := range list {
				stack = append(stack, put(s))
			}
			stack = append(stack, 0)
		}
		stack = append(stack, 6, 4096, execFn, put(c.called), 0, 0)
		var d directCall
		d.read(unsafe.Pointer(&stack[0]))
		if int(d.argc) != len(c.args) || goText(d.path) != c.path || goText(d.called) != c.called || d.argv != unsafe.Pointer(&stack[1]) {
			t.Errorf("%+v: path %q, called %q", c, goText(d.path), goText(d.called))
		}
		if own := d.name(); own != c.own || goText(unsafe.Pointer(&directName)) != c.name {
			t.Errorf("%+v: %q, own %v", c, goText(unsafe.Pointer(&directName)), own)
		}
		runtime.KeepAlive(texts)
	}
}
