package stats

import "math"

// What an experiment comes to.
const (
	TrialHelps   = "helps"         // the first arm is better than the second
	TrialHurts   = "hurts"         // it is worse
	TrialSame    = "no difference" // of more than TrialMargin
	TrialNotYet  = "not yet"
	TrialMargin  = 0.1 // ten points
	minTrialArm  = 25  // units in each arm before the first look: with fewer, small shares give false verdicts
	tunedTo      = 150 // units at which the sequence is narrowest
	trialAlpha   = 0.05
	ratioWarning = 0.001
)

// Arms is the two arms of an experiment: OK of N units were completed.
type Arms struct {
	OK1, N1 int64 // first arm: on, or a
	OK2, N2 int64 // second arm: off, or b
}

// tuning is ρ² of Robbins' mixture, tuned to tunedTo units.
var tuning = (-2*math.Log(trialAlpha) + math.Log(-2*math.Log(trialAlpha)+1)) / tunedTo

// Sequence is the difference first − second arm with a 95 % confidence sequence:
// an interval that holds however often somebody looks, and whenever they stop
// (asymptotic; Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2021). It is
// false before both arms have 25 units.
func (t Arms) Sequence() (Interval, bool) {
	if min(t.N1, t.N2) < minTrialArm {
		return Interval{}, false
	}
	d := float64(t.OK1)/float64(t.N1) - float64(t.OK2)/float64(t.N2)
	half := halfWidth(smoothed(t.OK1, t.N1), smoothed(t.OK2, t.N2), float64(t.N1), float64(t.N2))
	return Interval{Value: d, Low: max(-1, d-half), High: min(1, d+half)}, true
}

// smoothed keeps the variance of a rate near 0 or 1 from being too small (as
// Agresti and Coull 1998): with one more of each instead of two, nine of ten at a
// share of a tenth gave false verdicts in 5.6 %.
func smoothed(k, n int64) float64 { return float64(k+2) / float64(n+4) }

func halfWidth(p1, p2, n1, n2 float64) float64 {
	n := n1 + n2
	v := n * (p1*(1-p1)/n1 + p2*(1-p2)/n2)
	x := n*tuning + 1
	return math.Sqrt(v) * math.Sqrt(2*x/(n*n*tuning)*math.Log(math.Sqrt(x)/trialAlpha))
}

// Verdict says what may be said now, at any look.
func (t Arms) Verdict() string {
	d, ok := t.Sequence()
	switch {
	case !ok:
		return TrialNotYet
	case d.Low > 0:
		return TrialHelps
	case d.High < 0:
		return TrialHurts
	case d.Low > -TrialMargin && d.High < TrialMargin:
		return TrialSame
	}
	return TrialNotYet
}

// UnitsFor is about how many units an experiment takes, with the share of them
// in the second arm, until a difference of the size d from the rate p of the
// first arm is found with 80 % probability; 0 when more than a million do not
// suffice.
func UnitsFor(p, d, share float64) int64 {
	const power = 0.8416212335729143 // normal quantile of 0.8
	other := p - d
	if other < 0.01 {
		other = p + d
	}
	other = min(max(other, 0.01), 0.99)
	p = min(max(p, 0.01), 0.99)
	enough := func(n float64) bool {
		n1, n2 := n*(1-share), n*share
		deviation := math.Sqrt(p*(1-p)/n1 + other*(1-other)/n2)
		return min(n1, n2) >= minTrialArm && halfWidth(p, other, n1, n2)+power*deviation <= math.Abs(p-other)
	}
	low, high := 1.0, 1e6
	if !enough(high) {
		return 0
	}
	for high-low > 1 {
		if middle := math.Floor((low + high) / 2); enough(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return int64(high)
}

// SampleRatio is the p-value of a χ² test that n2 of all units are in the second
// arm by a lot of this share.
func (t Arms) SampleRatio(share float64) float64 {
	n := float64(t.N1 + t.N2)
	if n == 0 {
		return 1
	}
	x := float64(t.N2) - n*share
	return math.Erfc(math.Sqrt(x * x / (n * share * (1 - share)) / 2))
}

// RatioIsOff says whether the sizes of the arms do not fit the share.
func (t Arms) RatioIsOff(share float64) bool { return t.SampleRatio(share) < ratioWarning }
