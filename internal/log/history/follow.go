package history

import (
	"bytes"
	"io"
	"os"
	"strings"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/log"
	"pi-track/internal/log/segment"
)

const (
	pollEvery = 200 * time.Millisecond
	reapEvery = 2 * time.Second

	// lateWrites is how long a writer that takes no lock may still append to
	// a log that has been rotated away.
	lateWrites = 5 * time.Second

	blockSize = 64 << 10
)

// growing is one file that is read as it grows.
type growing struct {
	file   *os.File
	info   os.FileInfo
	offset int64
	rest   []byte    // the beginning of a line whose end is not there yet
	skip   bool      // that line is longer than any event: pass over it
	until  time.Time // when to leave a file that was rotated away
}

// Follower reads a log as it grows, from one file to the next.
type Follower struct {
	path    string
	current *growing        // nil while there is no log
	old     []*growing      // rotated away, but perhaps still written
	sealed  map[string]bool // the sealed segments that are dealt with
}

// Follow opens the log at path, if there is one.
func Follow(path string) *Follower {
	f := &Follower{path: path, sealed: map[string]bool{}}
	f.current = openGrowing(path)
	for _, name := range f.segments() {
		f.sealed[name] = true
	}
	return f
}

// openGrowing opens a file of the log, nil if there is none.
func openGrowing(path string) *growing {
	file, err := log.OpenRegular(path)
	if err != nil {
		return nil
	}
	return newGrowing(file)
}

// openUnpacked opens a segment that has been compressed, nil if there is none.
func openUnpacked(path string) *growing {
	packed, err := log.OpenRegular(path)
	if err != nil {
		return nil
	}
	defer packed.Close()
	u, err := unpack(packed)
	if err != nil {
		return nil
	}
	if u.to < u.size {
		u.Close() // too much to be shown, too
		return nil
	}
	return newGrowing(u.plain)
}

func newGrowing(file *os.File) *growing {
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil
	}
	return &growing{file: file, info: info}
}

// Close closes the files.
func (f *Follower) Close() {
	for _, s := range append(f.old, f.current) {
		if s != nil {
			s.file.Close()
		}
	}
}

// segments are the plain names of the sealed segments, oldest first.
func (f *Follower) segments() []string {
	files, _ := log.Segments(f.path)
	var names []string
	for _, file := range files {
		if file != f.path {
			names = append(names, plainName(file))
		}
	}
	return names
}

// plainName is a sealed segment's name before it was compressed.
func plainName(file string) string { return strings.TrimSuffix(file, segment.Ext) }

// Has says whether file is the one that the follower has open.
func (f *Follower) Has(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && f.current != nil && os.SameFile(info, f.current.info)
}

// Begin yields the lines of the log from the last one backward until yield
// returns false; Next goes on behind the last one.
func (f *Follower) Begin(yield func(line []byte) bool) {
	if f.current == nil {
		return
	}
	f.current.offset = endOfLines(f.current.file, sizeOf(f.current.file))
	backward(f.current.file, f.current.offset, yield)
}

// Next yields every further line until yield returns false. It calls reap
// now and then.
func (f *Follower) Next(reap func(), yield func(line []byte) bool) {
	nextReap := time.Now().Add(reapEvery)
	for f.poll(yield) {
		time.Sleep(pollEvery)
		if now := time.Now(); now.After(nextReap) {
			reap()
			nextReap = now.Add(reapEvery)
		}
	}
}

// poll reads what has been written since the last time.
func (f *Follower) poll(yield func(line []byte) bool) bool {
	kept := f.old[:0]
	for _, s := range f.old {
		if !s.read(yield) {
			return false
		}
		if time.Now().After(s.until) {
			s.file.Close()
			continue
		}
		kept = append(kept, s)
	}
	f.old = kept
	if f.current != nil && !f.current.read(yield) {
		return false
	}
	if now := openGrowing(f.path); now != nil {
		if f.current != nil && os.SameFile(now.info, f.current.info) {
			now.file.Close()
			return true
		}
		return f.rotated(now, yield)
	}
	return true
}

// rotated goes on with the log now: the one before is sealed, and others may
// have come and gone in between.
func (f *Follower) rotated(now *growing, yield func(line []byte) bool) bool {
	before := f.current
	f.current = now
	if before != nil {
		before.until = time.Now().Add(lateWrites)
		f.old = append(f.old, before)
		if !before.read(yield) {
			return false
		}
	}
	for _, name := range f.segments() {
		if f.sealed[name] {
			continue
		}
		f.sealed[name] = true
		s := openGrowing(name)
		if s == nil {
			s = openUnpacked(name + segment.Ext) // this process had been stopped for a while
		}
		if s == nil {
			continue
		}
		if s.holds(before) || s.holds(now) { // now may be sealed by now
			s.file.Close()
			continue
		}
		s.until = time.Now().Add(lateWrites)
		f.old = append(f.old, s)
		if !s.read(yield) {
			return false
		}
	}
	return now.read(yield)
}

// holds says whether s has what other, which may be nil, has: it is the same file,
// or was unpacked from what that has been compressed to. No two files of a log
// begin alike, since they begin with an event's time and id.
func (s *growing) holds(other *growing) bool {
	if other == nil {
		return false
	}
	var mine, theirs [256]byte
	n, _ := s.file.ReadAt(mine[:], 0)
	m, _ := other.file.ReadAt(theirs[:], 0)
	return os.SameFile(s.info, other.info) || n > 0 && n == m && mine == theirs
}

// read yields the complete lines that were appended since the last time.
func (s *growing) read(yield func(line []byte) bool) bool {
	if info, err := s.file.Stat(); err == nil && info.Size() < s.offset {
		s.offset, s.rest, s.skip = 0, nil, false // emptied by hand
	}
	buf := make([]byte, blockSize)
	for {
		n, err := s.file.ReadAt(buf, s.offset)
		s.offset += int64(n)
		block := buf[:n]
		for {
			at := bytes.IndexByte(block, '\n')
			if at < 0 {
				break
			}
			line := append(s.rest, block[:at]...)
			if !s.skip && len(line) > 0 && !yield(line) {
				return false
			}
			s.rest, s.skip, block = s.rest[:0], false, block[at+1:]
		}
		if s.rest = append(s.rest, block...); len(s.rest) > event.MaxLine {
			s.rest, s.skip = s.rest[:0], true
		}
		if n == 0 || err != nil && err != io.EOF {
			return true
		}
	}
}
