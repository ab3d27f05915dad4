package reap

import (
	"context"
	"hash/maphash"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log"
	"pi-track/internal/log/scan"
	"pi-track/internal/log/segment"
)

var seed = maphash.MakeSeed()

// candidates takes the starts that may have to be ended, and every end. Memory
// grows by 8 bytes an end, and by the starts that have none.
type candidates struct {
	*reaper
	open  map[uint64]*start
	ended []uint64 // hashes of ids
}

func (c *candidates) Begin(*scan.Chunk) {}
func (c *candidates) End(*scan.Chunk)   {}

func (c *candidates) Line(l *decode.Line, _ scan.Place) {
	key := maphash.Bytes(seed, l.Bytes(l.ID))
	if l.Code != decode.CodeStarted {
		c.ended = append(c.ended, key)
		delete(c.open, key)
		return
	}
	if l.Writer.Empty() && l.TS >= c.Older.UnixMilli() && (len(c.damaged) == 0 || c.damaged[l.String(l.ID)].ID == "") {
		return
	}
	var e event.Event
	if decode.Event(l.Raw(), &e) == nil {
		c.open[key] = &start{Event: e, last: e.TS}
	}
}

// open are the starts without an end, by id.
func (r *reaper) open(ctx context.Context) (map[string]*start, error) {
	since := r.Since
	for id := range r.damaged {
		// Unless all is looked at, a box that stays for ever is passed over after a while.
		if at := event.IDTime(id).Add(-log.Slack); !since.IsZero() && at.Before(since) && time.Since(at) < 7*24*time.Hour {
			since = at
		}
	}
	workers, err := scanSince(ctx, r.Log, since, func() *candidates {
		return &candidates{reaper: r, open: map[uint64]*start{}}
	})
	if err != nil {
		return nil, err
	}
	var ended []uint64
	for _, w := range workers {
		ended = append(ended, w.ended...)
	}
	slices.Sort(ended)
	open := map[string]*start{}
	for _, w := range workers {
		for key, s := range w.open {
			if _, ok := slices.BinarySearch(ended, key); !ok && !s.TS.Before(since) {
				open[s.ID] = s
			}
		}
	}
	return open, nil
}

// last looks for ends of the starts, and for other lines of their writers: those
// are signs of life.
type last struct {
	open  map[string]*start
	pids  map[int64][]*start
	ended []string
	seen  map[int64]int64 // the latest ts by pid
}

func (w *last) Begin(*scan.Chunk) {}
func (w *last) End(*scan.Chunk)   {}

func (w *last) Line(l *decode.Line, _ scan.Place) {
	if l.Code != decode.CodeStarted {
		if s := w.open[l.String(l.ID)]; s != nil {
			w.ended = append(w.ended, s.ID)
		}
	}
	if len(w.pids[l.PID]) > 0 && string(l.Bytes(l.Src)) == "extension" {
		w.seen[l.PID] = max(w.seen[l.PID], l.TS)
	}
}

// look marks the starts that have an end by now, and finds out when the writers
// of the others gave their last sign of life.
func (r *reaper) look(ctx context.Context, open map[string]*start) error {
	var first time.Time
	pids := map[int64][]*start{}
	for _, s := range open {
		if first.IsZero() || s.TS.Before(first) {
			first = s.TS
		}
		pid, _, _ := strings.Cut(s.Writer, ":")
		if n, err := strconv.ParseInt(pid, 10, 64); err == nil && n == int64(s.PID) {
			pids[n] = append(pids[n], s)
		}
	}
	workers, err := scanSince(ctx, r.Log, first, func() *last {
		return &last{open: open, pids: pids, seen: map[int64]int64{}}
	})
	if err != nil {
		return err
	}
	for _, w := range workers {
		for _, id := range w.ended {
			open[id].ended = true
		}
		for pid, ts := range w.seen {
			for _, s := range pids[pid] {
				if at := time.UnixMilli(ts); at.After(s.last) {
					s.last = at
				}
			}
		}
	}
	return nil
}

// scanSince reads the lines of the log at path that were written at since or
// later, and some before, with one worker a core. Without a log there are none.
func scanSince[W scan.Worker](ctx context.Context, path string, since time.Time, newWorker func() W) ([]W, error) {
	files, err := log.OpenSegments(path, since)
	if err != nil {
		return nil, err
	}
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	s := scan.Scan{Damaged: func(int, error) {}} // what cannot be read is for verify
	for _, f := range files {
		part, err := partSince(f, since)
		if err != nil {
			return nil, err
		}
		s.Parts = append(s.Parts, part)
	}
	var workers []W
	for range runtime.GOMAXPROCS(0) {
		w := newWorker()
		workers = append(workers, w)
		s.Workers = append(s.Workers, w)
	}
	_, err = s.Run(ctx)
	return workers, err
}

func partSince(f *os.File, since time.Time) (scan.Part, error) {
	part := scan.Part{Path: f.Name(), File: f, To: -1}
	if since.IsZero() || segment.Compressed(f.Name()) {
		return part, nil
	}
	st, err := f.Stat()
	if err != nil {
		return part, err
	}
	part.From, err = scan.Since(f, st.Size(), since.UnixMilli())
	return part, err
}
