package section

import (
	"slices"

	"pi-track/internal/stats"
)

// rareRate is up to which certain failure rate a flaky helper is the least trouble.
const rareRate = 0.1

// rare says whether it is of a helper that is merely flaky, and rarely fails.
func (s *Sentence) rare() bool {
	low, _ := stats.Wilson(s.K, s.N)
	return s.Code == string(stats.FlakyClass) && low < rareRate
}

// urgency is that of its code, but for what says little.
func (s *Sentence) urgency() int {
	switch {
	case s.Least:
		return len(urgent)
	case s.Code == RetryLoop && s.Rest == nil: // its failures are hardly anything else
		return urgency(string(stats.FlakyClass))
	}
	return urgency(s.Code)
}

// urgency orders the troubles: 1 is the first, 0 no trouble.
func urgency(code string) int {
	return 1 + slices.IndexFunc(urgent, func(classes []stats.Class) bool { return slices.Contains(classes, stats.Class(code)) })
}

// urgent are the troubles: what goes on and is new, what goes on, what is over.
var urgent = [][]stats.Class{
	{stats.BrokenSince, stats.WorseSince},
	{stats.Broken, stats.AlwaysCancelled},
	{FailsWith, CancelledSince, stats.SlowerSince},
	{stats.ContextBound, stats.FlakyClass, stats.FailsOften},
	{stats.OftenCancelled, RetryLoop},
	{stats.Outage},
	{stats.BetterSince, stats.FasterSince}, // and what is flaky, but rarely fails
}

// WorseThan are the sentences that tell of something worse than the digest of an
// earlier moment did about the same helper.
func (d *Digest) WorseThan(earlier *Digest) *Digest {
	type subject struct{ helper, sort string }
	was := map[subject]int{}
	for i := range earlier.Rows {
		x := &earlier.Rows[i]
		key := subject{x.Helper, x.Sort}
		was[key] = max(was[key], x.badness())
	}
	out := &Digest{Rows: []Sentence{}}
	for i := range d.Rows {
		if x := &d.Rows[i]; x.badness() > was[subject{x.Helper, x.Sort}] {
			out.Rows = append(out.Rows, *x)
		}
	}
	return out
}

// badness is 0 for what is no trouble, or is over.
func (s *Sentence) badness() int {
	switch stats.Class(s.Code) {
	case stats.Broken, stats.BrokenSince, stats.AlwaysCancelled:
		return 3
	case stats.WorseSince, stats.ContextBound, FailsWith, CancelledSince:
		return 2
	case stats.FlakyClass, stats.FailsOften, stats.OftenCancelled, stats.SlowerSince, CompletedLess, RetryLoop:
		return 1
	}
	return 0
}
