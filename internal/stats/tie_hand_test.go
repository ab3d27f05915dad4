package stats

import (
	"fmt"
	"strings"
	"testing"
)

// tieOf tells the tie of runs of two models: with is what became of those with model 2,
// rest of those with model 1, unknown of those without; F failed.
func tieOf(with, rest, unknown string, change func(i int, t *Trial)) string {
	var trials []Trial
	var models, other []uint32
	for i, v := range []string{with, rest, unknown} {
		for _, c := range v {
			t := Trial{At: int64(len(trials)), ID: uint32(len(trials)), Repo: 1, Session: uint32(len(trials) + 1), Failed: c == 'F'}
			if change != nil {
				change(len(trials), &t)
			}
			trials, models, other = append(trials, t), append(models, []uint32{2, 1, 0}[i]), append(other, 0)
		}
	}
	x, ok := FindTie(trials, [][]uint32{other, models})
	return fmt.Sprintf("%t %d=%d %.2g %d/%d %d/%d", ok, x.Key, x.Value, x.P, x.With.K, x.With.N, x.Rest.K, x.Rest.N)
}

// Ties on both sides of each bound.
func TestTiesByHand(t *testing.T) {
	f, ok := func(n int) string { return strings.Repeat("F", n) }, func(n int) string { return strings.Repeat(".", n) }
	repo := func(of func(i int) uint32) func(int, *Trial) { return func(i int, t *Trial) { t.Repo = of(i) } }
	session := func(of func(i int) uint32) func(int, *Trial) { return func(i int, t *Trial) { t.Session = of(i) } }
	for _, v := range []struct {
		name, want, with, rest, unknown string
		change                          func(i int, t *Trial)
	}{
		{"four with", "false 0=0 1 0/0 0/0", f(4), ok(60), "", nil}, {"five with", "true 1=2 0 5/5 0/60", f(5), ok(60), "", nil}, {"four without", "false 0=0 1 0/0 0/0", f(60), ok(4), "", nil}, {"five without", "true 1=2 0 60/60 0/5", f(60), ok(5), "", nil},
		{"four without, others unknown", "false 0=0 1 0/0 0/0", f(60), ok(4), ok(40), nil}, {"five without, others unknown", "true 1=2 0 60/60 0/5", f(60), ok(5), ok(40), nil},
		{"all the same", "false 0=0 1 0/0 0/0", f(20), f(20), "", nil}, {"unknown ones fail", "false 1=2 0.13 3/20 0/20", f(3) + ok(17), ok(20), f(40), nil},
		{"two of three times as often", "false 1=2 0.035 30/40 20/40", f(30) + ok(10), f(20) + ok(20), "", nil}, {"more than twice as often", "true 1=2 0.00019 30/40 14/40", f(30) + ok(10), f(14) + ok(26), "", nil}, {"just twice", "true 1=2 0.00057 30/40 15/40", f(30) + ok(10), f(15) + ok(25), "", nil},
		{"by four points", "false 1=2 1.2e-11 48/1000 1/1000", f(48) + ok(952), f(1) + ok(999), "", nil}, {"by five points", "true 1=2 1.3e-12 52/1000 1/1000", f(52) + ok(948), f(1) + ok(999), "", nil},
		{"less than the rest", "true 1=1 6.6e-10 20/40 0/40", ok(40), f(20) + ok(20), "", nil},
		{"in one session", "false 0=0 1 0/0 0/0", f(20), ok(40), "", session(func(i int) uint32 { return uint32(1 + i/20) })}, {"in no session", "true 1=2 0 20/20 0/40", f(20), ok(40), "", session(func(int) uint32 { return 0 })},
		{"again after a success", "true 1=2 1.8e-05 10/20 0/40", "F.F.F.F.F.F.F.F.F.F.", ok(40), "", session(func(i int) uint32 { return uint32(1 + i/20) })},
		{"repos by turns", "true 1=2 0 20/20 0/40", f(20), ok(40), "", repo(func(i int) uint32 { return uint32(i % 3) })},
	} {
		if got := tieOf(v.with, v.rest, v.unknown, v.change); got != v.want {
			t.Errorf("%s: %s, want %s", v.name, got, v.want)
		}
	}
}

// TestNoTieOfAModelThatIsARepo: where each repo has a model of its own, nobody can
// tell which of the two fails.
func TestNoTieOfAModelThatIsARepo(t *testing.T) {
	var trials []Trial
	var model []uint32
	add := func(n int, repo, value uint32, every int) {
		for i := range n {
			at := len(trials)
			trials = append(trials, Trial{At: int64(at), ID: uint32(at), Repo: repo, Failed: i%every == 0})
			model = append(model, value)
		}
	}
	add(60, 1, 1, 2)
	add(60, 2, 2, 50)
	if x, ok := FindTie(trials, [][]uint32{model}); ok {
		t.Errorf("told of model %d: %+v", x.Value, x)
	}
	add(60, 1, 2, 50) // the repo that fails, with the other model
	if x, ok := FindTie(trials, [][]uint32{model}); !ok || x.Value != 1 {
		t.Errorf("not told: %+v", x)
	}
}
