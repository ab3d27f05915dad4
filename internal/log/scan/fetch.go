package scan

import (
	"bytes"
	"context"
	"io"
	"slices"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log/segment"
)

// Fetch decodes the lines at places that an earlier scan of the same parts
// gave, in the order of the places. A line that is not there any more is
// passed over.
func Fetch(ctx context.Context, parts []Part, places []Place, take func(l *decode.Line, at Place)) error {
	slices.SortFunc(places, func(a, b Place) int {
		if a.Part != b.Part {
			return a.Part - b.Part
		}
		return int(min(max(a.Off-b.Off, -1), 1))
	})
	for len(places) > 0 {
		n := 1
		for n < len(places) && places[n].Part == places[0].Part {
			n++
		}
		if err := fetchPart(ctx, parts[places[0].Part], places[:n], take); err != nil {
			return err
		}
		places = places[n:]
	}
	return nil
}

func fetchPart(ctx context.Context, p Part, places []Place, take func(*decode.Line, Place)) error {
	if segment.Compressed(p.Path) {
		w := &fetcher{want: map[Place]bool{}, take: take}
		for _, at := range places {
			w.want[Place{0, at.Off}] = true
			w.part = at.Part
		}
		_, err := (&Scan{Parts: []Part{p}, Workers: []Worker{w}}).Run(ctx)
		return err
	}
	f, closeFile, err := p.open()
	if err != nil {
		return err
	}
	defer closeFile()
	buf := make([]byte, event.MaxLine)
	var l decode.Line
	for _, at := range places {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		n, err := f.ReadAt(buf, at.Off)
		if err != nil && err != io.EOF {
			return err
		}
		line, _, ok := bytes.Cut(buf[:n], []byte{'\n'})
		if ok && l.Decode(line) == nil {
			take(&l, at)
		}
	}
	return nil
}

// fetcher picks lines out of a compressed part.
type fetcher struct {
	want map[Place]bool
	part int
	take func(*decode.Line, Place)
}

func (w *fetcher) Begin(*Chunk) {}
func (w *fetcher) End(*Chunk)   {}
func (w *fetcher) Line(l *decode.Line, at Place) {
	if w.want[at] {
		w.take(l, Place{w.part, at.Off})
	}
}
