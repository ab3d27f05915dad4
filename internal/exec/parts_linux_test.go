//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"bytes"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"pi-track/internal/mount"
)

func pair(t *testing.T, make func(p *[2]int) error) [2]int {
	t.Helper()
	var p [2]int
	if err := make(&p); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(p[0]); syscall.Close(p[1]) })
	return p
}

func sockets(domain, kind int) func(p *[2]int) error {
	return func(p *[2]int) (err error) {
		*p, err = syscall.Socketpair(domain, kind|syscall.SOCK_CLOEXEC, 0)
		return err
	}
}

func pipes(p *[2]int) error { return syscall.Pipe2(p[:], syscall.O_CLOEXEC) }

func TestWhatDescriptorsAre(t *testing.T) {
	stream, packets, pipe := pair(t, sockets(syscall.AF_UNIX, syscall.SOCK_STREAM)), pair(t, sockets(syscall.AF_UNIX, syscall.SOCK_DGRAM)), pair(t, pipes)
	tcp, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(tcp)
	for fd, want := range map[int]bool{stream[0]: true, packets[0]: false, pipe[0]: false, tcp: false, -1: false} {
		if streamSocket(fd) != want {
			t.Errorf("%d is a stream socket: %v", fd, !want)
		}
	}
	if ofParent(stream[0]) || ofParent(pipe[0]) {
		t.Error("a socket of our own is our parent's")
	}
	for _, c := range []struct {
		path string
		flag int
		want bool
	}{{"/dev/null", os.O_WRONLY, true}, {"/dev/null", os.O_RDWR, true}, {"/dev/null", os.O_RDONLY, false}, {"/dev/zero", os.O_WRONLY, false}, {os.DevNull + "x", os.O_RDONLY, false}} {
		f, err := os.OpenFile(c.path, c.flag, 0)
		if err != nil {
			if isNull(-1) {
				t.Error("no descriptor is /dev/null")
			}
			continue
		}
		if got := isNull(int(f.Fd())); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
		f.Close()
	}
	other, err := syscall.Dup(pipe[1])
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(other)
	st, err := mount.Of(pipe[1])
	if err != nil {
		t.Fatal(err)
	}
	closed := func(fds ...int) *original {
		var o original
		for _, fd := range fds {
			o.closed |= 1 << fd
		}
		return &o
	}
	if !sameFile(other, &st, closed()) || sameFile(other, &st, closed(other)) || sameFile(stream[0], &st, closed()) {
		t.Error("the same pipe, another one")
	}
}

// What stands for a descriptor has its flags.
func TestInterposed(t *testing.T) {
	for _, socket := range []bool{false, true} {
		for _, flags := range []int{0, unix.O_NONBLOCK} {
			child, r := interpose(socket, flags, 7, newRing())
			if child < 0 || r.in < 0 || r.out != 7 || r.socket != socket {
				t.Fatalf("%d %+v", child, r)
			}
			for fd, want := range map[int]int{child: flags, r.in: unix.O_NONBLOCK} {
				got, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
				on, _ := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
				if err != nil || got&unix.O_NONBLOCK != want || on&unix.FD_CLOEXEC == 0 {
					t.Errorf("socket %v, flags %#x: %#x %v", socket, flags, got, err)
				}
			}
			if streamSocket(child) != socket {
				t.Errorf("socket %v", socket)
			}
			syscall.Write(child, []byte("hello"))
			b := make([]byte, 9)
			if n, _ := syscall.Read(r.in, b); string(b[:max(n, 0)]) != "hello" {
				t.Errorf("%q", b)
			}
			syscall.Close(child)
			syscall.Close(r.in)
		}
	}
}

func TestPipeOf(t *testing.T) {
	for _, size := range []int{1, 5000, smallBuffer, largeBuffer} {
		b := bytes.Repeat([]byte("x"), size)
		fd, ok := pipeOf(b)
		if !ok {
			t.Fatal("no pipe")
		}
		got := make([]byte, size+1)
		n, err := syscall.Read(fd, got)
		if n != size || err != nil {
			t.Errorf("%d of %d bytes: %v", n, size, err)
		}
		if n, err = syscall.Read(fd, got); n != 0 || err != nil {
			t.Errorf("no end: %d %v", n, err)
		}
		syscall.Close(fd)
	}
	before := len(openDescriptors())
	if _, ok := pipeOf(make([]byte, 64<<20)); ok {
		t.Error("64 MB in a pipe")
	}
	if after := len(openDescriptors()); after > before+1 {
		t.Errorf("%d descriptors before, %d after", before, after)
	}
}

