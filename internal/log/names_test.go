package log

import (
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/log/sys"
)

// The names of segments, from a log's name and a time and back.
func TestNamesOfSegments(t *testing.T) {
	at := time.Date(2026, 11, 30, 9, 8, 7, 65e6, time.UTC)
	for _, v := range []struct{ path, label, want string }{
		{"/a/events.jsonl", "", "/a/events-20261130T090807065Z.jsonl"}, {"/events.jsonl", "x", "/events-20261130T090807065Z-x.jsonl"},
		{"events", "", "./events-20261130T090807065Z"}, {"a/.events", "", "a/.events-20261130T090807065Z"}, {"a/b.c.d", "", "a/b.c-20261130T090807065Z.d"},
	} {
		name := SealedName(v.path, at.In(time.FixedZone("", 3600)), v.label)
		if name != v.want {
			t.Errorf("%s: %s, not %s", v.path, name, v.want)
		}
		for _, ext := range []string{"", ".zst"} {
			if got, ok := SealedAt(v.path, name+ext); !ok || !got.Equal(at) {
				t.Errorf("%s is of %v, %t", name, got, ok)
			}
		}
	}
	for _, name := range []string{"events.jsonl", "events-20261130T090807065Z.json", "event-20261130T090807065Z.jsonl", "events-20261130T09080706Z.jsonl", "events-20261130T090807065Zx.jsonl",
		"events-20261130T090807065.jsonl", "events-20261330T090807065Z.jsonl", "events-.jsonl", "events-20261130T090807065Z.jsonl.gz", "", "events-20261130T0908070650.jsonl"} {
		if at, ok := SealedAt("/a/events.jsonl", name); ok {
			t.Errorf("%s is of %v", name, at)
		}
	}
	for path, want := range map[string]string{"/a/events.jsonl": "/a/damaged-events.txt", "/events": "/damaged-events.txt", "e.jsonl": "./damaged-e.txt", "/a/.e": "/a/damaged-.e.txt"} {
		if got := AsidePath(path); got != want {
			t.Errorf("%s: %s, not %s", path, got, want)
		}
	}
	if IndexDir("/a/e.jsonl") != "/a/e.jsonl.index" || Slack != 10*time.Minute {
		t.Error(IndexDir("/a/e.jsonl"), Slack)
	}
}

// What is seen of a segment while it is compressed is one segment.
func TestUnionOfLists(t *testing.T) {
	for _, v := range []struct{ first, second, want string }{
		{"", "", ""}, {"a b", "a b", "a b"}, {"b a", "", "a b"}, {"", "b a", "a b"}, {"a.zst a", "", "a"}, {"a", "a.zst", "a.zst"}, {"a.zst", "a", "a"}, {"a b.zst", "b b.zst c", "a b c"}, {"a.zst b.zst", "c", "a.zst b.zst c"},
	} {
		if got := strings.Join(union(strings.Fields(v.first), strings.Fields(v.second)), " "); got != v.want {
			t.Errorf("%q and %q: %q, not %q", v.first, v.second, got, v.want)
		}
	}
}

// What other programs make of a log, and what they did not.
func TestNamesOfRotated(t *testing.T) {
	rotated := []string{"events.jsonl.1", "events.jsonl.10.gz", "events.jsonl-20261130", "events-20261130.jsonl", "events.jsonl.old", "events.jsonl.bak", "events.jsonl.prev", "events_1.jsonl", "events.jsonl.2026-11-30_00:00:00",
		"events.jsonl.1.bz2", "events.jsonl.1.xz", "events.jsonl.1.zst", "events.jsonl.1.lz4", "events.jsonl.1.Z", "events.jsonl.1.zip", "events.2026-11-30T00:00:00Z.jsonl"}
	others := []string{"events.jsonl", "events-20261130T090807065Z.jsonl", "events-20261130T090807065Z.jsonl.zst", "events.jsonl.index", "events.jsonl.gz", "events.jsonl.", "events1.jsonl", "events.jsonl.1a", "event.jsonl.1", "events.json.1",
		"events.jsonl.older", "xevents.jsonl.1", "damaged-events.txt", "events.jsonl-", "events.jsonl.a"}
	for _, name := range rotated {
		if !isRotated("/a/events.jsonl", name) {
			t.Errorf("%s is not", name)
		}
	}
	for _, name := range others {
		if isRotated("/a/events.jsonl", name) {
			t.Errorf("%s is", name)
		}
	}
	if !isRotated("/a/events", "events.1") || isRotated("/a/events", "events2") || isRotated("/a/events", "1events") {
		t.Error("a log without an extension")
	}
}

