package scan

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log/segment"
)

// block is the bytes of a chunk. Lines that start in [0, limit) belong to it;
// buf holds the end of the last of them too, or as much of it as a line may
// have, and decode.Padding bytes behind n.
type block struct {
	seq    int64
	part   int
	off    int64  // of buf[0] in its segment
	mem    []byte // to be given to next again
	buf    []byte // part of mem
	n      int    // bytes read
	limit  int
	eof    bool // nothing follows buf[:n]
	sealed bool // no writer will finish the last line
}

// blockReader hands out blocks in order.
type blockReader struct {
	mu      sync.Mutex
	parts   []openPart
	part    int
	at      int64 // the next block of a plain part
	seq     int64
	stopped bool

	unzip  *zstd.Decoder // of the current part, if it is compressed
	left   []byte        // read from it but not yet handed out
	leftAt int64
	inside bool // left starts inside a line that was too long

	damaged func(part int, err error)
}

type openPart struct {
	Part
	f      *os.File
	close  func()
	end    int64
	sealed bool
}

// newBlockReader opens all parts, so that a rotation cannot move one meanwhile. Objects are
// opened when it is their turn: there may be more of them than files can be open.
func newBlockReader(parts []Part) (*blockReader, error) {
	s := &blockReader{parts: make([]openPart, 0, len(parts))}
	for i, p := range parts {
		if p.Object {
			s.parts = append(s.parts, openPart{Part: p, close: func() {}, end: p.To, sealed: true})
			continue
		}
		f, closeFile, err := p.open()
		if err != nil {
			s.close()
			return nil, err
		}
		s.parts = append(s.parts, openPart{Part: p, f: f, close: closeFile, sealed: segment.Compressed(p.Path)})
		info, err := f.Stat()
		if err == nil && !info.Mode().IsRegular() {
			err = &os.PathError{Op: "read", Path: p.Path, Err: errors.New("not a regular file")}
		}
		if err != nil {
			s.close()
			return nil, err
		}
		end := info.Size()
		if p.To >= 0 && !s.parts[i].sealed {
			end = min(end, p.To)
		}
		s.parts[i].end = end
	}
	if len(parts) > 0 {
		s.at = parts[0].From
	}
	return s, nil
}

func (s *blockReader) close() {
	for _, p := range s.parts {
		p.close()
	}
	s.closeUnzip()
}

func (s *blockReader) closeUnzip() {
	if s.unzip != nil {
		s.unzip.Close()
		s.unzip = nil
	}
}

func (s *blockReader) stop() {
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
}

// ends are where the parts end; splitters correct them by unfinished lines.
func (s *blockReader) ends() []int64 {
	ends := make([]int64, len(s.parts))
	for i, p := range s.parts {
		ends[i] = p.end
	}
	return ends
}

// next reads the next block, into buf if that is large enough. Plain parts
// are read outside the lock, so that workers read at the same time.
func (s *blockReader) next(buf []byte) (block, bool, error) {
	s.mu.Lock()
	for s.part < len(s.parts) && !s.stopped {
		p := &s.parts[s.part]
		if segment.Compressed(p.Path) && p.From < p.end {
			b, ok, err := s.nextUnzipped(p, buf)
			if err != nil && s.damaged != nil {
				s.damaged(s.part, err)
				s.closeUnzip()
			} else if ok || err != nil {
				s.mu.Unlock()
				return b, ok, err
			}
		} else if !segment.Compressed(p.Path) && s.at < p.end {
			b := block{seq: s.seq, part: s.part, off: s.at}
			size := min(ChunkSize-s.at%ChunkSize, p.end-s.at)
			b.limit = int(size)
			s.seq++
			s.at += size
			s.mu.Unlock()
			return b.read(p, buf)
		}
		if p.Object {
			p.close()
			p.f, p.close = nil, func() {}
		}
		s.part++
		if s.part < len(s.parts) {
			s.at = s.parts[s.part].From
		}
	}
	s.mu.Unlock()
	return block{}, false, nil
}

