package ship

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"pi-track/internal/event"
	"pi-track/internal/fleet"
	"pi-track/internal/fleet/sink"
	"pi-track/internal/log"
	"pi-track/internal/log/segment"
)

// On a clock of its own an hour of errors takes no time.
func TestFiveHundredForAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.write(100)
		begin, tries := time.Now(), 0
		w.store.before = func(sink.Batch) error {
			tries++
			if time.Since(begin) < time.Hour {
				return &sink.Away{Err: errors.New("status 500")}
			}
			return nil
		}
		o := Options{Home: w.home, Log: w.log, Sink: w.sink, Open: func() (sink.Sink, error) { return w.store, nil }}
		o.Until = begin.Add(5 * time.Minute) // cron's
		if _, err := Run(t.Context(), o); err == nil || time.Since(begin) > 5*time.Minute {
			t.Fatalf("it gave up after %v: %v", time.Since(begin), err)
		}
		o.Until = begin.Add(2 * time.Hour)
		if _, err := Run(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		if tries < 60 || tries > 400 {
			t.Errorf("%d tries in an hour", tries)
		}
		w.same()
		if n := w.doubled(); n > 0 {
			t.Errorf("%d lines came under two names", n)
		}
	})
}

func TestAServerThatNamesATimeIsNotAskedBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.write(1)
		begin, asked := time.Now(), false
		w.store.before = func(sink.Batch) error {
			if !asked {
				asked = true
				return &sink.Away{Err: errors.New("slow down"), After: 7 * time.Minute}
			}
			return nil
		}
		_, err := Run(t.Context(), Options{Home: w.home, Log: w.log, Sink: w.sink, Until: begin.Add(time.Hour), Open: func() (sink.Sink, error) { return w.store, nil }})
		if err != nil || time.Since(begin) < 7*time.Minute {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
	})
}

// smallDisk mounts a file system of its own at dir.
func smallDisk(t *testing.T, dir string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root mounts a small disk")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := mount(dir); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, 0) })
}

// fill takes all that is left of a disk, and returns what gives it back.
func fill(t *testing.T, dir string) (free func()) {
	t.Helper()
	name := filepath.Join(dir, "filler")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, size := range []int{64 << 10, 4 << 10, 1} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
	}
	if !errors.Is(err, unix.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
	return func() { os.Remove(name) }
}

