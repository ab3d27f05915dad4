package origin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/fleet"
	"pi-track/internal/fleet/sink"
	"pi-track/internal/log"
	"pi-track/internal/log/segment"
)

// objectName matches the name of an object: the times of its lines, the hash of its
// content.
var objectName = regexp.MustCompile(`^[0-9]{8}T[0-9]{9}Z-([0-9]{8}T[0-9]{9}Z)-([0-9a-f]{32})` + regexp.QuoteMeta(sink.ObjectExt) + `$`)

// Objects are the objects of a shared directory whose lines were written since the
// given Unix milliseconds (math.MinInt64: all), in the order of time. The content of
// each is compared with its name; one that was changed, cut short or cannot be read
// is in unread instead. An empty directory has none.
func Objects(ctx context.Context, root string, since int64) (objects []string, unread []Unread, err error) {
	st, err := os.Stat(root)
	if err != nil {
		return nil, nil, err
	}
	if !st.IsDir() {
		return nil, nil, fmt.Errorf("%s is not a directory", root)
	}
	earliest := earliestName(since)
	objects = []string{}
	hosts, err := os.ReadDir(root)
	if err != nil {
		return nil, nil, err
	}
	for _, host := range hosts {
		if !host.IsDir() || !strings.HasPrefix(host.Name(), "host=") {
			continue
		}
		found, err := objectsOf(filepath.Join(root, host.Name()), earliest)
		if err != nil {
			unread = append(unread, Unread{filepath.Join(root, host.Name()), err.Error()})
		}
		objects = append(objects, found...)
	}
	slices.SortFunc(objects, func(a, b string) int { return strings.Compare(filepath.Base(a)+a, filepath.Base(b)+b) })
	whys, err := checkAll(ctx, objects)
	if err != nil {
		return nil, nil, err
	}
	kept := objects[:0]
	for i, path := range objects {
		if whys[i] == nil {
			kept = append(kept, path)
		} else {
			unread = append(unread, Unread{path, whys[i].Error()})
		}
	}
	return kept, unread, nil
}

// earliestName is what the end of an object's lines is compared with: "" takes all.
func earliestName(since int64) string {
	if since == math.MinInt64 {
		return ""
	}
	return sink.ObjectTime(time.UnixMilli(since).Add(-log.Slack).UTC().Format(event.TimeFormat))
}

// objectsOf are the objects of one host.
func objectsOf(dir, earliest string) (objects []string, err error) {
	months, err := os.ReadDir(dir)
	for _, month := range months {
		if !month.IsDir() {
			continue
		}
		files, merr := os.ReadDir(filepath.Join(dir, month.Name()))
		err = errors.Join(err, merr)
		for _, f := range files {
			m := objectName.FindStringSubmatch(f.Name())
			if m != nil && m[1] >= earliest && f.Type().IsRegular() {
				objects = append(objects, filepath.Join(dir, month.Name(), f.Name()))
			}
		}
	}
	return objects, err
}

// checkAll compares every object with its name, some at a time.
func checkAll(ctx context.Context, objects []string) ([]error, error) {
	whys := make([]error, len(objects))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), 4) {
		wg.Go(func() {
			for i := range next {
				whys[i] = check(objects[i])
			}
		})
	}
	var err error
	for i := range objects {
		if err = ctx.Err(); err != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	return whys, err
}

// check says why an object is not what its name says.
func check(path string) error {
	f, err := log.OpenRegular(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = errors.New("it was removed meanwhile")
		}
		return err
	}
	defer f.Close()
	return checkContent(filepath.Base(path), f)
}

// errChanged says that an object is not what was sent.
var errChanged = errors.New("left out, because somebody changed it: its content does not match its name")

// checkContent says why an object is not what its name says. One that holds more than
// any batch is not read to its end: it may have none.
func checkContent(name string, object io.Reader) error {
	r, err := segment.Unpack(object)
	if err != nil {
		return err
	}
	defer r.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(r, fleet.MaxBatch+1))
	if err != nil {
		return fmt.Errorf("left out, because it is damaged: %w", err)
	}
	if n > fleet.MaxBatch || hex.EncodeToString(sum.Sum(nil)[:16]) != objectName.FindStringSubmatch(name)[2] {
		return errChanged
	}
	return nil
}
