//go:build linux || darwin || freebsd || openbsd

// Command pi-track records which helpers a coding agent's user runs, how often
// they fail and where, in one local file, and reports on it.
package main

import (
	"os"

	"pi-track/internal/launch"
)

func main() {
	if launch.Internal(os.Args) {
		return
	}
	if launch.IsShim(os.Args) {
		launch.Main()
		return
	}
	os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr))
}
