package report

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"
	"unsafe"

	"pi-track/internal/event"
	"pi-track/internal/log/scan"
)

// The index
//
// Beside a log LOG, the file LOG.index holds what the pass over the log added
// up for the default report, and what it has to remember to go on: a report
// then reads the index and what was written since. It names the segments that
// it covers by inode, offset and checksums of samples; when anything does not
// match, it is made anew. Deleting it only costs time. Behind the checksummed
// body lie the pages of the filter of ended runs, which are read only when
// needed.

const (
	indexMagic   = "pi-track index 1\n" // changes with what is stored or how it is computed
	indexLarge   = 4 << 20              // new bytes from which an index is written
	maxIndexOpen = 20000                // runs without an end beyond which none is
	samples      = 32
	sampleSize   = 256
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// coverage is what is known of one segment.
type coverage struct {
	dev, ino uint64
	End      int64 // bytes that are added up
	check    uint32
	Counts   scan.Counts
	Rows     int64
}

// indexPath is the index's file, "" when the query is none that it answers.
func (p *pipeline) indexPath() string {
	q := p.q
	if q.NoIndex || len(q.Logs) != 1 || q.filter != nil || !q.Since.IsZero() || !q.Until.IsZero() || len(q.By) > 0 {
		return ""
	}
	for s := range q.sections {
		switch s {
		case SectionOverview, SectionHelpers, SectionFlaky, SectionFailures, SectionUnused:
		default:
			return ""
		}
	}
	return q.Logs[0] + ".index"
}

// indexKind tells indexes apart that the same program would fill differently.
func (q *query) indexKind() string {
	var zone string
	for month := time.January; month <= time.December; month++ {
		for _, year := range []int{2024, 2026, q.now.Year()} {
			_, offset := time.Date(year, month, 15, 0, 0, 0, 0, q.location).Zone()
			zone += fmt.Sprintf("%d,", offset)
		}
	}
	return fmt.Sprintf("%s %s %d %d %d %d", zoneName(q.location), zone,
		unsafe.Sizeof(sums{}), unsafe.Sizeof(outcome{}), unsafe.Sizeof(endLine{}), maxOutcomes)
}

// loadIndex is the state that the index holds, nil if there is none that fits
// the log as it is now.
func (p *pipeline) loadIndex() *state {
	path := p.indexPath()
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	st := p.readIndex(f)
	if st == nil {
		f.Close()
	}
	return st
}

// readIndex keeps f open if it returns a state: the filter's pages are there.
func (p *pipeline) readIndex(f *os.File) *state {
	head := make([]byte, len(indexMagic)+12)
	if _, err := io.ReadFull(f, head); err != nil || string(head[:len(indexMagic)]) != indexMagic {
		return nil
	}
	size := int64(binary.LittleEndian.Uint64(head[len(indexMagic):]))
	info, err := f.Stat()
	if err != nil || size < 0 || size > info.Size() {
		return nil
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(f, body); err != nil ||
		crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(head[len(indexMagic)+8:]) {
		return nil
	}
	d := &decoder{b: body}
	var kind string
	if getString(d, &kind); kind != p.q.indexKind() {
		return nil
	}
	st := p.newState()
	if !p.cover(st, d) {
		return nil
	}
	var checks []uint32
	getSlice(d, &checks)
	if st.decode(d); d.bad || len(checks) != len(st.seq.ended.pages) {
		return nil
	}
	pages := pagesAt(int64(len(head)) + size)
	st.seq.ended.load = func(i int) *bloomPage {
		page := new(bloomPage)
		b := unsafe.Slice((*byte)(unsafe.Pointer(page)), unsafe.Sizeof(*page))
		if _, err := f.ReadAt(b, pages+int64(i)*int64(len(b))); err != nil || crc32.Checksum(b, castagnoli) != checks[i] {
			for k := range b {
				b[k] = 0xff // every id may be there: doubts lead to a new index
			}
		}
		return page
	}
	return st
}

// pagesAt is where the pages start behind the body.
func pagesAt(end int64) int64 { return (end + 4095) &^ 4095 }

// cover reads which segments are covered, and is false unless each of them is
// still there and looks the same.
func (p *pipeline) cover(st *state, d *decoder) bool {
	st.covered = make([]coverage, len(p.parts))
	for range d.count() {
		var c coverage
		get(d, &c)
		found := false
		for i := range p.parts {
			if !d.bad && p.ids[i] == [2]uint64{c.dev, c.ino} && st.covered[i].End == 0 && c.matches(p.parts[i]) {
				for b := range c.Counts.First {
					c.Counts.First[b].Part = i
				}
				st.covered[i], found = c, true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

func (c *coverage) matches(part scan.Part) bool {
	if part.To < c.End {
		return false
	}
	check, err := checksum(part.Path, c.End)
	return err == nil && check == c.check
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

// saveIndex writes the index if enough has been added to be worth it. Where it
// cannot be written, reports stay as slow as they are.
func (p *pipeline) saveIndex(ctx context.Context, st *state, r *scan.Result) error {
	path := p.indexPath()
	if path == "" || len(st.seq.open) > maxIndexOpen {
		return nil
	}
	added := int64(0)
	for i, part := range p.uncovered(st) {
		added += r.Ends[i] - part.From
	}
	if added < indexLarge {
		return nil
	}
	texts := map[uint64][]byte{}
	var places []scan.Place
	for id, x := range st.seq.open {
		if texts[id] = x.text; x.text == nil {
			places = append(places, x.place)
		}
	}
	if err := scan.Fetch(ctx, p.parts, places, func(l *event.Line, _ scan.Place) { openTexts(st.seq.open, texts, l) }); err != nil {
		return err
	}
	e := &encoder{}
	putString(e, p.q.indexKind())
	put(e, int64(len(p.parts)))
	for i, part := range p.parts {
		c := coverage{dev: p.ids[i][0], ino: p.ids[i][1], End: r.Ends[i], Counts: r.Parts[i], Rows: r.Rows[i]}
		c.Counts.Bad[scan.Unfinished] = 0
		var err error
		if c.check, err = checksum(part.Path, c.End); err != nil {
			return nil
		}
		put(e, c)
	}
	pages, checks := st.seq.ended.bytes()
	putSlice(e, checks)
	st.encode(e, texts)
	_ = writeIndex(path, e.b, pages)
	return nil
}

// bytes are all pages and their checksums.
func (b *bloom) bytes() ([][]byte, []uint32) {
	pages := make([][]byte, len(b.pages))
	checks := make([]uint32, len(b.pages))
	empty := new(bloomPage)
	for i := range b.pages {
		page := b.pages[i]
		if page == nil && b.load != nil {
			page = b.load(i)
		} else if page == nil {
			page = empty
		}
		pages[i] = unsafe.Slice((*byte)(unsafe.Pointer(page)), unsafe.Sizeof(*page))
		checks[i] = crc32.Checksum(pages[i], castagnoli)
	}
	return pages, checks
}

// writeIndex replaces the index as a whole.
func writeIndex(path string, body []byte, pages [][]byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
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
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
