//go:build linux || darwin || freebsd || openbsd

package main

import (
	"os"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"pi-track/internal/testbin"
	"pi-track/internal/testkeep"
)

func TestMain(m *testing.M) {
	syscall.Umask(0o022) // doctor warns of what a group may write
	os.Exit(testkeep.Main(func() int {
		defer testbin.Remove()
		return m.Run()
	}))
}

// TestScripts runs the built programs: shims need an argv[0] of their own.
func TestScripts(t *testing.T) {
	bin := programs(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir+"/home")
			e.Setenv("SHELL", "/bin/bash")
			e.Setenv("TMPDIR", e.WorkDir)
			e.Setenv("PATH", bin+":/usr/local/bin:/usr/bin:/bin")
			e.Setenv("BIN", bin)
			e.Setenv("EXAMPLES", testbin.Root()+"/examples/helpers")
			return os.Mkdir(e.WorkDir+"/home", 0o755)
		},
	})
}

// programs is the directory of the built programs.
func programs(t testing.TB) string {
	t.Helper()
	dir, err := testbin.Dir()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
