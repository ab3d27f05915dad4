package stats_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	. "pi-track/internal/stats"
	"pi-track/internal/stats/reference"
)

// everyTask is a job that runs once in each task: F failed.
func everyTask(outcomes string) []reference.Outcome {
	runs := history("web", outcomes, WeightRef)
	for i := range runs {
		runs[i].Task = fmt.Sprint("T-", i)
	}
	return runs
}

func TestFailsOftenIsNotFlaky(t *testing.T) {
	now := time.UnixMilli(WeightRef + 100*3600e3)
	outcomes := ".F..F.F...F.FF...F..F.F.F...F..F"
	if v := reference.Classify(everyTask(outcomes), now); v.Class != FailsOften || v.Recoveries != 0 {
		t.Errorf("a job that fails in one task and the other: %+v", v)
	}
	again := everyTask(outcomes) // and the next run of the same task succeeds
	for _, r := range slices.Clone(again) {
		if r.Failed {
			r.At, r.Failed = r.At+1000, false
			again = append(again, r)
		}
	}
	if v := reference.Classify(again, now); v.Class != FlakyClass || v.Recoveries != 12 {
		t.Errorf("a job that is tried again with success: %+v", v)
	}
	rare := everyTask("..........F...........F............................................")
	if v := reference.Classify(rare, now); v.Class != Solid {
		t.Errorf("two failures in many tasks: %+v", v)
	}
	young := history("web", "......FFFF", WeightRef) // too few for a change
	if v := reference.Classify(young, now); v.Class != FailsOften {
		t.Errorf("four of ten: %+v", v)
	}
}

func cancels(n int, signal string, ms func(i int) int64) []Cancel {
	out := make([]Cancel, n)
	for i := range out {
		out[i] = Cancel{Signal: signal, DurationMS: ms(i)}
	}
	return out
}

func TestCancelled(t *testing.T) {
	always30 := func(i int) int64 { return 30000 + int64(i%7)*12 }
	anyTime := func(i int) int64 { return 500 << (i % 9) }
	now := time.UnixMilli(WeightRef)
	for _, v := range []struct {
		name     string
		finished string
		runs     []Cancel
		class    Class
		want     Cancelled
	}{
		{"always at 30 s", "", cancels(60, "TERM", always30), AlwaysCancelled, Cancelled{60, 60, "TERM", 30000}},
		{"always by hand", "", cancels(60, "INT", anyTime), AlwaysCancelled, Cancelled{60, 60, "INT", 0}},
		{"too few", "", cancels(7, "TERM", always30), FewData, Cancelled{7, 7, "TERM", 0}},
		{"often", "............", cancels(12, "TERM", always30), OftenCancelled, Cancelled{12, 24, "TERM", 30000}},
		{"often, few finished", "..", cancels(12, "TERM", always30), OftenCancelled, Cancelled{12, 14, "TERM", 30000}},
		{"now and then", "........................................................", cancels(9, "INT", anyTime), Solid, Cancelled{9, 65, "INT", 0}},
		{"flaky says more", ".F.FF..F..F.F.F.", cancels(12, "INT", anyTime), FlakyClass, Cancelled{12, 28, "INT", 0}},
		{"two signals", "", append(cancels(10, "INT", anyTime), cancels(10, "TERM", anyTime)...), AlwaysCancelled, Cancelled{20, 20, "", 0}},
		{"at 2.5 s", "", cancels(20, "KILL", func(i int) int64 { return 2500 + int64(i) }), AlwaysCancelled, Cancelled{20, 20, "KILL", 2500}},
	} {
		runs := history("web", v.finished, WeightRef)
		e := reference.Gather(runs)
		trials := make([]Trial, len(runs))
		for i, r := range runs {
			trials[i] = Trial{At: r.At, Failed: r.Failed}
		}
		c := SumCancelled(int64(len(v.runs)), int64(len(runs)), v.runs)
		if got := Judge(Grounds{All: e, Rest: e, Recovered: Recoveries(trials), Cancelled: c}, now); got.Class != v.class || *got.Cancelled != v.want {
			t.Errorf("%s: %s %+v, want %s %+v", v.name, got.Class, *got.Cancelled, v.class, v.want)
		}
	}
}

// TestThePresentGoesFirst: what is over is told when nothing else is wrong.
func TestThePresentGoesFirst(t *testing.T) {
	now := time.UnixMilli(WeightRef + 1000*3600e3)
	good, bad := "........................................", "FFFFFFFFFFFFFFFF"
	after := history("web", good+bad+good, WeightRef)
	v := reference.Classify(after, now)
	if v.Class != Outage || v.From.UnixMilli() != WeightRef+40*3600e3 || v.To.UnixMilli() != WeightRef+55*3600e3 {
		t.Errorf("%+v", v)
	}
	flaky := history("web", ".F..F.F....F.F..F...F..F...F..F.....F..F.", WeightRef)
	if v := reference.Classify(append(flaky, history("web", bad+".F..F....F.F.F...F..F....F.F.", WeightRef+41*3600e3)...), now); v.Class != FlakyClass {
		t.Errorf("flaky before and after an outage: %+v", v)
	}
	better := reference.Classify(history("web", ".F.FF.F.F.FF..F.FF.F.F.F"+good, WeightRef), now)
	if better.Class != BetterSince || better.From.UnixMilli() != WeightRef+24*3600e3 || better.To != nil {
		t.Errorf("%+v", better)
	}
	worse := reference.Classify(history("web", good+".F.FF.F.F.FF..F.FF.F.F.F", WeightRef), now)
	if worse.Class != WorseSince || worse.From.UnixMilli() != WeightRef+41*3600e3 {
		t.Errorf("%+v", worse)
	}
}
