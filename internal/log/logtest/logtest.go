// Package logtest has what the tests of the log share: child processes, ids, lines,
// and what is in a log.
package logtest

import (
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
)

// child names the function of children that a new process of the test binary
// runs instead of the tests. Such a process may set limits, mount and be
// killed.
const child = "LOGTEST_CHILD"

// Children are the functions that [Command] runs, by name.
var Children = map[string]func(args []string){}

// Main is for TestMain.
func Main(m *testing.M) {
	if f, ok := Children[os.Getenv(child)]; ok {
		f(os.Args[1:])
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Command prepares a child process.
func Command(t testing.TB, name string, args ...string) *exec.Cmd {
	t.Helper()
	if Children[name] == nil {
		t.Fatalf("no child %q", name)
	}
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), child+"="+name)
	cmd.Stderr = os.Stderr
	return cmd
}

// Run runs a child and returns what it printed.
func Run(t testing.TB, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v, after printing:\n%s", cmd.Env[len(cmd.Env)-1], err, out)
	}
	return string(out)
}

// Check ends a child that failed.
func Check(err error) {
	if err != nil {
		panic(err)
	}
}

// UID is the id of the run that a test calls name.
func UID(name string) string {
	h := fnv.New64a()
	h.Write([]byte(name))
	return fmt.Sprintf("01a20000-0000-7000-8000-%012x", h.Sum64()&(1<<48-1))
}

// Line is a line of the run id.
func Line(id string, status event.Status) []byte {
	e := event.Event{TS: time.Now(), ID: id, Kind: event.Script, Name: "helper", Status: status, CWD: "/tmp", Src: "shim"}
	return e.Append(nil)
}

// Contents are the lines of a file, blank ones left out.
func Contents(t testing.TB, path string) []string {
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

// Events are the decoded lines of a log.
func Events(t testing.TB, path string) []event.Event {
	t.Helper()
	var all []event.Event
	for _, l := range Contents(t, path) {
		var e event.Event
		if err := decode.Event([]byte(l), &e); err != nil {
			t.Fatalf("%q: %v", l, err)
		}
		all = append(all, e)
	}
	return all
}

// Inode is the inode of a file, 0 if there is none.
func Inode(t testing.TB, path string) uint64 {
	t.Helper()
	var st syscall.Stat_t
	if err := syscall.Lstat(path, &st); err != nil && err != syscall.ENOENT {
		t.Fatal(err)
	}
	return uint64(st.Ino)
}