// An index is told by its name and by how it begins.
func TestIndexes(t *testing.T) {
	for name, want := range map[string]bool{"0123456789abcdef": true, "0123456789abcdef.7": true, "0123456789abcdef.": false, "0123456789abcdef.x": false, "0123456789abcde": false, "0123456789abcdef0": false, "0123456789abcdeg": false, ".7": false} {
		if isIndexName(name) != want {
			t.Errorf("%s: %t", name, !want)
		}
	}
	file := filepath.Join(t.TempDir(), "x")
	for text, want := range map[string]bool{IndexMagic: true, IndexMagic + "7": true, IndexMagic[:5]: false, "": false, "x" + IndexMagic: false} {
		os.WriteFile(file, []byte(text), 0o600)
		if IsIndex(file) != want {
			t.Errorf("%q: %t", text, !want)
		}
	}
	if IsIndex(file + "x") {
		t.Error("a file that is not there")
	}
}

// What a line's writer says of a process, as seen from each other one.
func TestFates(t *testing.T) {
	me, ok := parseWriter(Writer())
	if !ok {
		t.Skip("this system does not tell")
	}
	here := process{namespace: me.namespace, boot: me.boot, machine: "m"}
	other := func(change func(p *process)) process {
		p := me
		p.machine = "m"
		change(&p)
		return p
	}
	for name, v := range map[string]struct {
		p    process
		here process
		want WriterFate
	}{
		"itself":               {other(func(p *process) {}), here, WriterAlive},
		"another start":        {other(func(p *process) { p.start += "1" }), here, WriterDead},
		"no such process":      {other(func(p *process) { p.pid = 1 << 30 }), here, WriterDead},
		"another boot":         {other(func(p *process) { p.boot = "b" }), here, WriterRestarted},
		"another machine":      {other(func(p *process) { p.boot, p.machine = "b", "n" }), here, WriterUnknown},
		"machines not known":   {other(func(p *process) { p.boot, p.machine = "b", "" }), process{namespace: me.namespace, boot: me.boot}, WriterUnknown},
		"another namespace":    {other(func(p *process) { p.namespace = "1" }), here, WriterUnknown},
		"here nothing is told": {other(func(p *process) {}), process{namespace: me.namespace}, WriterUnknown},
	} {
		if got := v.p.fate(v.here); got != v.want {
			t.Errorf("%s: %d, not %d", name, got, v.want)
		}
	}
	for text, want := range map[string]bool{"1:2:3:4:5": true, "1:2::4:": true, "0:2:3:4:5": false, "-1:2:3:4:5": false, "x:2:3:4:5": false, "1::3:4:5": false, "1:2:3::5": false, "1:2:3:4": false, "1:2:3:4:5:6": false, "": false} {
		if _, ok := parseWriter(text); ok != want {
			t.Errorf("%q: %t", text, ok)
		}
	}
	if Fate("x") != WriterUnknown || Fate(Writer()) != WriterAlive {
		t.Error("this process is alive")
	}
	for id, want := range map[string]string{"": "", "0123456789abcde": "", "uninitialized": "", "0123456789abcdef": fmt.Sprintf("%016x", fnv64a("0123456789abcdef")), " 0123456789abcdef\n": fmt.Sprintf("%016x", fnv64a("0123456789abcdef"))} {
		if got := machineHash(id); got != want {
			t.Errorf("%q: %q, not %q", id, got, want)
		}
	}
}

