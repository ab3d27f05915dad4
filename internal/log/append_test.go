package log

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

func TestAppend(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "events.jsonl")
	for i := range 3 {
		if err := Append(path, fmt.Appendf(nil, "{%d}\n", i)); err != nil {
			t.Fatal(err)
		}
	}
	if b, _ := os.ReadFile(path); string(b) != "{0}\n{1}\n{2}\n" {
		t.Errorf("%q", b)
	}
	for name, mode := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700, filepath.Dir(filepath.Dir(path)): 0o700} {
		if st, err := os.Stat(name); err != nil || st.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", name, st.Mode(), err)
		}
	}
}

func TestAppendHeals(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	os.WriteFile(path, []byte("{1}\n{\"ts\":\"20"), 0o600)
	if err := Append(path, []byte("{2}\n")); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(path); string(b) != "{1}\n{\"ts\":\"20\n{2}\n" {
		t.Errorf("%q", b)
	}
}

func TestAppendBesideStoppedHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	os.WriteFile(path, []byte("{1}\n"), 0o600)
	holder, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	if err := syscall.Flock(int(holder.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if err := Append(path, []byte("{2}\n")); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(path); string(b) != "{1}\n\n{2}\n" {
		t.Errorf("%q", b)
	}
}

func TestAppendRefuses(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, err := range []error{
		syscall.Mkfifo(in("fifo"), 0o600),
		os.Mkdir(in("dir"), 0o700),
		os.WriteFile(in("target"), nil, 0o600),
		os.Symlink("target", in("symlink")),
		os.Symlink("nowhere", in("dangling")),
		os.WriteFile(in("file"), nil, 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]error{
		in("fifo"):                   ErrNotRegular, // nobody reads it
		in("dir"):                    syscall.EISDIR,
		in("symlink"):                ErrSymlink,
		in("dangling"):               ErrSymlink,
		in("file/log"):               syscall.ENOTDIR,
		"/dev/full":                  ErrNotRegular,
		"/proc/self/mem":             syscall.EIO, // a regular file that fails when it is written
		"/proc/none/x":               syscall.ENOENT,
		"/dev/null":                  nil,
		in(strings.Repeat("x", 300)): syscall.ENAMETOOLONG,
	} {
		if err := Append(path, []byte("{}\n")); !errors.Is(err, want) {
			t.Errorf("%s: %v, not %v", path, err, want)
		}
		if got := Writable(path); (got == nil) != (want == nil) && path != "/proc/self/mem" && path != "/dev/null" {
			t.Errorf("%s: %v is said of it, and %v happens", path, got, want)
		}
	}
	for _, name := range []string{"target", "file"} {
		if st, _ := os.Stat(in(name)); st.Size() != 0 {
			t.Errorf("%s was written", name)
		}
	}
	if _, err := os.Lstat(in("nowhere")); err == nil {
		t.Error("the target of a dangling link was made")
	}
}

// A log that is someone else's is refused, by root too, unless it stands in a
// directory of the same owner, as under sudo.
func TestAppendForeign(t *testing.T) {
	if os.Geteuid() != 0 {
		if err := Append("/etc/passwd", []byte("{}\n")); !errors.Is(err, syscall.EACCES) {
			t.Error(err)
		}
		return
	}
	const nobody = 65534
	dir := t.TempDir()
	path := filepath.Join(dir, "events.jsonl")
	os.WriteFile(path, nil, 0o600)
	os.Chown(path, nobody, nobody)
	if err := Append(path, []byte("{}\n")); !errors.Is(err, ErrForeign) {
		t.Errorf("someone else's file: %v", err)
	}
	if err := Writable(path); !errors.Is(err, ErrForeign) {
		t.Errorf("someone else's file can be written: %v", err)
	}
	os.Chown(dir, nobody, nobody)
	if err := Append(path, []byte("{}\n")); err != nil {
		t.Errorf("the file of the directory's owner: %v", err)
	}
}

func TestAppendWhileSealing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "events.jsonl")
	const writers, each = 8, 200
	var wg sync.WaitGroup
	stop := make(chan struct{})
	sealed := make(chan int)
	go func() {
		n := 0
		for {
			select {
			case <-stop:
				sealed <- n
				return
			default:
			}
			if name, err := Seal(path); err != nil {
				t.Error(err)
			} else if name != "" {
				n++
			}
		}
	}()
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if err := Append(path, fmt.Appendf(nil, "{%d %d}\n", w, i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	close(stop)
	if n := <-sealed; n == 0 {
		t.Error("nothing was sealed")
	}
	names, err := Segments(path)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, name := range names {
		for _, l := range contents(t, name) {
			seen[l]++
		}
	}
	for w := range writers {
		for i := range each {
			if n := seen[fmt.Sprintf("{%d %d}\n", w, i)]; n != 1 {
				t.Errorf("line %d of writer %d occurs %d times", i, w, n)
			}
		}
	}
	if len(seen) != writers*each {
		t.Errorf("%d different lines", len(seen))
	}
}