func TestProcessesAsProcShowsThem(t *testing.T) {
	cmd := osexec.Command("/bin/sleep", "1000")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	pid := cmd.Process.Pid
	if got := parentOf(pid); got != os.Getpid() {
		t.Errorf("its parent is %d", got)
	}
	if parentOf(1) != 0 || parentOf(1<<22+5) != 0 || stateOf(1<<22+5) != 0 {
		t.Error("of no process")
	}
	state := func(want byte) {
		t.Helper()
		for end := time.Now().Add(5 * time.Minute); stateOf(pid) != want; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("it is in state %c", stateOf(pid))
			}
		}
	}
	state('S')
	cmd.Process.Signal(syscall.SIGSTOP)
	state('T')
	cmd.Process.Signal(syscall.SIGUSR1)
	if got, want := pending(pid), bit(int(syscall.SIGUSR1)); got != want {
		t.Errorf("pending: %#x, not %#x", got, want)
	}
	fd, at := openStat(fmt.Sprint("/proc/", pid))
	var b [4]byte
	if n, err := syscall.Pread(fd, b[:1], int64(at)); n != 1 || err != nil || b[0] != 'T' {
		t.Errorf("%q at %d: %v", b[0], at, err)
	}
	syscall.Close(fd)
	if fd, _ := openStat("/nowhere"); fd != -1 || pending(1<<22+5) != 0 {
		t.Error("of no process")
	}

	s := supervisor{pid: os.Getpid(), parent: os.Getppid(), child: pid}
	for _, c := range []struct {
		pid, code int32
		want      bool
	}{
		{int32(pid), siUser, true}, {int32(pid), siQueue, true}, {int32(pid), siTkill, true}, {int32(pid), siKernel, false},
		{int32(os.Getpid()), siUser, false}, {int32(os.Getppid()), siUser, false}, {1, siUser, false}, {0, siUser, false}, {1<<22 + 5, siUser, false},
	} {
		if got := s.below(&siginfo{pid: c.pid, code: c.code}); got != c.want {
			t.Errorf("%+v is below: %v", c, got)
		}
	}
	s.child = os.Getpid() // whose child it is
	s.pid = 1 << 22
	if !s.below(&siginfo{pid: int32(pid), code: siUser}) {
		t.Error("a child of the program is below it")
	}
}

