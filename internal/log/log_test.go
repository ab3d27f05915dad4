package log

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/event"
)

func line(id string, status event.Status) []byte {
	e := event.Event{TS: time.Now(), ID: id, Kind: event.Script, Name: "h", Status: status, Src: "shim", PID: 7}
	return e.Append(nil)
}

func TestAppendTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "events.jsonl")
	for i := range 3 {
		if err := Append(path, fmt.Appendf(nil, "{%d}\n", i)); err != nil {
			t.Fatal(err)
		}
	}
	b, _ := os.ReadFile(path)
	if string(b) != "{0}\n{1}\n{2}\n" {
		t.Fatalf("%q", b)
	}
	var st syscall.Stat_t
	syscall.Stat(path, &st)
	if st.Mode&0o777 != 0o600 {
		t.Fatalf("%o", st.Mode)
	}
}

func TestBoxFinish(t *testing.T) {
	home := t.TempDir()
	path := Path(home, "")
	id := event.NewID(time.Now())
	b, err := NewBox(home, id, path, line(id, event.Started))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Start(line(id, event.Started)); err != nil {
		t.Fatal(err)
	}
	runs, err := Running(home)
	if err != nil || len(runs) != 1 {
		t.Fatal(runs, err)
	}
	if n, err := Reap(home); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	if err := b.Finish(line(id, event.Succeeded)); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(path)
	if strings.Count(string(got), "\n") != 2 {
		t.Fatalf("%s", got)
	}
	if e, _ := os.ReadDir(home + "/open"); len(e) != 0 {
		t.Fatal(e)
	}
}

func TestReapDead(t *testing.T) {
	home := t.TempDir()
	path := Path(home, "")
	id := event.NewID(time.Now())
	b, _ := NewBox(home, id, path, line(id, event.Started))
	if err := b.Start(line(id, event.Started)); err != nil {
		t.Fatal(err)
	}
	b.Beat(1500 * time.Millisecond)
	ring, total := b.Ring()
	*total = uint64(copy(ring, "boom\n"))
	syscall.Flock(b.fd, syscall.LOCK_UN)
	syscall.Close(b.fd)
	if n, err := Reap(home); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	got, _ := os.ReadFile(path)
	t.Logf("%s", got)
}
