package report

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"time"
	"unsafe"

	"pi-track/internal/event"
	"pi-track/internal/log"
	"pi-track/internal/log/scan"
)

// The index
//
// Beside a log LOG, the directory LOG.index holds what passes over the log
// added up, one file for each shape of a query without a period: what it
// collects, its filter and its zone. With it stands what a pass has to
// remember to go on: a report then reads the index and what was written since.
// It names the segments that it covers by inode, offset and checksums of
// samples; when anything does not match, it is made anew. So it is after a
// segment was compressed: the new file's bytes say nothing that is cheap to
// check about the old one's. Deleting it only costs time. Behind the
// checksummed body lie the pages of the filter of ended runs, which are read
// only when needed. With several logs it stands beside the first.

const (
	indexMagic   = log.IndexMagic + "5\n" // changes with what is stored or how it is computed
	indexLarge   = 4 << 20                // new bytes from which an index is written
	maxIndexOpen = 20000                  // runs without an end beyond which none is
	maxIndexBody = 32 << 20               // bytes without the pages beyond which none is
	maxIndexes   = 8                      // files, of which the longest unused go
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

// indexPath is the index's file, "" when the query has a period, which moves,
// or names a log that is none: nothing is made beside that.
func (p *pipeline) indexPath() string {
	q := p.q
	if q.NoIndex || !p.whole || len(q.Logs) == 0 || !q.Since.IsZero() || !q.Until.IsZero() {
		return ""
	}
	return filepath.Join(log.IndexDir(q.Logs[0]), fmt.Sprintf("%016x", hash([]byte(q.shape()))))
}

// loadIndex is the state that the index holds, nil if there is none that fits
// the log as it is now.
func (p *pipeline) loadIndex() *state {
	path := p.indexPath()
	if path == "" {
		return nil
	}
	f, err := log.OpenRegular(path)
	if err != nil {
		return nil
	}
	st := p.readIndex(f)
	if st == nil {
		f.Close()
	} else if info, err := f.Stat(); err == nil && time.Since(info.ModTime()) > time.Hour {
		now := time.Now()
		_ = os.Chtimes(path, now, now) // it is in use
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
	st := p.newState(span{})
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
	if !e.full {
		_ = writeIndex(path, e.b, pages)
	}
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