// read fills a block of a plain part: one byte more in front, to see whether
// a line starts at its begin, and the longest line more behind.
func (b block) read(p *openPart, buf []byte) (block, bool, error) {
	front := int64(0)
	if b.off > p.From {
		front = 1
	}
	want := int(front) + b.limit + event.MaxLine
	// The kernel copies several times faster to where the address is as far
	// from a cache line's begin as the offset in the file is.
	shift := int((b.off - front) % align)
	b.mem = room(buf, shift+want)
	want = min(want, int(p.end-b.off+front))
	buf = b.mem[shift:]
	n, err := p.f.ReadAt(buf[:want], b.off-front)
	if err != nil && err != io.EOF {
		return b, false, err
	}
	b.buf, b.n = buf[:n+decode.Padding], n
	b.eof = b.off-front+int64(n) >= p.end
	b.limit = min(b.limit+int(front), n)
	b.off -= front
	clear(b.buf[n:])
	if front == 0 {
		return b, true, nil
	}
	return b.afterNewline(), true, nil // lines that start at front or later are ours
}

// afterNewline drops what is before the first line that starts in the block.
func (b block) afterNewline() block {
	n := bytes.IndexByte(b.buf[:b.limit], '\n') + 1
	if n == 0 {
		n = b.limit
	}
	b.buf, b.off = b.buf[n:], b.off+int64(n)
	b.n -= n
	b.limit -= n
	return b
}

// align is a page.
const align = 4096

// room is a buffer for n bytes and the padding.
func room(buf []byte, n int) []byte {
	if n += decode.Padding; cap(buf) < n {
		return make([]byte, n+align) // above 32 KiB the runtime aligns to pages
	}
	return buf[:n]
}

// nextUnzipped reads the next block of a compressed part.
func (s *blockReader) nextUnzipped(p *openPart, buf []byte) (block, bool, error) {
	if s.unzip == nil {
		if p.f == nil {
			f, closeFile, err := p.open()
			if err != nil {
				return block{}, false, err
			}
			p.f, p.close = f, closeFile
		}
		d, err := segment.Unpack(io.NewSectionReader(p.f, 0, p.end))
		if err != nil {
			return block{}, false, &os.PathError{Op: "read", Path: p.Path, Err: err}
		}
		s.unzip, s.left, s.leftAt, s.inside = d, s.left[:0], 0, false
	}
	b := block{part: s.part, off: s.leftAt, sealed: true}
	buf = room(buf, ChunkSize+event.MaxLine)
	have := copy(buf, s.left)
	n, err := readFull(s.unzip, buf[have:ChunkSize+event.MaxLine])
	if err != nil && err != io.EOF {
		return b, false, &os.PathError{Op: "read", Path: p.Path, Err: err}
	}
	b.n = have + n
	b.eof = err != nil
	b.mem, b.buf = buf, buf[:b.n+decode.Padding]
	clear(b.buf[b.n:])
	if b.n == 0 {
		s.closeUnzip()
		return b, false, nil
	}
	b.limit = b.n
	if !b.eof {
		// The next block starts where a line does, if one does soon enough.
		b.limit = bytes.LastIndexByte(b.buf[:b.n], '\n') + 1
		if b.limit == 0 {
			b.limit = b.n
		}
	}
	s.left = append(s.left[:0], b.buf[b.limit:b.n]...)
	s.leftAt += int64(b.limit)
	b.seq = s.seq
	s.seq++
	inside := s.inside
	s.inside = b.buf[b.limit-1] != '\n'
	if inside {
		b = b.afterNewline()
	}
	return b, true, nil
}

// readFull is io.ReadFull that tells the end of the data, io.EOF, from the end
// of a file that was cut off, io.ErrUnexpectedEOF.
func readFull(r io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var got int
		got, err = r.Read(buf[n:])
		n += got
	}
	return n, err
}
