// Package testkeep runs tests in a process below this one, which inherits what
// they leave running, names it and ends it: a test that forgets a process fails.
package testkeep

import (
	"fmt"
	"os"
	"strings"
)

// kept is set below a process that keeps.
const kept = "TESTKEEP_KEPT"

// Main is for TestMain: it runs the tests and returns the status to exit with,
// which is 1 when they leave a process behind.
func Main(run func() int) int {
	if os.Getenv(kept) != "" {
		return run()
	}
	self, err := os.Executable()
	if err != nil {
		return run()
	}
	code, left := Run(append([]string{self}, os.Args[1:]...))
	if len(left) > 0 {
		fmt.Printf("FAIL: left running: %s\n", strings.Join(left, "; "))
	}
	if code == 0 && len(left) > 0 {
		return 1
	}
	return code
}
