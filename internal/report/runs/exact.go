package runs

import (
	"context"

	"pi-track/internal/event/decode"
	"pi-track/internal/log/scan"
	"pi-track/internal/report/hash"
)

// claim is the best line of a run so far.
type claim struct {
	place scan.Place
	rank  rank
	made  uint32 // see idMade
}

// claims are the best lines of the ids of one share, by the ids' hash.
type claims map[uint64]claim

func (c claims) offer(id uint64, x claim) {
	best, ok := c[id]
	if !ok || x.rank.less(best.rank) || x.rank == best.rank && before(x.place, best.place) {
		c[id] = x
	}
}

func before(a, b scan.Place) bool { return a.Part < b.Part || a.Part == b.Part && a.Off < b.Off }

// chooser finds the best line of each id for which wanted holds.
type chooser struct {
	claims claims
	wanted func(id uint64) bool
	ranker ranker
}

func (w *chooser) Begin(*scan.Chunk) {}
func (w *chooser) End(*scan.Chunk)   {}
func (w *chooser) Line(l *decode.Line, at scan.Place) {
	if id := hash.Of(l.Bytes(l.ID)); w.wanted(id) {
		w.claims.offer(id, claim{at, w.ranker.of(l), idMade(l.Bytes(l.ID))})
	}
}

// taker collects the lines that were chosen.
type taker struct {
	claims claims
	to     Totals
}

func (w *taker) Begin(*scan.Chunk) {}
func (w *taker) End(*scan.Chunk)   {}
func (w *taker) Line(l *decode.Line, at scan.Place) {
	id := hash.Of(l.Bytes(l.ID))
	if x, ok := w.claims[id]; ok && x.place == at {
		w.to.Add(l, id)
	}
}

// choose finds the best line of each id for which wanted holds.
func (r *reader) choose(ctx context.Context, wanted func(id uint64) bool) (claims, error) {
	choosers := make([]*chooser, Workers())
	passes := make([]scan.Worker, len(choosers))
	for i := range choosers {
		choosers[i] = &chooser{claims: claims{}, wanted: wanted}
		passes[i] = choosers[i]
	}
	if _, err := r.scan(ctx, r.parts, passes, nil); err != nil {
		return nil, err
	}
	best := choosers[0].claims
	for _, c := range choosers[1:] {
		for id, x := range c.claims {
			best.offer(id, x)
		}
	}
	return best, nil
}

// exact adds up all runs in two passes for each share of the ids: one finds
// the best line of each id, one adds those up. It needs no order at all, and
// memory for one share of the ids only.
func (r *reader) exact(ctx context.Context, fresh func() Totals) (*scan.Result, error) {
	workers := forks(fresh())
	passes := make([]scan.Worker, len(workers))
	shares := uint64(r.total/shareSize) + 1
	var result *scan.Result
	for share := range shares {
		best, err := r.choose(ctx, func(id uint64) bool { return id>>32%shares == share })
		if err != nil {
			return nil, err
		}
		for i, to := range workers {
			passes[i] = &taker{best, to}
		}
		if result, err = r.scan(ctx, r.parts, passes, nil); err != nil {
			return nil, err
		}
	}
	for _, w := range workers {
		w.Join()
	}
	return result, nil
}

// shareSize is about how many bytes of log one share of the exact passes may
// stand for: its ids take some 30 MB.
const shareSize = 200 << 20
