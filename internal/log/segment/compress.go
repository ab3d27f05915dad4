package segment

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/log"
)

var errCopy = errors.New("the compressed copy differs from the segment")

// Compress compresses the plain sealed segments of the log at path that have
// not changed for [Grace] before now, and returns their new names. Pending
// says how long to wait until the others can be, 0 if there are none.
func Compress(path string, now time.Time) (done []string, pending time.Duration, err error) {
	names, err := log.Segments(path)
	if err != nil {
		return nil, 0, err
	}
	dropLeftovers(path, now)
	for _, name := range names {
		_, ok := log.SealedAt(path, name)
		if !ok || Compressed(name) {
			continue
		}
		st, err := os.Stat(name)
		if err != nil {
			if os.IsNotExist(err) {
				continue // another process compressed or pruned it
			}
			return done, pending, err
		}
		if wait := untilQuiet(path, name, st.ModTime(), now); wait > 0 {
			pending = max(pending, wait)
			continue
		}
		ok, err = compress(path, name)
		if err != nil {
			return done, pending, err
		}
		if ok {
			done = append(done, name+Ext)
		}
	}
	return done, pending, nil
}

// dropLeftovers removes the unfinished copies of compressions that were
// killed.
func dropLeftovers(path string, now time.Time) {
	const old = time.Hour
	files, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*"+Ext+".*"))
	for _, file := range files {
		name := strings.TrimPrefix(filepath.Base(file), ".")
		name = name[:strings.LastIndex(name, Ext)]
		st, err := os.Lstat(file)
		if _, ours := log.SealedAt(path, name); ours && err == nil && now.Sub(st.ModTime()) > old {
			os.Remove(file)
		}
	}
}

// compress replaces one segment by its compressed form. It is false when
// another process is at it.
func compress(path, name string) (bool, error) {
	f, err := log.OpenRegular(name)
	if err != nil {
		if os.IsNotExist(err) {
			return false, nil
		}
		return false, err
	}
	defer f.Close()
	if !tryLock(f) {
		return false, nil
	}
	if _, err := os.Stat(name); err != nil {
		return false, nil // done by another process before the lock was ours
	}
	size, err := writeCopy(f, name)
	if err != nil {
		return false, err
	}
	if err := os.Remove(name); err != nil {
		return false, err
	}
	return true, rescue(path, f, size)
}

// writeCopy makes the compressed form of f beside it and returns how many
// bytes of f are in it.
func writeCopy(f *os.File, name string) (int64, error) {
	tmp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+Ext+".*")
	if err != nil {
		return 0, err
	}
	defer os.Remove(tmp.Name()) // in vain once it has been renamed
	defer tmp.Close()
	sum := sha256.New()
	z, err := zstd.NewWriter(tmp, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return 0, err
	}
	size, err := io.Copy(z, io.TeeReader(f, sum))
	if err = cmp.Or(err, z.Close()); err != nil { // both say the same of a full disk
		return 0, err
	}
	if err := errors.Join(sameOwner(f, tmp), tmp.Chmod(0o600), tmp.Sync()); err != nil {
		return 0, err
	}
	if _, err := tmp.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	back, err := Unpack(tmp)
	if err != nil {
		return 0, err
	}
	defer back.Close()
	check := sha256.New()
	if _, err := io.Copy(check, back); err != nil {
		return 0, err
	}
	if !bytes.Equal(sum.Sum(nil), check.Sum(nil)) {
		return 0, &os.PathError{Op: "compress", Path: name, Err: errCopy}
	}
	return size, os.Rename(tmp.Name(), name+Ext)
}

// rescue appends to the log at path what has been written to f, which has
// been removed, behind size.
func rescue(path string, f *os.File, size int64) error {
	late, err := io.ReadAll(io.NewSectionReader(f, size, 1<<62))
	if err != nil {
		return err
	}
	for line := range bytes.Lines(late) {
		if len(line) <= 1 {
			continue
		}
		if line[len(line)-1] != '\n' {
			line = append(bytes.Clone(line), '\n')
		}
		if err := log.Append(path, line); err != nil {
			return err
		}
	}
	return nil
}
