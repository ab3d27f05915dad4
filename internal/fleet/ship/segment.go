package ship

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/event/decode"
	"pi-track/internal/log"
	"pi-track/internal/log/segment"
)

// tailSize is how many bytes before an offset tell that it is still the same text.
const tailSize = 256

// file is an open segment of a log.
type file struct {
	f          *os.File
	compressed bool
	final      bool   // nobody appends to it any more
	id         string // by its first event; "" when it has none
}

// openFiles opens the segments of the log at path, oldest first.
func openFiles(path string) ([]*file, error) {
	opened, err := log.OpenSegments(path, time.Time{})
	if err != nil {
		return nil, err
	}
	files := make([]*file, len(opened))
	for i, f := range opened {
		files[i] = newFile(path, f)
	}
	return files, nil
}

func newFile(path string, f *os.File) *file {
	s := &file{f: f, compressed: segment.Compressed(f.Name())}
	if _, sealed := log.SealedAt(path, f.Name()); sealed {
		st, err := f.Stat()
		s.final = s.compressed || err == nil && time.Since(st.ModTime()) > segment.Grace
	}
	return s
}

// seal tells a compressed file from every other without unpacking it: its size, and
// the hash of its last bytes, which hold zstd's checksum of the content. It is "" for
// a file that is not compressed.
func (s *file) seal() (string, error) {
	if !s.compressed {
		return "", nil
	}
	st, err := s.f.Stat()
	if err != nil {
		return "", err
	}
	var last tail
	if _, err := io.Copy(&last, io.NewSectionReader(s.f, max(0, st.Size()-tailSize), tailSize)); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d-%s", st.Size(), last.hash()), nil
}

// openFile opens one segment of the log at path, which may be compressed by now;
// nil if it is gone.
func openFile(path, name string) (*file, error) {
	for _, n := range []string{name, name + segment.Ext} {
		f, err := log.OpenRegular(n)
		if err == nil {
			return newFile(path, f), nil
		}
		if !os.IsNotExist(err) {
			return nil, err
		}
	}
	return nil, nil
}

func closeFiles(files []*file) {
	for _, f := range files {
		f.f.Close()
	}
}

// identify finds the id: the hash of the first line that is an event.
func (s *file) identify() error {
	r, err := s.lines(0)
	if err != nil {
		return err
	}
	defer r.close()
	var l decode.Line
	for {
		line, err := r.next()
		if err != nil {
			if err == io.EOF {
				err = nil
			}
			return err
		}
		if l.Decode(line) == nil {
			sum := sha256.Sum256(line)
			s.id = hex.EncodeToString(sum[:8])
			return nil
		}
	}
}

// errMoved says that what stands at an offset is not what stood there.
var errMoved = errors.New("the segment has changed")

// lineReader reads the finished lines of a segment.
type lineReader struct {
	b     *bufio.Reader
	unzip *zstd.Decoder
	at    int64 // in the uncompressed stream, behind what next returned
	last  tail
	final bool
}

// tail keeps the last bytes of what is written to it.
type tail []byte

func (t *tail) Write(p []byte) (int, error) {
	*t = append(*t, p[max(0, len(p)-tailSize):]...)
	if over := len(*t) - tailSize; over > 0 {
		*t = append((*t)[:0], (*t)[over:]...)
	}
	return len(p), nil
}

func (t tail) hash() string {
	sum := sha256.Sum256(t)
	return hex.EncodeToString(sum[:8])
}

// lines begins at an offset in the uncompressed stream. It is errMoved when the
// stream is shorter.
func (s *file) lines(from int64) (*lineReader, error) {
	r := &lineReader{at: from, final: s.final}
	var src io.Reader
	if s.compressed {
		unzip, err := segment.Unpack(io.NewSectionReader(s.f, 0, 1<<62))
		if err != nil {
			return nil, err
		}
		r.unzip, src = unzip, unzip
	} else {
		src = io.NewSectionReader(s.f, max(0, from-tailSize), 1<<62)
		from = min(from, tailSize)
	}
	if _, err := io.CopyN(&r.last, src, from); err != nil {
		r.close()
		if err == io.EOF {
			err = errMoved
		}
		return nil, err
	}
	r.b = bufio.NewReaderSize(src, 64<<10)
	return r, nil
}

func (r *lineReader) close() {
	if r.unzip != nil {
		r.unzip.Close()
	}
}

// next returns a line without its newline. Of a line longer than an event can be,
// it has the length, not the content. io.EOF ends the finished lines. The line is valid
// until the next call.
func (r *lineReader) next() ([]byte, error) {
	line, err := r.b.ReadSlice('\n')
	if err == nil {
		r.last.Write(line)
		r.at += int64(len(line))
		return line[:len(line)-1], nil
	}
	before := append(tail(nil), r.last...)
	r.last.Write(line)
	n := int64(len(line))
	for err == bufio.ErrBufferFull {
		var more []byte
		more, err = r.b.ReadSlice('\n')
		r.last.Write(more)
		n += int64(len(more))
	}
	if err != nil && (err != io.EOF || n == 0 || !r.final) {
		r.last = before
		return nil, err
	}
	r.at += n
	return bytes.TrimSuffix(line, []byte{'\n'}), nil
}
