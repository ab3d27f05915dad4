//go:build linux

package stress

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
)

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
		case decode.Event([]byte(line), &e) != nil:
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
