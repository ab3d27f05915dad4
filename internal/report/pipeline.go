package report

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"

	"pi-track/internal/log"
	"pi-track/internal/log/scan"
)

// pipeline is the way from files to totals.
type pipeline struct {
	q     *query
	parts []scan.Part
	total int64 // bytes of all parts
}

// totalsOf reads the logs.
func totalsOf(ctx context.Context, q *query) (*totals, error) {
	p := &pipeline{q: q}
	warnings, err := p.open()
	if err != nil {
		return nil, err
	}
	s := &shared{q: q}
	collectors := make([]*collector, min(runtime.GOMAXPROCS(0), 4))
	for i := range collectors {
		collectors[i] = newCollector(s)
	}
	result, err := p.exact(ctx, collectors, p.shares())
	if err != nil {
		return nil, err
	}
	t := &totals{collector: collectors[0], warnings: warnings}
	for _, c := range collectors[1:] {
		t.merge(c)
	}
	t.count(p, result)
	return t, nil
}

// shareSize is about how many bytes of log one share of the exact passes may
// stand for: its ids take some 30 MB.
const shareSize = 200 << 20

func (p *pipeline) shares() int { return int(p.total/shareSize) + 1 }

// open finds the segments. A log that does not exist is empty; one that cannot
// be read is an error when it is the only one.
func (p *pipeline) open() ([]Warning, error) {
	var warnings []Warning
	var failed []error
	seen := map[string]bool{}
	for _, path := range p.q.Logs {
		if seen[path] {
			continue
		}
		seen[path] = true
		segments, err := log.Segments(path)
		if err == nil && len(segments) == 0 {
			err = &os.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		}
		for _, s := range segments {
			if err == nil {
				err = p.addPart(s)
			}
		}
		if err != nil {
			failed = append(failed, err)
			warnings = append(warnings, Warning{Code: "unreadable", Text: err.Error(), File: path, Count: 1})
		}
	}
	if len(failed) == len(seen) && len(failed) > 0 {
		return nil, errors.Join(failed...)
	}
	return warnings, nil
}

func (p *pipeline) addPart(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return &os.PathError{Op: "read", Path: path, Err: errors.New("not a regular file")}
	}
	if !slices.ContainsFunc(p.parts, func(o scan.Part) bool { return o.Path == path }) {
		p.parts = append(p.parts, scan.Part{Path: path, To: info.Size()})
		p.total += info.Size()
	}
	return nil
}

// scan is one pass.
func (p *pipeline) scan(ctx context.Context, workers []scan.Worker, done func(*scan.Chunk)) (*scan.Result, error) {
	s := &scan.Scan{Parts: p.parts, Workers: workers, Done: done}
	if p.q.Progress != nil {
		s.Progress = func(n int64) { p.q.Progress(min(n, p.total), p.total) }
	}
	return s.Run(ctx)
}

// count takes over what the scan counted.
func (t *totals) count(p *pipeline, r *scan.Result) {
	sum := r.Total()
	t.lines, t.bytes = sum.Lines, sum.Bytes
	for b, n := range sum.Bad {
		if n == 0 {
			continue
		}
		if scan.Bad(b) != scan.Unfinished {
			t.badLines += n
		}
		at := sum.First[b]
		t.warnings = append(t.warnings, Warning{
			Code: scan.Codes[b], Text: badText(scan.Bad(b), n), File: p.parts[at.Part].Path,
			Line: sum.FirstN[b], At: at.Off, Count: n,
		})
	}
	for _, id := range t.q.Running {
		_ = id
		t.running++
	}
}

func badText(b scan.Bad, n int64) string {
	lines := "lines are"
	if n == 1 {
		lines = "line is"
	}
	if b == scan.Unfinished {
		return "the last line is not finished yet"
	}
	return fmt.Sprintf("%d %s %s", n, lines, [...]string{
		scan.Torn: "torn", scan.NotJSON: "not JSON", scan.NotEvent: "not an event", scan.Newer: "of a newer version",
		scan.TooLong: "too long", scan.Nul: "filled with NUL bytes",
	}[b])
}
