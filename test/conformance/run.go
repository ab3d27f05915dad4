//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A Result is one check run through one column.
type Result struct {
	Check  string  `json:"check"`
	Column string  `json:"column"`
	OK     bool    `json:"ok"`
	Reason string  `json:"reason,omitempty"`
	Secs   float64 `json:"seconds"`
}

// A job is what a worker process is asked to do.
type job struct {
	Check    string
	Column   Column
	Dir      string
	Probe    string
	Patience time.Duration
}

const jobVariable = "CONFORMANCE_JOB"

// limit ends a check that hangs in spite of its own deadlines.
const limit = 4 * time.Minute

// runAll runs checks through a column, several at a time; those that measure
// time come last and one by one.
func (s *Suite) runAll(col *Column, list []Check) []Result {
	results := make([]Result, len(list))
	var wait sync.WaitGroup
	slots := make(chan struct{}, 2*runtime.NumCPU())
	for i, check := range list {
		if check.Alone {
			continue
		}
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			results[i] = s.runOne(col, check)
		})
	}
	wait.Wait()
	for i, check := range list {
		if check.Alone {
			results[i] = s.runOne(col, check)
		}
	}
	return results
}

// runOne runs a check in a process of its own, in a session of its own, which
// inherits the processes that the check leaves behind and ends them.
func (s *Suite) runOne(col *Column, check Check) Result {
	result := Result{Check: check.ID, Column: col.Name}
	began := time.Now()
	defer func() { result.Secs = time.Since(began).Seconds() }()
	dir, err := os.MkdirTemp(s.dir, check.ID+"-")
	if err != nil {
		result.Reason = err.Error()
		return result
	}
	defer os.RemoveAll(dir)
	patience, limit := s.patience, limit
	if col.Arch != "" && patience == 0 { // QEMU takes its time, a second for a call on a loaded machine
		patience, limit = 4*usualPatience, 4*limit
	}
	text, err := json.Marshal(job{check.ID, *col, dir, s.probe, patience})
	if err != nil {
		result.Reason = err.Error()
		return result
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.self)
	cmd.Env = append(os.Environ(), jobVariable+"="+string(text))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { killTree(cmd.Process.Pid); return cmd.Process.Kill() }
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	cmd.WaitDelay = 20 * time.Second // another worker may hold the pipe until it has started
	err = cmd.Run()
	seconds := time.Since(began).Seconds()
	if jsonErr := json.Unmarshal(out.Bytes(), &result); jsonErr != nil {
		result.Reason = fmt.Sprintf("the check ended without a result after %.0f s: %v %.300s", seconds, err, errOut.String())
	}
	result.Secs = seconds
	return result
}

// work is the worker process: run one check, print its result.
func work(text string) int {
	os.Unsetenv(jobVariable)
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
	// what the suite itself has inherited is not the program's
	unix.CloseRange(3, ^uint(0), unix.CLOSE_RANGE_CLOEXEC)
	if j.Patience > 0 {
		patience = j.Patience
	}
	result := Result{Check: j.Check, Column: j.Column.Name}
	for _, check := range checks() {
		if check.ID == j.Check {
			result.Reason = attempt(check, &T{col: &j.Column, dir: j.Dir, probe: j.Probe})
			if result.Reason == "" {
				result.Reason = leftBehind()
			}
			result.OK = result.Reason == ""
		}
	}
	within(5*time.Second, func() bool { killTree(os.Getpid()); return len(descendants()) == 0 })
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		return 1
	}
	return 0
}

func attempt(check Check, t *T) (reason string) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case failure:
			reason = string(p)
		default:
			reason = fmt.Sprintf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	check.Run(t)
	return ""
}

// children maps each process to its children.
func children() map[int][]int {
	tree := map[int][]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
		if len(fields) < 2 || fields[0] == "Z" || fields[0] == "X" {
			continue
		}
		parent, _ := strconv.Atoi(fields[1])
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		tree[parent] = append(tree[parent], pid)
	}
	return tree
}

// below returns the living processes below a process.
func below(pid int) []int {
	tree := children()
	all := append([]int(nil), tree[pid]...)
	for i := 0; i < len(all); i++ {
		all = append(all, tree[all[i]]...)
	}
	return all
}

// leftBehind names what still runs after a check whose programs have ended.
func leftBehind() string {
	if within(patience/2, func() bool { return len(descendants()) == 0 }) {
		return ""
	}
	var names []string
	for _, pid := range descendants() {
		line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		names = append(names, strings.TrimSpace(strings.ReplaceAll(string(line), "\x00", " ")))
	}
	return "left behind: " + strings.Join(names, "; ")
}

func descendants() []int { return below(os.Getpid()) }

// killTree ends all that a process has started and that is still there.
func killTree(pid int) {
	for _, child := range below(pid) {
		syscall.Kill(child, syscall.SIGKILL)
	}
}
