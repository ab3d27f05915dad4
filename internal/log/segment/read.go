package segment

import (
	"io"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Compressed says by its name whether a segment is compressed.
func Compressed(name string) bool { return strings.HasSuffix(name, Ext) }

// Unpack reads what is compressed in r, in this goroutine. A segment that
// wants a window of more than 64 MiB is an error, because it could take all
// memory. The caller closes the decoder.
func Unpack(r io.Reader) (*zstd.Decoder, error) {
	return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(64<<20))
}
