package log

import (
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"pi-track/internal/event"
)

// child names the function of children that a new process of the test binary
// runs instead of the tests. Such a process may set limits, mount and be
// killed.
const child = "PI_TRACK_TEST_CHILD"

var children = map[string]func(args []string){}

func TestMain(m *testing.M) {
	if f, ok := children[os.Getenv(child)]; ok {
		f(os.Args[1:])
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// command prepares a child process.
func command(t testing.TB, name string, args ...string) *exec.Cmd {
	t.Helper()
	if children[name] == nil {
		t.Fatalf("no child %q", name)
	}
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), child+"="+name)
	cmd.Stderr = os.Stderr
	return cmd
}

// run runs a child and returns what it printed.
func run(t testing.TB, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v, after printing:\n%s", cmd.Env[len(cmd.Env)-1], err, out)
	}
	return string(out)
}

// check ends a child that failed.
func check(err error) {
	if err != nil {
		panic(err)
	}
}

// uid is the id of the run that a test calls name.
func uid(name string) string {
	h := fnv.New64a()
	h.Write([]byte(name))
	return fmt.Sprintf("01a20000-0000-7000-8000-%012x", h.Sum64()&(1<<48-1))
}

func line(id string, status event.Status) []byte {
	e := event.Event{TS: time.Now(), ID: id, Kind: event.Script, Name: "helper", Status: status, CWD: "/tmp", Src: "shim"}
	return e.Append(nil)
}

// contents are the lines of a file, blank ones left out.
func contents(t testing.TB, path string) []string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var lines []string
	for l := range strings.Lines(string(b)) {
		if l != "\n" {
			lines = append(lines, l)
		}
	}
	return lines
}

// events are the decoded lines of a log.
func events(t testing.TB, path string) []event.Event {
	t.Helper()
	var all []event.Event
	for _, l := range contents(t, path) {
		var e event.Event
		if err := event.Decode([]byte(l), &e); err != nil {
			t.Fatalf("%q: %v", l, err)
		}
		all = append(all, e)
	}
	return all
}
