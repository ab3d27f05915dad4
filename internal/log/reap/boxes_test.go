package reap

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/log"
	"pi-track/internal/log/box"
	"pi-track/internal/log/owned"
	"pi-track/internal/log/sys"
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
	b := newBox(t, home, uid("id"))
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
	b := newBox(t, home, uid("id"))
	if err := b.Start(line(uid("id"), event.Started)); err != nil {
		t.Fatal(err)
	}
	end := line(uid("id"), event.Failed)
	if err := b.put(end, box.AtEnd); err != nil {
		t.Fatal(err)
	}
	if err := log.Append(b.path, end); err != nil {
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
	boot := sys.BootTime()
	if boot.IsZero() || boot.After(time.Now()) {
		t.Fatal(boot)
	}
	for _, tc := range []struct {
		began time.Time
		want  bool
	}{{boot.Add(-time.Hour), true}, {time.Now(), false}} {
		if r := (boxContents{}); r.restarted(tc.began) != tc.want {
			t.Errorf("began %v, booted %v", tc.began, boot)
		}
	}
	home := t.TempDir()
	b := newBox(t, home, uid("id"))
	b.Beat(time.Second)
	fd, err := sys.Open(box.Path(home, uid("id")), syscall.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	if r, kind := readBox(fd); kind != boxWhole || r.boot != sys.BootID() || r.boot == "" || r.beat != time.Second || r.path != b.path {
		t.Errorf("%+v", r)
	}
}

// A box can hold an older run's start, if the machine crashed before this
// run's was on the disk: what is told is told of that run.
func TestReapTellsOfTheRunInTheBox(t *testing.T) {
	home := t.TempDir()
	b := newBox(t, home, uid("older"))
	if err := os.Rename(box.Path(home, uid("older")), box.Path(home, uid("newer"))); err != nil {
		t.Fatal(err)
	}
	b.die()
	reap(t, home, 1)
	for _, e := range events(t, b.path) {
		if e.ID != uid("older") {
			t.Errorf("%+v", e)
		}
	}
	empty(t, home)
}

func TestReapAfterRestart(t *testing.T) {
	home := t.TempDir()
	for id, text := range map[string]string{"a": "", "b": "half done\n"} {
		b := newBox(t, home, uid(id))
		ring, total := b.Ring()
		*total = uint64(copy(ring, text))
		if err := sys.Pwrite(b.fd, []byte("another boot"), box.AtBoot); err != nil {
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

// In open, only what is provably ours is removed.
func TestReapRemovesOnlyOurs(t *testing.T) {
	home := t.TempDir()
	open := home + "/open/"
	os.MkdirAll(open+"directory", 0o700)
	os.MkdirAll(open+uid("directory"), 0o700)
	os.Mkdir(open+".spare-1", 0o700) // no spare box
	syscall.Mkfifo(open+"fifo", 0o600)
	syscall.Mkfifo(open+uid("fifo"), 0o600)
	os.WriteFile(home+"/elsewhere", nil, 0o600)
	os.Symlink(home+"/elsewhere", open+uid("link"))
	past := time.Now().Add(-2 * usageTime)
	os.Chtimes(home+"/elsewhere", past, past)
	whole := string(image(t, uid("id"), home+"/events.jsonl"))
	stay := map[string]string{ // name, contents
		"notes.md": "my notes", "empty": "", "photo": strings.Repeat("\xff", box.Size), "box": whole, ".spare-4": "mine", ".spare-0": "mine",
		uid("text"): "half a box", uid("photo"): strings.Repeat("\xff", box.Size), uid("longer"): whole + "x",
		uid("magic"): box.Magic + " is what my text begins with", strings.ToUpper(uid("upper")): "", "x" + uid("id")[1:]: "",
		"x.usage": "{\"tokens\":1}\n", uid("mine") + ".usage": "my usage\n", uid("empty") + ".txt": "",
	}
	for name, text := range stay {
		os.WriteFile(open+name, []byte(text), 0o600)
		os.Chtimes(open+name, past, past)
	}
	gone := map[string]string{
		uid("void"): "", uid("zeros"): string(box.Blank[:]), uid("short"): string(box.Blank[:100]),
		uid("old") + ".usage": "{\"tokens\":1}\n", uid("older") + ".usage": "",
	}
	for name, text := range gone {
		os.WriteFile(open+name, []byte(text), 0o600)
		os.Chtimes(open+name, past, past)
	}
	young := map[string]string{uid("young"): "", uid("young") + ".usage": "", uid("half"): box.Magic, uid("cleared"): string(box.Blank[:])}
	for name, text := range young {
		os.WriteFile(open+name, []byte(text), 0o600)
	}
	os.Chtimes(open+uid("young")+".usage", past, past)
	if r, err := Boxes(home); r.Runs != 0 || err != nil || len(r.Damaged) != 3 {
		t.Errorf("%+v, %v", r, err)
	}
	for name := range gone {
		if _, err := os.Lstat(open + name); err == nil {
			t.Errorf("%s stays", name)
		}
	}
	for _, files := range []map[string]string{stay, young} {
		for name, text := range files {
			if b, err := os.ReadFile(open + name); err != nil || string(b) != text {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, name := range []string{"directory", uid("directory"), "fifo", uid("fifo"), uid("link"), "../elsewhere"} {
		if _, err := os.Lstat(open + name); err != nil {
			t.Error(err)
		}
	}
	if runs, err := Running(home); len(runs) != 0 || err != nil {
		t.Errorf("%v, %v", runs, err)
	}
	r, err := Boxes(home)
	n := r.StrangersN
	if want := len(stay) + 6; n != want || len(r.Strangers) != maxStrangers || err != nil {
		t.Errorf("%d of %d strangers, %q, %v", n, want, r.Strangers, err)
	}
	if kept := RemoveBoxes(home); len(kept) != n+len(young)-1 { // an emptied box need not be old
		t.Errorf("%d kept of %d: %q", len(kept), n, kept)
	}
	for name, text := range stay {
		if b, err := os.ReadFile(open + name); err != nil || string(b) != text {
			t.Errorf("after RemoveBoxes: %s: %v", name, err)
		}
	}
}

// image is the content of a box.
func image(t *testing.T, id, path string) []byte {
	t.Helper()
	home := t.TempDir()
	b, err := box.New(home, id, path, line(id, event.Started))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Discard()
	data, err := os.ReadFile(box.Path(home, id))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Behind a link nothing is ours, whatever it looks like.
func TestReapFollowsNoLink(t *testing.T) {
	home, other := t.TempDir(), t.TempDir()
	dead := box.Path(other, uid("dead"))
	os.Mkdir(other+"/open", 0o700)
	os.WriteFile(dead, image(t, uid("dead"), other+"/events.jsonl"), 0o600)
	os.WriteFile(box.Path(other, uid("void")), nil, 0o600)
	past := time.Now().Add(-time.Hour)
	os.Chtimes(box.Path(other, uid("void")), past, past)
	os.Symlink(other+"/open", home+"/open")
	if r, err := Boxes(home); r.Runs != 0 || !errors.Is(err, owned.ErrNotOurs) {
		t.Errorf("%+v, %v", r, err)
	}
	if runs, err := Running(home); runs != nil || err != nil {
		t.Errorf("%v, %v", runs, err)
	}
	RemoveBoxes(home)
	if e, _ := os.ReadDir(other + "/open"); len(e) != 2 {
		t.Errorf("left: %v", e)
	}
	if _, err := box.New(home, uid("id"), home+"/events.jsonl", line(uid("id"), event.Started)); err != owned.ErrNotOurs {
		t.Errorf("a box behind a link: %v", err)
	}
	// The way to the directory may have links: the user chose it.
	os.Symlink(other, home+"/way")
	reap(t, home+"/way", 1)
}

// Root acts for the owner of the state directory, and for nobody else.
func TestReapForItsOwner(t *testing.T) {
	past := time.Now().Add(-time.Hour)
	for name, tc := range map[string]struct {
		home, open, file int // their owners
		want             bool
	}{
		"one's own":              {-1, -1, -1, true},
		"a user's":               {12345, 12345, 12345, true},
		"root's in a user's":     {12345, 12345, 0, false},
		"a user's in another's":  {12345, 12345, 12346, false},
		"a user's open in root":  {0, 12345, 12345, false},
		"root's open in a users": {12345, 0, 0, false},
	} {
		if os.Geteuid() != 0 && tc.file >= 0 {
			continue // who is not root cannot give files away
		}
		home := t.TempDir()
		os.Mkdir(home+"/open", 0o700)
		file := box.Path(home, uid("void"))
		os.WriteFile(file, nil, 0o600)
		os.Chtimes(file, past, past)
		os.Chown(file, tc.file, tc.file)
		os.Chown(home+"/open", tc.open, tc.open)
		os.Chown(home, tc.home, tc.home)
		Boxes(home)
		if _, err := os.Stat(file); os.IsNotExist(err) != tc.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A damaged box is told of, and dropped only if it is provably one.
func TestReapDamagedBox(t *testing.T) {
	good := image(t, uid("id"), "/tmp/events.jsonl")
	change := func(at int, text string) []byte {
		b := bytes.Clone(good)
		copy(b[at:], text)
		return b
	}
	for name, tc := range map[string]struct {
		data []byte
		drop bool
	}{
		"no event":           {change(box.AtStart, "{\"not\":\"an event\"}\n"), true},
		"no start line":      {change(box.AtStart, "\x00"), true},
		"no path":            {change(box.AtPath, "\x00"), true},
		"a relative path":    {change(box.AtPath, "x"), true},
		"no magic":           {change(0, "\x00"), true},
		"no head":            {change(0, string(box.Blank[:box.AtRing])), true},
		"neither":            {append(bytes.Clone(box.Blank[:box.AtStart]), change(box.AtStart, "\xff")[box.AtStart:]...), false},
		"cut":                {good[:box.Size-1], false},
		"cut to its head":    {good[:box.AtRing], false},
		"cut to some bytes":  {good[:20], false},
		"a damaged end line": {nil, false},
	} {
		home := t.TempDir()
		os.Mkdir(home+"/open", 0o700)
		file := box.Path(home, uid("id"))
		if tc.data == nil { // its end is as good as none
			os.WriteFile(file, append(image(t, uid("id"), home+"/events.jsonl")[:box.AtEnd], append([]byte("{\"x\":1}\n"), box.Blank[:event.MaxLine-8]...)...), 0o600)
			reap(t, home, 1)
			continue
		}
		os.WriteFile(file, tc.data, 0o600)
		past := time.Now().Add(-time.Hour)
		os.Chtimes(file, past, past)
		r, err := Boxes(home)
		if r.Runs != 0 || err != nil || len(r.Damaged) != 1 || r.Damaged[0].ID != uid("id") || r.Damaged[0].Last.Sub(past).Abs() > time.Second {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		if dropDamaged(home, uid("id")) != tc.drop {
			t.Errorf("%s: dropped is not %v", name, tc.drop)
		}
		if b, err := os.ReadFile(file); os.IsNotExist(err) != tc.drop || err == nil && !bytes.Equal(b, tc.data) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReapLeavesOtherVersions(t *testing.T) {
	home := t.TempDir()
	b := newBox(t, home, uid("id"))
	if err := sys.Pwrite(b.fd, []byte("pi-trk-2"), 0); err != nil {
		t.Fatal(err)
	}
	b.die()
	if n, err := Boxes(home); n.Runs != 0 || err == nil {
		t.Errorf("reaped %v, %v", n, err)
	}
	if e, _ := os.ReadDir(home + "/open"); len(e) != 1 {
		t.Error("the box is gone")
	}
}

func TestReapersAtTheSameTime(t *testing.T) {
	home := t.TempDir()
	const boxes, reapers = 40, 8
	for i := range boxes {
		newBox(t, home, uid(fmt.Sprint(i))).die()
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for range reapers {
		wg.Go(func() {
			n, err := Boxes(home)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			sum += n.Runs
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
					if n, err := Boxes(home); n.Runs != 0 || err != nil {
						t.Errorf("reaped %v living runs, %v", n, err)
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
				id := uid(fmt.Sprint(m, "-", i))
				b, err := box.New(home, id, home+"/events.jsonl", line(id, event.Started))
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

// A user's box names the log and says what is written: root, who reaps it, must
// not write that into a file that is not the user's.
func TestReapForeignBox(t *testing.T) {
	home := t.TempDir()
	b := newBox(t, home, uid("id"))
	if err := b.Start(line(uid("id"), event.Started)); err != nil {
		t.Fatal(err)
	}
	b.die()
	if os.Geteuid() == 0 {
		file := box.Path(home, uid("id"))
		if err := errors.Join(os.Chown(file, 65534, 65534), os.Chown(home+"/open", 65534, 65534), os.Chown(home, 65534, 65534)); err != nil {
			t.Fatal(err)
		}
		if n, err := Boxes(home); n.Runs != 0 || !errors.Is(err, log.ErrForeign) {
			t.Errorf("%v, %v", n, err)
		}
		if got := contents(t, b.path); len(got) != 1 {
			t.Errorf("written: %q", got)
		}
		if err := os.Rename(b.path, b.path+".kept"); err != nil {
			t.Fatal(err)
		}
		if n, err := Boxes(home); n.Runs != 0 || !errors.Is(err, syscall.ENOENT) {
			t.Errorf("no log: %v, %v", n, err)
		}
		if err := errors.Join(os.Rename(b.path+".kept", b.path), os.Chown(b.path, 65534, 65534)); err != nil {
			t.Fatal(err)
		}
	}
	reap(t, home, 1) // the log's owner is the box's
}
