package doctor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	selfTestName = "pi-track-self-test"

	// selfTestLimit is how long one check may take, on a busy machine too.
	selfTestLimit = 30 * time.Second

	selfTestHint = "report all lines of this self-test"
)

// selfTestHelper is the program behind the shim. Its first argument says what it
// does. The short sleeps let the supervisor's guard stand, where there is one.
const selfTestHelper = `#!/bin/sh
ulimit -c 0
case $1 in
status) exit 3 ;;
die) kill -"$2" $$; sleep 60 ;;
stderr) echo "error: self-test on purpose" >&2; exit 4 ;;
stdout) printf 'a\000b\377\r\nno newline' ;;
stdin) exec cat ;;
signal)
	trap 'echo got; exit 5' USR1
	sleep 1
	echo ready
	while :; do sleep 1 >/dev/null 2>&1 & wait $!; done ;;
killed) sleep 1; echo ready; exec sleep 600 ;;
esac
`

// selfTest is a temporary installation with one shim.
type selfTest struct {
	program string // pi-track
	dir     string
	env     []string
	runs    int // of the shim
}

// SelfTest tries what a shim promises on this machine, in a temporary
// installation that program, a pi-track, makes. Nothing of the user's is touched.
// The findings are OK or Broken, one a check.
func SelfTest(program string) ([]Finding, error) {
	dir, err := os.MkdirTemp("", selfTestName+"-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	t := selfTest{program: program, dir: dir}
	var fs findings
	check := func(name, promise string, f func() error) bool {
		if err := f(); err != nil {
			fs.broken(name, selfTestHint, "%s: %v", promise, err)
			return false
		}
		fs.ok(name, "%s", promise)
		return true
	}
	if !check("install", "an installation in a temporary directory", t.install) {
		return fs, nil
	}
	check("status", "exit status 3 stays 3", func() error { return t.expect("", exit(3), "", "", "status") })
	check("death", "death by TERM and by SEGV stays that", func() error {
		if err := t.expect("", syscall.SIGTERM, "", "", "die", "TERM"); err != nil {
			return err
		}
		return t.expect("", syscall.SIGSEGV, "", "", "die", "SEGV")
	})
	check("stderr", "stderr arrives, and its end is in the log", t.stderr)
	check("stdout", "stdout arrives byte by byte", func() error {
		return t.expect("", exit(0), "a\x00b\xff\r\nno newline", "", "stdout")
	})
	check("stdin", "stdin reaches the helper, 1 MiB of all bytes", func() error {
		text := strings.Repeat(string(everyByte()), 4096)
		return t.expect(text, exit(0), text, "", "stdin")
	})
	check("signal", "a signal to the shim reaches the helper", t.signal)
	check("killed", "a killed shim ends its helper", t.killed)
	check("log", "every run has its start and its end line", t.log)
	return fs, nil
}

func everyByte() []byte {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return all
}

// install makes the helper, and the installation with a shim for it.
func (t *selfTest) install() error {
	bin := filepath.Join(t.dir, "bin")
	state := filepath.Join(t.dir, "state")
	t.env = []string{
		"PATH=" + filepath.Join(state, "shims") + ":" + bin + ":/usr/local/bin:/usr/bin:/bin",
		"HOME=" + t.dir, "PI_TRACK_HOME=" + state, "TMPDIR=" + t.dir, "SHELL=/bin/sh",
	}
	if err := os.Mkdir(bin, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(bin, selfTestName), []byte(selfTestHelper), 0o755); err != nil {
		return err
	}
	config := filepath.Join(t.dir, "shims.toml")
	if err := os.WriteFile(config, []byte("version = 1\n[[shim]]\nname = \""+selfTestName+"\"\n"), 0o600); err != nil {
		return err
	}
	said, err := capture(2, selfTestLimit, t.env, t.program, "install", "--no-pi", "--config", config)
	if err != nil {
		return fmt.Errorf("%w: %s", err, strings.Join(strings.Fields(said), " "))
	}
	return nil
}

// exit is an exit status where an end may be a signal, too.
type exit int

// expect runs the helper through the shim with this stdin, and compares its end, an
// [exit] or a signal, and its output.
func (t *selfTest) expect(stdin string, end any, stdout, stderr string, args ...string) error {
	r, err := t.start(stdin, args...)
	if err != nil {
		return err
	}
	return r.compare(end, stdout, stderr)
}

func (t *selfTest) stderr() error {
	const text = "error: self-test on purpose"
	if err := t.expect("", exit(4), "", text+"\n", "stderr"); err != nil {
		return err
	}
	events, err := t.events()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(events, func(e selfTestEvent) bool { return e.Error == text && e.Exit == 4 }) {
		return fmt.Errorf("no event has the error text %q", text)
	}
	return nil
}

func (t *selfTest) signal() error {
	r, err := t.start("", "signal")
	if err != nil {
		return err
	}
	if err := r.ready(); err != nil {
		return err
	}
	_ = syscall.Kill(r.process.Pid, syscall.SIGUSR1)
	return r.compare(exit(5), "ready\ngot\n", "")
}

// killed tells by the end of stdout, which the helper holds, that it has ended.
func (t *selfTest) killed() error {
	r, err := t.start("", "killed")
	if err != nil {
		return err
	}
	if err := r.ready(); err != nil {
		return err
	}
	_ = syscall.Kill(r.process.Pid, syscall.SIGKILL)
	if err := r.compare(syscall.SIGKILL, "ready\n", ""); err != nil {
		return err
	}
	_, err = capture(2, selfTestLimit, t.env, t.program, "reap")
	return err
}

// selfTestEvent is what the checks read of a line in the log.
type selfTestEvent struct {
	ID, Status string
	Exit       int    `json:"exit_code"`
	Error      string `json:"error_summary"`
}

func (t *selfTest) events() (events []selfTestEvent, err error) {
	text, err := os.ReadFile(filepath.Join(t.dir, "state", "events.jsonl"))
	if err != nil {
		return nil, err
	}
	for line := range bytes.Lines(text) {
		var e selfTestEvent
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, nil
}

func (t *selfTest) log() error {
	events, err := t.events()
	if err != nil {
		return err
	}
	lines := map[string][]string{}
	for _, e := range events {
		lines[e.ID] = append(lines[e.ID], e.Status)
	}
	for id, statuses := range lines {
		if len(statuses) != 2 || statuses[0] != "started" || statuses[1] == "started" {
			return fmt.Errorf("the run %s has the lines %s", id, strings.Join(statuses, ", "))
		}
	}
	if len(lines) != t.runs {
		return fmt.Errorf("%d of %d runs are in the log", len(lines), t.runs)
	}
	return nil
}
