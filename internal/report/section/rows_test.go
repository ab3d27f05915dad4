package section

import (
	"fmt"
	"testing"
	"time"

	"pi-track/internal/report/query"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// Each order of rows: what goes first, few data behind all, ties by name.
func TestOrdersOfRows(t *testing.T) {
	at := func(h int) *time.Time { x := time.Date(2026, 11, 30, h, 0, 0, 0, time.UTC); return &x }
	lower := Row{Counts: sum.Counts{Runs: 5, Failed: 1}, Risk: .1, Success: stats.NewRate(4, 5), Duration: sum.Durations{N: 4, Avg: 10, P50: 5, P95: 7}, LastRun: at(1), Usage: &sum.Usage{Cost: 1}}
	higher := Row{Counts: sum.Counts{Runs: 6, Failed: 2}, Risk: .2, Success: stats.NewRate(4, 6), Duration: sum.Durations{N: 4, Avg: 11, P50: 6, P95: 8}, LastRun: at(2), Usage: &sum.Usage{Cost: 2}}
	none := Row{}
	for _, order := range query.Sorts {
		q := &query.Plan{Order: order}
		if got := compareRows(q, &higher, &lower, "b", "a"); order != query.SortName && got >= 0 || order == query.SortName && got <= 0 {
			t.Errorf("%s: the higher row is compared %d", order, got)
		}
		if got := compareRows(q, &lower, &lower, "a", "b"); got >= 0 {
			t.Errorf("%s: ties go by name", order)
		}
		if got := compareRows(q, &none, &lower, "a", "b"); order != query.SortName && got <= 0 {
			t.Errorf("%s: a row of nothing goes first", order)
		}
		few := higher
		few.Few = true
		got := compareRows(q, &few, &lower, "a", "b")
		if order == query.SortName && got >= 0 || order != query.SortName && got <= 0 {
			t.Errorf("%s: few data are compared %d", order, got)
		}
		other := lower
		other.Few = true
		if got := compareRows(q, &few, &other, "b", "a"); got <= 0 {
			t.Errorf("%s: of few data the name decides: %d", order, got)
		}
	}
	if compareRows(&query.Plan{Order: query.SortTotal}, &Row{Duration: sum.Durations{N: 3, Avg: 10}}, &Row{Duration: sum.Durations{N: 2, Avg: 14}}, "b", "a") >= 0 {
		t.Error("30 ms in all are more than 28")
	}
	for _, v := range []struct{ n, limit, kept, dropped int }{{3, 0, 3, 0}, {3, -1, 3, 0}, {3, 3, 3, 0}, {3, 2, 2, 1}, {0, 2, 0, 0}} {
		if rows, dropped := cut(make([]int, v.n), v.limit); len(rows) != v.kept || dropped != v.dropped {
			t.Errorf("%+v: %d, %d", v, len(rows), dropped)
		}
	}
	days := []Group{{Value: "3"}, {Value: "1"}, {Value: "2"}}
	days[0].Runs, days[1].Runs, days[2].Runs = 30, 10, 20
	compareWithBefore(days)
	if days[0].Delta != nil || *days[1].Delta != (Delta{20, 10}) || *days[2].Delta != (Delta{30, 20}) {
		t.Errorf("%+v", days)
	}
}

// What is over does not count, and is found by the ends of runs.
func TestWithoutWhatIsOver(t *testing.T) {
	list := make([]sum.Outcome, 6)
	for i := range list {
		list[i] = sum.Outcome{At: int64(i), ID: uint32(i), Failed: i%2 == 0, Repo: 1, Task: 2, Session: 3}
	}
	over := []stats.Change{{Class: stats.Outage, From: 2, To: 3}}
	got := ""
	for _, x := range withoutOver(list, over) {
		got += fmt.Sprint(x.At)
	}
	for _, x := range trialsOf(nil, list, over) {
		got += fmt.Sprint(" ", x.At, x.ID, x.Failed, x.Repo, x.Task, x.Session)
	}
	if want := "0145 0 0 true 1 2 3 1 1 false 1 2 3 4 4 true 1 2 3 5 5 false 1 2 3"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	if rest := withoutOver(list, nil); len(rest) != 6 {
		t.Error(len(rest))
	}
}

// The failures of one look are counted together; what is shown is of the latest.
func TestRoomForFailures(t *testing.T) {
	f := newFailures(&query.Plan{})
	for i := range maxFailures {
		f.byPrint[failureKey{1, uint64(i)}] = &failure{last: int64(i)}
	}
	if f.room(); len(f.byPrint) != maxFailures/2 || f.byPrint[failureKey{1, maxFailures/2 - 1}] != nil || f.byPrint[failureKey{1, maxFailures / 2}] == nil {
		t.Errorf("%d are kept", len(f.byPrint))
	}
	if f.room(); len(f.byPrint) != maxFailures/2 {
		t.Errorf("%d are kept", len(f.byPrint))
	}
	var x failure
	x.addRepo(1, 2)
	x.addRepo(2, 1)
	x.addRepo(1, 3)
	if fmt.Sprint(x.repos) != "[{1 5} {2 1}]" {
		t.Error(x.repos)
	}
}

// TestAbsence: days on which anything ran count, and no others.
func TestAbsence(t *testing.T) {
	for _, v := range []struct {
		own, others                string // x: ran on that day
		used, span, longest, since int64
	}{
		{"x", "", 1, 1, 0, 0}, {"x ", " x", 1, 1, 0, 1}, {"xxx   ", "   xxx", 3, 3, 0, 3}, {"x x x", "xxxxx", 3, 5, 1, 0}, {"x   x", "xx xx", 2, 4, 2, 0},
		{"  x  x    ", "xxxxxxx xx", 2, 4, 2, 3}, {"x x    x x  ", "  xxxx    xx", 4, 7, 3, 2},
	} {
		days := func(marks ...string) (out sum.Days) {
			for i := range v.own {
				for _, m := range marks {
					if i < len(m) && m[i] == 'x' {
						out = append(out, sum.DayCounts{Day: int32(20000 + i)})
						break
					}
				}
			}
			return out
		}
		used, span, longest, since := absence(days(v.own), days(v.own, v.others))
		if used != v.used || span != v.span || longest != v.longest || since != v.since {
			t.Errorf("%q among %q: %d of %d days, longest %d, %d since; want %+v", v.own, v.others, used, span, longest, since, v)
		}
	}
}
