package exec_test

import (
	"bytes"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/exec"
	"pi-track/internal/testbin"
	"pi-track/internal/testkeep"
)

// patience is how long a test waits for what should come at once. A loaded
// machine may take long for it; only what never comes takes all of it.
const patience = 5 * time.Minute

// TestMain makes the test binary a wrapper when it is called as one: this way
// the race detector sees the supervisor at work.
func TestMain(m *testing.M) {
	if exec.Drain(os.Args) {
		os.Exit(0)
	}
	if os.Getenv("EXEC_WRAP") != "" {
		os.Unsetenv("EXEC_WRAP")
		wrap(os.Args[1:])
	}
	os.Exit(testkeep.Main(func() int {
		defer testbin.Remove()
		return m.Run()
	}))
}

func wrap(argv []string) {
	if err := killUndumpable(); err != nil {
		os.Exit(98)
	}
	spec := exec.Spec{Path: argv[0], Argv: argv, Env: os.Environ()}
	ring, total := make([]byte, exec.TailSize), new(uint64)
	spec.Ring = &exec.Ring{ // as launch has it
		Map: func() ([]byte, *uint64) { return ring, total },
		Store: func(at uint64, b []byte) error {
			*total = at + uint64(copy(ring[at:], b))
			return nil
		},
	}
	switch os.Getenv("EXEC_CAPTURE") {
	case "pty":
		spec.Capture = exec.CapturePTY
	case "off":
		spec.Capture = exec.CaptureOff
	}
	if os.Getenv("EXEC_FAULT") != "" {
		spec.Started = func(int) {
			defer func() { _ = recover() }()
			var nowhere *int
			*nowhere = 1
		}
	}
	makeLate()
	r := exec.Supervise(spec)
	if name := os.Getenv("EXEC_REPORT"); name != "" {
		line := fmt.Sprintf("code=%d signal=%d passed=%#x err=%v tail=%q terminal=%v\n", r.Code, int(r.Signal), r.Passed, r.Err, r.StderrEnd, r.Terminal)
		if err := os.WriteFile(name, []byte(line), 0o644); err != nil {
			os.Exit(99)
		}
	}
	r.Exit()
}

// withEntry builds the wrapper with the entry point that records the state at
// start.
func withEntry(t *testing.T) string {
	t.Helper()
	dir, err := testbin.Build("./internal/exec/testdata/driver", "CGO_ENABLED=0")
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "driver")
}

// program is a command that runs under this test binary as the wrapper, and
// the file with the wrapper's report.
type program struct {
	*osexec.Cmd
	t      *testing.T
	report string
}

func wrapped(t *testing.T, argv ...string) *program {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{Cmd: osexec.Command(self, argv...), t: t, report: filepath.Join(t.TempDir(), "report")}
	p.Env = append(os.Environ(), "EXEC_WRAP=1", "EXEC_REPORT="+p.report)
	return p
}

// result waits for the program's end and returns how the caller saw it.
func (p *program) result() syscall.WaitStatus {
	p.t.Helper()
	done := make(chan struct{})
	go func() { p.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(patience):
		p.Process.Kill()
		p.t.Fatal("the wrapper does not end")
	}
	return p.ProcessState.Sys().(syscall.WaitStatus)
}

func (p *program) run() syscall.WaitStatus {
	p.t.Helper()
	if err := p.Start(); err != nil {
		p.t.Fatal(err)
	}
	return p.result()
}

// reported returns the wrapper's report.
func (p *program) reported() string {
	p.t.Helper()
	b, err := os.ReadFile(p.report)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(b)
}

// output collects what is written to it and can be waited for.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

func (o *output) waitFor(t *testing.T, text string) {
	t.Helper()
	until(t, "output "+text, func() bool { return strings.Contains(o.String(), text) })
}

func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited for %s in vain", what)
		}
	}
}

func atoi(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
