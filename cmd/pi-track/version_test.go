//go:build linux || darwin || freebsd || openbsd

package main

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"pi-track/internal/testbin"
)

// The scripts in testdata/versions have programs of an earlier version in $OLD
// and of a later one in $NEW.
func TestVersions(t *testing.T) {
	dir := t.TempDir()
	for name, number := range map[string]string{"old": "0.1.0-alpha", "new": "9.0.0"} {
		build := exec.Command("go", "build", "-ldflags", "-X pi-track/internal/version.Number="+number, "-o", filepath.Join(dir, name)+"/", "./cmd/pi-track", "./cmd/pi-track-shim")
		build.Dir = testbin.Root()
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/versions",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir+"/home")
			e.Setenv("SHELL", "/bin/bash")
			e.Setenv("TMPDIR", e.WorkDir)
			e.Setenv("PATH", "/usr/local/bin:/usr/bin:/bin")
			e.Setenv("OLD", filepath.Join(dir, "old"))
			e.Setenv("NEW", filepath.Join(dir, "new"))
			e.Setenv("EXAMPLES", filepath.Join(testbin.Root(), "examples/helpers"))
			return nil
		},
	})
}
