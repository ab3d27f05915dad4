package log_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"pi-track/internal/log"
	"pi-track/internal/log/box"
	"pi-track/internal/log/reap"
)

func init() {
	children["fsize"] = childFSize
	children["nofile"] = childNoFile
	children["full"] = childFull
	children["readonly"] = childReadOnly
	children["errno"] = childErrno
}

// withMounts gives a child a mount namespace of its own, in which it is root:
// what it mounts is gone when it ends.
func withMounts(cmd *exec.Cmd) *exec.Cmd {
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	return cmd
}

// mountTmpfs is for children with mounts of their own.
func mountTmpfs(dir, options string, flags uintptr) {
	check(syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""))
	check(syscall.Mount("tmpfs", dir, "tmpfs", flags, options))
}

func setLimit(resource int, n uint64) {
	check(syscall.Setrlimit(resource, &syscall.Rlimit{Cur: n, Max: n}))
}

// childFSize appends until the file size limit is reached, then shows what a
// program that it starts inherits.
func childFSize(args []string) {
	path, limit := args[0], uint64(4900)
	if args[1] == "0" {
		limit = 0
	}
	setLimit(syscall.RLIMIT_FSIZE, limit)
	var standard [4]uint64 // as in a shim, whose runtime does not catch SIGXFSZ
	_, _, e := syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(syscall.SIGXFSZ), uintptr(unsafe.Pointer(&standard)), 0, 8, 0, 0)
	if e != 0 {
		check(e)
	}
	var err error
	for n := 0; err == nil; n++ {
		err = log.Append(path, []byte("{"+strings.Repeat("x", 300)+"}\n"))
	}
	fmt.Println(err == syscall.EFBIG || err == syscall.ENOSPC, errors.Is(log.Append(path, make([]byte, 9000)), syscall.EFBIG) || limit > 0)
	home := filepath.Dir(path)
	b, err := box.New(home, uid("id"), path, line(uid("id"), "started"))
	fmt.Println(err == syscall.EFBIG || err == syscall.ENOSPC, b.Start(line(uid("id"), "started")) != nil)
	log.Note(home, "a note")
	cmd := exec.Command("cat", "/proc/self/status")
	cmd.Stdout = os.Stdout
	check(cmd.Run())
}

func TestFileSizeLimit(t *testing.T) {
	for _, limit := range []string{"4900", "0"} {
		path := filepath.Join(t.TempDir(), "events.jsonl")
		out := run(t, command(t, "fsize", path, limit))
		if !strings.HasPrefix(out, "true true\ntrue true\n") {
			t.Errorf("limit %s: %s", limit, out)
		}
		for l := range strings.Lines(out) {
			key, value, _ := strings.Cut(strings.TrimSpace(l), ":\t")
			if strings.HasPrefix(key, "Sig") || key == "ShdPnd" {
				var set uint64
				if _, err := fmt.Sscanf(value, "%x", &set); err == nil && set&(1<<(syscall.SIGXFSZ-1)) != 0 {
					t.Errorf("a started program finds SIGXFSZ in %s", key)
				}
			}
		}
		if !strings.Contains(out, "SigIgn:") {
			t.Error("the dispositions were not shown")
		}
		lines := contents(t, path)
		for _, l := range lines {
			if len(l) != 303 {
				t.Errorf("a torn line of %d bytes", len(l))
			}
		}
		if want := map[string]int{"4900": 16, "0": 0}[limit]; len(lines) != want {
			t.Errorf("%d lines, not %d", len(lines), want)
		}
		if e, _ := os.ReadDir(filepath.Dir(path) + "/open"); len(e) != 0 {
			t.Errorf("left in open: %v", e)
		}
	}
}

func childNoFile(args []string) {
	setLimit(syscall.RLIMIT_NOFILE, 16)
	for {
		if _, err := syscall.Open("/dev/null", syscall.O_RDONLY, 0); err != nil {
			break
		}
	}
	home := args[0]
	b, err := box.New(home, uid("id"), home+"/events.jsonl", line(uid("id"), "started"))
	fmt.Println(err, b.Start(line(uid("id"), "started")), b.Finish(line(uid("id"), "failed")))
}

func TestNoDescriptors(t *testing.T) {
	out := run(t, command(t, "nofile", t.TempDir()))
	if want := fmt.Sprintln(syscall.EMFILE, syscall.EMFILE, syscall.EMFILE); out != want {
		t.Errorf("got %q, want %q", out, want)
	}
}

