package stats

import (
	"testing"
	"time"
)

// Each boundary of a verdict from both sides.
func TestBoundariesOfVerdicts(t *testing.T) {
	seq := func(n, failures, flips, trailing, recoveries int64) Sequence {
		return Sequence{N: n, Failures: failures, Flips: flips, Trailing: trailing, Recoveries: recoveries}
	}
	// 2·10·10/20 = 10 flips are what a random order of 10 failures in 20 has.
	decide := func(all Sequence, repos ...Context) Class {
		e := Evidence{All: all, Repos: repos, Strict: []Context{{Sequence: all}}}
		return Decide(&e, time.UnixMilli(weightRef)).Class
	}
	repo := func(n, failures int64) Context {
		return Context{Level: LevelRepo, Repo: "/r", Sequence: seq(n, failures, 0, 0, 0)}
	}
	for _, c := range []struct {
		name string
		got  Class
		want Class
	}{
		{"7 runs", decide(seq(7, 7, 0, 7, 0)), FewData},
		{"8 runs", decide(seq(8, 8, 0, 8, 0)), Broken},
		{"one failure", decide(seq(20, 1, 2, 0, 1)), Solid},
		{"two failures of few", decide(seq(20, 2, 4, 0, 2)), FlakyClass},
		{"two failures of many", decide(seq(200, 2, 4, 0, 2)), Solid},
		{"a block", decide(seq(20, 10, 4, 0, 2)), Outage},
		{"half of the flips", decide(seq(20, 10, 5, 0, 2)), FlakyClass},
		{"two failures at the end", decide(seq(20, 10, 4, 2, 2)), Outage},
		{"three failures at the end", decide(seq(20, 10, 4, 3, 2)), BrokenSince},
		{"one recovery", decide(seq(20, 10, 8, 0, 1)), Solid},
		{"two recoveries", decide(seq(20, 10, 8, 0, 2)), FlakyClass},
		{"a context of two", decide(seq(20, 10, 8, 0, 2), repo(2, 2)), FlakyClass},
		{"a context of three", decide(seq(20, 10, 8, 0, 2), repo(3, 3)), ContextBound},
		{"nine of ten", decide(seq(30, 15, 14, 0, 2), repo(10, 9)), FlakyClass},
		{"ten of eleven", decide(seq(30, 15, 14, 0, 2), repo(11, 10)), ContextBound},
		{"the only context", decide(seq(20, 19, 2, 0, 2), repo(20, 19)), FlakyClass},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, not %s", c.name, c.got, c.want)
		}
	}
}
