// Package testfuse mounts a file system that answers nothing when it is told to:
// like a dead network mount, it keeps whoever asks it in an uninterruptible
// sleep. It holds one directory of files in memory. For tests only.
package testfuse

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
)

// FS is a mounted file system. A process of its own serves it: one that serves
// itself cannot be ended while it waits for itself.
type FS struct {
	dir      string
	server   *exec.Cmd
	commands io.Writer
	answers  *bufio.Reader
}

// variable holds the directory in the environment of the process that serves.
const variable = "TESTFUSE_DIR"

// Main serves a file system if this process is to, and does not return then. A
// test program that mounts one calls it first.
func Main() {
	dir := os.Getenv(variable)
	if dir == "" {
		return
	}
	s, err := mount(dir)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	go s.serve()
	fmt.Println("ok")
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		switch in.Text() {
		case "hang":
			s.set(true)
		case "resume":
			s.set(false)
		case "await":
			s.await()
		}
		fmt.Println("ok")
	}
	os.Exit(0) // what waits for an answer fails
}

// Mount mounts a new file system at dir, which is empty. It needs root.
func Mount(dir string) (*FS, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	fs := &FS{dir: dir, server: exec.Command(exe)}
	fs.server.Env = append(os.Environ(), variable+"="+dir)
	if fs.commands, err = fs.server.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := fs.server.StdoutPipe()
	if err != nil {
		return nil, err
	}
	fs.answers = bufio.NewReader(out)
	if err := fs.server.Start(); err != nil {
		return nil, err
	}
	if err := fs.answer(); err != nil {
		fs.server.Wait()
		return nil, err
	}
	return fs, nil
}

func (fs *FS) answer() error {
	line, err := fs.answers.ReadString('\n')
	if err == nil && line != "ok\n" {
		err = errors.New(line[:len(line)-1])
	}
	return err
}

func (fs *FS) command(text string) {
	fmt.Fprintln(fs.commands, text)
	if err := fs.answer(); err != nil {
		panic(err)
	}
}

// Hang stops answering.
func (fs *FS) Hang() { fs.command("hang") }

// Resume answers again, what has been asked meanwhile first.
func (fs *FS) Resume() { fs.command("resume") }

// AwaitRequest returns when somebody waits for an answer.
func (fs *FS) AwaitRequest() { fs.command("await") }

// Unmount takes the file system away without another answer: what waits fails.
func (fs *FS) Unmount() {
	fs.server.Process.Kill()
	fs.server.Wait()
	syscall.Unmount(fs.dir, syscall.MNT_DETACH)
}

// server answers the kernel.
type server struct {
	fd    int
	mu    sync.Mutex
	wake  *sync.Cond
	hangs bool
	asked int // requests that wait
	files []*file
}

type file struct {
	name string
	data []byte
}

// The parts of the protocol that are spoken (linux/fuse.h).
const (
	opLookup  = 1
	opForget  = 2
	opGetattr = 3
	opSetattr = 4
	opUnlink  = 10
	opOpen    = 14
	opRead    = 15
	opWrite   = 16
	opStatfs  = 17
	opRelease = 18
	opFsync   = 20
	opFlush   = 25
	opInit    = 26
	opOpendir = 27
	opReaddir = 28
	opReldir  = 29
	opAccess  = 34
	opCreate  = 35
	opIntr    = 36
	opBatch   = 42

	rootID  = 1
	firstID = 2
)

func mount(dir string) (*server, error) {
	fd, err := syscall.Open("/dev/fuse", syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	options := fmt.Sprintf("fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", fd)
	if err := syscall.Mount("testfuse", dir, "fuse.testfuse", syscall.MS_NOSUID|syscall.MS_NODEV, options); err != nil {
		return nil, err
	}
	s := &server{fd: fd}
	s.wake = sync.NewCond(&s.mu)
	return s, nil
}

func (s *server) set(hangs bool) {
	s.mu.Lock()
	s.hangs = hangs
	s.mu.Unlock()
	s.wake.Broadcast()
}

func (s *server) await() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.asked == 0 {
		s.wake.Wait()
	}
}

// serve answers until the file system is unmounted. A single loop reads, so that
// the requests which come during a hang are taken and wait uninterruptibly.
func (s *server) serve() {
	requests := make(chan []byte, 1024)
	defer close(requests)
	go func() {
		for request := range requests {
			s.mu.Lock()
			for s.hangs {
				s.wake.Wait()
			}
			s.asked--
			s.answer(request)
			s.mu.Unlock()
		}
	}()
	for {
		buf := make([]byte, 1<<17)
		n, err := syscall.Read(s.fd, buf)
		switch {
		case err == syscall.EINTR || err == syscall.ENOENT:
			continue
		case err != nil || n < 40:
			return
		}
		s.mu.Lock()
		s.asked++
		s.mu.Unlock()
		s.wake.Broadcast()
		requests <- buf[:n]
	}
}

