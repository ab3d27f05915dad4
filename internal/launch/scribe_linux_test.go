//go:build linux && (amd64 || arm64) && !portable

package launch

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"pi-track/internal/log/box"
)

// longPatience is so long that who waits for its end hangs.
func longPatience(t *testing.T) {
	was := patience
	patience = time.Hour
	t.Cleanup(func() { patience = was })
}

func aBox(t *testing.T) *box.Box {
	t.Helper()
	home := t.TempDir()
	b, err := box.New(home, "019ab0c3-7d01-7abc-8def-0123456789ab", home+"/e.jsonl", []byte("{}\n"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Discard)
	return b
}

// TestScribeIsWaitedFor: until it says that the line is logged, but not where there is none
// or it is gone.
func TestScribeIsWaitedFor(t *testing.T) {
	longPatience(t)
	finish := func(s *scribe) chan bool {
		done := make(chan bool)
		go func() { s.finish([]byte("{}\n")); close(done) }()
		return done
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(pair[0])
	done := finish(&scribe{box: aBox(t), conn: pair[0]})
	var message [64]byte
	if n, err := syscall.Read(pair[1], message[:]); err != nil || string(message[:n]) != "e{}\n" {
		t.Errorf("%q, %v", message[:n], err)
	}
	select {
	case <-done:
		t.Error("it is not waited for")
	case <-time.After(30 * time.Millisecond):
	}
	syscall.Close(pair[1]) // which is the answer
	for what, done := range map[string]chan bool{
		"has answered": done, "is gone": finish(&scribe{box: aBox(t), conn: pair[0]}), "never was": finish(&scribe{box: aBox(t), conn: -1}),
	} {
		select {
		case <-done:
		case <-time.After(time.Minute):
			t.Fatalf("a scribe that %s is waited for", what)
		}
	}
}

// TestScribeHindersNobody: one that reads nothing does not block the supervisor, and one
// that was killed has got nothing.
func TestScribeHindersNobody(t *testing.T) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(pair[0])
	s := &scribe{box: aBox(t), conn: pair[0]}
	full := make(chan bool)
	go func() {
		for s.send(startMessage, make([]byte, 4096)) {
		}
		close(full)
	}()
	select {
	case <-full:
	case <-time.After(time.Minute):
		t.Fatal("it waits for a scribe that does not read")
	}
	syscall.Close(pair[1])
	if s.send(endMessage, []byte("{}\n")) {
		t.Error("a killed scribe has got the line")
	}
}

// TestSearchForARepoLeavesNothingOpen: nor does it close what it did not open.
func TestSearchForARepoLeavesNothingOpen(t *testing.T) {
	home := t.TempDir()
	deep := filepath.Join(home, "a/b/c")
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(deep)
	open := func() int {
		files, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	before := open()
	for _, want := range []string{"", home, deep} {
		if want != "" {
			if err := os.MkdirAll(want+"/.git", 0o700); err != nil {
				t.Fatal(err)
			}
			os.WriteFile(want+"/.git/HEAD", []byte("ref: refs/heads/main\n"), 0o600)
		}
		if got, later := FindRepo(home, deep); later != nil || want != "" && got != want {
			t.Errorf("%q, not %q; %v", got, want, later)
		}
	}
	if after := open(); after != before {
		t.Errorf("%d files are open, and were %d", after, before)
	}
}
