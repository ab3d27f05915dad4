package log

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/event"
)

func TestEstimate(t *testing.T) {
	const ms = time.Millisecond
	for _, tc := range [][3]time.Duration{
		{0, 300 * ms, 150 * ms},                  // reaped at once
		{5000 * ms, 5400 * ms, 5200 * ms},        // reaped at once
		{5000 * ms, time.Hour, 5500 * ms},        // reaped later
		{5000 * ms, -time.Hour, 5000 * ms},       // the clock was set back
		{5000 * ms, 1000 * time.Hour, 5500 * ms}, // or forward
	} {
		if got := estimate(tc[0], tc[1]); got != tc[2] {
			t.Errorf("heartbeat %v, now %v: %v, not %v", tc[0], tc[1], got, tc[2])
		}
	}
}

func TestReapOwesTheStart(t *testing.T) {
	home := t.TempDir()
	b := newBox(t, home, "id")
	b.die()
	reap(t, home, 1)
	all := events(t, b.path)
	if len(all) != 2 || all[0].Status != event.Started || all[1].Status != event.Cancelled ||
		all[1].Error != "killed together with its supervisor" {
		t.Errorf("%+v", all)
	}
}

// The supervisor was killed after it had put the end line into the box, or
// even after it had appended it.
func TestReapTakesTheEndLine(t *testing.T) {
	home := t.TempDir()
	b := newBox(t, home, "id")
	if err := b.Start(line("id", event.Started)); err != nil {
		t.Fatal(err)
	}
	end := line("id", event.Failed)
	if err := b.put(end, atEnd); err != nil {
		t.Fatal(err)
	}
	if err := Append(b.path, end); err != nil {
		t.Fatal(err)
	}
	b.die()
	reap(t, home, 1)
	got := contents(t, b.path)
	if len(got) != 3 || got[1] != string(end) || got[2] != string(end) {
		t.Errorf("%q", got)
	}
}

// Within its first second a run does not know its boot; its start tells.
func TestReapAfterEarlyRestart(t *testing.T) {
	boot := bootTime()
	if boot.IsZero() || boot.After(time.Now()) {
		t.Fatal(boot)
	}
	for _, tc := range []struct {
		began time.Time
		want  bool
	}{{boot.Add(-time.Hour), true}, {time.Now(), false}} {
		if r := (record{}); r.restarted(tc.began) != tc.want {
			t.Errorf("began %v, booted %v", tc.began, boot)
		}
	}
	home := t.TempDir()
	b := newBox(t, home, "id")
	b.Beat(time.Second)
	fd, err := openBox(home, "id")
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	if r, ok := readBox(fd); !ok || r.boot != bootID() || r.boot == "" || r.beat != time.Second || r.path != b.path {
		t.Errorf("%+v", r)
	}
}

// A box can hold an older run's start, if the machine crashed before this
// run's was on the disk: what is told is told of that run.
func TestReapTellsOfTheRunInTheBox(t *testing.T) {
	home := t.TempDir()
	b := newBox(t, home, "older")
	if err := os.Rename(boxPath(home, "older"), boxPath(home, "newer")); err != nil {
		t.Fatal(err)
	}
	b.die()
	reap(t, home, 1)
	for _, e := range events(t, b.path) {
		if e.ID != "older" {
			t.Errorf("%+v", e)
		}
	}
	empty(t, home)
}

func TestReapAfterRestart(t *testing.T) {
	home := t.TempDir()
	for id, text := range map[string]string{"a": "", "b": "half done\n"} {
		b := newBox(t, home, id)
		ring, total := b.Ring()
		*total = uint64(copy(ring, text))
		if err := pwrite(b.fd, []byte("another boot"), atBoot); err != nil {
			t.Fatal(err)
		}
		b.die()
	}
	reap(t, home, 2)
	var got []string
	for _, e := range events(t, home+"/events.jsonl") {
		if e.Status == event.Cancelled {
			got = append(got, e.Error)
		}
	}
	const restarted = "the machine was restarted while it ran"
	if fmt.Sprint(got) != fmt.Sprint([]string{restarted, restarted + ": half done"}) {
		t.Errorf("%q", got)
	}
}

