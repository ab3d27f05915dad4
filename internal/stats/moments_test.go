package stats

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// trialsOf is a history an hour apart: F failed; the repos take turns.
func trialsOf(outcomes string, repos ...uint32) []Trial {
	trials := make([]Trial, len(outcomes))
	for i, o := range outcomes {
		trials[i] = Trial{At: int64(i) * 3600e3, ID: uint32(i), Failed: o == 'F'}
		if len(repos) > 0 {
			trials[i].Repo = repos[i%len(repos)]
		}
	}
	return trials
}

func repeated(s string, n int) (out string) {
	for range n {
		out += s
	}
	return out
}

// At most three changes of a helper are told.
func TestChangesAreFew(t *testing.T) {
	var c Changes
	if got := c.Find(trialsOf(repeated(repeated(".", 1000)+repeated("F", 30), 5) + repeated(".", 1000))); len(got) != 3 {
		t.Errorf("%d: %+v", len(got), got)
	}
	for _, outcomes := range []string{"", "F", ".", repeated("F", 40), repeated(".", 40), repeated(".", 39) + "F"} {
		if got := c.Find(trialsOf(outcomes)); len(got) != 0 {
			t.Errorf("%s: %+v", outcomes, got)
		}
	}
}

// What is over ends with the first run since, or with an outage's last failure.
func TestOver(t *testing.T) {
	for _, v := range []struct {
		c     Change
		at    int64
		wants bool
	}{
		{Change{Class: BetterSince, From: 10}, 9, true}, {Change{Class: BetterSince, From: 10}, 10, false},
		{Change{Class: Outage, From: 10, To: 20}, 9, false}, {Change{Class: Outage, From: 10, To: 20}, 10, true},
		{Change{Class: Outage, From: 10, To: 20}, 20, true}, {Change{Class: Outage, From: 10, To: 20}, 21, false},
		{Change{Class: WorseSince, From: 10}, 15, false}, {Change{Class: BrokenSince, From: 10}, 5, false},
	} {
		if v.c.Over(v.at) != v.wants || Over([]Change{{Class: WorseSince}, v.c}, v.at) != v.wants {
			t.Errorf("%+v at %d is over: %t", v.c, v.at, !v.wants)
		}
	}
}

// The moment is that of the repo that changed: a failure of another one just
// before, or just after it got better, moves nothing.
func TestTheMomentIsThatOfTheRepo(t *testing.T) {
	var c Changes
	good, bad := repeated("....", 15), repeated("F.F.", 10)
	worse := trialsOf(good+".F.."+bad, 1, 2)
	got := c.Find(worse)
	if want := int64(len(good)+4) * 3600e3; len(got) != 1 || got[0].Class != WorseSince || !got[0].InRepo || got[0].Repo != 1 || got[0].From != want ||
		got[0].Before != (Fraction{1, 64}) || got[0].Since != (Fraction{20, 40}) {
		t.Errorf("%+v, not from %d on", got, want)
	}
	better := trialsOf(bad+"...F"+good, 1, 2)
	got = c.Find(better)
	if want := int64(len(bad)) * 3600e3; len(got) != 1 || got[0].Class != BetterSince || got[0].Repo != 1 || got[0].From != want {
		t.Errorf("%+v, not from %d on", got, want)
	}
}

// Runs of one moment are on one side of it.
func TestRunsOfOneTimeStayTogether(t *testing.T) {
	trials := trialsOf(repeated(".", 40) + repeated("F", 12))
	trials[38].At, trials[39].At = trials[40].At, trials[40].At
	var c Changes
	got := c.Find(trials)
	if len(got) != 1 || got[0].From != trials[40].At || got[0].Before != (Fraction{0, 38}) || got[0].Since != (Fraction{12, 14}) || got[0].Class != WorseSince {
		t.Errorf("%+v", got)
	}
	if at := together(trials, 0); at != 0 {
		t.Error(at)
	}
	if at := together(trials, len(trials)); at != len(trials) {
		t.Error(at)
	}
}

