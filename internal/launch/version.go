package launch

import (
	"os"
	"runtime"

	"pi-track/internal/exec"
	"pi-track/internal/lookup"
)

// StartText says which of two starts this program has: the full one, or the
// weaker one of a program that was built with a Go version which the entry point
// was not tested with (see package exec).
func StartText() string {
	if exec.FullStart() {
		return "full start"
	}
	return "weaker start"
}

// versionAsked tells whether the shim program was called by its own name and
// asked for its version.
func (c *call) versionAsked() bool {
	return c.name == lookup.ShimProgram && c.shim == nil && len(c.args) == 2 && c.args[1] == "--version"
}

func printVersion() {
	os.Stdout.WriteString(lookup.ShimProgram + " " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH + ", " + StartText() + "\n")
	os.Exit(0)
}
