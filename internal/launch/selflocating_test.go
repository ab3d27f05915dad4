package launch_test

import (
	"os"
	"testing"

	"pi-track/internal/manifest"
)

// TestProgramsThatLocateThemselves: they do it by argv[0], and have to arrive at
// their own place, not at the shims.
func TestProgramsThatLocateThemselves(t *testing.T) {
	w := newWorld(t)
	shim := func(name string) {
		w.link("../bin/pi-track-shim", "home/shims/"+name)
		w.manifest.Shims = append(w.manifest.Shims, manifest.Shim{Name: name, Kind: "script"})
		w.writeManifest()
	}
	for _, name := range []string{"python3", "gcc", "busybox", "make"} {
		shim(name)
	}
	const system = "/usr/bin:/bin"
	w.must(os.MkdirAll(w.path("venv/bin"), 0o755))
	w.link("/usr/bin/python3", "venv/bin/python3")
	w.must(os.WriteFile(w.path("venv/pyvenv.cfg"), []byte("home = /usr/bin\n"), 0o644))
	w.link(w.path("home/shims/python3"), "venv2/bin/python3")
	w.must(os.WriteFile(w.path("venv2/pyvenv.cfg"), []byte("home = /usr/bin\n"), 0o644))
	where := `import sys; print(sys.prefix, sys.executable)`
	for _, test := range []struct {
		name, program, path, script string
	}{
		{"virtual environment", "/usr/bin/python3", w.path("venv/bin") + ":" + system, "python3 -c '" + where + "'"},
		{"virtual environment of shims", "/usr/bin/python3", w.path("venv2/bin") + ":" + system, "venv2/bin/python3 -c '" + where + "' | sed s/venv2/venv/g"},
		{"interpreter", "/usr/bin/python3", system, "python3 -c '" + where + "'"},
		{"compiler driver", "/usr/bin/gcc", system, "gcc -print-prog-name=cc1; gcc -print-search-dirs"},
		{"applets", "/usr/bin/busybox", system, "busybox echo hello"},
	} {
		if _, err := os.Stat(test.program); err != nil {
			t.Logf("%s: %v", test.name, err)
			continue
		}
		want := w.run(test.path, nil, "sh", "-c", test.script)
		if test.name == "virtual environment of shims" {
			want = w.run(w.path("venv/bin")+":"+system, nil, "sh", "-c", "venv/bin/python3 -c '"+where+"'")
		}
		got := w.run(w.path("home/shims")+":"+test.path, nil, "sh", "-c", test.script)
		if got != want || got.code != 0 || got.stdout == "" {
			t.Errorf("%s:\nshim %+v\nbare %+v", test.name, got, want)
		}
		w.events()
	}
}