// What was loaded before does not show: neither its sessions nor its repos.
func TestChangesAreUsedAgain(t *testing.T) {
	first := trialsOf(repeated(".", 40)+repeated("F.", 12), 5, 6, 7)
	for i := range first {
		first[i].Session = 1
	}
	first[len(first)-1].Failed = true
	second := slices.Clone(first)
	second[0].Failed = true
	var c, fresh Changes
	c.Find(first)
	got, want := c.Find(second), fresh.Find(second)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, not %+v", got, want)
	}
	c.load(first)
	c.load(second)
	fresh.load(second)
	if len(c.kept) != len(fresh.kept) || c.scan.failures != fresh.scan.failures || !slices.Equal(c.scan.expected, fresh.scan.expected) {
		t.Error("the second history is another one behind the first")
	}
	// Only failures behind a failure of their session are left out.
	one := trialsOf("FF.F.FFF.")
	for i := range one {
		one[i].Session = uint32(1 + i/8)
	}
	if c.load(one); fmt.Sprint(c.kept) != "[0 2 3 4 5 8]" {
		t.Error(c.kept)
	}
}

// A change is a repo's alone when its runs make most of it and the others do
// not fail clearly more.
func TestMostlyIn(t *testing.T) {
	of := func(repo uint32, outcomes string) []Trial { return trialsOf(outcomes, repo) }
	for name, v := range map[string]struct {
		before, within []Trial
		in             bool
		repo           uint32
	}{
		"one of two":             {slices.Concat(of(1, "........"), of(2, "........")), slices.Concat(of(1, "FFFFFFFF"), of(2, "........")), true, 1},
		"the other of two":       {slices.Concat(of(1, "........"), of(2, "........")), slices.Concat(of(1, "........"), of(2, "FFFFFFFF")), true, 2},
		"both alike":             {slices.Concat(of(1, "........"), of(2, "........")), slices.Concat(of(1, "FFFFFFFF"), of(2, "FFFFFFFF")), false, 0},
		"one more, both clearly": {slices.Concat(of(1, "............"), of(2, "............")), slices.Concat(of(1, "FFFFFFFFFFFF"), of(2, "FFFFFFF.....")), false, 1},
		"most of three":          {slices.Concat(of(1, "........"), of(2, "...."), of(3, "....")), slices.Concat(of(1, "FFFFFFFF"), of(2, "F..."), of(3, "F...")), true, 1},
		"always failed":          {slices.Concat(of(1, "FFFFFFFF"), of(2, "........")), slices.Concat(of(1, "FFFFFFFF"), of(2, "FFF.....")), true, 2},
		"no other":               {of(1, "........"), of(1, "FFFFFFFF"), false, 1},
		"no other before":        {of(1, "........"), slices.Concat(of(1, "FFFFFFFF"), of(2, "....")), false, 1},
	} {
		for _, after := range []int{0, 1} { // the runs beside it lie before, or on both sides
			before, behind := v.before, []Trial(nil)
			if after == 1 {
				before, behind = v.before[:len(v.before)/2], v.before[len(v.before)/2:]
			}
			in, repo := mostlyIn(slices.Concat(before, v.within, behind), len(before), len(before)+len(v.within))
			if in != v.in || in && repo != v.repo {
				t.Errorf("%s: %t, repo %d", name, in, repo)
			}
		}
	}
}

// Of the changes in many helpers those are told of which one in twenty is false.
func TestToldByHand(t *testing.T) {
	with := func(p ...float64) (x []Change) {
		for _, p := range p {
			x = append(x, Change{P: p})
		}
		return x
	}
	for _, v := range []struct {
		found  [][]Change
		judged int
		want   [][]Change
	}{
		{[][]Change{with(.009)}, 1, [][]Change{with(.009)}},
		{[][]Change{with(.009)}, 5, [][]Change{with(.009)}},
		{[][]Change{with(.009)}, 6, [][]Change{with()}},
		{[][]Change{with(.001, .009), nil, with(.009)}, 20, [][]Change{with(.001), nil, with()}},
		{[][]Change{with(.001, .002, .0005), with(.004)}, 10, [][]Change{with(.001, .002, .0005), with(.004)}},
		{[][]Change{with(.001, .009, .0005), nil}, 40, [][]Change{with(.001), nil}},
	} {
		Told(v.found, v.judged)
		for i := range v.want {
			if len(v.found[i]) != len(v.want[i]) || len(v.want[i]) > 0 && !reflect.DeepEqual(v.found[i], v.want[i]) {
				t.Errorf("of %d: %v, not %v", v.judged, v.found, v.want)
			}
		}
	}
}

