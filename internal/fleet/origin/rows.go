package origin

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/fleet/sink"
	"pi-track/internal/log"
	"pi-track/internal/log/segment"
)

//go:embed lines.sql
var linesSQL string

// Lines fetches the lines of a ClickHouse that were written since the given Unix
// milliseconds (math.MinInt64: all) into a compressed file, as an object is. It has no
// name in any directory, so that nothing is left of it when this process ends, however
// that comes. The lines come as they were sent, each once.
func Lines(ctx context.Context, c *sink.ClickHouse, since int64) (*os.File, error) {
	from := int64(math.MinInt64)
	if since != math.MinInt64 {
		from = since - log.Slack.Milliseconds()
	}
	answer, err := c.Select(ctx, SelectLines(c.Database(), from))
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	f, err := os.CreateTemp("", "pi-track-*"+sink.ObjectExt)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.Remove(f.Name()), keep(f, answer)); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Ask carries out a query. The answer is unpacked as it is read.
func Ask(ctx context.Context, c *sink.ClickHouse, query string) (io.ReadCloser, error) {
	answer, err := c.Select(ctx, query)
	if err != nil {
		return nil, err
	}
	r, err := unpack(answer)
	if err != nil {
		return nil, errors.Join(err, answer.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{r, answer}, nil
}

// unpack reads what may be compressed. It starts nothing that has to be closed.
func unpack(answer io.Reader) (io.Reader, error) {
	b := bufio.NewReader(answer)
	if magic, _ := b.Peek(4); string(magic) == "\x28\xb5\x2f\xfd" {
		return segment.Unpack(b)
	}
	return b, nil
}

// keep stores the answer, and checks that it is whole: an engine that fails in the
// middle breaks the connection, or puts its error where a line should be.
func keep(f *os.File, answer io.Reader) error {
	plain, err := unpack(answer)
	if err != nil {
		return err
	}
	z, err := zstd.NewWriter(f, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return err
	}
	var last end
	if _, err = io.Copy(io.MultiWriter(z, &last), plain); err != nil {
		return fmt.Errorf("the answer was cut off: %w", err)
	}
	if err := last.check(); err != nil {
		return err
	}
	return z.Close()
}

// end keeps the last bytes that are written to it, more than a line has.
type end []byte

func (e *end) Write(p []byte) (int, error) {
	*e = append(*e, p[max(0, len(p)-event.MaxLine):]...)
	if over := len(*e) - event.MaxLine; over > 0 {
		*e = append((*e)[:0], (*e)[over:]...)
	}
	return len(p), nil
}

// check says whether the last line is one.
func (e end) check() error {
	if len(e) == 0 {
		return nil
	}
	line := bytes.TrimSuffix(e, []byte{'\n'})
	var got event.Event
	if err := decode.Event(line[bytes.LastIndexByte(line, '\n')+1:], &got); err != nil || len(line) == len(e) {
		return errors.New("the answer was cut off, or ends with an error of the engine")
	}
	return nil
}

// SelectLines is the query of [Lines] for lines since the given Unix milliseconds. The
// database is a plain name.
func SelectLines(database string, since int64) string {
	return strings.NewReplacer("{database}", database, "{since}", "toInt64('"+strconv.FormatInt(since, 10)+"')").Replace(linesSQL)
}
