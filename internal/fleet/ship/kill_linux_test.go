package ship

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/fleet"
	"pi-track/internal/fleet/sink"
)

// The environment by which this test's program is a sender that will be killed.
const (
	victimHome  = "PI_TRACK_TEST_VICTIM_HOME"
	victimShare = "PI_TRACK_TEST_VICTIM_SHARE"
)

func TestMain(m *testing.M) {
	home, share := os.Getenv(victimHome), os.Getenv(victimShare)
	if home == "" {
		os.Exit(m.Run())
	}
	o, err := shareOptions(home, share)
	if err == nil {
		_, err = Run(context.Background(), o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// shareOptions ship the log of a home to a directory, all keys kept.
func shareOptions(home, share string) (Options, error) {
	to, err := fleet.ParseAddress("dir:" + share)
	s := &fleet.Sink{Name: "team", To: to, Fields: map[string]fleet.Mode{}, Batch: 16 << 10}
	for _, f := range fleet.Fields {
		s.Fields[f.Key] = fleet.Keep
	}
	return Options{Home: home, Log: filepath.Join(home, "events.jsonl"), Sink: s, Until: time.Now().Add(time.Minute),
		Open: func() (sink.Sink, error) { return sink.Open(to, fleet.Access{}, sink.Options{}) }}, err
}

// changing are the system calls by which a sender changes or makes sure of anything.
var changing = []string{"openat", "write", "fsync", "renameat,renameat2,rename", "mkdirat,mkdir", "fchmod", "unlinkat,unlink", "flock", "close"}

// Killed with SIGKILL at the first, the second, … of each system call that changes
// anything, until one run meets none any more: the next run finishes, and the directory
// holds the set of lines, each object whole.
func TestKilledAtAnySystemCall(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("strace is not here")
	}
	if testing.Short() {
		t.Skip("it starts hundreds of processes")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.write(80)
	kills := 0
	for _, calls := range changing {
		survived := false
		for n := 1; !survived && n < 200; n++ {
			home, share := filepath.Join(t.TempDir(), "home"), t.TempDir()
			if err := os.CopyFS(home, os.DirFS(w.home)); err != nil {
				t.Fatal(err)
			}
			// The kernel is asked to kill at the call: what it would have done is not done.
			cmd := exec.Command("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace="+calls, "-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", calls, n), self)
			cmd.Env = append(os.Environ(), victimHome+"="+home, victimShare+"="+share, "GOMAXPROCS=1")
			out, err := cmd.CombinedOutput()
			if survived = err == nil; !survived {
				exit := new(exec.ExitError)
				if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
					t.Skipf("strace cannot trace here: %v: %s", err, out)
				}
				kills++
			}
			o, err := shareOptions(home, share)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Run(context.Background(), o); err != nil {
				t.Fatalf("after a kill at %s %d: %v", calls, n, err)
			}
			sameSet(t, w.expect, objectLines(t, share))
			if r, err := Run(context.Background(), o); err != nil || r.Batches > 0 || len(r.Notes) > 0 {
				t.Errorf("after a kill at %s %d it does not end: %+v %v", calls, n, r, err)
			}
			if t.Failed() {
				t.Fatalf("after a kill at %s %d", calls, n)
			}
		}
	}
	if kills < 30 {
		t.Errorf("only %d kills: this shows nothing", kills)
	}
	t.Logf("%d kills", kills)
}
