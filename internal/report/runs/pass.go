package runs

import (
	"context"
	"runtime"
	"runtime/debug"
	"slices"

	"pi-track/internal/event/decode"
	"pi-track/internal/log/scan"
	"pi-track/internal/report/hash"
)

// read adds up all runs: in one pass if that is certain to be right, else with
// two more to settle what was doubtful, else by the exact passes. An index
// saves the pass over what it covers.
func (r *reader) read(ctx context.Context, fresh func() Totals) (*scan.Result, error) {
	if st := r.loadIndex(fresh); st != nil {
		result, suspects, err := r.onePass(ctx, st, nil)
		if err != nil || len(suspects) == 0 {
			return result, err
		}
	}
	settled := claims{}
	for {
		result, suspects, err := r.onePass(ctx, r.newState(fresh()), settled)
		if err != nil || len(suspects) == 0 {
			return result, err
		}
		if len(suspects)+len(settled) > maxSuspects {
			return r.exact(ctx, fresh)
		}
		for id := range settled {
			suspects[id] = struct{}{}
		}
		settled, err = r.choose(ctx, func(id uint64) bool { _, ok := suspects[id]; return ok })
		if err != nil {
			return nil, err
		}
	}
}

// state is what one pass starts from and ends with: what an index holds.
type state struct {
	totals  Totals
	match   *matcher
	covered []coverage // of each part; empty: nothing
}

// newState is one from which all of the log is to be read.
func (r *reader) newState(t Totals) *state {
	from, to := r.span()
	return &state{totals: t, match: newMatcher(t, newBloom(r.total, from, to))}
}

// onePass adds up all runs and returns the ids for which that was not right.
func (r *reader) onePass(ctx context.Context, st *state, settled claims) (*scan.Result, map[uint64]struct{}, error) {
	passCtx, stop := context.WithCancel(ctx)
	defer stop()
	tooMany := false
	m := st.match
	m.stop = func() { tooMany = true; stop() }
	workers := forks(st.totals)
	passes := make([]scan.Worker, len(workers))
	for i, w := range workers {
		passes[i] = newPairer(w, settled)
	}
	parts := r.uncovered(st)
	if size(parts) > shortScan {
		// What a scan keeps grows slowly and it makes little garbage: collecting
		// early costs next to nothing and keeps the peak near what is in use.
		debug.SetGCPercent(20)
	}
	result, err := r.scan(passCtx, parts, passes, m.done)
	if err != nil && !tooMany {
		return nil, nil, err
	}
	if len(m.suspects) > 0 {
		return nil, m.suspects, nil
	}
	for _, w := range workers {
		w.Join()
	}
	for id, x := range settled {
		m.ended.add(x.made, id)
	}
	for i, c := range st.covered {
		result.Continue(i, c.Counts, c.Rows)
	}
	if err := r.saveIndex(ctx, st, result); err != nil {
		return nil, nil, err
	}
	return result, nil, r.addOpen(ctx, st.totals, m.open)
}

// forks are one for each worker.
func forks(t Totals) []Totals {
	out := make([]Totals, Workers())
	for i := range out {
		out[i] = t.Fork()
	}
	return out
}

// Workers is how many workers scan.
func Workers() int { return min(runtime.GOMAXPROCS(0), 4) }

// uncovered are the parts without what the state covers.
func (r *reader) uncovered(st *state) []scan.Part {
	parts := slices.Clone(r.parts)
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
func (r *reader) addOpen(ctx context.Context, t Totals, open map[uint64]startLine) error {
	var l decode.Line
	places := make([]scan.Place, 0, len(open))
	for id, x := range open {
		if x.text == nil {
			places = append(places, x.place)
		} else if l.Decode(x.text) == nil {
			t.Add(&l, id)
		}
	}
	return scan.Fetch(ctx, r.parts, places, func(l *decode.Line, _ scan.Place) { t.Add(l, hash.Of(l.Bytes(l.ID))) })
}

// scan is one pass.
func (r *reader) scan(ctx context.Context, parts []scan.Part, workers []scan.Worker, done func(*scan.Chunk)) (*scan.Result, error) {
	s := &scan.Scan{Parts: parts, Workers: workers, Done: done}
	if r.Progress != nil {
		s.Progress = func(n int64) { r.Progress(min(n, r.total), r.total) }
	}
	return s.Run(ctx)
}