// Notes: a text is left once an hour, in one line, and the older half goes.
func TestNotesBoundaries(t *testing.T) {
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	at := func(d time.Duration, text string) string { return now.Add(d).Format(timeFormat) + " " + text + "\n" }
	for notes, want := range map[string]bool{
		"": false, at(-time.Minute, "x"): true, at(time.Millisecond-time.Hour, "x"): true, at(-time.Hour, "x"): false, at(time.Hour, "x"): false, at(-time.Minute, "xy"): false, at(-time.Minute, "yx"): false, at(-time.Minute, "y x"): false,
		at(-2*time.Hour, "x") + at(-time.Minute, "x") + at(-time.Second, "y"): true, at(-time.Minute, "x") + at(-2*time.Hour, "x"): false, "x\n" + at(-time.Minute, "x"): true, "not a time but 24 bytes! x\n": false, "half" + at(-time.Minute, "x"): false,
	} {
		if isRecent([]byte(notes), "x", now) != want {
			t.Errorf("%q: %t", notes, !want)
		}
	}
	home := t.TempDir()
	Note(home, strings.Repeat("a", 600)+"\nb")
	Note(home, "two\nlines")
	if n, err := Notes(home); err != nil || len(n) != 2 || n[0].Text != strings.Repeat("a", 500) || n[1].Text != "two lines" || time.Since(n[1].Time) > time.Hour {
		t.Errorf("%v %v", n, err)
	}
	if st, err := os.Stat(home + "/notes"); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", st.Mode(), err)
	}
	// As long as there is room they stay, then the older half goes, by whole lines.
	for size, wantFirst := range map[int]string{notesMax - 40: "0000", notesMax: "0000", notesMax + 1: "", notesMax + 5000: ""} {
		var b strings.Builder
		for i := 0; b.Len() < size-200; i++ {
			fmt.Fprintf(&b, "%s %04d%s\n", now.Format(timeFormat), i, strings.Repeat(".", 100))
		}
		b.WriteString(now.Format(timeFormat) + " " + strings.Repeat("z", size-b.Len()-26) + "\n")
		os.WriteFile(home+"/notes", []byte(b.String()), 0o600)
		Note(home, "the last")
		n, err := Notes(home)
		st, _ := os.Stat(home + "/notes")
		if err != nil || n[len(n)-1].Text != "the last" || st.Size() > 20<<10 {
			t.Fatalf("of %d: %v, %d bytes", size, err, st.Size())
		}
		if first := strings.TrimRight(n[0].Text, "."); wantFirst != "" && first != wantFirst || wantFirst == "" && (st.Size() > notesMax/2+100 || st.Size() < notesMax/2-200 || len(first) != 4) {
			t.Errorf("of %d bytes stay %d, from %q on", size, st.Size(), n[0].Text)
		}
	}
	os.WriteFile(home+"/notes", []byte("no time here\n"+at(0, "a")+at(0, "")+"2026\n"), 0o600)
	if n, err := Notes(home); err != nil || len(n) != 2 || n[0].Text != "a" || n[1].Text != "" {
		t.Errorf("%v %v", n, err)
	}
	if n, err := Notes(home + "/none"); n != nil || err != nil {
		t.Errorf("%v %v", n, err)
	}
}