func TestTheSendersDiskIsFull(t *testing.T) {
	for name, at := range map[string]int{"before the first batch": 0, "during a batch": 3, "after a batch": -3} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			smallDisk(t, dirOf(w.home))
			w.write(300)
			before, _ := os.ReadFile(w.log)
			free, n := func() {}, 0
			strike := func(sink.Batch) error {
				if n++; n == max(at, -at) {
					free = fill(t, dirOf(w.home))
				}
				return nil
			}
			switch {
			case at == 0:
				free = fill(t, dirOf(w.home))
			case at > 0:
				w.store.before = strike
			default:
				w.store.after = strike
			}
			r, err := w.ship()
			if !errors.Is(err, unix.ENOSPC) || !r.Left {
				t.Fatalf("%+v: %v", r, err)
			}
			if sent := len(w.store.batches); sent != max(at, -at) {
				t.Errorf("%d batches were sent without an account", sent)
			}
			if now, _ := os.ReadFile(w.log); string(now) != string(before) {
				t.Error("the log was touched")
			}
			free()
			w.store.before, w.store.after = nil, nil
			if _, err := w.ship(); err != nil {
				t.Fatal(err)
			}
			w.same()
			if n := w.doubled(); n > 0 {
				t.Errorf("%d lines came under two names", n)
			}
			left, _ := os.ReadDir(dirOf(w.home))
			if len(left) != 2 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// TestTheDiskIsFullWhenALineIsSetAside: what is refused is set aside whole, or not yet.
func TestTheDiskIsFullWhenALineIsSetAside(t *testing.T) {
	w := newWorld(t)
	smallDisk(t, dirOf(w.home))
	w.write(40)
	// The last page of the file has room for half a line, and the disk has no other.
	before := strings.Repeat(strings.Repeat("x", 99)+"\n", 40) + strings.Repeat("y", 16)
	aside := RejectedFile(w.home, "team")
	if err := os.WriteFile(aside, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := w.ship(); err != nil {
		t.Fatal(err)
	}
	w.write(3)
	var poison string
	var free func()
	w.store.before = func(b sink.Batch) error {
		if poison == "" {
			poison = string(b.Lines[:bytes.IndexByte(b.Lines, '\n')+1])
			free = fill(t, dirOf(w.home))
		}
		if strings.Contains(string(b.Lines), poison) {
			return &sink.Refused{Err: errors.New("no")}
		}
		return nil
	}
	set := func() string {
		text, err := os.ReadFile(aside)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if _, err := w.ship(); !errors.Is(err, unix.ENOSPC) {
		t.Fatalf("on a full disk: %v", err)
	}
	if got := set(); got != before {
		t.Errorf("half a line was set aside: %q", got[len(before):])
	}
	free()
	if _, err := w.ship(); err != nil {
		t.Fatal(err)
	}
	if got, want := set(), before+"\n"+poison; got != want {
		t.Errorf("set aside: %q, not %q", got, want)
	}
	delete(w.expect, poison)
	w.same()
}

func TestTheSharesDiskIsFull(t *testing.T) {
	w := newWorld(t)
	share := filepath.Join(t.TempDir(), "share")
	smallDisk(t, share)
	free := fill(t, share)
	to, err := fleet.ParseAddress("dir:" + share)
	if err != nil {
		t.Fatal(err)
	}
	w.sink.To = to
	w.write(300)
	o := Options{Home: w.home, Log: w.log, Sink: w.sink, Until: time.Now(), Open: func() (sink.Sink, error) { return sink.Open(to, fleet.Access{}, sink.Options{}) }}
	if _, err := Run(context.Background(), o); !errors.Is(err, unix.ENOSPC) {
		t.Fatalf("no error: %v", err)
	}
	if n := len(objectLines(t, share)); n > 0 {
		t.Errorf("%d lines of half objects", n)
	}
	free()
	if _, err := Run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	sameSet(t, w.expect, objectLines(t, share))
}

// An account that is cut anywhere, or has any byte changed, costs nothing but work.
func TestAnyDamageToTheAccount(t *testing.T) {
	w := newWorld(t)
	w.write(40)
	name := accountFile(w.home, "team")
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 24 {
		w.write(1)
		if _, err := w.ship(); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if at := rng.IntN(len(data)); i%2 == 0 {
			data = data[:at]
		} else {
			data[at] = byte(rng.IntN(256))
		}
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.write(1)
	if _, err := w.ship(); err != nil {
		t.Fatal(err)
	}
	w.same()
}

// An account of another home, or one that is ahead of this log (a backup of the log
// was put back, not of the account), says nothing of this log.
func TestAccountsOfElsewhereAndOfTheFuture(t *testing.T) {
	w, other := newWorld(t), newWorld(t)
	other.n = 100000
	other.write(300)
	w.write(100)
	for _, x := range []*world{w, other} {
		if _, err := x.ship(); err != nil {
			t.Fatal(err)
		}
	}
	account, err := os.ReadFile(accountFile(other.home, "team"))
	if err != nil {
		t.Fatal(err)
	}
	w.write(100)
	for range 2 {
		if err := os.WriteFile(accountFile(w.home, "team"), account, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ship(); err != nil {
			t.Fatal(err)
		}
		w.same()
		w.write(5)
		account, _ = os.ReadFile(accountFile(w.home, "team"))
		account = []byte(strings.ReplaceAll(string(account), `"at":`, `"at":9`)) // from the future
	}
	if _, err := w.ship(); err != nil {
		t.Fatal(err)
	}
	w.same()
}

// Clocks of 1970 and of 9999 stand in the names of objects, and hinder nobody.
func TestClocksThatAreYearsOff(t *testing.T) {
	w := newWorld(t)
	share := t.TempDir()
	to, _ := fleet.ParseAddress("dir:" + share)
	w.sink.To = to
	for i, at := range []time.Time{time.Unix(0, 0), time.Now().AddDate(-30, 0, 0), time.Now(), time.Now().AddDate(30, 0, 0), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)} {
		e := event.Event{TS: at.UTC(), ID: fmt.Sprintf("019ad4a0-0000-7000-8000-%012x", 7000+i), Kind: event.Script, Name: "x", Status: event.Succeeded}
		w.line(e.Append(nil))
	}
	if _, err := Run(context.Background(), Options{Home: w.home, Log: w.log, Sink: w.sink, Until: time.Now(), Open: func() (sink.Sink, error) { return sink.Open(to, fleet.Access{}, sink.Options{}) }}); err != nil {
		t.Fatal(err)
	}
	sameSet(t, w.expect, objectLines(t, share))
}

// Two senders, a writer, rotation, compression and prune, all at once: nothing is
// pruned that is not sent, and the sink holds the set of lines.
func TestTwoSendersBesidePrune(t *testing.T) {
	w := newWorld(t)
	share := t.TempDir()
	to, _ := fleet.ParseAddress("dir:" + share)
	w.sink.To = to
	w.sink.Batch = 8 << 10
	o := Options{Home: w.home, Log: w.log, Sink: w.sink, Open: func() (sink.Sink, error) { return sink.Open(to, fleet.Access{}, sink.Options{}) }}
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for {
				o := o
				o.Until = time.Now().Add(time.Minute)
				if _, err := Run(context.Background(), o); err != nil && !errors.Is(err, ErrBusy) {
					t.Error(err)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	pruned := 0
	for i := range 12 {
		w.write(40)
		name, err := log.Seal(w.log)
		if err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			old := time.Now().Add(-time.Hour)
			os.Chtimes(name, old, old)
			if _, _, err := segment.Compress(w.log, time.Now().Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		unsent, err := Unsent(w.home, w.log, []*fleet.Sink{w.sink})
		if err != nil {
			t.Fatal(err)
		}
		gone, err := segment.Prune(w.log, time.Now().Add(time.Hour), false, func(name string) bool {
			waits, err := unsent(name)
			return waits != "" || err != nil
		})
		if err != nil {
			t.Fatal(err)
		}
		pruned += len(gone)
	}
	close(done)
	wg.Wait()
	o.Until = time.Now().Add(time.Minute)
	if _, err := Run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	sameSet(t, w.expect, objectLines(t, share))
	t.Logf("%d segments pruned", pruned)
}

// objectLines are the lines of all objects below a directory.
func objectLines(t *testing.T, root string) map[string]bool {
	t.Helper()
	lines := map[string]bool{}
	names, err := filepath.Glob(filepath.Join(root, "host=*", "*", "*"+sink.ObjectExt))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		r := &file{f: f, compressed: true, final: true}
		all, err := r.lines(0)
		if err != nil {
			t.Fatal(err)
		}
		for {
			line, err := all.next()
			if err != nil {
				break
			}
			lines[string(line)+"\n"] = true
		}
		all.close()
		f.Close()
	}
	return lines
}

func sameSet(t *testing.T, want, got map[string]bool) {
	t.Helper()
	missing, strange := 0, 0
	for line := range want {
		if !got[line] {
			missing++
		}
	}
	for line := range got {
		if !want[line] {
			strange++
		}
	}
	if missing+strange > 0 {
		t.Errorf("of %d lines %d are missing, and %d are none of ours", len(want), missing, strange)
	}
}
