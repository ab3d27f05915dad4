package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"regexp"
	"syscall"
	"time"
)

// run runs tests of a built test program where they expect it, and ends all that
// they leave running.
func (t *tested) run(binary string, env []string, short, tests string, limit time.Duration, args ...string) ([]byte, error) {
	args = append([]string{binary, "-test.short", "-test.failfast", "-test.timeout=0", "-test.v"}, args...)
	if short != "" && tests == "" {
		tests = short
	}
	if tests != "" {
		args = append(args, "-test.run="+tests)
	}
	cmd, cancel := kept(limit, args)
	defer cancel()
	cmd.Dir, cmd.Env = t.dir, append(os.Environ(), env...)
	out := &progress{took: t.took, hung: time.AfterFunc(limit, cancel)}
	defer out.hung.Stop()
	cmd.Stdout, cmd.Stderr = out, out
	err := cmd.Run()
	return out.Bytes(), err
}

// progress takes what tests print, and gives each test its time: a fault that makes one
// hang is found long before all of them would have run.
type progress struct {
	bytes.Buffer
	took map[string]time.Duration
	hung *time.Timer
}

// patience is what a test may take in any case: it may have to wait for the processor.
const patience = 20 * time.Second

var begun = regexp.MustCompile(`(?m)^=== (?:RUN|CONT) +([^/\s]+)`)

func (p *progress) Write(b []byte) (int, error) {
	for _, m := range begun.FindAllSubmatch(b, -1) {
		if took, known := p.took[string(m[1])]; known {
			p.hung.Reset(patience + 4*took)
		}
	}
	return p.Buffer.Write(b)
}

// kept is a command that ends at the limit, and with it all that it leaves running.
func kept(limit time.Duration, args []string) (*exec.Cmd, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	cmd := exec.CommandContext(ctx, "/proc/self/exe", append([]string{keep}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	return cmd, cancel
}
