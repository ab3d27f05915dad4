package testfuse

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"sync"
	"syscall"
)

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
