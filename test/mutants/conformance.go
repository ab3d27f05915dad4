package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// conforming are the packages for which test/conformance counts as a test of their own.
var conforming = []string{"launch", "exec"}

// A conformer asks test/conformance about programs with a fault: the shim as it is
// installed, and on a terminal of its own.
type conformer struct {
	program string   // test/conformance, built from the sound code
	misses  []string // the rows that sound programs miss, "column row"
	took    time.Duration
}

// newConformer builds test/conformance into dir and asks about the sound programs.
func newConformer(dir string) (*conformer, error) {
	c := &conformer{program: filepath.Join(dir, "conformance")}
	if out, err := exec.Command("go", "build", "-o", c.program, "./test/conformance").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	bin := filepath.Join(dir, "sound")
	err := build(bin, os.Environ())
	if err != nil {
		return nil, err
	}
	began := time.Now()
	c.misses, err = c.ask(bin, nil, 20*time.Minute)
	c.took = time.Since(began)
	return c, err
}

// build makes the programs of the working directory.
func build(bin string, env []string) error {
	cmd := exec.Command("go", "build", "-o", bin+"/", "./cmd/...")
	cmd.Env = env
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// notices says which row, if any, programs with a fault miss that sound ones do not:
// twice, since a loaded machine misses one now and then.
func (c *conformer) notices(bin string) (row string) {
	var missed []string
	for range 2 {
		rows, err := c.ask(bin, missed, 30*time.Second+4*c.took)
		if err != nil {
			return "conformance without an end"
		}
		missed = slices.DeleteFunc(rows, func(row string) bool { return slices.Contains(c.misses, row) })
		if len(missed) == 0 {
			return ""
		}
	}
	return "conformance " + missed[0]
}

// ask runs checks, all or those of some rows, and returns the rows that are missed.
func (c *conformer) ask(bin string, rows []string, limit time.Duration) (missed []string, err error) {
	args := []string{"--json", "--bare=false", "--columns", "shim,shim-pty", "--bin", bin}
	if len(rows) > 0 {
		var ids []string
		for _, row := range rows {
			_, id, _ := strings.Cut(row, " ")
			ids = append(ids, id)
		}
		args = append(args, "--only", strings.Join(ids, ","))
	}
	cmd, cancel := kept(limit, append([]string{c.program}, args...))
	defer cancel()
	out, err := cmd.Output()
	var failed *exec.ExitError
	if err != nil && !(errors.As(err, &failed) && failed.ExitCode() == 1) {
		return nil, err
	}
	var table struct {
		Scores []struct {
			Column string
			Missed []string
		}
	}
	if err := json.NewDecoder(bytes.NewReader(out)).Decode(&table); err != nil {
		return nil, err
	}
	for _, score := range table.Scores {
		for _, id := range score.Missed {
			missed = append(missed, score.Column+" "+id)
		}
	}
	return missed, nil
}