func open(t *testing.T, path string) int {
	t.Helper()
	fd, err := sys.Open(path, sys.OpenFlags|syscall.O_CREAT, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	return fd
}

// Each step of an append by itself, at the moment in which others interfere.
func TestStepsOfAnAppend(t *testing.T) {
	dir := t.TempDir()
	path := dir + "/e.jsonl"
	step := func(fd int, owner int) (bool, error) {
		var wait sys.LockTimer
		return appendTo(fd, path, []byte("{}\n"), owner, &wait)
	}
	holds := func(want string) {
		t.Helper()
		if got, _ := os.ReadFile(path); string(got) != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
	fd := open(t, path)
	if done, err := step(fd, AnyOwner); !done || err != nil {
		t.Error(done, err)
	}
	holds("{}\n")
	os.WriteFile(path, []byte("{}\n{\"half"), 0o600)
	if done, err := step(fd, os.Geteuid()); !done || err != nil {
		t.Error(done, err)
	}
	holds("{}\n{\"half\n{}\n")
	if done, err := step(fd, os.Geteuid()+1); done || err != ErrForeign {
		t.Error("somebody else's log", done, err)
	}
	// Renamed away, removed, or another file in its place: to be opened again.
	os.Rename(path, path+".1")
	if done, err := step(fd, AnyOwner); done || err != nil {
		t.Error("renamed", done, err)
	}
	os.WriteFile(path, []byte("other\n"), 0o600)
	if done, err := step(fd, AnyOwner); done || err != nil {
		t.Error("another file", done, err)
	}
	holds("other\n")
	if b, _ := os.ReadFile(path + ".1"); string(b) != "{}\n{\"half\n{}\n" {
		t.Errorf("the renamed one got a line: %q", b)
	}
	// Without the lock, the line comes behind a newline, and once more if the file is gone.
	if done, err := appendUnlocked(open(t, path), []byte("{}\n"), 6); !done || err != nil {
		t.Error(done, err)
	}
	holds("other\n\n{}\n")
	fd = open(t, path)
	os.Remove(path)
	if done, err := appendUnlocked(fd, []byte("{}\n"), 10); done || err != nil {
		t.Error("removed", done, err)
	}
	// A short write is taken back, unless somebody wrote behind it.
	for _, v := range []struct {
		size, end, n int64
		want         int64
	}{{10, 10, 4, 6}, {12, 10, 4, 12}, {10, 10, 10, 0}, {10, 10, 11, 10}} {
		os.WriteFile(path, make([]byte, v.size), 0o600)
		fd, err := syscall.Open(path, syscall.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		syscall.Seek(fd, v.end, 0)
		undo(fd, v.n)
		syscall.Close(fd)
		if st, _ := os.Stat(path); st.Size() != v.want {
			t.Errorf("%+v: %d bytes", v, st.Size())
		}
	}
}

// What can be no log is refused, and says why.
func TestRefusedLogs(t *testing.T) {
	dir := t.TempDir()
	syscall.Mkfifo(dir+"/fifo", 0o600)
	os.Symlink("x", dir+"/link")
	os.Mkdir(dir+"/dir", 0o700)
	os.WriteFile(dir+"/file", nil, 0o600)
	for name, want := range map[string]error{"fifo": ErrNotRegular, "link": ErrSymlink, "dir": syscall.EISDIR, "file": nil} {
		if err := Writable(dir + "/" + name); !errors.Is(err, want) {
			t.Errorf("%s: %v, not %v", name, err, want)
		}
		if err := Append(dir+"/"+name, []byte("{}\n")); !errors.Is(err, want) {
			t.Errorf("%s: %v, not %v", name, err, want)
		}
	}
	if err := Writable(dir + "/none"); !errors.Is(err, syscall.ENOENT) {
		t.Error(err)
	}
	if err := AppendAs(dir+"/none", []byte("{}\n"), os.Geteuid()); !errors.Is(err, syscall.ENOENT) {
		t.Error("a log of somebody's was made", err)
	}
	if err := Append("/dev/null", []byte("{}\n")); err != nil {
		t.Error(err)
	}
	if err := Append(dir+"/new/deep/e.jsonl", []byte("{}\n")); err != nil {
		t.Error(err)
	}
	for name, mode := range map[string]os.FileMode{"new": 0o700, "new/deep": 0o700, "new/deep/e.jsonl": 0o600} {
		if st, err := os.Stat(dir + "/" + name); err != nil || st.Mode().Perm() != mode {
			t.Errorf("%s: %v %v", name, st.Mode(), err)
		}
	}
	open, _ := filepath.Glob("/proc/self/fd/*") // nothing where there is no /proc
	for _, name := range []string{"fifo", "dir"} {
		for range 20 {
			if f, err := OpenRegular(dir + "/" + name); err == nil || !errors.Is(err, ErrNotRegular) {
				t.Error(f, err)
			}
		}
	}
	if left, _ := filepath.Glob("/proc/self/fd/*"); len(left) >= len(open)+20 {
		t.Errorf("%d files are open, %d were", len(left), len(open))
	}
}

// Sealing: a name that is taken gets the next millisecond; nothing is sealed
// of what is empty, and the log goes on.
func TestSealing(t *testing.T) {
	dir := t.TempDir()
	path := dir + "/e.jsonl"
	if name, err := Seal(path); name != "" || err != nil {
		t.Error("missing", name, err)
	}
	os.WriteFile(path, nil, 0o600)
	if name, err := Seal(path); name != "" || err != nil {
		t.Error("empty", name, err)
	}
	var names []string
	for i := range 5 {
		Append(path, []byte(fmt.Sprintf("{\"n\":%d}\n", i)))
		before := time.Now().Truncate(time.Millisecond)
		name, err := Seal(path)
		if at, ok := SealedAt(path, name); err != nil || !ok || at.Before(before) || at.After(time.Now().Add(10*time.Millisecond)) {
			t.Fatal(name, err)
		}
		names = append(names, name)
		if st, err := os.Stat(path); err != nil || st.Size() != 0 || st.Mode().Perm() != 0o600 {
			t.Error("no empty log in its place", err)
		}
	}
	Append(path, []byte("{}\n"))
	if got, err := Segments(path); err != nil || !slices.Equal(got, append(names, path)) {
		t.Errorf("%q %v, not %q", got, err, names)
	}
	// What ended Slack before what is asked for, or later, is read.
	last, _ := SealedAt(path, names[2])
	for d, want := range map[time.Duration]int{0: 4, time.Millisecond: 3, -time.Hour: 6, 48 * time.Hour: 1} {
		files, err := OpenSegments(path, last.Add(Slack+d))
		n := 0
		for _, f := range files {
			n++
			f.Close()
		}
		if err != nil || n != want {
			t.Errorf("%v: %d files, not %d; %v", d, n, want, err)
		}
	}
	os.Symlink("gone", SealedName(path, last.Add(time.Hour), ""))
	if _, err := OpenSegments(path, time.Time{}); !errors.Is(err, ErrNotRegular) {
		t.Error("a dangling link", err)
	}
}

// fnv64a is the FNV-1a of 64 bits.
func fnv64a(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

// TestSealOfALockedLog: the lock is waited for once, and nothing is renamed.
func TestSealOfALockedLog(t *testing.T) {
	defer func(was time.Duration) { sealWait = was }(sealWait)
	sealWait = 10 * time.Millisecond
	path := t.TempDir() + "/e.jsonl"
	Append(path, []byte("{}\n"))
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if name, err := Seal(path); name != "" || !errors.Is(err, ErrLocked) {
		t.Error(name, err)
	}
	if got, err := Segments(path); len(got) != 1 {
		t.Error(got, err)
	}
}

// TestAppendBehindOneByte: the shortest fragment is ended as well.
func TestAppendBehindOneByte(t *testing.T) {
	for was, want := range map[string]string{"": "{}\n", "x": "x\n{}\n", "\n": "\n{}\n", "xy": "xy\n{}\n"} {
		path := t.TempDir() + "/e.jsonl"
		os.WriteFile(path, []byte(was), 0o600)
		if err := Append(path, []byte("{}\n")); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); string(got) != want {
			t.Errorf("behind %q: %q", was, got)
		}
	}
}

// TestAlone: one goes on, the other waits until it is done or as long as it may.
func TestAlone(t *testing.T) {
	path := t.TempDir() + "/e.jsonl"
	done := Alone(path, time.Hour)
	Alone(path, time.Millisecond)() // it waits in vain, and closes what is its own alone
	got := make(chan bool)
	go func() { Alone(path, time.Hour)(); close(got) }()
	select {
	case <-got:
		t.Error("two are alone")
	case <-time.After(30 * time.Millisecond):
	}
	done()
	<-got
	Alone(path+"/gone/e.jsonl", time.Hour)()
}

// TestDamagedLinesAside: into a regular file alone.
func TestDamagedLinesAside(t *testing.T) {
	path := t.TempDir() + "/e.jsonl"
	f, err := OpenAside(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if st, err := os.Stat(AsidePath(path)); err != nil || st.Mode() != 0o600 {
		t.Error(st, err)
	}
	other := t.TempDir() + "/e.jsonl"
	if err := syscall.Mkfifo(AsidePath(other), 0o600); err != nil {
		t.Fatal(err)
	}
	if f, err := OpenAside(other); !errors.Is(err, ErrNotRegular) {
		t.Error(f, err)
	}
}