func TestNumbersInADirectory(t *testing.T) {
	dir := t.TempDir()
	var want []int
	for i := range 300 {
		name := fmt.Sprint(i)
		if i%3 == 0 {
			name = "x" + name
		} else {
			want = append(want, i)
		}
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := numbersIn(dir, make([]byte, 512))
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if numbersIn(dir+"/none", make([]byte, 512)) != nil {
		t.Error("of no directory")
	}
	for text, want := range map[string]int{"0": 0, "9": 9, "120 S": 120, "10": 10} {
		if n, ok := number([]byte(text)); n != want || !ok {
			t.Errorf("%s: %d %v", text, n, ok)
		}
	}
	for _, text := range []string{"", "x1", ":", "/"} {
		if n, ok := number([]byte(text)); ok {
			t.Errorf("%s: %d", text, n)
		}
	}
}

func TestStringsForTheKernel(t *testing.T) {
	list := cStrings([]string{"", "a", "b\x00c", "/bin/sh"})
	if len(list) != 5 || list[4] != nil {
		t.Fatalf("%v", list)
	}
	for i, want := range []string{"", "a", "b", "/bin/sh"} {
		if got := unix.BytePtrToString(list[i]); got != want {
			t.Errorf("%d: %q", i, got)
		}
	}
	if empty := cStrings(nil); len(empty) != 1 || empty[0] != nil {
		t.Errorf("%v", empty)
	}
}

func TestSightingsOfTheWitness(t *testing.T) {
	usr1 := siginfo{signo: int32(syscall.SIGUSR1), code: siUser, pid: 7}
	rt := siginfo{signo: 40, code: siQueue, pid: 7, value: 1}
	w := witness{seen: []sighting{{info: usr1}, {info: rt}}}
	for i, c := range []struct {
		info siginfo
		want bool
	}{
		{usr1, true}, {usr1, true}, {rt, true}, {rt, false},
		{siginfo{signo: usr1.signo, code: siUser, pid: 8}, false}, {siginfo{signo: usr1.signo, code: siQueue, pid: 7}, false}, {siginfo{signo: 40, code: siQueue, pid: 7, value: 2}, false},
	} {
		if got := w.saw(&c.info); got != c.want {
			t.Errorf("%d: %v", i, got)
		}
	}
	w.takeBack(func(signo int32) bool { return signo == 40 })
	if len(w.seen) != 1 || w.seen[0].info != usr1 {
		t.Errorf("%+v", w.seen)
	}
	o := sighting{info: usr1, order: 5}
	for _, c := range []struct {
		queued []arrival
		merged bool
	}{{nil, false}, {[]arrival{{siginfo: usr1, order: 4}}, true}, {[]arrival{{siginfo: usr1, order: 5}}, false}, {[]arrival{{siginfo: rt, order: 4}}, false}} {
		if got := o.merged(c.queued); got != c.merged {
			t.Errorf("%+v: %v", c, got)
		}
	}
	counted := sighting{info: rt, order: 5}
	if counted.merged([]arrival{{siginfo: rt, order: 4}}) {
		t.Error("a signal that is counted is merged")
	}
	for _, c := range []struct {
		sig  syscall.Signal
		at   time.Duration
		in   bool
		want bool
	}{
		{syscall.SIGUSR1, 0, false, true}, {syscall.SIGUSR1, -time.Minute, false, false}, {syscall.SIGUSR1, -time.Minute, true, true},
		{syscall.SIGTSTP, 0, false, false}, {syscall.SIGCONT, 0, false, false}, {syscall.SIGTSTP, 0, true, true},
	} {
		o := sighting{info: siginfo{signo: int32(c.sig)}, at: time.Now().Add(c.at)}
		var queued []arrival
		if c.in {
			queued = []arrival{{siginfo: o.info}}
		}
		if got := o.expected(queued); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// Without a witness the sender and the kernel's word decide.
func TestProbablyGroupWide(t *testing.T) {
	group := syscall.Getpgrp()
	other := osexec.Command("/bin/sleep", "1000")
	other.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	fellow := osexec.Command("/bin/sleep", "1000")
	for _, c := range []*osexec.Cmd{other, fellow} {
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() { c.Process.Kill(); c.Wait() }()
	}
	s := supervisor{pid: os.Getpid(), parent: os.Getppid(), child: 1 << 22, group: group}
	for _, c := range []struct {
		sig  syscall.Signal
		code int32
		pid  int
		want bool
	}{
		{syscall.SIGINT, siKernel, 0, true}, {syscall.SIGALRM, siKernel, 0, false}, {syscall.SIGVTALRM, siKernel, 0, false}, {syscall.SIGPROF, siKernel, 0, false},
		{syscall.SIGHUP, siKernel, 0, true}, {syscall.SIGCONT, siKernel, 0, true},
		{syscall.SIGTERM, siUser, 1 << 22, true}, {syscall.SIGTERM, siQueue, fellow.Process.Pid, false}, {syscall.SIGTERM, siUser, 0, false},
		{syscall.SIGTERM, siUser, os.Getppid(), false}, {syscall.SIGTERM, siUser, fellow.Process.Pid, true}, {syscall.SIGTERM, siUser, other.Process.Pid, false}, {syscall.SIGTERM, siUser, 1<<22 + 5, false},
	} {
		if got := s.probablyGroupWide(&siginfo{signo: int32(c.sig), code: c.code, pid: int32(c.pid)}); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	if sid, _ := unix.Getsid(0); sid != s.pid {
		s.pid = sid
		if s.probablyGroupWide(&siginfo{signo: int32(syscall.SIGHUP), code: siKernel}) {
			t.Error("a hangup of the session's leader alone")
		}
	}
}

// When to look next: after 10 ms, then four times as long each time, and with the
// ticks from a second on.
func TestWhenToLookAgain(t *testing.T) {
	now := time.Now()
	var s supervisor
	for _, want := range []time.Duration{brief, 4 * brief, 16 * brief, 64 * brief, 0} {
		s.lookAgain(now)
		if got := s.nextLook.Sub(now); want != 0 && got != want || want == 0 && !s.nextLook.IsZero() {
			t.Errorf("after %v, not %v", got, want)
		}
	}
	s = supervisor{}
	if got := s.timeout(); got != -1 {
		t.Errorf("nothing to wait for: %v", got)
	}
	s.nextTick = time.Now().Add(time.Hour)
	if got := s.timeout(); got < 50*time.Minute || got > time.Hour {
		t.Errorf("a tick in an hour: %v", got)
	}
	s.nextLook = time.Now().Add(30 * time.Minute)
	if got := s.timeout(); got > 30*time.Minute || got < 20*time.Minute {
		t.Errorf("a look in half an hour: %v", got)
	}
	s.nextTick = time.Now().Add(-time.Hour)
	if got := s.timeout(); got != 0 {
		t.Errorf("a tick that is late: %v", got)
	}
	s = supervisor{nextLook: time.Now().Add(-time.Hour)}
	if got := s.timeout(); got < 0 || got > brief || s.lookAfter != brief {
		t.Errorf("a look that is late: %v", got)
	}
}

func TestTicks(t *testing.T) {
	ticks := 0
	s := supervisor{spec: &Spec{Ring: newRing()}}
	s.stderr.file = -1
	s.startTicks()
	s.tick()
	if !s.nextTick.IsZero() {
		t.Error("nobody wants ticks")
	}
	s.spec.Tick = func() { ticks++ }
	s.startTicks()
	if left := time.Until(s.nextTick); left <= 0 || left > time.Second {
		t.Errorf("the first is in %v", left)
	}
	s.nextTick = time.Now().Add(time.Hour)
	s.tick()
	s.nextTick = time.Now().Add(-time.Hour)
	s.tick()
	if ticks != 1 || time.Until(s.nextTick) <= 0 {
		t.Errorf("%d ticks", ticks)
	}
}

// A file's end is read back from where the program began to write.
func TestReadBack(t *testing.T) {
	for _, c := range []struct {
		before, text string
		truncated    bool
		want         string
	}{
		{"before", "", false, ""}, {"before", "text", false, "text"}, {"", "text", false, "text"}, {"before, and longer", "new", true, "new"},
		{"b", strings.Repeat("x", 100) + strings.Repeat("y", TailSize), false, strings.Repeat("y", TailSize)},
	} {
		name := filepath.Join(t.TempDir(), "errors")
		if err := os.WriteFile(name, []byte(c.before), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(name, os.O_RDWR|os.O_APPEND, 0)
		if err != nil {
			t.Fatal(err)
		}
		from := int64(len(c.before))
		if c.truncated {
			f.Truncate(0)
		}
		f.WriteString(c.text)
		ring := newRing()
		cap := capture{file: int(f.Fd()), from: from}
		cap.readBack(ring)
		cap.readBack(ring)
		if got := string(ring.tail()); got != c.want {
			t.Errorf("%.20q and %.20q: %d bytes, %.20q", c.before, c.text, len(got), got)
		}
		f.Close()
	}
	none := capture{file: -1}
	none.readBack(newRing())
}

func TestKindsOfSignals(t *testing.T) {
	for sig := 1; sig <= maxSignal; sig++ {
		stop := sig == int(syscall.SIGTSTP) || sig == int(syscall.SIGTTIN) || sig == int(syscall.SIGTTOU)
		if isStop(int32(sig)) != stop || isContinue(int32(sig)) != (sig == int(syscall.SIGCONT)) || handleable(sig) != (sig != 9 && sig != 19) || bit(sig) != 1<<(sig-1) {
			t.Errorf("signal %d", sig)
		}
	}
	ring := newRing()
	if Drain(nil) || Drain([]string{drainName}) || Drain([]string{"tool", drainArg}) || Drain([]string{drainName, "x"}) || Drain([]string{drainName, drainArg, "x"}) || len(ring.tail()) != 0 {
		t.Error("a relay that nobody asked for")
	}
}
