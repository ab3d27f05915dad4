package stats_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	. "pi-track/internal/stats"
	"pi-track/internal/stats/reference"
)

// history is one outcome an hour in one repo: F failed, anything else
// succeeded.
func history(repo, outcomes string, from int64) []reference.Outcome {
	var runs []reference.Outcome
	for i, o := range outcomes {
		runs = append(runs, reference.Outcome{At: from + int64(i)*3600e3, Repo: repo, Failed: o == 'F'})
	}
	return runs
}

func TestVerdictNamesTheBlock(t *testing.T) {
	at := func(hour int64) time.Time { return time.UnixMilli(WeightRef + hour*3600e3).UTC() }
	// One early failure is not the begin of what broke later.
	v := reference.Classify(history("a", ".F................FFFFFFF", WeightRef), at(30))
	if v.Class != BrokenSince || !v.From.Equal(at(18)) {
		t.Errorf("%+v", v)
	}
	v = reference.Classify(history("a", ".........FFFFFFF.........", WeightRef), at(30))
	if v.Class != Outage || !v.From.Equal(at(9)) || !v.To.Equal(at(15)) {
		t.Errorf("%+v", v)
	}
}

func TestVerdictNamesTheContext(t *testing.T) {
	now := time.UnixMilli(WeightRef + 100*3600e3)
	flaky := slices.Concat(history("web", ".F..F..F.F..F.F.", WeightRef), history("api", "................", WeightRef+60e3))
	if v := reference.Classify(flaky, now); v.Class != FlakyClass || v.Level != LevelRepo || v.Repo != "web" || v.ContextFailures != 6 {
		t.Errorf("%+v", v)
	}
	everywhere := slices.Concat(history("web", ".F..F..F.F..F.F.", WeightRef), history("api", "F..F..F.F..F.F..", WeightRef+60e3))
	if v := reference.Classify(everywhere, now); v.Class != FlakyClass || v.Level != LevelNone {
		t.Errorf("%+v", v)
	}
	bound := slices.Concat(history("infra", "FFFFFFFFFFFFFFFF", WeightRef), history("api", "................", WeightRef+60e3))
	if v := reference.Classify(bound, now); v.Class != ContextBound || v.Repo != "infra" || v.Level != LevelRepo {
		t.Errorf("%+v", v)
	}
	for i := range bound {
		bound[i].Task, bound[i].Repo = bound[i].Repo+"-task", "mono"
	}
	if v := reference.Classify(bound, now); v.Class != ContextBound || v.Task != "infra-task" || v.Level != LevelTask {
		t.Errorf("%+v", v)
	}
}

// TestScoreFades: a cured helper leaves the list, and rank depends on it.
func TestScoreFades(t *testing.T) {
	runs := history("web", ".F..F..F.F..F.F.", WeightRef)
	day := func(d int) time.Time { return time.UnixMilli(WeightRef).Add(time.Duration(d) * 24 * time.Hour) }
	fresh, old := reference.Classify(runs, day(1)).Score, reference.Classify(runs, day(60)).Score
	if !(fresh > .5 && old < fresh/3 && old > 0) {
		t.Errorf("fresh %.3f, after 60 days %.3f", fresh, old)
	}
	if later := reference.Classify(runs, day(1).Add(23*time.Hour)).Score; later != fresh {
		t.Errorf("at midnight %v, an hour before the next %v", fresh, later)
	}
	if got := reference.Classify(history("web", "................", WeightRef), day(1)).Score; got != 0 {
		t.Errorf("without failures %.3f", got)
	}
}

// The runs of a helper in any order: contexts of five runs stand for
// themselves, in the strictest way.
func TestGatherByHand(t *testing.T) {
	var runs []reference.Outcome
	add := func(n int, repo, task string, failed int) {
		for i := range n {
			runs = append(runs, reference.Outcome{At: WeightRef - int64(len(runs))*1000, Repo: repo, Task: task, Failed: i < failed})
		}
	}
	add(5, "b", "t5", 2)
	add(4, "b", "t4", 1)
	add(1, "b", "", 1)
	add(4, "a", "t1", 3)
	add(3, "c", "", 0)
	add(2, "c", "", 2)
	e := reference.Gather(runs)
	show := func(list []Context) (out []string) {
		for _, c := range list {
			out = append(out, fmt.Sprintf("%s %s/%s %d of %d", c.Level, c.Repo, c.Task, c.Failures, c.N))
		}
		return out
	}
	for _, v := range []struct {
		got  []string
		want []string
	}{
		{show(e.Repos), []string{"repo a/ 3 of 4", "repo b/ 4 of 10", "repo c/ 2 of 5"}},
		{show(e.Tasks), []string{"task a/t1 3 of 4", "task b/t4 1 of 4", "task b/t5 2 of 5"}},
		{show(e.Strict), []string{" / 3 of 4", "repo b/ 2 of 5", "task b/t5 2 of 5", "repo c/ 2 of 5"}},
	} {
		if !slices.Equal(v.got, v.want) {
			t.Errorf("%q, not %q", v.got, v.want)
		}
	}
	if e.All.N != 19 || e.All.Failures != 9 || e.All.LastAt != WeightRef || !e.All.LastFailed {
		t.Errorf("the runs are not in the order of their times: %+v", e.All)
	}
	if v := reference.Classify(slices.Clone(runs), time.UnixMilli(WeightRef)); v.N != 19 || v.Flips != e.All.Flips {
		t.Errorf("%+v", v)
	}
	// A change that is no clear one is none, whatever the scan found.
	slices.Reverse(runs)
	mixed := history("a", strings.Repeat(".", 40)+strings.Repeat("F", 10), WeightRef)
	reversed := slices.Clone(mixed)
	slices.Reverse(reversed)
	if a, b := reference.Classify(mixed, time.UnixMilli(WeightRef)), reference.Classify(reversed, time.UnixMilli(WeightRef)); a.Class != BrokenSince || !reflect.DeepEqual(a, b) {
		t.Errorf("%+v, in another order %+v", a, b)
	}
}