// What is in open and is no finished box.
func TestReapLeavesWhatIsBeingMade(t *testing.T) {
	home := t.TempDir()
	open := home + "/open/"
	os.MkdirAll(open+"directory", 0o700)
	syscall.Mkfifo(open+"fifo", 0o600)
	os.WriteFile(open+"young", nil, 0o600)
	os.WriteFile(open+"old", []byte("half a box"), 0o600)
	os.WriteFile(open+"young.usage", nil, 0o600)
	os.WriteFile(open+"gone.usage", nil, 0o600)
	past := time.Now().Add(-2 * usageTime)
	os.Chtimes(open+"old", past, past)
	os.Chtimes(open+"gone.usage", past, past)
	os.Chtimes(open+"young.usage", past, past)
	if n, err := Reap(home); n != 0 {
		t.Errorf("reaped %d, %v", n, err)
	}
	entries, _ := os.ReadDir(open)
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if fmt.Sprint(left) != "[directory fifo young young.usage]" {
		t.Errorf("left: %v", left)
	}
	if runs, err := Running(home); len(runs) != 0 || err != nil {
		t.Errorf("%v, %v", runs, err)
	}
}

// A box of garbage is removed with a note.
func TestReapGarbage(t *testing.T) {
	home := t.TempDir()
	b, err := NewBox(home, "id", home+"/events.jsonl", []byte("{\"not\":\"an event\"}\n"))
	if err != nil {
		t.Fatal(err)
	}
	b.state = startLogged
	b.die()
	reap(t, home, 0)
	empty(t, home)
	if notes, _ := Notes(home); len(notes) != 1 {
		t.Errorf("%+v", notes)
	}
}

func TestReapLeavesOtherVersions(t *testing.T) {
	home := t.TempDir()
	b := newBox(t, home, "id")
	if err := pwrite(b.fd, []byte("pi-trk-2"), 0); err != nil {
		t.Fatal(err)
	}
	b.die()
	if n, err := Reap(home); n != 0 || err == nil {
		t.Errorf("reaped %d, %v", n, err)
	}
	if e, _ := os.ReadDir(home + "/open"); len(e) != 1 {
		t.Error("the box is gone")
	}
}

func TestReapersAtTheSameTime(t *testing.T) {
	home := t.TempDir()
	const boxes, reapers = 40, 8
	for i := range boxes {
		newBox(t, home, fmt.Sprintf("id-%02d", i)).die()
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for range reapers {
		wg.Go(func() {
			n, err := Reap(home)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			sum += n
			mu.Unlock()
		})
	}
	wg.Wait()
	if sum != boxes {
		t.Errorf("%d runs were reaped", sum)
	}
	seen := map[string]int{}
	for _, e := range events(t, filepath.Join(home, "events.jsonl")) {
		seen[e.ID+string(e.Status)]++
	}
	for key, n := range seen {
		if n != 1 {
			t.Errorf("%s: %d lines", key, n)
		}
	}
	if len(seen) != 2*boxes {
		t.Errorf("%d different events", len(seen))
	}
	empty(t, home)
}

// Boxes are made while reapers look at them in the making.
func TestReapersBesideMakers(t *testing.T) {
	home := t.TempDir()
	stop := make(chan struct{})
	var reapers, makers sync.WaitGroup
	for range 2 {
		reapers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					if n, err := Reap(home); n != 0 || err != nil {
						t.Errorf("reaped %d living runs, %v", n, err)
					}
				}
			}
		})
	}
	reapers.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				runs, err := Running(home)
				if err != nil {
					t.Error(err)
				}
				for _, r := range runs { // the file may have become another run's
					if !bytes.Contains(r.Start, []byte(`"id":"`+r.ID+`"`)) {
						t.Errorf("%s runs with %s", r.ID, r.Start)
					}
				}
			}
		}
	})
	for m := range 4 {
		makers.Go(func() {
			for i := range 50 {
				id := fmt.Sprintf("%d-%d", m, i)
				b, err := NewBox(home, id, home+"/events.jsonl", line(id, event.Started))
				if err != nil {
					t.Error(err)
				}
				if err := b.Start(line(id, event.Started)); err != nil {
					t.Error(err)
				}
				if err := b.Finish(line(id, event.Succeeded)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	makers.Wait()
	close(stop)
	reapers.Wait()
	if got := events(t, home+"/events.jsonl"); len(got) != 400 {
		t.Errorf("%d events", len(got))
	}
	empty(t, home)
}
