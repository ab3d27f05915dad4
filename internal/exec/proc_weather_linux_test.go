package exec_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestBadWeather starts the wrapper where something is missing; the program
// must run all the same.
func TestBadWeather(t *testing.T) {
	dir := t.TempDir()
	for name, before := range map[string]string{
		"8 descriptors":     "ulimit -n 8",
		"7 descriptors":     "ulimit -n 7",
		"5 descriptors":     "ulimit -n 5",
		"no file may grow":  "ulimit -f 0",
		"deleted directory": "mkdir " + dir + "/gone && cd " + dir + "/gone && rmdir " + dir + "/gone",
		"no stderr":         "exec 2>&-",
		"nothing open":      "exec 0<&- 2>&-",
	} {
		t.Run(name, func(t *testing.T) {
			c := osexec.Command("/bin/sh", "-c", before+`; exec "$@"`, "sh", withEntry(t), "/bin/sh", "-c", "echo fine; exit 3")
			var out output
			c.Stdout, c.Stderr = &out, &output{}
			err := c.Run()
			if c.ProcessState.ExitCode() != 3 || out.String() != "fine\n" {
				t.Errorf("%v, stdout %q, stderr %q", err, out.String(), c.Stderr)
			}
		})
	}
	t.Run("empty environment", func(t *testing.T) {
		c := osexec.Command(withEntry(t), "/bin/sh", "-c", "exit 3")
		c.Env = []string{}
		if c.Run(); c.ProcessState.ExitCode() != 3 {
			t.Errorf("%v", c.ProcessState)
		}
	})
	for _, which := range []string{"v", "d"} {
		t.Run("soft limit on memory "+which, func(t *testing.T) {
			c := osexec.Command("/bin/bash", "-c", `ulimit -S"$0" 262144; exec "$@"`, which, withEntry(t), "/bin/bash", "-c", "ulimit -S"+which+"; exit 3")
			out, _ := c.CombinedOutput()
			if c.ProcessState.ExitCode() != 3 || string(out) != "262144\n" {
				t.Errorf("%v: %s", c.ProcessState, out)
			}
		})
	}
}

func TestScriptWithoutInterpreterLine(t *testing.T) {
	script := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(script, []byte("exit $1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if ws := wrapped(t, script, "6").run(); ws.ExitStatus() != 6 {
		t.Errorf("ended with %#x", ws)
	}
	if err := os.WriteFile(script, []byte("stty size </dev/tty && test -t 1 && exit $1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	p := wrapped(t, script, "6")
	_, screen := onTerminal(t, p)
	if ws := p.result(); ws.ExitStatus() != 6 {
		t.Errorf("on a terminal: ended with %#x, %s, %s", ws, p.reported(), screen)
	}
	screen.waitFor(t, "30 90\r\n")
	p = wrapped(t, script+".gone")
	_, screen = onTerminal(t, p)
	if ws := p.result(); ws.ExitStatus() != 127 {
		t.Errorf("what is not there, on a terminal: ended with %#x, %s", ws, screen)
	}
}

// TestBinaryOfAnotherKind: what is no script is not given to the shell.
func TestBinaryOfAnotherKind(t *testing.T) {
	for _, head := range []string{"\x7fELF\x02\x01\x01 echo", "MZ\x00 echo\n"} {
		file := filepath.Join(t.TempDir(), "binary")
		if err := os.WriteFile(file, []byte(head+"\nexit 6\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		p := wrapped(t, file)
		if ws := p.run(); ws.ExitStatus() != 126 {
			t.Errorf("%q ended with %#x", head, ws)
		}
	}
}

// TestLateOutput: the wrapper returns while a descendant of the program still
// holds stderr, and what that writes arrives all the same.
func TestLateOutput(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	hold := filepath.Join(t.TempDir(), "hold")
	p := wrapped(t, "/bin/sh", "-c", `(while [ ! -e "$0" ]; do sleep 0.05; done; echo late >&2) & echo early >&2`, hold)
	p.Stderr = w
	var errs output
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	done := make(chan struct{})
	go func() { r.WriteTo(&errs); close(done) }()
	p.result()
	if errs.waitFor(t, "early\n"); strings.Contains(errs.String(), "late") {
		t.Fatal("the wrapper has waited for the descendant")
	}
	if err := os.WriteFile(hold, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatal("stderr does not end")
	}
	if errs.String() != "early\nlate\n" {
		t.Errorf("got %q", errs.String())
	}
}

// TestManyAtOnce runs many programs at once and signals some of them at
// random: each ends as it should, and no process is left. PI_TRACK_STRESS=1
// makes it 10 000 runs, 50 at once.
func TestManyAtOnce(t *testing.T) {
	runs, width := 300, 12
	if os.Getenv("PI_TRACK_STRESS") != "" {
		runs, width = 10000, 50
	}
	driver := withEntry(t)
	var group sync.WaitGroup
	next := make(chan int)
	for range width {
		group.Go(func() {
			for i := range next {
				oneOfMany(t, driver, i)
			}
		})
	}
	for i := range runs {
		next <- i
	}
	close(next)
	group.Wait()
}

// oneOfMany runs one program. A third exits by itself; the others wait and get
// a signal after a random while: its default action or their own exit status.
func oneOfMany(t *testing.T, driver string, i int) {
	code := i % 200
	script := fmt.Sprintf("exit %d", code)
	if i%3 == 1 {
		script = "exec sleep 1000"
	} else if i%3 == 2 {
		script = fmt.Sprintf("trap 'exit %d' TERM INT USR1; echo ready >&2; while :; do sleep 0.01; done", code)
	}
	signals := []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGUSR1}
	sig := signals[rand.IntN(len(signals))]
	c := osexec.Command(driver, "/bin/sh", "-c", script)
	var errs output
	c.Stderr = &errs
	if err := c.Start(); err != nil {
		t.Error(err)
		return
	}
	switch i % 3 {
	case 1:
		time.Sleep(time.Duration(20+rand.IntN(20)) * time.Millisecond)
		for end := time.Now().Add(patience); children(c.Process.Pid) == "" && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		c.Process.Signal(sig)
	case 2:
		for end := time.Now().Add(patience); !strings.Contains(errs.String(), "ready") && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		c.Process.Signal(sig)
	}
	c.Wait()
	ws := c.ProcessState.Sys().(syscall.WaitStatus)
	if i%3 == 1 && ws.Signal() != sig || i%3 != 1 && ws.ExitStatus() != code {
		t.Errorf("run %d, %q, %v: ended with %#x", i, script, sig, ws)
	}
}

// children lists the child processes of pid, whichever of its threads has made
// them.
func children(pid int) string {
	var list []byte
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, name := range tasks {
		b, _ := os.ReadFile(name)
		list = append(list, b...)
	}
	return string(list)
}
