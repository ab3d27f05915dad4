package segment

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pi-track/internal/log"
)

// Refused lines go to the other file byte for byte, the rest stays as it is, and
// what a writer without the lock appends at the last moment is in the log.
func TestFilter(t *testing.T) {
	for _, ext := range []string{"", Ext} {
		path := filepath.Join(t.TempDir(), "events.jsonl")
		long := strings.Repeat("x", 3<<20)
		good := "good 1\n\ngood 2 \xff\r\n" + strings.Repeat("good and long ", 200) + "\n"
		bad := "bad \x00\x01\n" + "bad" + long + "\n" + "bad at the end"
		text := "bad \x00\x01\ngood 1\n\nbad" + long + "\ngood 2 \xff\r\n" + strings.Repeat("good and long ", 200) + "\nbad at the end"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		name, err := log.Seal(path)
		if err != nil {
			t.Fatal(err)
		}
		late, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer late.Close()
		aside, err := log.OpenAside(path)
		if err != nil {
			t.Fatal(err)
		}
		defer aside.Close()
		now := time.Now()
		if _, wait, err := Filter(path, name, now, nil, aside); wait <= 0 || wait > Grace || err != nil {
			t.Errorf("a segment that was written just now: %v, %v", wait, err)
		}
		if ext != "" {
			if _, _, err := Compress(path, now.Add(2*Grace)); err != nil {
				t.Fatal(err)
			}
			name += ext
		}
		seen := 0
		keep := func(line []byte) bool {
			if seen++; seen == 3 && ext == "" {
				late.WriteString("late\n") // while it is rewritten
			}
			return !bytes.HasPrefix(line, []byte("bad"))
		}
		moved, wait, err := Filter(path, name, now.Add(2*Grace), keep, aside)
		if moved != 3 || wait != 0 || err != nil {
			t.Errorf("%q: moved %d, %v, %v", ext, moved, wait, err)
		}
		if got := read(t, log.AsidePath(path)); ext != "" && got != bad+"\n" || ext == "" && !strings.HasPrefix(got, bad) {
			t.Errorf("%q: put aside: %.60q and %d more", ext, got, len(got))
		}
		got, err := head(name)
		if err != nil || !strings.HasPrefix(got, good) {
			t.Errorf("%q: kept %.60q, %v", ext, got, err)
		}
		if ext == "" && strings.Count(got+read(t, path)+read(t, log.AsidePath(path)), "late\n") != 1 {
			t.Errorf("the late line stands not once: %.60q, %.60q", got, read(t, path))
		}
		if st, err := os.Stat(name); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", st.Mode(), err)
		}
		if moved, _, err := Filter(path, name, now.Add(2*Grace), keep, aside); moved != 0 || err != nil {
			t.Errorf("again: %d, %v", moved, err)
		}
		if left, _ := filepath.Glob(filepath.Dir(path) + "/.*"); left != nil {
			t.Errorf("left: %q", left)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// head is what a segment holds.
func head(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if !Compressed(name) {
		data, err := os.ReadFile(name)
		return string(data), err
	}
	z, err := Unpack(f)
	if err != nil {
		return "", err
	}
	defer z.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(z)
	return b.String(), err
}
