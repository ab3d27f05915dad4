// Package testbin builds the programs for tests that run them from outside, as
// a plain "go build" does.
package testbin

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
)

var built string // directory with the programs, "" before the first build

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "pi-track-test-bin-")
	if err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-o", dir+"/", "./cmd/...")
	cmd.Dir = Root()
	if out, err := cmd.CombinedOutput(); err != nil {
		os.RemoveAll(dir)
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	built = dir
	return dir, nil
})

// Dir builds pi-track and pi-track-shim, once per test process, and returns
// the directory that holds them. Remove takes it away.
func Dir() (string, error) { return build() }

// Remove removes what Dir made.
func Remove() {
	if built != "" {
		os.RemoveAll(built)
	}
}

// Root is the top of the source tree.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}