// Cancelled runs: the boundaries of how many, how alike and how often.
func TestCancelledBoundaries(t *testing.T) {
	runs := func(durations ...int64) (out []Cancel) {
		for i := len(durations) - 1; i >= 0; i-- { // not in order
			out = append(out, Cancel{"TERM", durations[i]})
		}
		return out
	}
	same := func(n int, d int64, others ...int64) []Cancel {
		for range n {
			others = append(others, d)
		}
		return runs(others...)
	}
	for name, v := range map[string]struct {
		runs []Cancel
		want int64
	}{
		"seven": {same(7, 30000), 0}, "eight": {same(8, 30000), 30000}, "0.999 s": {same(8, 999), 0}, "1 s": {same(8, 1000), 1000},
		"eight of ten": {same(8, 30000, 1, 2), 30000}, "seven of ten": {same(7, 30000, 1, 2, 3), 0}, "mixed, not in order": {same(8, 30000, 90000, 5), 30000},
		"3 % apart": {same(8, 10000, 10300, 9700, 40000), 10000}, "3 % apart, a bit more": {same(7, 10000, 10301, 9699), 0}, "3 % apart, just so": {same(7, 10000, 10300, 9699), 10000},
		"in tenths of a second": {same(8, 9940), 9900}, "in seconds": {same(8, 10060), 10000}, "half a second up": {same(8, 10500), 11000},
	} {
		if got := SumCancelled(int64(len(v.runs)), 0, v.runs).TimeoutMS; got != v.want {
			t.Errorf("%s: %d, not %d", name, got, v.want)
		}
	}
	for _, v := range []struct {
		signals []string
		want    string
	}{{[]string{"TERM", "TERM", "INT", "INT"}, ""}, {[]string{"TERM", "TERM", "INT"}, "TERM"}, {[]string{"", "", "INT"}, ""}, {nil, ""}} {
		var list []Cancel
		for _, s := range v.signals {
			list = append(list, Cancel{Signal: s})
		}
		if c := SumCancelled(5, 3, list); c.Signal != v.want || c.N != 5 || c.Ended != 8 {
			t.Errorf("%v: %+v", v.signals, c)
		}
	}
	for _, v := range []struct {
		n, ended      int64
		always, often bool
	}{{7, 7, false, false}, {8, 8, true, true}, {8, 9, false, true}, {8, 21, false, true}, {8, 22, false, false}, {7, 8, false, false}} {
		c := Cancelled{N: v.n, Ended: v.ended}
		if c.always() != v.always || c.Often() != v.often {
			t.Errorf("%d of %d: always %t, often %t", v.n, v.ended, c.always(), c.Often())
		}
	}
}

// What a verdict tells beside its class.
func TestVerdictsTellMore(t *testing.T) {
	now := time.UnixMilli(weightRef)
	judge := func(n, failures int64, g Grounds) Verdict {
		e := &Evidence{All: Sequence{N: n, Failures: failures, Flips: 2}}
		e.Strict = []Context{{Sequence: e.All}}
		if g.Rest == nil {
			g.Rest = e
		}
		g.All = e
		return Judge(g, now)
	}
	if v := judge(20, 0, Grounds{Cancelled: Cancelled{N: 1, Ended: 21}}); v.Cancelled == nil || v.Cancelled.N != 1 || v.Class != Solid {
		t.Errorf("one cancelled run: %+v", v)
	}
	if v := judge(20, 0, Grounds{}); v.Cancelled != nil || v.From != nil || v.To != nil {
		t.Errorf("%+v", v)
	}
	if v := judge(7, 7, Grounds{Cancelled: Cancelled{N: 9, Ended: 16}}); v.Class != OftenCancelled {
		t.Errorf("%+v", v)
	}
	if v := judge(8, 0, Grounds{Cancelled: Cancelled{N: 9, Ended: 17}}); v.Class != OftenCancelled {
		t.Errorf("%+v", v)
	}
	if v := judge(8, 8, Grounds{Cancelled: Cancelled{N: 9, Ended: 17}}); v.Class != Broken {
		t.Errorf("%+v", v)
	}
	// Of what is over the latest counts, of what lasts the first that does.
	over := []Change{{Class: Outage, From: 5, To: 9}, {Class: BetterSince, From: 20}, {Class: Outage, From: 12, To: 15}}
	if v := judge(20, 1, Grounds{Changes: over}); v.Class != BetterSince || v.From.UnixMilli() != 20 || v.To != nil {
		t.Errorf("%+v", v)
	}
	if v := judge(20, 1, Grounds{Changes: over[:1]}); v.Class != Outage || v.From.UnixMilli() != 5 || v.To.UnixMilli() != 9 {
		t.Errorf("%+v", v)
	}
	if v := judge(20, 5, Grounds{Changes: append(over, Change{Class: WorseSince, From: 3})}); v.Class != WorseSince || v.From.UnixMilli() != 3 || v.To != nil {
		t.Errorf("%+v", v)
	}
	// Where it fails often is named, as where it is flaky.
	repos := []Context{{Level: LevelRepo, Repo: "/a", Sequence: Sequence{N: 10, Failures: 7}}, {Level: LevelRepo, Repo: "/b", Sequence: Sequence{N: 30, Failures: 1}}}
	rest := &Evidence{All: Sequence{N: 40, Failures: 8}, Repos: repos}
	for recovered, class := range map[int64]Class{0: FailsOften, 2: FlakyClass} {
		v := judge(40, 8, Grounds{Rest: rest, Recovered: recovered})
		if failures, n := v.Elsewhere(); v.Class != class || v.Repo != "/a" || v.Level != LevelRepo || v.ContextN != 10 || v.ContextFailures != 7 || failures != 1 || n != 30 {
			t.Errorf("%+v", v)
		}
	}
	trials := []Trial{{Failed: true}, {Task: 1}, {Failed: true, Task: 2}, {}, {Repo: 1, Task: 2}, {Failed: true, Task: 2}, {Task: 2}, {Task: 2}}
	if n := Recoveries(trials); n != 2 {
		t.Errorf("%d recoveries", n)
	}
}

