package history

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// A damaged segment is an error, each time, and holds no file open.
func TestUnpackingADamagedSegment(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	f, err := os.Create(filepath.Join(dir, "s.zst"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.WriteString("no frame of zstd")
	for range 3 {
		if u, err := unpack(f); err == nil {
			u.Close()
			t.Fatal("unpacked")
		}
	}
	open, _ := filepath.Glob("/proc/self/fd/*") // nothing where there is no /proc
	for _, fd := range open {
		if to, _ := os.Readlink(fd); strings.HasPrefix(to, dir+"/pi-track-") {
			t.Errorf("still open: %s", to)
		}
	}
}

// A compressed segment reads backward as the plain one does, however small the
// pieces are in which it is unpacked, and takes no more of the disk than one.
func TestUnpackInPieces(t *testing.T) {
	var text bytes.Buffer
	var want []string
	for i := range 40000 {
		line := fmt.Sprintf("%d %s", i, strings.Repeat("x", i%97))
		want = append(want, line)
		text.WriteString(line + "\n")
	}
	text.WriteString("unfinished")
	slices.Reverse(want)
	path := filepath.Join(t.TempDir(), "s.zst")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := zstd.NewWriter(f)
	if err != nil {
		t.Fatal(err)
	}
	z.Write(text.Bytes())
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	size := int64(text.Len())
	for _, most := range []int64{blockSize, 3*blockSize + 1, size - 1, size, size + 1} {
		u, err := unpackPieces(f, most)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		if err := backward(u, endOfLines(u, u.size), func(line []byte) bool {
			got = append(got, string(line))
			return true
		}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) || u.size != size {
			t.Errorf("pieces of %d: %d of %d lines, size %d of %d", most, len(got), len(want), u.size, size)
		}
		if n := sizeOf(u.plain); n > most {
			t.Errorf("pieces of %d take %d bytes", most, n)
		}
		u.Close()
	}
}
