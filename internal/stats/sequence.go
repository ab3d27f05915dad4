package stats

import "math"

// halfLifeMS is how fast a failure loses weight in the flaky score: 14 days.
const halfLifeMS = 14 * 24 * 3600 * 1000

// weightRef is the time at which a failure has the weight 1 in the sums of a
// Sequence (2025-01-01): any fixed time serves, the score scales to its now.
const weightRef = 1735689600000

// Sequence sums up outcomes in time order. Add takes constant time and keeps no
// outcomes, so that a sequence of any length is small. The zero value is the
// empty sequence.
type Sequence struct {
	N          int64
	Failures   int64
	Flips      int64 // changes of the outcome
	Recoveries int64 // failures followed by a success
	Followed   int64 // failures that have a successor

	LastFailed bool  // the last outcome
	LastAt     int64 // and its time, Unix ms

	// Sums of 2^(age/half-life) against a fixed time: of all failures, of
	// those followed and of those recovered.
	WFailures, WFollowed, WRecoveries float64
}

// Add appends the outcome of a run at the time at (Unix ms), which is not
// before the last one.
func (s *Sequence) Add(at int64, failed bool) {
	if s.N > 0 && s.LastFailed != failed {
		s.Flips++
	}
	if s.LastFailed {
		w := weight(s.LastAt)
		s.Followed++
		s.WFollowed += w
		if !failed {
			s.Recoveries++
			s.WRecoveries += w
		}
	}
	if s.N++; failed {
		s.Failures++
		s.WFailures += weight(at)
	}
	s.LastFailed, s.LastAt = failed, at
}

// weight is what a failure at the time at (Unix ms) counts against one at
// weightRef, bounded so that no sum becomes infinite: a clock may have been
// decades ahead.
func weight(at int64) float64 {
	return math.Exp2(min(float64(at-weightRef)/halfLifeMS, 900))
}
