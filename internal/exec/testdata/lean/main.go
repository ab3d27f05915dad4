// Command lean runs its arguments under supervision and does nothing else.
package main

import (
	"os"

	"pi-track/internal/exec"
)

func main() {
	if !exec.Drain(os.Args) {
		exec.Supervise(exec.Spec{Path: os.Args[1], Argv: os.Args[1:], Env: exec.InheritedEnv()}).Exit()
	}
}
