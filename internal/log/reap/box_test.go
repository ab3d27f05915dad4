package reap

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/log"
	"pi-track/internal/log/box"
	"pi-track/internal/log/sys"
)

func init() { children["killed"] = childKilled }

// testBox is a box whose file the test may spoil.
type testBox struct {
	*box.Box
	fd   int
	path string // of the log
}

// newBox makes a box in a new home whose log is events.jsonl.
func newBox(t testing.TB, home, id string) testBox {
	t.Helper()
	b, err := box.New(home, id, home+"/events.jsonl", line(id, event.Started))
	if err != nil {
		t.Fatal(err)
	}
	fd, _, _, path := b.File()
	return testBox{b, fd, path}
}

// put writes into the box.
func (b testBox) put(text []byte, offset int64) error { return sys.Pwrite(b.fd, text, offset) }

// die drops the lock as the death of the process does. The mapping, which stays,
// would hold it.
func (b testBox) die() {
	_ = sys.Flock(b.fd, syscall.LOCK_UN)
	syscall.Close(b.fd)
}

func reap(t testing.TB, home string, want int) {
	t.Helper()
	if n, err := Boxes(home); n.Runs != want || err != nil {
		t.Fatalf("reaped %v, %v; want %d", n, err, want)
	}
}

// empty checks that no box holds anything: spare ones do not, nor do those that
// were emptied and did not get another name before their process was killed.
func empty(t testing.TB, home string) {
	t.Helper()
	entries, err := os.ReadDir(home + "/open")
	if err != nil {
		t.Error(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(home + "/open/" + e.Name())
		if err != nil || !bytes.Equal(b, box.Blank[:]) {
			t.Errorf("left in open: %v, %v", e, err)
		}
	}
}

func TestBoxOfARun(t *testing.T) {
	home := t.TempDir()
	b := newBox(t, home, uid("id"))
	if len(contents(t, b.path)) != 0 {
		t.Error("logged before the program started")
	}
	started := line(uid("id"), event.Started)
	if err := b.Start(started); err != nil {
		t.Fatal(err)
	}
	b.Beat(2500 * time.Millisecond)
	runs, err := Running(home)
	if err != nil || len(runs) != 1 {
		t.Fatal(runs, err)
	}
	r := runs[0]
	if r.ID != uid("id") || !bytes.Equal(r.Start, started) || r.Path != b.path || r.Elapsed != 2500*time.Millisecond {
		t.Errorf("%+v", r)
	}
	reap(t, home, 0)
	end := line(uid("id"), event.Succeeded)
	if err := b.Finish(end); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(contents(t, b.path), ""); got != string(started)+string(end) {
		t.Errorf("the log holds %s", got)
	}
	empty(t, home)
	if runs, _ := Running(home); len(runs) != 0 {
		t.Error(runs)
	}
	reap(t, home, 0)
}

func TestDiscard(t *testing.T) {
	home := t.TempDir()
	b := newBox(t, home, uid("id"))
	b.Discard()
	empty(t, home)
	if got := contents(t, b.path); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

// childKilled is a supervisor that dies of SIGKILL.
func childKilled(args []string) {
	home := args[0]
	e := event.Event{TS: time.Now().Add(-41 * time.Second), ID: uid("id"), Kind: event.Script, Name: "helper", Status: event.Started, CWD: "/tmp", Src: "shim"}
	b, err := box.New(home, uid("id"), home+"/logs/events.jsonl", e.Append(nil))
	check(err)
	check(b.Start(e.Append(nil)))
	ring, total := b.Ring()
	text := strings.Repeat("y", 5000) + " secret\npassword=hunt" + "er2 is wrong\n"
	for i := range len(text) {
		ring[i%len(ring)] = text[i]
		*total++
	}
	b.Beat(41 * time.Second)
	check(os.WriteFile(box.UsagePath(home, uid("id")), []byte("{\"tokens\":5,\"cost\":0.5}\ntorn{\n{\"tokens\":2,\"model\":\"m\"}\n"), 0o600))
	check(syscall.Kill(os.Getpid(), syscall.SIGKILL))
	select {}
}

func TestKilledSupervisor(t *testing.T) {
	home := t.TempDir()
	cmd := command(t, "killed", home)
	if err := cmd.Run(); err == nil || cmd.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatal("the child was not killed: ", err)
	}
	reap(t, home, 1)
	reap(t, home, 0)
	empty(t, home)
	all := events(t, home+"/logs/events.jsonl")
	if len(all) != 2 || all[0].Status != event.Started {
		t.Fatalf("%+v", all)
	}
	e := all[1]
	if e.ID != uid("id") || e.Status != event.Cancelled || e.Src != "reaped" || e.Name != "helper" || e.CWD != "/tmp" ||
		e.DurationMS < 41000 || e.DurationMS > 41500 || e.Error != "password=[redacted:key] is wrong" ||
		e.Usage == nil || *e.Usage != (event.Usage{Tokens: 7, Cost: 0.5, Model: "m"}) {
		t.Errorf("%+v", e)
	}
	if d := time.Since(e.TS); d < -time.Minute || d > time.Hour {
		t.Errorf("ended at %v", e.TS)
	}
}

// A log that cannot be written keeps the box, until it can.
func TestBoxWaitsForTheLog(t *testing.T) {
	home := t.TempDir()
	b := newBox(t, home, uid("id"))
	os.Mkdir(b.path, 0o700)
	other := newBox(t, home, uid("other"))
	if err := other.Finish(line(uid("other"), event.Failed)); err != syscall.EISDIR {
		t.Error(err)
	}
	start, end := line(uid("id"), event.Started), line(uid("id"), event.Failed)
	if err := b.Start(start); err != syscall.EISDIR {
		t.Error(err)
	}
	if err := b.Finish(end); err != syscall.EISDIR {
		t.Error(err)
	}
	n, err := Boxes(home)
	var failed *Error
	if n.Runs != 0 || !errors.As(err, &failed) || failed.Boxes != 2 || failed.First != box.Path(home, uid("id")) || !errors.Is(err, syscall.EISDIR) {
		t.Errorf("reaped %v, %v", n, err)
	}
	if text := err.Error(); !strings.Contains(text, b.path) || !strings.HasSuffix(text, " (and 1 more)") {
		t.Error(text)
	}
	notes, err := log.Notes(home)
	if err != nil || len(notes) != 1 || !strings.Contains(notes[0].Text, "cannot write the log") {
		t.Errorf("notes %+v, %v", notes, err)
	}
	os.Remove(b.path)
	reap(t, home, 2)
	if got := strings.Join(contents(t, b.path)[:2], ""); got != string(start)+string(end) {
		t.Errorf("the log holds %s", got)
	}
	empty(t, home)
}

// Without a file the box still logs.
func TestBoxWithoutFile(t *testing.T) {
	home := t.TempDir()
	os.WriteFile(home+"/open", nil, 0o600)
	path := home + "/events.jsonl"
	b, err := box.New(home, uid("id"), path, line(uid("id"), event.Started))
	if err != syscall.ENOTDIR {
		t.Fatal(err)
	}
	ring, total := b.Ring()
	ring[box.RingSize-1], *total = 'x', 1
	b.Beat(time.Second)
	if err := b.Start(line(uid("id"), event.Started)); err != nil {
		t.Error(err)
	}
	if b.Usage() != (event.Usage{}) {
		t.Error("usage out of nothing")
	}
	if err := b.Finish(line(uid("id"), event.Succeeded)); err != nil {
		t.Error(err)
	}
	if got := events(t, path); len(got) != 2 {
		t.Errorf("%+v", got)
	}
}

// What was stored without the mapping, the mapping shows, and a reaper too.
func TestStoreIsInTheRing(t *testing.T) {
	home := t.TempDir()
	for _, mapped := range []bool{false, true} {
		b := newBox(t, home, uid(fmt.Sprint(mapped)))
		for at, text := range []string{"error: ", "no such ", "table\n"} {
			if err := b.Store(uint64(at)*8-uint64(min(at, 1)), []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		if mapped {
			ring, total := b.Ring()
			if got := string(ring[:*total]); got != "error: no such table\n" {
				t.Errorf("the mapping shows %q", got)
			}
		}
		b.die()
	}
	reap(t, home, 2)
	for _, e := range events(t, home+"/events.jsonl") {
		if e.Status == event.Cancelled && e.Error != "error: no such table" {
			t.Errorf("%s: %q", e.ID, e.Error)
		}
	}
	b := newBox(t, home, uid("gone"))
	b.Discard()
	if b.Store(0, []byte("x")) == nil {
		t.Error("stored in the box of another run")
	}
}
