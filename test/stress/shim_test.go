//go:build linux

package stress

import (
	"bufio"
	"encoding/json"
	"fmt"
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
	if left, err := os.ReadDir(h.home + "/open"); err != nil || len(left) > 0 {
		t.Errorf("left in open: %v, %v", left, err)
	}
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
		if err := event.Decode([]byte(line), &e); err != nil {
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

// A full disk under the log and the boxes is not noticed by the helper.
func TestSmallDisk(t *testing.T) {
	h := install(t, "echo \"out $1\"\necho \"error: $1\" >&2\nexit 3\n")
	cmd := command("smallDisk", h.home, h.helper, strconv.Itoa(size(2, 10)))
	cmd.Env = append(cmd.Env, h.env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.Output()
	if err != nil || !strings.HasSuffix(string(out), "good\n") {
		t.Errorf("%v:\n%s", err, out)
	}
	t.Logf("%s", out)
}

// childSmallDisk puts the log and the boxes on a file system of 1 MiB, which
// is filled up and freed again and again.
func childSmallDisk(args []string) {
	home, helper := args[0], args[1]
	periods, err := strconv.Atoi(args[2])
	check(err)
	small := home + "/small"
	check(os.MkdirAll(small, 0o700))
	check(os.MkdirAll(home+"/open", 0o700))
	check(syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""))
	check(syscall.Mount("tmpfs", small, "tmpfs", 0, "size=1m"))
	check(os.Mkdir(small+"/open", 0o700))
	check(syscall.Mount(small+"/open", home+"/open", "", syscall.MS_BIND, ""))
	path := small + "/events.jsonl"
	check(os.Setenv("PI_TRACK_LOG", path))

	const each = 10
	for period := range periods {
		for i := range each {
			callHelper(helper, fmt.Sprintf("free-%d-%d", period, i))
		}
		fill(small + "/filler")
		for i := range each {
			callHelper(helper, fmt.Sprintf("full-%d-%d", period, i))
		}
		check(os.Remove(small + "/filler"))
	}
	callHelper(helper, "free-last")
	out, err := exec.Command(home+"/bin/pi-track", "reap").CombinedOutput()
	if err != nil {
		fmt.Printf("reap: %v\n%s", err, out)
	}
	verifySmallDisk(path, periods, each)
}

// callHelper calls the helper and compares what it does with what it does
// without a shim.
func callHelper(helper, task string) {
	cmd := exec.Command(helper, task)
	cmd.Env = append(os.Environ(), "PI_TASK_ID="+task)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.Run()
	if code := cmd.ProcessState.ExitCode(); code != 3 || out.String() != "out "+task+"\n" || errs.String() != "error: "+task+"\n" {
		fmt.Printf("%s: exit status %d, %q, %q\n", task, code, out.String(), errs.String())
		os.Exit(1)
	}
}

// fill writes until nothing more fits.
func fill(name string) {
	f, err := os.Create(name)
	check(err)
	defer f.Close()
	for n := 64 << 10; n > 0; {
		if _, err := f.Write(make([]byte, n)); err != nil {
			n /= 2
		}
	}
}

func verifySmallDisk(path string, periods, each int) {
	b, err := os.ReadFile(path)
	check(err)
	seen := map[string]int{}
	events, torn := 0, 0
	for line := range strings.Lines(string(b)) {
		var e event.Event
		switch {
		case line == "\n":
		case event.Decode([]byte(line), &e) != nil:
			torn++
		default:
			events++
			seen[e.TaskID+" "+string(e.Status)]++
		}
	}
	want := []string{"free-last"}
	for period := range periods {
		for i := range each {
			want = append(want, fmt.Sprintf("free-%d-%d", period, i))
		}
	}
	good := torn <= periods
	for _, task := range want {
		if seen[task+" started"] != 1 || seen[task+" failed"] != 1 {
			good = false
			fmt.Printf("%s: %d starts, %d ends\n", task, seen[task+" started"], seen[task+" failed"])
		}
	}
	fmt.Printf("%d events, %d torn lines\n", events, torn)
	if good {
		fmt.Println("good")
	}
}
