package stats

import "slices"

// Tie is that runs of a helper fail more where they have one value of something,
// such as a model, than elsewhere in the same repos.
type Tie struct {
	Key, Value int      // which of the values that TieOf was given
	P          float64  // of a difference as clear as this in any value of a history without one
	With, Rest Fraction // failures with it, and without it where the value is known
}

// The failure rate with a value is worth a word when it is higher than the rest by
// tieGap, and twice as high.
const tieGap = 0.05

// FindTie returns the clearest tie of trials in time order, with a p-value below
// 0.01. values has for each key the number of the value of each trial, 0 where it
// is not known. Failures in a row in one session count once. The p-value is that
// of Mantel and Haenszel within repos, times the number of values looked at
// (Bonferroni).
func FindTie(trials []Trial, values [][]uint32) (Tie, bool) {
	var kept []int
	best, looked := Tie{P: 1}, 0
	for key, of := range values {
		if !slices.ContainsFunc(of, func(value uint32) bool { return value != 0 }) {
			continue
		}
		if kept == nil {
			kept = withoutRetries(trials)
		}
		all := repoTables(trials, kept, of)
		for value, n := range all.n {
			if value == 0 || n < MinContext || all.n[0]+n > len(kept)-MinContext {
				continue // too few with it, or without
			}
			looked++
			c := Compare(all.with(trials, kept, of, uint32(value)))
			// where no repo has runs with it and without, repo and value cannot be told apart
			more := c.Stratified != nil && c.Stratified.Value > 0 && c.Naive.Value > 0
			if more && c.P < best.P {
				best = Tie{Key: key, Value: value, P: c.P}
			}
		}
	}
	if best.Value == 0 {
		return best, false
	}
	for i, value := range values[best.Key] {
		one := Fraction{N: 1}
		if trials[i].Failed {
			one.K = 1
		}
		switch int(value) {
		case best.Value:
			best.With = best.With.plus(one)
		case 0:
		default:
			best.Rest = best.Rest.plus(one)
		}
	}
	best.P = min(1, best.P*float64(looked))
	return best, best.P < maxP && best.With.rate() >= max(best.Rest.rate()+tieGap, 2*best.Rest.rate())
}

// tables count trials of known value by repo, as if all were without a value: OK
// are the failures.
type tables struct {
	n  []int // trials by value
	of map[uint32]int
	by []Table
}

func repoTables(trials []Trial, kept []int, of []uint32) tables {
	t := tables{n: []int{0}, of: map[uint32]int{}}
	for _, i := range kept {
		for int(of[i]) >= len(t.n) {
			t.n = append(t.n, 0)
		}
		t.n[of[i]]++
		if of[i] == 0 {
			continue
		}
		at, ok := t.of[trials[i].Repo]
		if !ok {
			at = len(t.by)
			t.of[trials[i].Repo] = at
			t.by = append(t.by, Table{})
		}
		t.by[at].Add(false, trials[i].Failed)
	}
	return t
}

// with are the tables with the trials of a value apart.
func (t *tables) with(trials []Trial, kept []int, of []uint32, value uint32) []Table {
	out := slices.Clone(t.by)
	for _, i := range kept {
		if of[i] == value {
			x := &out[t.of[trials[i].Repo]]
			x.Remove(false, trials[i].Failed)
			x.Add(true, trials[i].Failed)
		}
	}
	return out
}

// withoutRetries are the numbers of the trials but for failures that follow
// another of the same session.
func withoutRetries(trials []Trial) []int {
	var kept []int
	failed := map[uint32]bool{}
	for i := range trials {
		t := &trials[i]
		again := t.Session != 0 && t.Failed && failed[t.Session]
		failed[t.Session] = t.Failed
		if !again {
			kept = append(kept, i)
		}
	}
	return kept
}

func (f Fraction) rate() float64 {
	if f.N == 0 {
		return 0
	}
	return float64(f.K) / float64(f.N)
}
