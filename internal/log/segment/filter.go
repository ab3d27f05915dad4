package segment

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/event"
	"pi-track/internal/log"
)

// ErrBusy says that another process is at work on a segment.
var ErrBusy = errors.New("another process is at work on it")

// Filter rewrites the sealed segment called name of the log at path without the
// lines that keep refuses. These go to aside first, byte for byte and each with its
// newline; keep gets them without, and of one that is longer than an event can be
// only so much. What is appended meanwhile, or was late, is kept. Wait, if not 0, is
// how long a writer may still have the segment open: nothing was done then.
func Filter(path, name string, now time.Time, keep func(line []byte) bool, aside *os.File) (moved int, wait time.Duration, err error) {
	f, err := log.OpenRegular(name)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	if !Compressed(name) {
		st, err := f.Stat()
		if err != nil {
			return 0, 0, err
		}
		if wait := untilQuiet(path, name, st.ModTime(), now); wait > 0 {
			return 0, wait, nil
		}
	}
	if !tryLock(f) {
		return 0, 0, &os.PathError{Op: "rewrite", Path: name, Err: ErrBusy}
	}
	held, err1 := f.Stat()
	named, err2 := os.Stat(name)
	if err := errors.Join(err1, err2); err != nil {
		return 0, 0, err
	}
	if !os.SameFile(held, named) {
		return 0, 0, &os.PathError{Op: "rewrite", Path: name, Err: ErrBusy}
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+Ext+".*")
	if err != nil {
		return 0, 0, err
	}
	defer os.Remove(tmp.Name()) // in vain once it has been renamed
	defer tmp.Close()
	size, moved, err := filter(f, name, tmp, keep, aside)
	if err != nil || moved == 0 {
		return 0, 0, err
	}
	// The lines are on the disk in their new place before they go from the old one.
	if err := errors.Join(sameOwner(f, tmp), tmp.Chmod(0o600), tmp.Sync(), aside.Sync()); err != nil {
		return 0, 0, err
	}
	if Compressed(name) {
		if err := readable(tmp); err != nil {
			return 0, 0, err
		}
	}
	if err := os.Rename(tmp.Name(), name); err != nil {
		return 0, 0, err
	}
	if Compressed(name) {
		return moved, 0, nil
	}
	return moved, 0, rescue(path, f, size)
}

// readable reads a compressed file to its end, as a proof that it can be read.
func readable(f *os.File) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	z, err := Unpack(f)
	if err != nil {
		return err
	}
	defer z.Close()
	_, err = io.Copy(io.Discard, z)
	return err
}

// untilQuiet is how long to wait until nobody has a plain segment open any more
// that was written last at changed, 0 if that is so.
func untilQuiet(path, name string, changed, now time.Time) time.Duration {
	if sealed, _ := log.SealedAt(path, name); sealed.After(changed) && sealed.Before(now) {
		changed = sealed
	}
	if wait := Grace - now.Sub(changed); wait > 0 && wait <= Grace {
		return wait
	}
	return 0
}

// filter copies f without the refused lines, and returns how many of its bytes it
// has read and how many lines it has put aside.
func filter(f *os.File, name string, to io.Writer, keep func([]byte) bool, aside io.Writer) (size int64, moved int, err error) {
	var from io.Reader = f
	if Compressed(name) {
		z, err := Unpack(f)
		if err != nil {
			return 0, 0, err
		}
		defer z.Close()
		from = z
		packed, err := zstd.NewWriter(to, zstd.WithEncoderConcurrency(1))
		if err != nil {
			return 0, 0, err
		}
		defer func() { err = errors.Join(err, packed.Close()) }()
		to = packed
	}
	out, refused := bufio.NewWriter(to), bufio.NewWriter(aside)
	in := bufio.NewReaderSize(from, 2*event.MaxLine)
	for err == nil {
		var line []byte
		line, err = in.ReadSlice('\n')
		size += int64(len(line))
		w := out
		if len(line) > 0 && !keep(bytes.TrimSuffix(line, []byte("\n"))) {
			w = refused
			moved++
		}
		w.Write(line)
		for errors.Is(err, bufio.ErrBufferFull) { // too long: the rest goes the same way
			line, err = in.ReadSlice('\n')
			size += int64(len(line))
			w.Write(line)
		}
		if w == refused && errors.Is(err, io.EOF) && !bytes.HasSuffix(line, []byte("\n")) {
			w.WriteString("\n")
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return size, moved, errors.Join(err, out.Flush(), refused.Flush())
}
