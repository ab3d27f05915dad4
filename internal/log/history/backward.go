package history

import (
	"bytes"
	"io"
	"os"

	"pi-track/internal/log/segment"
)

// readBackward yields the lines of a segment, the last one first, until yield
// returns false. Of a compressed one a piece at a time is unpacked.
func readBackward(f *os.File, yield func(line []byte) bool) error {
	if !segment.Compressed(f.Name()) {
		return backward(f, endOfLines(f, sizeOf(f)), yield)
	}
	u, err := unpack(f)
	if err != nil {
		return err
	}
	defer u.Close()
	return backward(u, endOfLines(u, u.size), yield)
}

func sizeOf(f *os.File) int64 {
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
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
