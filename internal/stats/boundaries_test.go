package stats

import (
	"testing"
	"time"
)

// Each boundary of a verdict from both sides.
func TestBoundariesOfVerdicts(t *testing.T) {
	decide := func(n, failures, recovered int64, repos ...Context) Class {
		e := &Evidence{All: Sequence{N: n, Failures: failures, Flips: 2}, Repos: repos}
		e.Strict = []Context{{Sequence: e.All}}
		return Judge(Grounds{All: e, Rest: e, Recovered: recovered}, time.UnixMilli(weightRef)).Class
	}
	repo := func(n, failures int64) Context {
		return Context{Level: LevelRepo, Repo: "/r", Sequence: Sequence{N: n, Failures: failures}}
	}
	for _, c := range []struct {
		name string
		got  Class
		want Class
	}{
		{"7 runs", decide(7, 7, 0), FewData},
		{"8 runs", decide(8, 8, 0), Broken},
		{"8 runs, one success", decide(8, 7, 0), FailsOften},
		{"one failure", decide(20, 1, 1), Solid},
		{"two failures of few", decide(20, 2, 2), FlakyClass},
		{"two failures of many", decide(200, 2, 2), Solid},
		{"one recovery", decide(20, 3, 1), Solid},
		{"two recoveries", decide(20, 3, 2), FlakyClass},
		{"often, below Wilson's 0.1", decide(20, 4, 0), Solid},      // 0.0807
		{"often, above Wilson's 0.1", decide(20, 5, 0), FailsOften}, // 0.1119
		{"a context of two", decide(20, 10, 2, repo(2, 2)), FlakyClass},
		{"a context of three", decide(20, 3, 2, repo(3, 3)), ContextBound},
		{"a context of three, and others fail as well", decide(20, 10, 2, repo(3, 3)), FlakyClass},
		{"three of three by chance", decide(1000, 100, 2, repo(3, 3), repo(900, 90)), FlakyClass}, // 0.00097, of two contexts
		{"four of four, hardly by chance", decide(1000, 100, 2, repo(4, 4), repo(900, 90)), ContextBound},
		{"nine of ten", decide(30, 15, 2, repo(10, 9)), FlakyClass},
		{"ten of eleven", decide(30, 15, 2, repo(11, 10)), ContextBound},
		{"nine of ten, and no other failure", decide(30, 9, 2, repo(10, 9)), FlakyClass},
		{"ten of eleven, and no other failure", decide(30, 10, 2, repo(11, 10)), ContextBound},
		{"two such contexts", decide(30, 15, 2, repo(5, 5), repo(5, 5)), FlakyClass},
		{"the only context", decide(20, 19, 2, repo(20, 19)), FlakyClass},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, not %s", c.name, c.got, c.want)
		}
	}
	all := Sequence{N: 100, Failures: 20}
	for _, c := range []struct {
		n, failures int64
		want        bool
	}{{4, 4, false}, {20, 10, false}, {20, 11, true}, {60, 11, false}} {
		r := repo(c.n, c.failures)
		if got := stands(&r, &all); got != c.want {
			t.Errorf("%d of %d stand out: %t", c.failures, c.n, got)
		}
	}
}

// TestStriking: a repo that fails in more tasks than chance puts there is named without
// most failures, and makes a helper that seldom fails elsewhere fail often.
func TestStriking(t *testing.T) {
	judge := func(recovered int64, repos ...Context) Verdict {
		e := &Evidence{Repos: repos}
		for _, c := range repos {
			e.All.N += c.N
			e.All.Failures += c.Failures
		}
		e.Strict = []Context{{Sequence: e.All}}
		return Judge(Grounds{All: e, Rest: e, Recovered: recovered}, time.UnixMilli(weightRef))
	}
	repo := func(name string, n, failures, works, failed int64) Context {
		return Context{Level: LevelRepo, Repo: name, Sequence: Sequence{N: n, Failures: failures}, Works: works, FailedWorks: failed}
	}
	rest := repo("rest", 117, 4, 117, 4)
	for _, c := range []struct {
		name string
		got  Verdict
		want Class
		repo string
	}{
		{"13 of 20, elsewhere 4 of 117", judge(0, repo("bad", 20, 13, 20, 13), rest), FailsOften, "bad"},
		{"and recovers", judge(2, repo("bad", 20, 13, 20, 13), rest), FlakyClass, "bad"},
		{"all in two tasks", judge(0, repo("bad", 20, 13, 9, 2), rest), Solid, ""},
		{"five of 25, in 25 tasks", judge(0, repo("bad", 25, 5, 25, 5), rest), Solid, ""}, // p 0.011
		{"six of 20", judge(0, repo("bad", 20, 6, 20, 6), rest), Solid, ""},               // p 0.0009, of two repos
		{"seldom in all, and recovers", judge(2, repo("bad", 74, 11, 40, 9), repo("rest", 297, 1, 150, 1)), FlakyClass, "bad"},
		{"seldom in all", judge(0, repo("bad", 74, 11, 40, 9), repo("rest", 297, 1, 150, 1)), FailsOften, "bad"},
		{"seldom even there", judge(2, repo("bad", 120, 9, 120, 9), repo("rest", 900, 1, 900, 1)), Solid, ""},
		{"seven of 20", judge(0, repo("bad", 20, 7, 20, 7), rest), Solid, ""},         // p 0.00013
		{"eight of 20", judge(0, repo("bad", 20, 8, 20, 8), rest), FailsOften, "bad"}, // p 0.000016
		{"fewer than half of the failures", judge(2, repo("bad", 26, 16, 26, 16), repo("rest", 251, 36, 251, 36)), FlakyClass, "bad"},
		{"the worse of two", judge(2, repo("a", 26, 16, 26, 16), repo("b", 26, 18, 26, 18), repo("rest", 900, 60, 900, 60)), FlakyClass, "b"},
		{"four runs", judge(2, repo("bad", 4, 3, 4, 3), repo("rest", 900, 20, 900, 20)), Solid, ""},
	} {
		if c.got.Class != c.want || c.got.Repo != c.repo {
			t.Errorf("%s: %s in %q, not %s in %q", c.name, c.got.Class, c.got.Repo, c.want, c.repo)
		}
	}
}

// TestRetriesInOneTaskAreNoContext: a task is retried a few times in a row, and then given
// up; a repo in which nothing ever succeeds is worth a word from three runs on.
func TestRetriesInOneTaskAreNoContext(t *testing.T) {
	judge := func(n int64, level Level) Verdict {
		bad := Context{Level: level, Repo: "r", Task: "T-1", Sequence: Sequence{N: n, Failures: n}}
		rest := Context{Level: level, Repo: "r", Task: "T-2", Sequence: Sequence{N: 20}}
		e := &Evidence{All: Sequence{N: n + 20, Failures: n}}
		if level == LevelRepo {
			e.Repos = []Context{bad, rest}
		} else {
			e.Tasks = []Context{bad, rest}
		}
		e.Strict = []Context{{Sequence: e.All}}
		return Judge(Grounds{All: e, Rest: e}, time.UnixMilli(weightRef))
	}
	for n, want := range map[int64][2]Class{4: {ContextBound, Solid}, 5: {ContextBound, ContextBound}} {
		if repo, task := judge(n, LevelRepo).Class, judge(n, LevelTask).Class; repo != want[0] || task != want[1] {
			t.Errorf("%d of %d: %s in a repo, %s in a task, want %v", n, n, repo, task, want)
		}
	}
}
