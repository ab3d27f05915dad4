package audit

import (
	"bytes"
	"errors"
	"io"
	"os"

	"pi-track/internal/log/segment"
)

// number gives the places that know only their offset a line number. Defects
// in one file stand in the order of their offsets.
func (a *auditor) number() error {
	for _, f := range a.Files {
		if err := a.numberIn(f); err != nil {
			return &os.PathError{Op: "read", Path: f.Name(), Err: err}
		}
	}
	return nil
}

// numberIn numbers the places in one file.
func (a *auditor) numberIn(f *os.File) error {
	var c *lineCounter
	for i := range a.result.Defects {
		p := &a.result.Defects[i]
		if p.Line != 0 || p.Path != f.Name() {
			continue
		}
		if c == nil {
			r, closeReader, err := lines(f)
			if err != nil {
				return err
			}
			defer closeReader()
			c = &lineCounter{r: r, buf: make([]byte, 256<<10)}
		}
		if err := c.to(p.Offset); err != nil {
			return err
		}
		p.Line = c.newlines + 1
	}
	return nil
}

// lines reads a file from its begin, unpacked.
func lines(f *os.File) (io.Reader, func(), error) {
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	whole := io.NewSectionReader(f, 0, info.Size())
	if !segment.Compressed(f.Name()) {
		return whole, func() {}, nil
	}
	z, err := segment.Unpack(whole)
	if err != nil {
		return nil, nil, err
	}
	return z, z.Close, nil
}

// lineCounter counts the newlines before an offset that only grows.
type lineCounter struct {
	r        io.Reader
	at       int64
	newlines int64
	buf      []byte
}

func (c *lineCounter) to(offset int64) error {
	for c.at < offset {
		n, err := c.r.Read(c.buf[:min(int64(len(c.buf)), offset-c.at)])
		c.newlines += int64(bytes.Count(c.buf[:n], []byte{'\n'}))
		c.at += int64(n)
		switch {
		case err == nil || c.at == offset:
		case errors.Is(err, io.EOF):
			return io.ErrUnexpectedEOF // cut off since it was read
		default:
			return err
		}
	}
	return nil
}
