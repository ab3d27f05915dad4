package section

import (
	"math"

	"pi-track/internal/stats"
)

// maxUntimed is up to which probability no run before a first timeout would have ended
// like it, had they been as frequent as since.
const maxUntimed = 0.001

// dateTimeouts says since when the helpers time out that are often cancelled: many
// timeouts in few sessions tell of no change where each session counts once, and yet the
// first of them has a date.
func (t *totals) dateTimeouts(troubles []Sentence) {
	for i := range troubles {
		s := &troubles[i]
		if s.Code != string(stats.OftenCancelled) || s.Cancelled.TimeoutMS == 0 {
			continue
		}
		for id, h := range t.helpers {
			if h != nil && t.name(uint32(id)) == s.Helper && t.which(uint32(id)).Sort == s.Sort {
				t.dateTimeout(h, s)
			}
		}
	}
}

func (t *totals) dateTimeout(h *helper, s *Sentence) {
	first := int64(0)
	for _, x := range h.ends.Cancelled.History() {
		if s.Cancelled.TimedOut(int64(x.Duration)) {
			first = x.At
			break
		}
	}
	var before, n, k int64
	for _, x := range cancelTrials(nil, &h.ends) {
		switch {
		case x.At < first:
			before++
		case x.Failed:
			k++
			n++
		default:
			n++
		}
	}
	if before >= minJudged && math.Pow(1-float64(k)/float64(max(n, 1)), float64(before)) < maxUntimed {
		s.From, s.K, s.N = t.q.Moment(first), k, n
	}
}
