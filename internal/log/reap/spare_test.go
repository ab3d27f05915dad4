//go:build linux && (amd64 || arm64)

package reap

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/log/box"
	"pi-track/internal/log/logtest"
	"pi-track/internal/log/sys"
)

// makeSpare leaves a spare box of this process and returns its path.
func makeSpare(t testing.TB, home string) string {
	t.Helper()
	newBox(t, home, uid("spare")).Discard()
	path := box.SparePath(home, os.Getpid())
	if logtest.Inode(t, path) == 0 {
		t.Fatal("no spare box")
	}
	return path
}

// lockSpare locks a spare box, as the process does that takes it.
func lockSpare(path string) (fd int, ok bool) {
	fd, err := sys.Open(path, syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	return fd, err == nil && sys.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// One file is the box of one run after another, and holds nothing in between.
func TestSpareBoxIsUsedAgain(t *testing.T) {
	home := t.TempDir()
	spare := makeSpare(t, home)
	file := logtest.Inode(t, spare)
	for i := range 5 {
		id := uid(strconv.Itoa(i))
		b := newBox(t, home, id)
		if logtest.Inode(t, box.Path(home, id)) != file || logtest.Inode(t, spare) != 0 {
			t.Fatal("the spare box was not used")
		}
		if image, err := os.ReadFile(box.Path(home, id)); err != nil || bytes.ContainsAny(image[box.AtRing:box.AtStart], "s") || lineIn(image[box.AtEnd:]) != nil {
			t.Errorf("left of the run before: %q, %v", image, err)
		}
		ring, total := b.Ring()
		*total = uint64(copy(ring, "secret"))
		b.Beat(time.Second)
		if err := b.Start(line(id, event.Started)); err != nil {
			t.Fatal(err)
		}
		if err := b.Finish(line(id, event.Failed)); err != nil {
			t.Fatal(err)
		}
		empty(t, home)
		if logtest.Inode(t, spare) != file {
			t.Fatal("the box was not given back")
		}
	}
	reap(t, home, 0)
	if got := events(t, home+"/events.jsonl"); len(got) != 10 {
		t.Errorf("%d events", len(got))
	}
}

// What cannot be a spare box is let alone, and the run has a box of its own.
func TestSpareBoxRefused(t *testing.T) {
	for name, spoil := range map[string]func(spare string) error{
		"short":     func(spare string) error { return os.Truncate(spare, box.Size-1) },
		"long":      func(spare string) error { return os.Truncate(spare, box.Size+1) },
		"mode":      func(spare string) error { return os.Chmod(spare, 0o644) },
		"two names": func(spare string) error { return os.Link(spare, spare+"x") },
		"symlink": func(spare string) error {
			if err := os.Rename(spare, spare+"x"); err != nil {
				return err
			}
			return os.Symlink(spare+"x", spare)
		},
		"directory": func(spare string) error {
			if err := os.Remove(spare); err != nil {
				return err
			}
			return os.Mkdir(spare, 0o700)
		},
		"fifo": func(spare string) error {
			if err := os.Remove(spare); err != nil {
				return err
			}
			return syscall.Mkfifo(spare, 0o600)
		},
		"foreign": func(spare string) error {
			if os.Geteuid() != 0 {
				return os.Chmod(spare, 0o644) // nobody else's file can be made
			}
			return os.Chown(spare, 1, 1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			spare := makeSpare(t, home)
			if err := spoil(spare); err != nil {
				t.Fatal(err)
			}
			file := logtest.Inode(t, spare)
			b := newBox(t, home, uid("id"))
			if logtest.Inode(t, box.Path(home, uid("id"))) == file || logtest.Inode(t, spare) != file {
				t.Error("it was used")
			}
			b.Discard()
			if logtest.Inode(t, spare) != file || logtest.Inode(t, box.Path(home, uid("id"))) != 0 {
				t.Error("it was replaced, or the box is still there")
			}
		})
	}
}

// The supervisor was killed at one point or another of taking a spare box or
// giving it back.
func TestSpareBoxKilledBetween(t *testing.T) {
	t.Run("before it had its name", func(t *testing.T) {
		home := t.TempDir()
		spare := makeSpare(t, home)
		fd, _ := lockSpare(spare)
		stale := bytes.Repeat([]byte("stale\n"), box.Size)[:box.Size]
		if err := sys.Pwrite(fd, stale, 0); err != nil {
			t.Fatal(err)
		}
		syscall.Close(fd)
		reap(t, home, 0)
		b := newBox(t, home, uid("id"))
		if image, _ := os.ReadFile(box.Path(home, uid("id"))); bytes.Contains(image, []byte("stale")) {
			t.Errorf("%q", image)
		}
		b.Discard()
		empty(t, home)
	})
	t.Run("before the contents went", func(t *testing.T) {
		home := t.TempDir()
		makeSpare(t, home)
		b := newBox(t, home, uid("id"))
		end := line(uid("id"), event.Succeeded)
		if err := b.put(end, box.AtEnd); err != nil {
			t.Fatal(err)
		}
		if err := b.LogEnd(end); err != nil {
			t.Fatal(err)
		}
		b.die()
		reap(t, home, 1)
		if got := contents(t, b.path); len(got) != 3 || got[1] != got[2] {
			t.Errorf("%q", got)
		}
	})
	t.Run("before it was spare again", func(t *testing.T) {
		for _, n := range []int{1, box.AtRing, box.Size} { // bytes gone
			home := t.TempDir()
			makeSpare(t, home)
			b := newBox(t, home, uid("id"))
			if err := b.Start(line(uid("id"), event.Started)); err != nil {
				t.Fatal(err)
			}
			if err := sys.Pwrite(b.fd, box.Blank[:n], 0); err != nil {
				t.Fatal(err)
			}
			b.die()
			reap(t, home, 0)
			dropDamaged(home, uid("id"))
			empty(t, home)
			if got := contents(t, b.path); len(got) != 1 {
				t.Errorf("%q", got)
			}
		}
	})
}

// The slot of the process is taken: the box goes as if there were no slots.
func TestSpareBoxGivenBackTwice(t *testing.T) {
	home := t.TempDir()
	a, b := newBox(t, home, uid("a")), newBox(t, home, uid("b"))
	a.Discard()
	file := logtest.Inode(t, box.SparePath(home, os.Getpid()))
	b.Discard()
	if logtest.Inode(t, box.SparePath(home, os.Getpid())) != file {
		t.Error("the spare box was replaced")
	}
	empty(t, home)
}

func TestRemoveSpares(t *testing.T) {
	home := t.TempDir()
	spare := makeSpare(t, home)
	fd, _ := lockSpare(spare)
	RemoveSpares(home)
	if logtest.Inode(t, spare) == 0 {
		t.Error("a spare box in use was removed")
	}
	syscall.Close(fd)
	b := newBox(t, home, uid("id"))
	if err := os.WriteFile(box.SparePath(home, os.Getpid()+1), box.Blank[:], 0o600); err != nil {
		t.Fatal(err)
	}
	RemoveSpares(home)
	entries, _ := os.ReadDir(home + "/open")
	if len(entries) != 1 || entries[0].Name() != uid("id") {
		t.Errorf("left: %v", entries)
	}
	b.Discard()
	RemoveSpares(home)
	if _, err := os.Stat(home + "/open"); !os.IsNotExist(err) {
		t.Errorf("open is left: %v", err)
	}
}
