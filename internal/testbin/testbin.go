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

	"github.com/rogpeppe/go-internal/lockedfile"
)

// Shared is the variable that names a directory where programs are built and
// stay: further test processes find them there, up to date.
const Shared = "TESTBIN_DIR"

var (
	mu   sync.Mutex
	made string // directory of this process alone, "" before the first build
	done = map[string]error{}
)

// Dir builds pi-track and pi-track-shim and returns the directory that holds
// them. Remove takes it away, unless it is shared.
func Dir() (string, error) { return Build("./cmd/...") }

// Build builds the main packages of a pattern, relative to the top of the tree,
// once per test process, and returns the directory that holds the programs. env
// is added to the environment of the build.
func Build(pattern string, env ...string) (string, error) {
	mu.Lock()
	defer mu.Unlock()
	dir, err := directory()
	if err != nil {
		return "", err
	}
	err, is := done[pattern]
	if !is {
		err = build(dir, pattern, env)
		done[pattern] = err
	}
	return dir, err
}

func directory() (dir string, err error) {
	if dir := os.Getenv(Shared); dir != "" {
		return dir, os.MkdirAll(dir, 0o700)
	}
	if made == "" {
		made, err = os.MkdirTemp("", "pi-track-test-bin-")
	}
	return made, err
}

func build(dir, pattern string, env []string) error {
	unlock, err := lockedfile.MutexAt(filepath.Join(dir, ".lock")).Lock()
	if err != nil {
		return err
	}
	defer unlock()
	cmd := exec.Command("go", "build", "-o", dir+"/", pattern)
	cmd.Dir, cmd.Env = Root(), append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}

// Remove removes what Dir and Build made for this process alone.
func Remove() {
	if made != "" {
		os.RemoveAll(made)
	}
}

// Root is the top of the source tree.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}
