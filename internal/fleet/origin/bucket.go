package origin

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"pi-track/internal/fleet"
	"pi-track/internal/fleet/sink"
)

// atOnce is how many objects of a bucket are fetched at a time.
const atOnce = 8

// Bucket fetches the objects of a bucket whose lines were written since the given Unix
// milliseconds (math.MinInt64: all), in the order of time, one behind the other into a
// file without a name: compressed streams that follow each other are one. What was
// changed, is damaged or cannot be had is in unread instead. n is how many objects the
// file holds.
func Bucket(ctx context.Context, s *sink.S3, since int64) (f *os.File, n int, unread []Unread, err error) {
	names, err := s.List(ctx)
	if err != nil {
		return nil, 0, nil, err
	}
	earliest := earliestName(since)
	names = slices.DeleteFunc(names, func(name string) bool {
		m := objectName.FindStringSubmatch(path.Base(name))
		return m == nil || m[1] < earliest || !strings.HasPrefix(name, "host=") || strings.Count(name, "/") != 2
	})
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(path.Base(a), path.Base(b)), cmp.Compare(a, b)) })
	if f, err = os.CreateTemp("", "pi-track-*"+sink.ObjectExt); err != nil {
		return nil, 0, nil, err
	}
	err = os.Remove(f.Name())
	for some := range slices.Chunk(names, atOnce) {
		if err != nil {
			break
		}
		var missed []Unread
		missed, err = fetch(ctx, s, some, f)
		n += len(some) - len(missed)
		unread = append(unread, missed...)
	}
	if err != nil {
		f.Close()
		return nil, 0, nil, err
	}
	return f, n, unread, nil
}

// fetch appends some objects to w. A server that is away, or lets nobody in, is an error.
func fetch(ctx context.Context, s *sink.S3, names []string, w io.Writer) (unread []Unread, err error) {
	objects, whys := make([][]byte, len(names)), make([]error, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { objects[i], whys[i] = object(ctx, s, name) })
	}
	wg.Wait()
	for i, why := range whys {
		switch {
		case errors.As(why, new(*sink.Away)) || ctx.Err() != nil:
			return nil, errors.Join(why, ctx.Err())
		case why != nil:
			unread = append(unread, Unread{names[i], why.Error()})
		default:
			if _, err := w.Write(objects[i]); err != nil {
				return nil, err
			}
		}
	}
	return unread, nil
}

// object is one that is what its name says. A server that hesitates is asked again.
func object(ctx context.Context, s *sink.S3, name string) (data []byte, err error) {
	const tries = 4
	for pause, i := 200*time.Millisecond, 0; ; pause, i = 2*pause, i+1 {
		data, err = get(ctx, s, name)
		if i+1 == tries || !errors.As(err, new(*sink.Away)) {
			return data, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(pause):
		}
	}
}

func get(ctx context.Context, s *sink.S3, name string) ([]byte, error) {
	answer, err := s.Get(ctx, name)
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	data, err := io.ReadAll(io.LimitReader(answer, fleet.MaxBatch+1))
	if err != nil {
		return nil, &sink.Away{Err: fmt.Errorf("%s: the answer was cut off: %w", name, err)}
	}
	return data, checkContent(path.Base(name), bytes.NewReader(data))
}
