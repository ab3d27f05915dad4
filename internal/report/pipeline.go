package report

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"

	"pi-track/internal/event"
	"pi-track/internal/log/scan"
)

// pipeline is the way from files to totals.
type pipeline struct {
	q     *query
	parts []scan.Part
	ids   [][2]uint64 // of the parts: device and inode
	files []*os.File  // of the parts
	total int64       // bytes of all parts
	whole bool        // every log could be read
}

// totalsOf reads the logs.
func totalsOf(ctx context.Context, q *query) (*totals, error) {
	p := &pipeline{q: q}
	defer p.close()
	warnings, err := p.open()
	if err != nil {
		return nil, err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(300))
	t, result, err := p.totals(ctx)
	if err != nil {
		return nil, err
	}
	t.warnings = warnings
	t.count(p, result)
	return t, nil
}

// totals adds up all runs: in one pass if that is certain to be right, else
// with two more to settle what was doubtful, else by the exact passes. An
// index saves the pass over what it covers.
func (p *pipeline) totals(ctx context.Context) (*totals, *scan.Result, error) {
	if st := p.loadIndex(); st != nil {
		t, result, suspects, err := p.onePass(ctx, st, nil)
		if err != nil || len(suspects) == 0 {
			return t, result, err
		}
	}
	settled := claims{}
	for {
		t, result, suspects, err := p.onePass(ctx, p.newState(p.span()), settled)
		if err != nil || len(suspects) == 0 {
			return t, result, err
		}
		if len(suspects)+len(settled) > maxSuspects {
			return p.exact(ctx)
		}
		for id := range settled {
			suspects[id] = struct{}{}
		}
		settled, err = p.choose(ctx, func(id uint64) bool { _, ok := suspects[id]; return ok })
		if err != nil {
			return nil, nil, err
		}
	}
}

// state is what one pass starts from and ends with: what an index holds.
type state struct {
	c       *collector // what is added up
	seq     *sequencer
	covered []coverage // of each part; empty: nothing
}

// newState is one for runs that took place within a span of time.
func (p *pipeline) newState(in span) *state {
	c := newCollector(&shared{q: p.q})
	return &state{c: c, seq: newSequencer(c, newBloom(p.total, in))}
}

// onePass adds up all runs and returns the ids for which that was not right.
func (p *pipeline) onePass(ctx context.Context, st *state, settled claims) (*totals, *scan.Result, map[uint64]struct{}, error) {
	passCtx, stop := context.WithCancel(ctx)
	defer stop()
	tooMany := false
	s := st.seq
	s.stop = func() { tooMany = true; stop() }
	passes := make([]scan.Worker, workers())
	collectors := make([]*collector, len(passes))
	for i := range passes {
		collectors[i] = newCollector(st.c.shared)
		passes[i] = newPairer(collectors[i], settled)
	}
	parts := p.uncovered(st)
	if size(parts) > shortScan {
		// What a scan keeps grows slowly and it makes little garbage: collecting
		// early costs next to nothing and keeps the peak near what is in use.
		debug.SetGCPercent(20)
	}
	result, err := p.scan(passCtx, parts, passes, s.done)
	if err != nil && !tooMany {
		return nil, nil, nil, err
	}
	if len(s.suspects) > 0 {
		return nil, nil, s.suspects, nil
	}
	for _, c := range collectors {
		st.c.merge(c)
	}
	for id, x := range settled {
		s.ended.add(x.made, id)
	}
	for i, c := range st.covered {
		result.Continue(i, c.Counts, c.Rows)
	}
	if err := p.saveIndex(ctx, st, result); err != nil {
		return nil, nil, nil, err
	}
	return &totals{collector: st.c}, result, nil, p.addOpen(ctx, st.c, s.open)
}

// uncovered are the parts without what the state covers.
func (p *pipeline) uncovered(st *state) []scan.Part {
	parts := slices.Clone(p.parts)
	for i, c := range st.covered {
		parts[i].From = max(parts[i].From, c.End)
	}
	return parts
}

// shortScan is up to how many bytes a scan is over before it has made enough
// garbage to be worth collecting.
const shortScan = 16 << 20

// size is how many bytes parts have.
func size(parts []scan.Part) int64 {
	sum := int64(0)
	for _, p := range parts {
		sum += p.To - p.From
	}
	return sum
}

// addOpen adds the runs that have not ended.
func (p *pipeline) addOpen(ctx context.Context, c *collector, open map[uint64]startLine) error {
	var l event.Line
	places := make([]scan.Place, 0, len(open))
	for id, x := range open {
		if x.text == nil {
			places = append(places, x.place)
		} else if l.Decode(x.text) == nil {
			c.add(&l, id)
		}
	}
	return scan.Fetch(ctx, p.parts, places, func(l *event.Line, _ scan.Place) { c.add(l, hash(l.Bytes(l.ID))) })
}

// workers is how many workers scan.
func workers() int { return min(runtime.GOMAXPROCS(0), 4) }

// collectors are n fresh ones that can be merged.
func (p *pipeline) collectors(n int) []*collector {
	s := &shared{q: p.q}
	out := make([]*collector, n)
	for i := range out {
		out[i] = newCollector(s)
	}
	return out
}

func merged(collectors []*collector) *totals {
	t := &totals{collector: collectors[0]}
	for _, c := range collectors[1:] {
		t.merge(c)
	}
	return t
}

// shareSize is about how many bytes of log one share of the exact passes may
// stand for: its ids take some 30 MB.
const shareSize = 200 << 20

// scan is one pass.
func (p *pipeline) scan(ctx context.Context, parts []scan.Part, workers []scan.Worker, done func(*scan.Chunk)) (*scan.Result, error) {
	s := &scan.Scan{Parts: parts, Workers: workers, Done: done}
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
