package audit

import (
	"bytes"
	"io"
	"os"
	"strings"
)

// number gives the places that know only their offset a line number, where
// that takes no more than counting newlines: not in compressed files. Places
// in one file stand in the order of their offsets.
func (a *auditor) number() error {
	for _, f := range a.Files {
		if strings.HasSuffix(f.Name(), ".zst") {
			continue
		}
		c := lineCounter{file: f}
		for i := range a.result.Places {
			p := &a.result.Places[i]
			if p.Line != 0 || p.Path != f.Name() {
				continue
			}
			if err := c.to(p.Offset); err != nil {
				return err
			}
			p.Line = c.newlines + 1
		}
	}
	return nil
}

// lineCounter counts the newlines before an offset that only grows.
type lineCounter struct {
	file     *os.File
	at       int64
	newlines int64
	buf      []byte
}

func (c *lineCounter) to(offset int64) error {
	if c.buf == nil {
		c.buf = make([]byte, 256<<10)
	}
	for c.at < offset {
		n, err := c.file.ReadAt(c.buf[:min(int64(len(c.buf)), offset-c.at)], c.at)
		c.newlines += int64(bytes.Count(c.buf[:n], []byte{'\n'}))
		c.at += int64(n)
		if err == io.EOF && c.at < offset {
			err = io.ErrUnexpectedEOF // cut off since it was read
		}
		if err != nil && err != io.EOF {
			return &os.PathError{Op: "read", Path: c.file.Name(), Err: err}
		}
	}
	return nil
}
