//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// patience is how long a check waits for something that has to happen. It is
// generous, because a loaded machine is no difference between bare and wrapped.
var patience = usualPatience

const usualPatience = 30 * time.Second

// A Check compares one property of a program run through a column with the
// same program run bare.
type Check struct {
	ID    string
	Title string
	Must  bool // the shim may not miss it
	PTY   bool // also checked with capture = "pty"
	Alone bool // measures time: nothing else may run beside it
	Run   func(*T)
}

// checks returns all checks in the order of the table.
func checks() []Check {
	var all []Check
	for _, group := range [][]Check{
		endingChecks(), signalChecks(), jobChecks(), lifeChecks(), relationChecks(), terminalChecks(), editorChecks(), settingChecks(), shellChecks(), streamChecks(), orderChecks(),
		flowChecks(), descriptorChecks(), heirChecks(), inheritChecks(), startChecks(),
	} {
		all = append(all, group...)
	}
	return all
}

// T is one run of a check through one column.
type T struct {
	col     *Column
	dir     string // empty directory of its own
	probe   string
	reports int
}

type failure string

// failf ends the check: the property does not hold.
func (t *T) failf(format string, args ...any) {
	panic(failure(fmt.Sprintf(format, args...)))
}

// must ends the check when the suite's own preparation fails.
func (t *T) must(err error, what string) {
	if err != nil {
		t.failf("%s: %v", what, err)
	}
}

// until polls for a condition and fails the check when it does not come true.
func (t *T) until(what string, done func() bool) {
	if !within(patience, done) {
		t.failf("%s: not within %v", what, patience)
	}
}

func within(limit time.Duration, done func() bool) bool {
	for end := time.Now().Add(limit); ; time.Sleep(2 * time.Millisecond) {
		if done() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

// settle waits for what must not happen (a second copy of a signal, say): it
// cannot be polled for.
func settle() { time.Sleep(120 * time.Millisecond) }

// path returns a name in the check's directory.
func (t *T) path(name string) string { return filepath.Join(t.dir, name) }

// touch makes the file that a waiting probe looks for.
func (t *T) touch(path string) { t.must(os.WriteFile(path, nil, 0o666), "touch") }

// A Report is the file into which a probe writes what it saw.
type Report struct {
	t    *T
	path string
}

func (t *T) report() *Report {
	t.reports++
	return &Report{t, t.path(fmt.Sprintf("report%d", t.reports))}
}

// Lines returns the complete lines written so far that begin with a word.
func (r *Report) Lines(prefix string) []string {
	text, err := os.ReadFile(r.path)
	if err != nil {
		return nil
	}
	var found []string
	for line := range strings.Lines(string(text)) {
		if strings.HasSuffix(line, "\n") && (strings.HasPrefix(line, prefix+" ") || line == prefix+"\n") {
			found = append(found, strings.TrimSuffix(line, "\n"))
		}
	}
	return found
}

// Line waits for the first line that begins with a word and returns its rest.
func (r *Report) Line(prefix string) string {
	var found []string
	if !within(patience, func() bool { found = r.Lines(prefix); return len(found) > 0 }) {
		text, _ := os.ReadFile(r.path)
		r.t.failf("the program did not report %q within %v (report: %.200q)", prefix, patience, text)
	}
	return strings.TrimPrefix(strings.TrimPrefix(found[0], prefix), " ")
}

// Num is Line for a number.
func (r *Report) Num(prefix string) int {
	var n int
	if _, err := fmt.Sscan(r.Line(prefix), &n); err != nil {
		r.t.failf("report line %q: %v", prefix, err)
	}
	return n
}

// program returns the command line of the probe as the column runs it.
func (t *T) program(r *Report, args ...string) []string {
	return t.col.Wrap(t.probe, append([]string{"-o", r.path}, args...)...)
}

// tool finds a program of the system; the check fails when it is missing.
func (t *T) tool(name string) string {
	path := findTool(name)
	if path == "" {
		t.failf("%s is not installed", name)
	}
	return path
}

// findTool looks in the system's own directories only: version managers put
// wrappers of their own in front of PATH.
func findTool(name string) string {
	for _, dir := range []string{"/usr/bin", "/bin", "/usr/local/bin"} {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return path
		}
	}
	return ""
}
