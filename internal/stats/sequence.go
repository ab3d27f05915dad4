package stats

import "math"

// halfLifeMS is how fast a failure loses weight in the flaky score: 14 days.
const halfLifeMS = 14 * 24 * 3600 * 1000

// weightRef is the time at which a failure has the weight 1 in the sums of a
// Sequence (2025-01-01): any fixed time serves, Decide scales to its now.
const weightRef = 1735689600000

// Sequence sums up outcomes in time order. Add and Join take constant time
// and keep no outcomes, so that a sequence of any length is small. The fields
// are exported to be stored; the zero value is the empty sequence.
type Sequence struct {
	N          int64
	Failures   int64
	Flips      int64 // changes of the outcome
	Recoveries int64 // failures followed by a success
	Followed   int64 // failures that have a successor

	FirstFailed, LastFailed bool  // the outcomes at both ends
	LastAt                  int64 // of the last outcome, Unix ms
	All                     Stretch
	Trailing                int64 // failures after the last success

	// The block: the stretch with the largest excess of failures over
	// successes, its first and last failure; the same for stretches that
	// begin or end with the sequence.
	Block, Prefix, Suffix Stretch

	// Sums of 2^(age/half-life) against a fixed time: of all failures, of
	// those followed and of those recovered.
	WFailures, WFollowed, WRecoveries float64
}

// Stretch is a part of a sequence: failures − successes and the times of its
// first and last failure (Unix ms).
type Stretch struct {
	Excess   int64
	From, To int64
}

// extend is a followed by b.
func (a Stretch) extend(b Stretch) Stretch {
	s := Stretch{Excess: a.Excess + b.Excess, From: a.From, To: b.To}
	if a.From == 0 {
		s.From = b.From
	}
	if b.To == 0 {
		s.To = a.To
	}
	return s
}

// larger is the one with the larger excess, of equals the one that ends
// later, of those the one that begins later: in this order Join comes to the
// same result wherever a sequence is cut.
func larger(a, b Stretch) Stretch {
	switch {
	case a.Excess != b.Excess:
		if a.Excess > b.Excess {
			return a
		}
		return b
	case a.To != b.To:
		if a.To > b.To {
			return a
		}
		return b
	}
	return laterBegin(a, b)
}

// largerSuffix is larger for stretches that end with the sequence, where the
// empty one begins last.
func largerSuffix(a, b Stretch) Stretch {
	if a.Excess == b.Excess {
		return laterBegin(a, b)
	}
	return larger(a, b)
}

func laterBegin(a, b Stretch) Stretch {
	if a.From == 0 || b.From != 0 && a.From > b.From {
		return a
	}
	return b
}

// Add appends the outcome of a run at the time at (Unix ms), which is not
// before the last one.
func (s *Sequence) Add(at int64, failed bool) {
	s.Join(single(at, failed))
}

// single is a sequence of one outcome.
func single(at int64, failed bool) Sequence {
	one := Sequence{N: 1, LastAt: at, All: Stretch{Excess: -1}}
	if !failed {
		return one
	}
	one.Failures, one.Trailing = 1, 1
	one.FirstFailed, one.LastFailed = true, true
	one.Block = Stretch{Excess: 1, From: at, To: at}
	one.All, one.Prefix, one.Suffix = one.Block, one.Block, one.Block
	one.WFailures = weight(at)
	return one
}

// Join appends t, whose outcomes are not before those of s.
func (s *Sequence) Join(t Sequence) {
	if t.N == 0 {
		return
	}
	if s.N == 0 {
		*s = t
		return
	}
	s.joinBorder(&t)
	s.Block = larger(larger(s.Block, s.Suffix.extend(t.Prefix)), t.Block)
	s.Prefix = larger(s.All.extend(t.Prefix), s.Prefix)
	s.Suffix = largerSuffix(s.Suffix.extend(t.All), t.Suffix)
	s.All = s.All.extend(t.All)
	if t.Failures == t.N {
		s.Trailing += t.N
	} else {
		s.Trailing = t.Trailing
	}
	s.N += t.N
	s.Failures += t.Failures
	s.Flips += t.Flips
	s.Recoveries += t.Recoveries
	s.Followed += t.Followed
	s.WFailures += t.WFailures
	s.WFollowed += t.WFollowed
	s.WRecoveries += t.WRecoveries
	s.LastFailed, s.LastAt = t.LastFailed, t.LastAt
}

// joinBorder counts what the last outcome of s and the first of t make.
func (s *Sequence) joinBorder(t *Sequence) {
	if s.LastFailed != t.FirstFailed {
		s.Flips++
	}
	if !s.LastFailed {
		return
	}
	w := weight(s.LastAt)
	s.Followed++
	s.WFollowed += w
	if !t.FirstFailed {
		s.Recoveries++
		s.WRecoveries += w
	}
}

// weight is what a failure at the time at (Unix ms) counts against one at
// weightRef, bounded so that no sum becomes infinite: a clock may have been
// decades ahead.
func weight(at int64) float64 {
	return math.Exp2(min(float64(at-weightRef)/halfLifeMS, 900))
}
