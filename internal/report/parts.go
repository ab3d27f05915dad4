package report

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"time"

	"pi-track/internal/log"
	"pi-track/internal/log/scan"
	"pi-track/internal/log/segment"
)

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
		files, err := log.OpenSegments(path, p.since())
		if err == nil && len(files) == 0 {
			err = p.whyNone(path)
		}
		for _, f := range files {
			p.files = append(p.files, f)
			if err == nil {
				err = p.addPart(f)
			}
		}
		if err != nil {
			failed = append(failed, err)
			warnings = append(warnings, Warning{Code: "unreadable", Text: err.Error(), File: path, Count: 1})
		}
	}
	if len(failed) == len(seen) && len(failed) > 0 {
		return nil, fmt.Errorf("%w: %w", ErrNoLog, errors.Join(failed...))
	}
	p.whole = len(failed) == 0
	return warnings, nil
}

// since is the time before which nothing is needed, zero for none.
func (p *pipeline) since() time.Time {
	if need := p.q.firstNeeded(); need != math.MinInt64 {
		return time.UnixMilli(need)
	}
	return time.Time{}
}

// whyNone is the error of a log without files, unless it has some that are too
// old. A link to nothing is no file.
func (p *pipeline) whyNone(path string) error {
	segments, err := log.Segments(path)
	if err != nil || len(segments) > 0 && segments[0] != path {
		return err
	}
	return &os.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
}

func (p *pipeline) close() {
	for _, f := range p.files {
		f.Close()
	}
}

// addPart takes a file, once under however many names it is given.
func (p *pipeline) addPart(f *os.File) error {
	path := f.Name()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	id := fileID(info)
	if slices.Contains(p.ids, id) {
		return nil
	}
	part := scan.Part{Path: path, File: f, To: info.Size()}
	if need := p.q.firstNeeded(); need != math.MinInt64 && !segment.Compressed(path) {
		if part.From, err = scan.Since(f, info.Size(), need); err != nil {
			return err
		}
	}
	p.parts = append(p.parts, part)
	p.ids = append(p.ids, id)
	p.total += part.To - part.From
	return nil
}

// span is about from when to when the logs go, without compressed segments.
func (p *pipeline) span() span {
	in := span{math.MaxInt64, math.MinInt64}
	for _, part := range p.parts {
		if first, last, ok := scan.Bounds(part); ok {
			in.from, in.to = min(in.from, first), max(in.to, last)
		}
	}
	if in.to < in.from {
		return span{}
	}
	return in
}
