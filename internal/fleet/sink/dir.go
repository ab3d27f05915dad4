package sink

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// dir keeps each batch as an object of a shared directory:
//
//	ROOT/host=PSEUDONYM/2006-01/FROM-TO-TOKEN.jsonl.zst
//
// FROM and TO are the times of its lines, TOKEN is the hash of its content. So the
// same batch is the same object, a changed one is noticed, and a report of the
// last week opens no older ones. An object is written beside its name, synced and
// renamed: whoever reads sees all of it or nothing.
type dir struct {
	root  string
	zip   *zstd.Encoder
	swept bool
}

// Objects end in ObjectExt.
const ObjectExt = ".jsonl.zst"

// tmpPrefix begins the names of objects in the making.
const tmpPrefix = ".pi-track-"

func newDir(root string) *dir {
	zip, _ := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)) // its options are right
	return &dir{root: root, zip: zip}
}

// ObjectTime is a line's ts as it stands in the name of an object.
func ObjectTime(ts string) string {
	return strings.NewReplacer("-", "", ":", "", ".", "").Replace(ts)
}

// ObjectName is the path of a batch below the root.
func ObjectName(b Batch) string {
	from, to := b.span()
	month := "0000-00"
	if len(from) >= len(month) {
		month = from[:len(month)]
	}
	return filepath.Join("host="+fileName(b.Host), month, ObjectTime(from)+"-"+ObjectTime(to)+"-"+b.Token()+ObjectExt)
}

// fileName is a host's name without what a path or a share cannot have.
func fileName(host string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.' && !strings.HasPrefix(host, ".") {
			return r
		}
		return '_'
	}, host)
}

func (d *dir) Close() error { return d.zip.Close() }

// Check looks whether the directory is there and can be written.
func (d *dir) Check(context.Context) error {
	st, err := os.Stat(d.root)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s does not exist: make it, or mount what it lies on", d.root)
	case err != nil:
		return err
	case !st.IsDir():
		return &Denied{fmt.Errorf("%s is not a directory", d.root), "name a directory in shims.toml"}
	}
	if err := writable(d.root); err != nil {
		return denied(err)
	}
	return nil
}

func denied(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return &Denied{err, "let this user write there"}
	}
	return err
}

// Put writes the object. The root itself is never made: it may be a mount that is
// not there.
func (d *dir) Put(ctx context.Context, b Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := d.Check(ctx); err != nil {
		return err
	}
	name := filepath.Join(d.root, ObjectName(b))
	month := filepath.Dir(name)
	if err := os.MkdirAll(month, 0o777); err != nil {
		return denied(err)
	}
	d.sweep(filepath.Dir(month))
	tmp, err := os.CreateTemp(month, tmpPrefix+"*")
	if err != nil {
		return denied(err)
	}
	err = d.write(tmp, b.Lines)
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		os.Remove(tmp.Name())
		return denied(err)
	}
	for _, at := range []string{month, filepath.Dir(month), d.root} {
		if err := syncDir(at); err != nil {
			return err
		}
	}
	return nil
}

func (d *dir) write(f *os.File, lines []byte) error {
	_, err := f.Write(d.zip.EncodeAll(lines, nil))
	if err == nil {
		err = f.Chmod(0o444) // no one changes an object by mistake
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncDir makes a directory's entries last. A share may not know that.
func syncDir(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !unsupported(err) {
		return err
	}
	return nil
}

// sweep removes, once, what this host left half made long ago.
func (d *dir) sweep(host string) {
	if d.swept {
		return
	}
	d.swept = true
	const old = 24 * time.Hour
	left, _ := filepath.Glob(filepath.Join(host, "*", tmpPrefix+"*"))
	for _, name := range left {
		if st, err := os.Lstat(name); err == nil && st.Mode().IsRegular() && time.Since(st.ModTime()) > old {
			os.Remove(name)
		}
	}
}