// reply is the body of an answer in the making.
type reply struct{ bytes.Buffer }

func (r *reply) put(values ...any) {
	for _, v := range values {
		binary.Write(r, binary.NativeEndian, v)
	}
}

func (s *server) answer(request []byte) {
	u32 := func(at int) uint32 { return binary.NativeEndian.Uint32(request[40+at:]) }
	u64 := func(at int) uint64 { return binary.NativeEndian.Uint64(request[40+at:]) }
	op, unique := binary.NativeEndian.Uint32(request[4:]), binary.NativeEndian.Uint64(request[8:])
	node := binary.NativeEndian.Uint64(request[16:])
	text := func(at int) string { return string(bytes.TrimRight(request[40+at:], "\x00")) }
	var out reply
	var errno syscall.Errno
	switch op {
	case opForget, opBatch, opIntr:
		return // there is no answer to these
	case opInit:
		out.put(uint32(7), uint32(31), uint32(0), uint32(0), uint16(0), uint16(0), uint32(1<<16), uint32(1),
			uint16(0), uint16(0), [8]uint32{})
	case opLookup:
		errno = s.entry(&out, text(0), false)
	case opCreate:
		if errno = s.entry(&out, text(16), true); errno == 0 {
			out.put(uint64(0), uint32(0), uint32(0))
		}
	case opGetattr:
		out.put(uint64(0), uint64(0))
		errno = s.attributes(&out, node)
	case opSetattr:
		const size = 1 << 3
		if f := s.at(node); f != nil && u32(0)&size != 0 {
			f.data = append(f.data, make([]byte, max(0, int(u64(16))-len(f.data)))...)[:u64(16)]
		}
		out.put(uint64(0), uint64(0))
		errno = s.attributes(&out, node)
	case opOpen, opOpendir:
		out.put(uint64(0), uint32(0), uint32(0))
	case opRead:
		if f := s.at(node); f != nil && u64(8) < uint64(len(f.data)) {
			out.Write(f.data[u64(8):min(len(f.data), int(u64(8))+int(u32(16)))])
		}
	case opWrite:
		errno = syscall.EBADF
		if f := s.at(node); f != nil {
			at, n := int(u64(8)), int(u32(16))
			f.data = append(f.data, make([]byte, max(0, at+n-len(f.data)))...)
			copy(f.data[at:], request[40+40:40+40+n])
			out.put(uint32(n), uint32(0))
			errno = 0
		}
	case opStatfs:
		out.put([10]uint64{1000, 1000, 1000, 1000, 1000, 4096<<32 | 255})
	case opReaddir, opFlush, opRelease, opReldir, opFsync, opAccess:
	default:
		errno = syscall.ENOSYS
	}
	if errno != 0 {
		out.Reset()
	}
	var head reply
	head.put(uint32(16+out.Len()), -int32(errno), unique)
	syscall.Write(s.fd, append(head.Bytes(), out.Bytes()...))
}

func (s *server) at(node uint64) *file {
	if node < firstID || node-firstID >= uint64(len(s.files)) {
		return nil
	}
	return s.files[node-firstID]
}

// entry puts what is known of the file called name. Nothing may be kept in the
// kernel's memory: it asks anew each time.
func (s *server) entry(out *reply, name string, create bool) syscall.Errno {
	node := uint64(0)
	for i, f := range s.files {
		if f.name == name {
			node = uint64(i + firstID)
		}
	}
	if node == 0 && !create {
		return syscall.ENOENT
	}
	if node == 0 {
		s.files = append(s.files, &file{name: name})
		node = uint64(len(s.files) - 1 + firstID)
	}
	out.put(node, uint64(0), uint64(0), uint64(0), uint32(0), uint32(0))
	return s.attributes(out, node)
}

func (s *server) attributes(out *reply, node uint64) syscall.Errno {
	mode, size, links := uint32(syscall.S_IFDIR|0o777), uint64(0), uint32(2)
	if node != rootID {
		f := s.at(node)
		if f == nil {
			return syscall.ENOENT
		}
		mode, size, links = syscall.S_IFREG|0o600, uint64(len(f.data)), 1
	}
	uid := uint32(os.Getuid())
	out.put(node, size, (size+511)/512, [3]uint64{}, [3]uint32{}, mode, links, uid, uid, uint32(0), uint32(4096), uint32(0))
	return 0
}
