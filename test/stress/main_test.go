//go:build linux

package stress

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log"
	"pi-track/internal/testbin"
)

// size is the number for a test run, or the one for all of it.
func size(part, all int) int {
	if os.Getenv("PI_TRACK_STRESS") != "" {
		return all
	}
	return part
}

// child names the function that a process of the test binary runs instead of
// the tests.
const child = "PI_TRACK_STRESS_CHILD"

var children = map[string]func(args []string){
	"writer":    childWriter,
	"smallDisk": childSmallDisk,
}

func TestMain(m *testing.M) {
	if f, ok := children[os.Getenv(child)]; ok {
		f(os.Args[1:])
		os.Exit(0)
	}
	code := m.Run()
	testbin.Remove()
	os.Exit(code)
}

func command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), child+"="+name)
	cmd.Stderr = os.Stderr
	return cmd
}

// check ends a child that failed.
func check(err error) {
	if err != nil {
		panic(err)
	}
}

// found is what a reader makes of a log.
type found struct {
	count map[key]int // of each event
	torn  []string    // lines that are no events
}

type key struct {
	id     string
	status event.Status
}

// read reads all segments.
func read(t testing.TB, path string) found {
	t.Helper()
	f := found{count: map[key]int{}}
	files, err := log.OpenSegments(path, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		for line := range bytes.Lines(contents(t, file)) {
			var e event.Event
			switch {
			case len(line) == 1:
			case decode.Event(line, &e) == nil:
				f.count[key{e.ID, e.Status}]++
			default:
				f.torn = append(f.torn, string(line))
			}
		}
	}
	return f
}

func contents(t testing.TB, file *os.File) []byte {
	t.Helper()
	defer file.Close()
	var r io.Reader = file
	if strings.HasSuffix(file.Name(), ".zst") {
		z, err := zstd.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		r = z
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", file.Name(), err)
	}
	return b
}

// kill sends SIGKILL to a process, or with a negative pid to a group.
func kill(pid int) { _ = syscall.Kill(pid, syscall.SIGKILL) }
