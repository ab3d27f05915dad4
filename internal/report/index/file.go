package index

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pi-track/internal/log"
	"pi-track/internal/log/owned"
	"pi-track/internal/log/sys"
	"pi-track/internal/report/hash"
)

const (
	magic   = log.IndexMagic + "6\n" // changes with the form of the file
	maxBody = 32 << 20               // bytes without the pages beyond which none is written
)

// MaxFiles is how many files are kept beside a log; the longest unused go.
const MaxFiles = 8

// Castagnoli is the polynomial of all checksums.
var Castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Path is the file of a name beside a log. Two builds of the program never
// share one; two copies of a build do. It is "" when the program cannot tell
// which build it is.
func Path(logPath, name string) string {
	if identity() == "" {
		return ""
	}
	return filepath.Join(log.IndexDir(logPath), fmt.Sprintf("%016x", hash.Of([]byte(identity()+" "+name))))
}

// File is an index that was opened.
type File struct {
	f     *os.File
	pages int64 // where they begin
}

// Open reads the body of the index at path if it holds content; nil if it does
// not, or is damaged.
func Open(path, content string) (*File, *Reader) {
	f, err := log.OpenRegular(path)
	if err != nil {
		return nil, nil
	}
	s := &File{f: f}
	d := s.read(content)
	if d == nil {
		f.Close()
		return nil, nil
	}
	if info, err := f.Stat(); err == nil && time.Since(info.ModTime()) > time.Hour {
		now := time.Now()
		_ = os.Chtimes(path, now, now) // it is in use
	}
	return s, d
}

func (s *File) read(content string) *Reader {
	head := make([]byte, len(magic)+12)
	if _, err := io.ReadFull(s.f, head); err != nil || string(head[:len(magic)]) != magic {
		return nil
	}
	size := int64(binary.LittleEndian.Uint64(head[len(magic):]))
	info, err := s.f.Stat()
	if err != nil || size < 0 || size > info.Size() {
		return nil
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(s.f, body); err != nil ||
		crc32.Checksum(body, Castagnoli) != binary.LittleEndian.Uint32(head[len(magic)+8:]) {
		return nil
	}
	d := &Reader{b: body}
	var has string
	if GetString(d, &has); has != identity()+" "+content {
		return nil
	}
	s.pages = pagesAt(int64(len(head)) + size)
	return d
}

// Page reads the bytes of page i; they are as many for each.
func (s *File) Page(i int, b []byte) error {
	_, err := s.f.ReadAt(b, s.pages+int64(i)*int64(len(b)))
	return err
}

func (s *File) Close() { s.f.Close() }

// pagesAt is where the pages start behind the body.
func pagesAt(end int64) int64 { return (end + 4095) &^ 4095 }

// NewWriter is an encoder for an index that holds content.
func NewWriter(content string) *Writer {
	e := &Writer{}
	PutString(e, identity()+" "+content)
	return e
}

// Write replaces the index at path as a whole. What got too large is not
// worth one.
func Write(path string, e *Writer, pages [][]byte) (err error) {
	if e.Full {
		return nil
	}
	dir := filepath.Dir(path)
	if info, err := os.Lstat(dir); err == nil && !info.IsDir() {
		if !info.Mode().IsRegular() || !log.IsIndex(dir) {
			return &os.PathError{Op: "mkdir", Path: dir, Err: owned.ErrNotOurs}
		}
		os.Remove(dir) // earlier versions kept one file there
	}
	if err := os.Mkdir(dir, 0o700); err == nil {
		sys.Adopt(dir)
	} else if !os.IsExist(err) {
		return err
	}
	f, err := os.CreateTemp(dir, filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	sys.Adopt(f.Name())
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	var b bytes.Buffer
	b.WriteString(magic)
	b.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(e.b))))
	b.Write(binary.LittleEndian.AppendUint32(nil, crc32.Checksum(e.b, Castagnoli)))
	b.Write(e.b)
	b.Write(make([]byte, pagesAt(int64(b.Len()))-int64(b.Len())))
	_, err = f.Write(b.Bytes())
	for i := 0; i < len(pages) && err == nil; i++ {
		_, err = f.Write(pages[i])
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err == nil {
		dropUnused(dir)
	}
	return err
}

// dropUnused removes the longest unused indexes, left temporary ones among
// them, beyond maxFiles.
func dropUnused(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	var files []os.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b os.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	unused := map[string]bool{}
	for _, f := range files[min(MaxFiles, len(files)):] {
		unused[f.Name()] = true
	}
	log.RemoveIndexes(strings.TrimSuffix(dir, log.IndexDir("")), func(name string) bool { return unused[name] })
}
