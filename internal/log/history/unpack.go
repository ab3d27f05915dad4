package history

import (
	"fmt"
	"io"
	"os"

	"pi-track/internal/log/segment"
)

// unpackMax bounds what of a compressed segment is unpacked at a time, in bytes: a
// few kilobytes can hold more than the disk does.
const unpackMax = 256 << 20

// unpacked is a compressed segment that can be read anywhere. A piece of it lies in a
// temporary file without a name.
type unpacked struct {
	packed   *os.File
	plain    *os.File
	from, to int64 // the piece
	size     int64 // of all
	max      int64 // of a piece
}

// unpack unpacks the last piece of f.
func unpack(f *os.File) (*unpacked, error) { return unpackPieces(f, unpackMax) }

func unpackPieces(f *os.File, most int64) (*unpacked, error) {
	plain, err := os.CreateTemp("", "pi-track-*")
	if err != nil {
		return nil, err
	}
	os.Remove(plain.Name())
	u := &unpacked{packed: f, plain: plain, max: most}
	// The first piece is all, mostly; else the size has to be known.
	err = u.stream(func(r io.Reader) error {
		n, err := io.Copy(plain, io.LimitReader(r, most))
		u.to, u.size = n, n
		if err != nil || n < most {
			return err
		}
		rest, err := io.Copy(io.Discard, r)
		u.size += rest
		return err
	})
	if err != nil {
		plain.Close()
		return nil, err
	}
	return u, nil
}

// Close gives the temporary file back. The segment stays open.
func (u *unpacked) Close() error { return u.plain.Close() }

// stream calls read with what is compressed.
func (u *unpacked) stream(read func(io.Reader) error) error {
	z, err := segment.Unpack(io.NewSectionReader(u.packed, 0, sizeOf(u.packed)))
	if err == nil {
		defer z.Close()
		err = read(z)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", u.packed.Name(), err)
	}
	return nil
}

// ReadAt reads from the piece, or unpacks the one that ends where b does.
func (u *unpacked) ReadAt(b []byte, at int64) (int, error) {
	end := min(at+int64(len(b)), u.size)
	if at >= end {
		return 0, io.EOF
	}
	if at < u.from || end > u.to {
		from := max(0, end-u.max)
		err := u.stream(func(r io.Reader) error {
			if _, err := io.CopyN(io.Discard, r, from); err != nil {
				return err
			}
			_, err := io.Copy(io.NewOffsetWriter(u.plain, 0), io.LimitReader(r, end-from))
			return err
		})
		if err != nil {
			return 0, err
		}
		u.from, u.to = from, end
	}
	return u.plain.ReadAt(b[:end-at], at-u.from)
}
