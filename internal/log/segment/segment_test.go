package segment

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/log"
)

// lines reads everything that the log at path holds, as a reader does.
func lines(t testing.TB, path string, since time.Time) []string {
	t.Helper()
	files, err := log.OpenSegments(path, since)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range files {
		var r io.Reader = f
		if strings.HasSuffix(f.Name(), Ext) {
			z, err := zstd.NewReader(f)
			if err != nil {
				t.Fatal(err)
			}
			defer z.Close()
			r = z
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
		for line := range bytes.Lines(b) {
			if s := strings.TrimSuffix(string(line), "\n"); s != "" {
				all = append(all, s)
			}
		}
	}
	return all
}

func write(t testing.TB, path string, text ...string) {
	t.Helper()
	for _, s := range text {
		if err := log.Append(path, []byte(s+"\n")); err != nil {
			t.Fatal(err)
		}
	}
}

func want(t testing.TB, path string, text ...string) {
	t.Helper()
	if got := lines(t, path, time.Time{}); fmt.Sprint(got) != fmt.Sprint(text) {
		t.Errorf("got %q, want %q", got, text)
	}
}

func TestRotateCompressPrune(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	write(t, path, "a", "b")
	first, err := Rotate(path, When{})
	if err != nil || first == "" {
		t.Fatal(first, err)
	}
	want(t, path, "a", "b")
	write(t, path, "c")
	second, err := Rotate(path, When{})
	if err != nil || second <= first {
		t.Fatal(second, err)
	}
	if again, err := Rotate(path, When{}); again != "" || err != nil {
		t.Fatalf("an empty log was sealed: %q, %v", again, err)
	}
	write(t, path, "d")
	want(t, path, "a", "b", "c", "d")

	done, pending, err := Compress(path, time.Now())
	if err != nil || len(done) != 0 || pending <= 0 || pending > Grace {
		t.Fatalf("young segments: %q, %v, %v", done, pending, err)
	}
	later := time.Now().Add(Grace + time.Second)
	if done, pending, err = Compress(path, later); err != nil || len(done) != 2 || pending != 0 {
		t.Fatalf("%q, %v, %v", done, pending, err)
	}
	want(t, path, "a", "b", "c", "d")
	if names, _ := log.Segments(path); len(names) != 3 || names[0] != first+Ext || names[2] != path {
		t.Errorf("segments %q", names)
	}

	cut, _ := log.SealedAt(path, second)
	if p, err := Prune(path, cut, true, nil); err != nil || len(p) != 1 || p[0].Name != first+Ext || p[0].Size == 0 {
		t.Errorf("dry: %+v, %v", p, err)
	}
	want(t, path, "a", "b", "c", "d")
	index := filepath.Join(log.IndexDir(path), "0123456789abcdef")
	if err := errors.Join(os.Mkdir(filepath.Dir(index), 0o700), os.WriteFile(index, []byte(log.IndexMagic+"1\na"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if p, err := Prune(path, cut, false, nil); err != nil || len(p) != 1 {
		t.Errorf("prune: %+v, %v", p, err)
	}
	if _, err := os.Stat(index); err == nil {
		t.Error("the index still quotes what was pruned")
	}
	want(t, path, "c", "d")
}

func TestSinceSkipsByName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	old := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for i, label := range []string{"", "import"} {
		name := log.SealedName(path, old.AddDate(0, i, 0), label)
		if err := os.WriteFile(name, []byte(name+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(t, path, "now")
	for since, n := range map[time.Time]int{{}: 3, old: 3, old.Add(log.Slack): 3, old.Add(log.Slack + time.Millisecond): 2, old.AddDate(1, 0, 0): 1} {
		if got := lines(t, path, since); len(got) != n {
			t.Errorf("since %v: %q", since, got)
		}
	}
}

func TestDue(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	check := func(w When, want bool) {
		t.Helper()
		if due, err := w.Due(path); due != want || err != nil {
			t.Errorf("%+v: %v, %v", w, due, err)
		}
	}
	check(When{}, false) // no log
	write(t, path, `{"ts":"2026-11-01T00:00:00.000Z","v":1}`)
	check(When{}, true)
	check(When{Month: now}, false)
	check(When{Month: now.AddDate(0, 1, 0)}, true)
	check(When{Size: 1000}, false)
	check(When{Size: 40}, true)
	check(When{Size: 1000, Month: now.AddDate(0, 1, 0)}, true)
	os.WriteFile(path, []byte("x\n"), 0o600)
	check(When{Month: now}, false)
	// A writer without the lock begins with a newline, one that was killed
	// leaves the begin of a line.
	for _, before := range []string{"\n", "{\"ts\":\"20\n\n"} {
		os.WriteFile(path, []byte(before+`{"ts":"2026-10-31T00:00:00.000Z","v":1}`+"\n"), 0o600)
		check(When{Month: now}, true)
	}
	fifo := path + ".fifo"
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (When{}).Due(fifo); !errors.Is(err, log.ErrNotRegular) {
		t.Errorf("a fifo that nobody writes: %v", err)
	}
}

// What is not a file but has a segment's name holds nothing up and is not
// said to be removed.
func TestNoFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	now := time.Now()
	name := log.SealedName(path, now.AddDate(-1, 0, 0), "")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Compress(path, now.Add(time.Hour)); !errors.Is(err, log.ErrNotRegular) {
		t.Errorf("compressed a fifo: %v", err)
	}
	if _, err := Prune(path, now, false, nil); !errors.Is(err, log.ErrNotRegular) {
		t.Errorf("pruned a fifo: %v", err)
	}
	if err := errors.Join(os.Remove(name), os.Symlink(path+".gone", name)); err != nil {
		t.Fatal(err)
	}
	if p, err := Prune(path, now, false, nil); len(p) != 0 || err != nil {
		t.Errorf("pruned a link to nothing: %+v, %v", p, err)
	}
}

// A writer without a lock has the file open while it is sealed, compressed
// and removed.
func TestLateWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	write(t, path, "a")
	late, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer late.Close()
	name, err := Rotate(path, When{})
	if err != nil {
		t.Fatal(err)
	}
	late.WriteString("\nb\n")
	want(t, path, "a", "b")

	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	size, err := writeCopy(f, name)
	if err != nil {
		t.Fatal(err)
	}
	late.WriteString("\nc\n\n") // between the copy and the removal
	want(t, path, "a", "b", "c")
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := rescue(path, f, size); err != nil {
		t.Fatal(err)
	}
	want(t, path, "a", "b", "c")
	if text, err := os.ReadFile(path); err != nil || bytes.HasPrefix(text, []byte("\n")) || bytes.Contains(text, []byte("\n\n")) {
		t.Errorf("an empty line was rescued: %q, %v", text, err)
	}
}

// A compression was killed between putting the copy in place and removing the
// plain file, which has grown since.
func TestInterrupted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	write(t, path, "a")
	name, err := Rotate(path, When{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := writeCopy(f, name); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+Ext+".123")
	os.WriteFile(left, nil, 0o600)
	os.Chtimes(left, time.Time{}, time.Now().Add(-2*time.Hour))
	plain, _ := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	plain.WriteString("b\n")
	plain.Close()
	want(t, path, "a", "b")
	if done, _, err := Compress(path, time.Now().Add(Grace)); err != nil || len(done) != 1 {
		t.Fatal(done, err)
	}
	want(t, path, "a", "b")
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Error("the unfinished copy is still there")
	}
	if _, err := os.Stat(name); !os.IsNotExist(err) {
		t.Error("the plain file is still there")
	}
}

func TestNames(t *testing.T) {
	at := time.Date(2026, 11, 22, 21, 23, 45, 678e6, time.UTC)
	for path, name := range map[string]string{
		"/a/events.jsonl": "/a/events-20261122T212345678Z.jsonl",
		"/a/.log":         "/a/.log-20261122T212345678Z",
		"/x":              "/x-20261122T212345678Z",
	} {
		if got := log.SealedName(path, at, ""); got != name {
			t.Errorf("%s: %s", path, got)
		}
		for _, n := range []string{name, name + Ext, log.SealedName(path, at, "import")} {
			if got, ok := log.SealedAt(path, n); !ok || !got.Equal(at) {
				t.Errorf("%s: %v %v", n, got, ok)
			}
		}
	}
	for _, no := range []string{"events.jsonl", "events-x.jsonl", "events-20261122T212345678Z.txt", "events-20261122T212345678Zx.jsonl",
		"events-20261322T212345678Z.jsonl", "other-20261122T212345678Z.jsonl", ".events-20261122T212345678Z.jsonl.zst.1"} {
		if at, ok := log.SealedAt("/a/events.jsonl", no); ok {
			t.Errorf("%s: %v", no, at)
		}
	}
}

// TestLeftovers: what a killed compression left an hour ago goes; what is younger, or only
// has such a name, stays.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "events.jsonl")
	write(t, path, "a")
	sealed, err := Rotate(path, When{})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	ours := "." + filepath.Base(sealed) + Ext + "."
	for name, v := range map[string]struct {
		age  time.Duration
		goes bool
	}{
		ours + "1": {time.Hour, false}, ours + "2": {time.Hour + time.Second, true}, ours + "3": {0, false},
		".notes" + Ext + ".1": {48 * time.Hour, false}, "." + filepath.Base(path) + Ext + ".1": {48 * time.Hour, false},
		strings.TrimPrefix(ours, ".") + "4": {48 * time.Hour, false},
	} {
		file := filepath.Join(dir, name)
		if err := errors.Join(os.WriteFile(file, nil, 0o600), os.Chtimes(file, now, now.Add(-v.age))); err != nil {
			t.Fatal(err)
		}
		dropLeftovers(path, now)
		if _, err := os.Stat(file); (err != nil) != v.goes {
			t.Errorf("%s of %v: %v", name, v.age, err)
		}
	}
}