// A weight doubles in 14 days, and no clock makes it infinite.
func TestWeight(t *testing.T) {
	const life = 14 * 24 * 3600 * 1000
	for at, want := range map[int64]float64{weightRef: 1, weightRef + life: 2, weightRef - life: .5, weightRef + 2*life: 4, weightRef + 1000*life: weight(weightRef + 900*life)} {
		near(t, "weight", weight(at)/want, 1, 1e-12)
	}
	if w := weight(weightRef + 899*life); w >= weight(weightRef+900*life) {
		t.Error(w)
	}
	for p, want := range map[float64]float64{0: 0, 1: 0, .5: 1, .25: .8112781245, -1: 0, 2: 0} {
		near(t, "entropy", binaryEntropy(p), want, 1e-9)
	}
}

// The p-value of a change against that of all histories with as many failures:
// every way to place them.
func TestChanceAgainstAllHistories(t *testing.T) {
	small := 0
	for _, outcomes := range []string{
		"..............FFFF..", "................FFFF", "FFFF................", "F..............FFFF.", "....F..............FFFF.", ".....F............FFFFF.", "......F..........FF.FFF.",
		"..F.......F....FF.F.", ".F...F....F....F..F.",
	} {
		var c Changes
		c.load(trialsOf(outcomes))
		s := &c.scan
		observed, got := s.score(), s.chance(s.best(), maxP)
		n, k := len(outcomes), s.failures
		var all, more float64
		var place func(from, left int)
		positions := make([]int32, 0, k)
		place = func(from, left int) {
			if left == 0 {
				s.positions = append(s.positions[:0], positions...)
				all++
				switch x := s.score(); {
				case x > observed+1e-9:
					more++
				case x > observed-1e-9:
					more += .5
				}
				return
			}
			for i := from; i <= n-left; i++ {
				positions = append(positions, int32(i))
				place(i+1, left-1)
				positions = positions[:len(positions)-1]
			}
		}
		place(0, k)
		switch exact := more / all; {
		case exact >= .014 && got < maxP:
			t.Errorf("%s: %.4f, but %.4f of all histories", outcomes, got, exact)
		case exact < .0075:
			if small++; got >= maxP || got < exact-.004 || got > exact+.004 {
				t.Errorf("%s: %.4f, but %.4f of all histories", outcomes, got, exact)
			}
		}
	}
	if small < 3 {
		t.Errorf("only %d small p-values", small)
	}
}

// A p-value below the limit is the same whatever the limit; others stay above.
func TestChanceBelowALimit(t *testing.T) {
	r := rand.New(rand.NewPCG(16, 0))
	var c Changes
	below, above := 0, 0
	for i := range 1200 {
		p := plans[i%len(plans)]
		list := p.history(20+r.IntN(100), r)
		chance := func(limit float64) float64 {
			c.load(list)
			return c.scan.chance(c.scan.best(), limit)
		}
		limit := maxP / float64(1+r.IntN(12))
		want, got := chance(maxP), chance(limit)
		switch {
		case want >= limit && got >= limit:
			above++
		case want == got:
			below++
		default:
			t.Fatalf("%s: %g with the limit %g, else %g", p.name, got, limit, want)
		}
		if limit = want * 1.0001; want < maxP && chance(limit) != want {
			t.Fatalf("%s: not %g with the limit %g", p.name, want, limit)
		}
	}
	if below < 200 || above < 200 {
		t.Errorf("%d below the limit, %d above", below, above)
	}
}
