package stats

import "gonum.org/v1/gonum/mathext"

// priorStrength is how many runs the prior of a failure rate weighs.
const priorStrength = 10

// Beta is a Beta distribution of a failure rate.
type Beta struct {
	A float64 `json:"a"` // weight of failures
	B float64 `json:"b"` // weight of successes
}

// PooledPrior is the prior of all failure rates of a set in which k of n runs
// failed: its mean is k/n, its strength 10 runs. Of nothing it is Beta(1, 9).
func PooledPrior(k, n int64) Beta {
	if n <= 0 {
		return Beta{A: 1, B: priorStrength - 1}
	}
	mean := float64(k) / float64(n)
	return Beta{A: priorStrength * mean, B: priorStrength * (1 - mean)}
}

// Mean is the empirical-Bayes failure rate of k failures in n runs.
func (b Beta) Mean(k, n int64) float64 {
	return (b.A + float64(k)) / (b.A + b.B + float64(n))
}

// Risk is the 5 % quantile of the posterior of k failures in n runs: the
// failure rate is very likely to be higher. Unlike Wilson's lower bound it
// ranks 300 of 1000 above 3 of 3.
func (b Beta) Risk(k, n int64) float64 {
	failures, successes := b.A+float64(k), b.B+float64(n-k)
	switch {
	case failures <= 0: // nothing ever failed
		return 0
	case successes <= 0: // nothing ever succeeded
		return 1
	}
	return mathext.InvRegIncBeta(failures, successes, 0.05)
}
