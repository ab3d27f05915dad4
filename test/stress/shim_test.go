//go:build linux

package stress

import (
	"bufio"
	"encoding/json"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/testbin"
)

// house is an installation with one helper behind a shim.
type house struct {
	home, log, helper string
	env               []string
	cli               string
}

// install makes a house whose helper is the given shell script.
func install(t *testing.T, script string) house {
	t.Helper()
	bin, err := testbin.Dir()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	h := house{home: dir + "/home", log: dir + "/home/events.jsonl", cli: bin + "/pi-track"}
	h.helper = h.home + "/shims/helper"
	config := dir + "/shims.toml"
	for name, text := range map[string]string{
		dir + "/helpers/helper": "#!/bin/sh\n" + script,
		config:                  "version = 1\n[[shim]]\nname = \"helper\"\n",
	} {
		os.MkdirAll(filepath.Dir(name), 0o755)
		if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	h.env = []string{"HOME=" + dir, "PI_TRACK_HOME=" + h.home, "PATH=" + dir + "/helpers:/usr/bin:/bin"}
	if out, err := h.run("install", "--no-pi", "--config", config); err != nil {
		t.Fatalf("install: %v\n%s", err, out)
	}
	return h
}

// run runs pi-track.
func (h house) run(args ...string) ([]byte, error) {
	cmd := exec.Command(h.cli, args...)
	cmd.Env = h.env
	return cmd.CombinedOutput()
}

// shim prepares a call of the helper for a task.
func (h house) shim(task string) *exec.Cmd {
	cmd := exec.Command(h.helper)
	cmd.Env = append(h.env[:len(h.env):len(h.env)], "PI_TASK_ID="+task)
	return cmd
}

// TestKilledRuns kills the shim, the program or both at any moment after the
// program has begun.
func TestKilledRuns(t *testing.T) {
	h := install(t, "echo \"error: interrupted $PI_TASK_ID\" >&2\necho $$\nexec sleep 0.04\n")
	runs := size(60, 500)
	killed := map[string]int{}
	for i := range runs {
		killed[h.killRun(t, i)]++
	}
	if out, err := h.run("reap"); err != nil {
		t.Fatalf("reap: %v\n%s", err, out)
	}
	starts, ends := map[string]int{}, map[string][]event.Event{}
	for _, e := range h.events(t) {
		if e.Status == event.Started {
			starts[e.TaskID]++
		} else {
			ends[e.TaskID] = append(ends[e.TaskID], e)
		}
	}
	told := 0
	for i := range runs {
		task := strconv.Itoa(i)
		if starts[task] != 1 || len(ends[task]) != 1 {
			t.Errorf("run %d: %d starts, ends %+v", i, starts[task], ends[task])
			continue
		}
		if e := ends[task][0]; e.Status == event.Cancelled && !strings.HasSuffix(e.Error, "interrupted "+task) &&
			e.Error != "killed together with its supervisor" || e.DurationMS > 10000 {
			t.Errorf("run %d: %+v", i, e)
		} else if strings.HasSuffix(e.Error, "interrupted "+task) {
			told++
		}
	}
	if told < runs/4 {
		t.Errorf("only %d runs have their error text", told)
	}
	h.wantNoBoxes(t)
	h.wantReported(t, runs)
	t.Logf("%d runs: %v", runs, killed)
	if len(killed) < 3 {
		t.Errorf("only %v", killed)
	}
}

// killRun runs the helper and kills something; it returns what.
func (h house) killRun(t *testing.T, i int) string {
	r := rand.New(rand.NewSource(int64(i)))
	cmd := h.shim(strconv.Itoa(i))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var stderr strings.Builder // a pipe, so that its end is kept
	cmd.Stderr, cmd.WaitDelay = &stderr, time.Minute
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	text, err := bufio.NewReader(out).ReadString('\n')
	program, _ := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || program <= 1 {
		t.Fatalf("run %d said %q, %v", i, text, err)
	}
	time.Sleep(time.Duration(r.Intn(45)) * time.Millisecond)
	what := []string{"shim", "program", "group"}[r.Intn(3)]
	switch what {
	case "shim":
		kill(cmd.Process.Pid)
	case "program":
		kill(program)
	case "group":
		kill(-cmd.Process.Pid)
	}
	cmd.Wait()
	return what
}

// wantNoBoxes checks that there are no boxes but spare ones, all zero.
func (h house) wantNoBoxes(t *testing.T) {
	t.Helper()
	left, err := os.ReadDir(h.home + "/open")
	if err != nil {
		t.Error(err)
	}
	for _, e := range left {
		b, err := os.ReadFile(h.home + "/open/" + e.Name())
		if !strings.HasPrefix(e.Name(), ".spare-") || err != nil || strings.Trim(string(b), "\x00") != "" {
			t.Errorf("left in open: %s: %q, %v", e.Name(), b, err)
		}
	}
}

func (h house) events(t *testing.T) []event.Event {
	t.Helper()
	b, err := os.ReadFile(h.log)
	if err != nil {
		t.Fatal(err)
	}
	var all []event.Event
	for line := range strings.Lines(string(b)) {
		var e event.Event
		if line == "\n" {
			continue
		}
		if err := decode.Event([]byte(line), &e); err != nil {
			t.Errorf("%q: %v", line, err)
		}
		all = append(all, e)
	}
	return all
}

// wantReported checks what the report says of the helper.
func (h house) wantReported(t *testing.T, runs int) {
	t.Helper()
	out, err := h.run("report", "--json", "--log", h.log)
	if err != nil {
		t.Fatalf("report: %v\n%s", err, out)
	}
	var report struct {
		Overview struct{ Runs, Succeeded, Failed, Cancelled, Open, Running int }
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r := report.Overview
	if r.Runs != runs || r.Succeeded+r.Failed+r.Cancelled != runs || r.Open != 0 || r.Running != 0 {
		t.Errorf("reported: %+v", r)
	}
}
