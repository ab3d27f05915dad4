package runs

import (
	"cmp"
	"context"
	"hash/crc32"
	"io"
	"os"
	"syscall"
	"unsafe"

	"pi-track/internal/event/decode"
	"pi-track/internal/log/scan"
	"pi-track/internal/report/hash"
	"pi-track/internal/report/index"
	"pi-track/internal/safefile"
)

// The index
//
// Beside a log LOG, the directory LOG.index holds what passes over the log
// added up, one file for each name that readOptions give. With it stands what a
// pass has to remember to go on: a report then reads the index and what was
// written since. It names the segments that it covers by inode, offset and
// checksums of samples; when anything does not match, it is made anew. So it is
// after a segment was compressed: the new file's bytes say nothing that is
// cheap to check about the old one's. Deleting it only costs time. Behind the
// checksummed body lie the pages of the filter of ended runs, which are read
// only when needed. With several logs it stands beside the first.

const (
	indexLarge   = 4 << 20 // new bytes from which an index is written
	maxIndexOpen = 20000   // runs without an end beyond which none is
	samples      = 32
	sampleSize   = 256
)

// coverage is what is known of one segment.
type coverage struct {
	dev, ino uint64
	End      int64 // bytes that are added up
	check    uint32
	Counts   scan.Counts
	Rows     int64
}

// indexPath is the index's file, "" when there is none to be, or a log is named
// that is none: nothing is made beside that.
func (r *reader) indexPath() string {
	if r.IndexName == "" || !r.whole || len(r.Logs) == 0 {
		return ""
	}
	return index.Path(r.Logs[0], r.IndexName)
}

// loadIndex is the state that the index holds, nil if there is none that fits
// the log as it is now.
func (r *reader) loadIndex(fresh func() Totals) *state {
	path := r.indexPath()
	if path == "" {
		return nil
	}
	file, d := index.Open(path, r.IndexContent)
	if file == nil {
		return nil
	}
	st := &state{match: newMatcher(nil, &bloom{})}
	if !r.cover(st, d) {
		file.Close()
		return nil
	}
	st.totals = fresh()
	st.match.to = st.totals
	var checks []uint32
	index.GetSlice(d, &checks)
	st.totals.Decode(d)
	if st.match.Decode(d); d.Bad || len(checks) != len(st.match.ended.pages) {
		file.Close()
		return nil
	}
	st.match.ended.load = func(i int) *bloomPage { // the file stays open for it
		page := new(bloomPage)
		b := unsafe.Slice((*byte)(unsafe.Pointer(page)), unsafe.Sizeof(*page))
		if err := file.Page(i, b); err != nil || crc32.Checksum(b, index.Castagnoli) != checks[i] {
			for k := range b {
				b[k] = 0xff // every id may be there: doubts lead to a new index
			}
		}
		return page
	}
	return st
}

// cover reads which segments are covered, and is false unless each of them is
// still there and looks the same.
func (r *reader) cover(st *state, d *index.Reader) bool {
	st.covered = make([]coverage, len(r.parts))
	for range d.Count() {
		var c coverage
		index.Get(d, &c)
		found := false
		for i := range r.parts {
			if !d.Bad && r.ids[i] == [2]uint64{c.dev, c.ino} && st.covered[i].End == 0 && c.matches(r.parts[i]) {
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
func (r *reader) saveIndex(ctx context.Context, st *state, result *scan.Result) error {
	path := r.indexPath()
	if path == "" || len(st.match.open) > maxIndexOpen {
		return nil
	}
	added := int64(0)
	for i, part := range r.uncovered(st) {
		added += result.Ends[i] - part.From
	}
	if added < cmp.Or(r.IndexFrom, indexLarge) {
		return nil
	}
	lines, err := r.openLines(ctx, st.match.open)
	if err != nil {
		return err
	}
	e := index.NewWriter(r.IndexContent)
	index.Put(e, int64(len(r.parts)))
	for i, part := range r.parts {
		c := coverage{dev: r.ids[i][0], ino: r.ids[i][1], End: result.Ends[i], Counts: result.Parts[i], Rows: result.Rows[i]}
		c.Counts.Bad[scan.Unfinished] = 0
		if c.check, err = checksum(part.Path, c.End); err != nil {
			return nil
		}
		index.Put(e, c)
	}
	pages, checks := st.match.ended.bytes()
	index.PutSlice(e, checks)
	st.totals.Encode(e)
	st.match.Encode(e, lines)
	_ = index.Write(path, e, pages)
	return nil
}

// openLines are the lines of the open runs.
func (r *reader) openLines(ctx context.Context, open map[uint64]startLine) (map[uint64][]byte, error) {
	lines := map[uint64][]byte{}
	var places []scan.Place
	for id, x := range open {
		if lines[id] = x.text; x.text == nil {
			places = append(places, x.place)
		}
	}
	err := scan.Fetch(ctx, r.parts, places, func(l *decode.Line, _ scan.Place) {
		id := hash.Of(l.Bytes(l.ID))
		if _, ok := open[id]; ok {
			lines[id] = append([]byte(nil), l.Raw()...)
		}
	})
	return lines, err
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
		checks[i] = crc32.Checksum(pages[i], index.Castagnoli)
	}
	return pages, checks
}

// checksum is of samples from the first n bytes of a file, and of the last
// before n.
func checksum(path string, n int64) (uint32, error) {
	f, err := safefile.Open(path, safefile.NoLimit)
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
		sum = crc32.Update(sum, index.Castagnoli, buf[:got])
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
