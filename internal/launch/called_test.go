//go:build linux

package launch_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pi-track/internal/manifest"
	"pi-track/internal/testbin"
)

// TestOwnArgv0: a caller may choose argv[0] (exec -a); that neither changes
// which helper runs nor is it changed.
func TestOwnArgv0(t *testing.T) {
	w := newWorld(t)
	w.must(os.Remove(w.path("real/tool")))
	w.link("/bin/sh", "real/tool")
	w.link("../bin/pi-track-shim", "home/shims/other")
	w.link("home/shims/tool", "alias")
	w.link("../home/shims/tool", "links/other") // a shim has that name, too
	w.link("../home/shims/tool", "links/tool")
	w.link("alias", "alias2")
	w.must(os.MkdirAll(w.path("hard"), 0o755))
	w.must(os.Link(w.path("home/bin/pi-track-shim"), w.path("hard/tool")))
	w.manifest.Shims = append(w.manifest.Shims, manifest.Shim{Name: "other", Kind: "script"})
	w.writeManifest()
	path := w.path("home/shims") + ":" + w.path("real") + ":/usr/bin:/bin"
	for _, test := range []struct{ script, want string }{
		{`exec -a foo tool -c 'echo "$0"'`, "foo"},
		{`exec -a "" tool -c 'echo "$0"'`, ""},
		{`exec -a -x tool -c 'echo "$0"'`, "-x"},
		{`exec -a other tool -c 'echo "$0"'`, "other"},
		{`exec -a foo ./alias -c 'echo "$0"'`, "foo"},
		{`tool -c 'echo "$0"'`, w.path("real/tool")},
		{`./alias -c 'echo "$0"'`, "./alias"},
		{`./alias2 -c 'echo "$0"'`, "./alias2"},
		{`links/other -c 'echo "$0"'`, "links/other"},
		{`PATH=links:$PATH; other -c 'echo "$0"'`, "other"},
		{`links/tool -c 'echo "$0"'`, "links/tool"},
		{`exec -a foo links/other -c 'echo "$0"'`, "foo"},
		{`hard/tool -c 'echo "$0"'`, w.path("real/tool")},
		{`home/shims/../shims/tool -c 'echo "$0"'`, w.path("real/tool")},
		{`exec -a tool home/bin/pi-track-shim -c 'echo "$0"'`, w.path("real/tool")},
	} {
		got := w.run(path, nil, "bash", "-c", test.script)
		if want := (result{stdout: test.want + "\n"}); got != want {
			t.Errorf("%s: got %+v, want %+v", test.script, got, want)
		}
		if end := w.oneRun(); end["name"] != "tool" {
			t.Errorf("%s: recorded as %v", test.script, end["name"])
		}
	}
}

// TestOneBinaryForBoth: pi-track itself is a shim where the manifest knows the name that
// it is called by.
func TestOneBinaryForBoth(t *testing.T) {
	w := newWorld(t)
	bin, err := testbin.Dir()
	w.must(err)
	w.copy(filepath.Join(bin, "pi-track"), "home/bin/pi-track")
	for _, name := range []string{"tool", "unknown"} {
		w.must(os.RemoveAll(w.path("home/shims/" + name)))
		w.link("../bin/pi-track", "home/shims/"+name)
	}
	path := w.path("home/shims") + ":" + w.path("real") + ":/usr/bin:/bin"
	if got := w.run(path, nil, "/usr/bin/env", "tool", "x"); got.stdout != "real "+w.path("real/tool")+" x\n" {
		t.Errorf("tool: %+v", got)
	}
	if e := w.oneRun(); e["name"] != "tool" {
		t.Errorf("%v", e)
	}
	for _, name := range []string{"unknown", "pi-track"} {
		if got := w.run(path+":"+w.path("home/bin"), nil, "/usr/bin/env", name, "version"); got.code != 0 || !strings.Contains(got.stdout, "pi-track") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