// childFull lives through a full file system that holds the log and the boxes.
func childFull(args []string) {
	home := args[0]
	mountTmpfs(home, "size=1m", 0)
	path := home + "/events.jsonl"
	early, err := box.New(home, uid("early"), path, line(uid("early"), "started"))
	check(err)
	check(log.Append(path, line("first", "succeeded")))
	filler, err := os.Create(home + "/filler")
	check(err)
	fill := func() {
		for {
			if n, err := filler.Write(make([]byte, 4096)); n == 0 || err != nil {
				return
			}
		}
	}
	fill()
	full := 0
	for full < 3 { // the last page of the log still has room for some lines
		err := log.Append(path, line("during", "succeeded"))
		if err == syscall.ENOSPC {
			full++
		} else {
			check(err)
		}
	}
	_, err = box.New(home, uid("late"), path, line(uid("late"), "started"))
	fmt.Println(err)
	ring, total := early.Ring()
	for i := range ring {
		ring[i] = 'r'
	}
	*total = uint64(len(ring))
	early.Beat(time.Second)
	fmt.Println(early.Start(line(uid("early"), "started")), early.Finish(line(uid("early"), "failed")))
	n, err := reap.Boxes(home)
	fmt.Println(n.Runs, err != nil)

	check(filler.Truncate(0)) // freed
	check(log.Append(path, line("after", "succeeded")))
	n, err = reap.Boxes(home)
	fmt.Println(n.Runs, err)
	b, err := os.ReadFile(path)
	check(err)
	for l := range strings.Lines(string(b)) {
		id := l[len(`{"ts":"2026-11-22T05:06:33.072Z","v":1,"id":"`):]
		fmt.Println(strings.NewReplacer(uid("early"), "early", uid("late"), "late").Replace(id[:strings.IndexByte(id, '"')]), strings.HasSuffix(l, "}\n"))
	}
}

func TestFullDisk(t *testing.T) {
	out := run(t, withMounts(command(t, "full", t.TempDir())))
	got := strings.ReplaceAll(out, "during true\n", "")
	want := `no space left on device
no space left on device no space left on device
0 true
1 <nil>
first true
after true
early true
early true
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if !strings.Contains(out, "during true\n") {
		t.Error("the log's last block was not used")
	}
}

func childReadOnly(args []string) {
	dir := args[0]
	mountTmpfs(dir, "size=1m", 0)
	check(log.Append(dir+"/events.jsonl", []byte("{}\n")))
	check(syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, "size=1m"))
	fmt.Println(log.Append(dir+"/events.jsonl", []byte("{}\n")))
	fmt.Println(log.Append(dir+"/new.jsonl", []byte("{}\n")))
	_, err := box.New(dir, uid("id"), dir+"/events.jsonl", line(uid("id"), "started"))
	fmt.Println(err)
	log.Note(dir, "a note")
}

func TestReadOnly(t *testing.T) {
	out := run(t, withMounts(command(t, "readonly", t.TempDir())))
	if want := strings.Repeat(syscall.EROFS.Error()+"\n", 3); out != want {
		t.Errorf("got %q, want %q", out, want)
	}
}

// childErrno has the kernel answer every write of 100 bytes with an error.
func childErrno(args []string) {
	dir := args[0]
	var errno syscall.Errno
	_, err := fmt.Sscan(args[1], (*uintptr)(&errno))
	check(err)
	path := dir + "/events.jsonl"
	check(log.Append(path, []byte("{1}\n")))
	load := func(offset uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
	}
	unless := func(value uint32, skip uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: value, Jf: skip}
	}
	answer := func(action uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: action}
	}
	const number, third = 0, 16 + 2*8 // in struct seccomp_data, little-endian
	filter := []unix.SockFilter{
		load(number), unless(unix.SYS_WRITE, 3),
		load(third), unless(100, 1),
		answer(unix.SECCOMP_RET_ERRNO | uint32(errno)),
		answer(unix.SECCOMP_RET_ALLOW),
	}
	check(unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
	_, _, e := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC,
		uintptr(unsafe.Pointer(&unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]})))
	if e != 0 {
		check(e)
	}
	fmt.Println(log.Append(path, []byte("{"+strings.Repeat("x", 97)+"}\n")) == errno)
	check(log.Append(path, []byte("{2}\n")))
}

func TestWriteErrors(t *testing.T) {
	for _, errno := range []syscall.Errno{syscall.EIO, syscall.EDQUOT, syscall.ENOSPC, syscall.EROFS, syscall.ESTALE, syscall.ENOMEM} {
		dir := t.TempDir()
		if out := run(t, command(t, "errno", dir, fmt.Sprint(uintptr(errno)))); out != "true\n" {
			t.Errorf("%v: %s", errno, out)
		}
		if got := contents(t, dir+"/events.jsonl"); fmt.Sprint(got) != "[{1}\n {2}\n]" {
			t.Errorf("%v: the log holds %q", errno, got)
		}
	}
}
