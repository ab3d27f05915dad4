//go:build linux || darwin

package main

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

// source is one file that is read as it grows.
type source struct {
	file   *os.File
	info   os.FileInfo
	offset int64
	rest   []byte    // the beginning of a line whose end is not there yet
	skip   bool      // that line is longer than any event: pass over it
	until  time.Time // when to leave a file that was rotated away
}

// follower reads a log as it grows, from one file to the next.
type follower struct {
	path    string
	current *source         // nil while there is no log
	old     []*source       // rotated away, but perhaps still written
	sealed  map[string]bool // the sealed segments that are dealt with
}

// openFollower opens the log at path, if there is one.
func openFollower(path string) *follower {
	f := &follower{path: path, sealed: map[string]bool{}}
	f.current = openSource(path)
	for _, name := range f.segments() {
		f.sealed[name] = true
	}
	return f
}

// openSource opens a file of the log, nil if there is none.
func openSource(path string) *source {
	file, err := log.OpenRegular(path)
	if err != nil {
		return nil
	}
	return newSource(file)
}

// openUnpacked opens a segment that has been compressed, nil if there is none.
func openUnpacked(path string) *source {
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
	return newSource(u.plain)
}

func newSource(file *os.File) *source {
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil
	}
	return &source{file: file, info: info}
}

func (f *follower) close() {
	for _, s := range append(f.old, f.current) {
		if s != nil {
			s.file.Close()
		}
	}
}

// segments are the plain names of the sealed segments, oldest first.
func (f *follower) segments() []string {
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

// has says whether file is the one that the follower has open.
func (f *follower) has(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && f.current != nil && os.SameFile(info, f.current.info)
}

// begin yields the lines of the log from the last one backward until yield
// returns false; follow goes on behind the last one.
func (f *follower) begin(yield func(line []byte) bool) {
	if f.current == nil {
		return
	}
	f.current.offset = endOfLines(f.current.file, sizeOf(f.current.file))
	backward(f.current.file, f.current.offset, yield)
}

// follow yields every further line until yield returns false. It calls reap
// now and then.
func (f *follower) follow(reap func(), yield func(line []byte) bool) {
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
func (f *follower) poll(yield func(line []byte) bool) bool {
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
	if now := openSource(f.path); now != nil {
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
func (f *follower) rotated(now *source, yield func(line []byte) bool) bool {
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
		s := openSource(name)
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
func (s *source) holds(other *source) bool {
	if other == nil {
		return false
	}
	var mine, theirs [256]byte
	n, _ := s.file.ReadAt(mine[:], 0)
	m, _ := other.file.ReadAt(theirs[:], 0)
	return os.SameFile(s.info, other.info) || n > 0 && n == m && mine == theirs
}

// read yields the complete lines that were appended since the last time.
func (s *source) read(yield func(line []byte) bool) bool {
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

// endOfLines is the offset behind the last newline before end.
func endOfLines(file io.ReaderAt, end int64) int64 {
	buf := make([]byte, blockSize)
	for end > 0 {
		block := buf[:min(end, blockSize)]
		if _, err := file.ReadAt(block, end-int64(len(block))); err != nil {
			return 0
		}
		if at := bytes.LastIndexByte(block, '\n'); at >= 0 {
			return end - int64(len(block)) + int64(at) + 1
		}
		end -= int64(len(block))
	}
	return 0
}

// backward yields the lines that end before end, the last one first, until
// yield returns false. Empty lines are left out. A line longer than any event
// is yielded cut to its end, so that it is counted as what it is: no event.
func backward(r io.ReaderAt, end int64, yield func(line []byte) bool) error {
	var rest []byte // the end of a line whose beginning is not read yet
	for end > 0 {
		block := make([]byte, min(end, blockSize))
		end -= int64(len(block))
		if _, err := r.ReadAt(block, end); err != nil {
			return err
		}
		for {
			at := bytes.LastIndexByte(block, '\n')
			if at < 0 {
				break
			}
			line := append(block[at+1:len(block):len(block)], rest...)
			if len(line) > 0 && !yield(line) {
				return nil
			}
			rest, block = nil, block[:at]
		}
		if rest = append(block, rest...); len(rest) > blockSize {
			rest = rest[len(rest)-blockSize:]
		}
	}
	if len(rest) > 0 {
		yield(rest)
	}
	return nil
}
