package report

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
	"syscall"

	"pi-track/internal/log"
	"time"
	"unsafe"
)

// shape tells indexes apart that the same program would fill differently. What
// the helpers, failures and verdicts need is in every index.
func (q *query) shape() string {
	var zone string
	for month := time.January; month <= time.December; month++ {
		for _, year := range []int{2024, 2026, q.now.Year()} {
			_, offset := time.Date(year, month, 15, 0, 0, 0, 0, q.location).Zone()
			zone += fmt.Sprintf("%d,", offset)
		}
	}
	shape := fmt.Sprintf("%s %s %d %d %d %d", q.location, zone,
		unsafe.Sizeof(sums{}), unsafe.Sizeof(outcome{}), unsafe.Sizeof(endLine{}), maxOutcomes)
	if len(q.Logs) > 1 {
		shape += fmt.Sprintf(" logs %q", q.Logs)
	}
	if q.filter != nil {
		shape += fmt.Sprintf(" filter %q", q.Filter)
	}
	if q.sections[SectionHelpers] && len(q.By) > 0 {
		shape += fmt.Sprintf(" by %q", q.By)
	}
	for _, s := range []Section{SectionTrend, SectionContext, SectionEffect} {
		if q.sections[s] {
			shape += " " + string(s)
		}
	}
	if q.sections[SectionWhy] {
		shape += fmt.Sprintf(" why %q", q.Why)
	}
	return shape
}

// indexKind is the shape and, where they are counted while reading, the
// compared days: such an index lasts for a day.
func (q *query) indexKind() string {
	kind := q.shape()
	if q.sections[SectionTrend] || len(q.By) > 0 {
		kind += fmt.Sprintf(" of %d %d", q.previous.from, q.current.to)
	}
	return kind
}

// checksum is of samples from the first n bytes of a file, and of the last
// before n.
func checksum(path string, n int64) (uint32, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var sum uint32
	buf := make([]byte, sampleSize)
	for k := range int64(samples + 1) {
		at := max(0, min(n/samples*k, n-sampleSize))
		got, err := f.ReadAt(buf[:min(sampleSize, n)], at)
		if err != nil && err != io.EOF {
			return 0, err
		}
		sum = crc32.Update(sum, castagnoli, buf[:got])
	}
	return sum, nil
}

// fileID is a file's device and inode.
func fileID(info os.FileInfo) [2]uint64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return [2]uint64{uint64(s.Dev), uint64(s.Ino)}
	}
	return [2]uint64{}
}

// writeIndex replaces the index as a whole.
func writeIndex(path string, body []byte, pages [][]byte) (err error) {
	dir := filepath.Dir(path)
	if info, err := os.Lstat(dir); err == nil && !info.IsDir() {
		if !info.Mode().IsRegular() || !log.IsIndex(dir) {
			return &os.PathError{Op: "mkdir", Path: dir, Err: log.ErrNotOurs}
		}
		os.Remove(dir) // earlier versions kept one file there
	}
	if err := os.Mkdir(dir, 0o700); err == nil {
		log.Adopt(dir)
	} else if !os.IsExist(err) {
		return err
	}
	f, err := os.CreateTemp(dir, filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	log.Adopt(f.Name())
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	var b bytes.Buffer
	b.WriteString(indexMagic)
	b.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(body))))
	b.Write(binary.LittleEndian.AppendUint32(nil, crc32.Checksum(body, castagnoli)))
	b.Write(body)
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
		dropIndexes(dir)
	}
	return err
}

// dropIndexes removes the longest unused indexes, left temporary ones among
// them, beyond maxIndexes.
func dropIndexes(dir string) {
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
	for _, f := range files[min(maxIndexes, len(files)):] {
		unused[f.Name()] = true
	}
	log.RemoveIndexes(strings.TrimSuffix(dir, log.IndexDir("")), func(name string) bool { return unused[name] })
}
