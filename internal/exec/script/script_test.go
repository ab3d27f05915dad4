//go:build linux && (amd64 || arm64) && !portable

package script

import (
	"os"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What a process does by its script; it ends with what the script says.
var ran Script

// shared is what scripts read and write, in memory that a process shares even where
// an emulator makes of it a copy of this one.
var shared = func() *struct {
	word           uint32
	self, up, left uintptr
} {
	page, err := unix.Mmap(-1, 0, os.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANON)
	if err != nil {
		panic(err)
	}
	return (*struct {
		word           uint32
		self, up, left uintptr
	})(unsafe.Pointer(&page[0]))
}()

// run runs the script and returns how its process ended.
func run(t *testing.T) syscall.WaitStatus {
	t.Helper()
	pid := ran.Clone(unix.CLONE_VM | unix.CLONE_VFORK | uintptr(syscall.SIGCHLD))
	if pid < 0 {
		t.Fatal(syscall.Errno(-pid))
	}
	var ws syscall.WaitStatus
	for {
		if _, err := syscall.Wait4(pid, &ws, 0, nil); err != syscall.EINTR {
			return ws
		}
	}
}

// exit ends the script.
func exit(status uintptr) { ran.Add(unix.SYS_EXIT_GROUP, status) }

// TestModes: each mode lets a script go on, skip a step or fail.
func TestModes(t *testing.T) {
	bad := func() *Step { return ran.Add(unix.SYS_CLOSE, ^uintptr(0)) } // EBADF
	for _, c := range []struct {
		name string
		add  func()
		want int
	}{
		{"an error is ignored", func() { bad(); exit(3) }, 3},
		{"success goes on", func() { ran.Add(unix.SYS_GETPID).Mode = MustSucceed; exit(3) }, 3},
		{"an error fails", func() { bad().Mode = MustSucceed; exit(3) }, 127},
		{"the expected result goes on", func() {
			s := bad()
			s.Mode, s.Args[4] = MustEqual, Failed(syscall.EBADF)
			exit(3)
		}, 3},
		{"another result fails", func() {
			s := bad()
			s.Mode, s.Args[4] = MustEqual, Failed(syscall.EPERM)
			exit(3)
		}, 127},
		{"the expected result skips nothing", func() {
			s := bad()
			s.Mode, s.Args[4] = SkipUnlessEqual, Failed(syscall.EBADF)
			exit(3)
			exit(4)
		}, 3},
		{"another result skips a step", func() {
			s := bad()
			s.Mode, s.Args[4] = SkipUnlessEqual, 0
			exit(3)
			exit(4)
		}, 4},
		{"a jump", func() {
			jump := ran.Jump(nil)
			exit(3)
			ran.Here(jump)
			exit(4)
		}, 4},
		{"on a result", func() {
			bad()
			other, same := ran.On(Failed(syscall.EPERM)), ran.On(Failed(syscall.EBADF))
			exit(3)
			ran.Here(other)
			exit(4)
			ran.Here(same)
			exit(5)
		}, 5},
		{"the parent is this process", func() { ran.DieWithParent(); exit(3) }, 3},
	} {
		ran.Reset()
		c.add()
		if ws := run(t); !ws.Exited() || ws.ExitStatus() != c.want {
			t.Errorf("%s: %#x instead of %d", c.name, ws, c.want)
		}
	}
}

// TestWordsInMemory: a script reads a word, and writes what a call has returned.
func TestWordsInMemory(t *testing.T) {
	for _, shared.word = range []uint32{0, 7, 8, ^uint32(0)} {
		ran.Reset()
		ran.Add(unix.SYS_GETPID).Result = addr(&shared.self)
		ran.Add(unix.SYS_GETPPID).Result = addr(&shared.up)
		is := ran.Equals(addr(&shared.word), 7)
		exit(1)
		ran.Here(is)
		exit(2)
		shared.self, shared.up = 0, 0
		if ws, want := run(t), map[bool]int{false: 1, true: 2}[shared.word == 7]; ws.ExitStatus() != want {
			t.Errorf("%d: %#x", shared.word, ws)
		}
		if us := uintptr(os.Getpid()); shared.self == us || shared.self == 0 || shared.up != us {
			t.Errorf("the process saw itself as %d and its parent as %d; this is %d", shared.self, shared.up, us)
		}
	}
}

// TestFork: a script makes a process with a script of its own, and goes on.
func TestFork(t *testing.T) {
	var child Script
	child.Add(unix.SYS_GETPID).Result = addr(&shared.left)
	child.Add(unix.SYS_EXIT_GROUP, 0)
	ran.Reset()
	ran.Keep = &child
	shared.left = 0
	ran.Fork(unix.CLONE_VM|unix.CLONE_VFORK|uintptr(syscall.SIGCHLD), &child)
	ran.Add(unix.SYS_WAIT4, ^uintptr(0), 0, 0, 0).Mode = MustSucceed
	exit(6)
	if ws := run(t); ws.ExitStatus() != 6 || shared.left == 0 {
		t.Errorf("%#x, and the second process was %d", ws, shared.left)
	}
}

// TestSignalsAreKept: they are blocked while a process is made, and as before then.
func TestSignalsAreKept(t *testing.T) {
	ran.Reset()
	exit(0)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before := blocked(t)
	run(t)
	if after := blocked(t); after != before {
		t.Errorf("%#x instead of %#x", after.Val, before.Val)
	}
}

// blocked is the signals that this thread blocks.
func blocked(t *testing.T) (set unix.Sigset_t) {
	t.Helper()
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, nil, &set); err != nil {
		t.Fatal(err)
	}
	return set
}

// The assembly finds the fields of a step by the names that the compiler gives it
// (go_asm.h): a bare offset would make a process run garbage once a field is added.
func TestScriptHasNoBareOffsets(t *testing.T) {
	bare := regexp.MustCompile(`(\s|\$)(0x)?[0-9]+\((R12|R19)\)|\$(64|8|16|24|32|40|48|56), (R12|R19)`)
	for _, file := range []string{"clone_linux_amd64.s", "clone_linux_arm64.s"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, clone, ok := strings.Cut(string(text), "TEXT ·clone(SB)")
		if !ok || !strings.Contains(clone, "Step__size") {
			t.Errorf("%s has no clone that asks for the size of a step", file)
		}
		for line := range strings.Lines(clone) {
			if bare.MatchString(line) {
				t.Errorf("%s: %s", file, line)
			}
		}
		for _, field := range []string{"Step_NR", "Step_Args", "Step_Args+8", "Step_Args+16", "Step_Args+24", "Step_Args+32", "Step_Mode", "Step_Result"} {
			if !strings.Contains(clone, field+"(") {
				t.Errorf("%s does not use %s", file, field)
			}
		}
	}
	if n := len(Step{}.Args); n != 5 {
		t.Errorf("a step has %d arguments, and the assembly loads 5", n)
	}
}
