package audit

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// longest is the longest line in bytes that is looked at. Events have 4 KiB
// at most; what another program wrote may be longer and still be readable.
const longest = 64 << 10

// line is one line of a file.
type line struct {
	number int64  // from 1
	offset int64  // of its first byte
	size   int64  // in bytes, its newline included
	text   []byte // without the newline; nil when it is too long; valid until the next line
	ended  bool   // by a newline
}

// readLines calls take for every line of r, in memory of a fixed size.
func readLines(r io.Reader, take func(line)) error {
	b := bufio.NewReaderSize(r, longest)
	l := line{number: 1}
	for {
		part, err := b.ReadSlice('\n')
		l.size += int64(len(part))
		if errors.Is(err, bufio.ErrBufferFull) {
			continue // longer than the buffer: passed over
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if l.ended = err == nil; l.size == int64(len(part)) {
			l.text = bytes.TrimSuffix(part, []byte("\n"))
		}
		if l.size > 0 {
			take(l)
		}
		if !l.ended {
			return nil
		}
		l = line{number: l.number + 1, offset: l.offset + l.size}
	}
}
