package doctor

import (
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// maxOutput bounds what is kept of a program's output, in bytes.
const maxOutput = 1 << 20

// output is [capture] of stdout.
func output(limit time.Duration, env []string, path string, args ...string) (string, error) {
	return capture(1, limit, env, path, args...)
}

// capture runs a program and returns what it wrote to the descriptor fd, 1 or 2;
// what it writes to the other one is lost. The program gets
// no terminal (an interactive shell would take it), an empty stdin and at most
// limit; then its whole session is killed and an error returned.
func capture(fd int, limit time.Duration, env []string, path string, args ...string) (string, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return "", err
	}
	defer null.Close()
	r, w, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer r.Close()
	files := []*os.File{null, null, null}
	files[fd] = w
	p, err := os.StartProcess(path, append([]string{path}, args...), &os.ProcAttr{
		Env:   env,
		Files: files,
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
	w.Close()
	if err != nil {
		return "", err
	}
	pid := p.Pid
	deadline := time.Now().Add(limit)
	r.SetReadDeadline(deadline)
	ended := make(chan error, 1)
	go func() {
		state, err := p.Wait()
		if err == nil && !state.Success() {
			err = fmt.Errorf("%s: %v", path, state)
		}
		// Something the program left running may hold stdout for ever.
		r.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		ended <- err
	}()
	text, _ := io.ReadAll(io.LimitReader(r, maxOutput))
	select {
	case err = <-ended:
	case <-time.After(time.Until(deadline)):
		syscall.Kill(-pid, syscall.SIGKILL)
		<-ended
		err = fmt.Errorf("%s: no answer within %v", path, limit)
	}
	return string(text), err
}
