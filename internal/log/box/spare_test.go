//go:build linux && (amd64 || arm64)

package box

import (
	"os"
	"syscall"
	"testing"

	"pi-track/internal/event"
	"pi-track/internal/log/logtest"
	"pi-track/internal/log/sys"
)

// newBox makes a box in home.
func newBox(t testing.TB, home, id string) *Box {
	t.Helper()
	b, err := New(home, id, home+"/events.jsonl", line(id, event.Started))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// makeSpare leaves a spare box of this process and returns its path.
func makeSpare(t testing.TB, home string) string {
	t.Helper()
	newBox(t, home, uid("spare")).Discard()
	path := SparePath(home, os.Getpid())
	if logtest.Inode(t, path) == 0 {
		t.Fatal("no spare box")
	}
	return path
}

// Another process has the spare box, or it has become the box of a run whose
// supervisor died between this process's open and its lock.
func TestSpareBoxInUse(t *testing.T) {
	home := t.TempDir()
	spare := makeSpare(t, home)
	fd, ok := lockSpare(spare)
	if !ok {
		t.Fatal("no spare box")
	}
	if _, ok := lockSpare(spare); ok {
		t.Error("locked twice")
	}
	b := newBox(t, home, uid("id"))
	if logtest.Inode(t, Path(home, uid("id"))) == logtest.Inode(t, spare) {
		t.Error("a box in use was taken")
	}
	b.Discard()
	if err := sys.RenameNew(spare, Path(home, uid("dead"))); err != nil {
		t.Fatal(err)
	}
	_ = sys.Flock(fd, syscall.LOCK_UN)
	if isBox(spare, fd) {
		t.Error("the box of a run was taken for a spare one")
	}
	newBox(t, home, uid("other")).Discard() // another spare box under the name
	if isBox(spare, fd) {
		t.Error("the box of a run was taken for another, spare one")
	}
	syscall.Close(fd)
}
