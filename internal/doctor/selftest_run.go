package doctor

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// selfTestRun is a run of the shim whose output is being read.
type selfTestRun struct {
	process        *os.Process
	stdout, stderr *os.File
	seen           []byte // of stdout
}

// start starts the shim in a process group of its own. Files hold stdin, so that
// nobody has to write while others read.
func (t *selfTest) start(stdin string, args ...string) (*selfTestRun, error) {
	t.runs++
	path := filepath.Join(t.dir, "stdin")
	if err := os.WriteFile(path, []byte(stdin), 0o600); err != nil {
		return nil, err
	}
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	out, outWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer outWrite.Close()
	errs, errWrite, err := os.Pipe()
	if err != nil {
		out.Close()
		return nil, err
	}
	defer errWrite.Close()
	p, err := os.StartProcess(filepath.Join(t.dir, "state", "shims", selfTestName), append([]string{selfTestName}, args...), &os.ProcAttr{
		Dir: t.dir, Env: t.env, Files: []*os.File{in, outWrite, errWrite}, Sys: &syscall.SysProcAttr{Setpgid: true},
	})
	if err != nil {
		out.Close()
		errs.Close()
		return nil, err
	}
	deadline := time.Now().Add(selfTestLimit)
	_ = out.SetReadDeadline(deadline)
	_ = errs.SetReadDeadline(deadline)
	return &selfTestRun{process: p, stdout: out, stderr: errs}, nil
}

// ready waits for the line by which the helper says that it is.
func (r *selfTestRun) ready() error {
	for !strings.Contains(string(r.seen), "ready\n") {
		var b [64]byte
		n, err := r.stdout.Read(b[:])
		r.seen = append(r.seen, b[:n]...)
		if err != nil {
			return r.compare(exit(0), "ready\n", "") // says what came instead
		}
	}
	return nil
}

// compare waits for the end of the output and of the shim, and says what differs.
// A run that does not end in time is killed with all its group.
func (r *selfTestRun) compare(end any, stdout, stderr string) error {
	defer r.stdout.Close()
	defer r.stderr.Close()
	errors := make(chan []byte, 1)
	go func() {
		text, _ := io.ReadAll(r.stderr)
		errors <- text
	}()
	rest, late := io.ReadAll(r.stdout)
	said := <-errors
	if late != nil {
		_ = syscall.Kill(-r.process.Pid, syscall.SIGKILL)
	}
	got, err := r.wait()
	switch r.seen = append(r.seen, rest...); {
	case late != nil:
		return fmt.Errorf("it still runs after %v", selfTestLimit)
	case err != nil:
		return err
	case got != end:
		return fmt.Errorf("%s instead of %s; stderr: %q", endText(got), endText(end), said)
	case !bytes.Equal(r.seen, []byte(stdout)):
		return fmt.Errorf("%d bytes of stdout instead of %d, or others", len(r.seen), len(stdout))
	case string(said) != stderr:
		return fmt.Errorf("stderr is %q instead of %q", said, stderr)
	}
	return nil
}

// wait waits for the shim, whose output has ended, and kills it if it stays.
func (r *selfTestRun) wait() (end any, err error) {
	kill := time.AfterFunc(selfTestLimit, func() { _ = r.process.Kill() })
	defer kill.Stop()
	state, err := r.process.Wait()
	if err != nil {
		return nil, err
	}
	status := state.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return status.Signal(), nil
	}
	return exit(status.ExitStatus()), nil
}

func endText(end any) string {
	if status, ok := end.(exit); ok {
		return fmt.Sprintf("exit status %d", int(status))
	}
	return fmt.Sprintf("death by %v", end)
}
