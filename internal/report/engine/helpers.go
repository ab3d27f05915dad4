package engine

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"pi-track/internal/report/section"
	"pi-track/internal/report/sum"
)

// helperNumber is by what a query knows a helper: a number instead of two texts.
const helperNumber = "cityHash64(name, sort)"

// helpers asks for the sums of the helpers, by kind: that of the latest run is told. It
// keeps their numbers, and from when on the latest runs of each are that a verdict goes by.
func (a *asker) helpers() error {
	type row struct {
		tallyRow
		Days       []int64
		DayRuns    []int64 `json:"day_runs"`
		LastBefore int64   `json:"last_before"`
		Number     uint64
		Finished   int64 // end of the earliest of so many runs as a verdict goes by; 0: there are fewer
		Cancelled  int64
	}
	days := "sumMapIf([(" + a.day + ") * 8 + code], [toUInt64(1)], now)"
	before := "toInt64(0)"
	if from := a.q.Period.From; section.Asked(a.q, section.SectionUnused) && !a.q.Since.IsZero() {
		before = fmt.Sprintf("maxIf(t0, t0 < %d)", from)
	}
	finished, cancelled := "toInt64(0)", "toInt64(0)"
	if latest, _ := section.NewRuns(a.q); latest {
		finished = earliest(a.most(), "code IN (2, 3)")
		cancelled = earliest(sum.MaxCancelled, "code = 4")
	}
	a.numbers, a.finished, a.cancelled, a.all = map[uint64]section.Key{}, map[uint64]int64{}, map[uint64]int64{}, map[uint64]int64{}
	return rows(a, "SELECT name, kind, "+tally(a.q, "now")+", "+days+".1 AS days, "+days+".2 AS day_runs, "+before+" AS last_before, any("+helperNumber+
		") AS number, "+finished+" AS finished, "+cancelled+" AS cancelled FROM "+a.table+" WHERE counted GROUP BY name, kind", func(r *row) {
		state := r.state()
		a.c.AddHelper(r.Name, r.Kind, state, a.dayCounts(r.Days, r.DayRuns), r.LastBefore)
		a.numbers[r.Number] = section.Key{Name: r.Name, Kind: r.Kind}
		a.finished[r.Number] = max(a.finished[r.Number], r.Finished)
		a.all[r.Number] += sum.CountsOf(&state.Counts).Finished()
		a.cancelled[r.Number] = max(a.cancelled[r.Number], r.Cancelled)
	})
}

// earliest is the end of the nth latest run for which a condition is true, 0 if there are fewer.
func earliest(n int, of string) string {
	return fmt.Sprintf("-groupArraySortedIf(%d)(-t1, now AND %s)[%d]", n, of, n)
}

// most is how many runs that succeeded or failed are looked at.
func (a *asker) most() int {
	if a.q.Bounded {
		return sum.MaxOfPeriod
	}
	return sum.MaxHistory
}

// dayCounts takes counts by day and code.
func (a *asker) dayCounts(keys, n []int64) (days sum.Days) {
	for i, key := range keys {
		days.Of(a.dayOf(key >> 3))[key&7] += n[i]
	}
	return days
}

// maxBounds is how many bounds a query may hold: it is of at most 256 KiB.
const maxBounds = 3000

// latest asks for the latest runs of each helper that have ended, and in each repo where
// verdicts on them are asked for, with all that ended with the last of these.
func (a *asker) latest() error {
	ended := a.table + " WHERE counted AND now AND code > 1"
	if len(a.finished)+len(a.cancelled) <= maxBounds && !section.Asked(a.q, section.SectionContext) {
		bounds := "if(code = 4, " + since(a.cancelled) + ", " + since(a.finished) + ")"
		return a.runs("SELECT "+runLine+" FROM "+ended+" AND (t1 >= "+bounds+a.earlier()+")", a.c.AddLatest)
	}
	by := "name, sort"
	if section.Asked(a.q, section.SectionContext) {
		by += ", repo"
	}
	every, earlier := "", ""
	if !a.q.Bounded { // as sum.Every says
		every = fmt.Sprintf(", greatest(1, 2 * roundToExp2(intDiv(greatest(0, toInt64(count()) - %d), %d))) AS every", sum.MaxHistory+1, sum.MaxEarlier)
		earlier = fmt.Sprintf(" OR NOT cancelled AND intDiv(t1, %d) %% every = 0", sum.Slot)
	}
	return a.runs(fmt.Sprintf(`SELECT %s FROM (SELECT *, code = 4 AS cancelled FROM %s) AS r
  INNER JOIN (SELECT %s, code = 4 AS cancelled, groupArraySorted(%d)(-t1) AS ends, -if(cancelled, ends[least(%d, length(ends))], ends[length(ends)]) AS since%s
    FROM %s GROUP BY %s, cancelled) AS w USING (%s, cancelled)
  WHERE t1 >= since%s`, runLine, ended, by, a.most(), sum.MaxCancelled, every, ended, by, by, earlier), a.c.AddLatest)
}

// earlier is the condition for the earlier runs of busy helpers, of which the report keeps
// some: see [sum.Outcomes].
func (a *asker) earlier() string {
	every := map[uint64]int64{}
	for number, n := range a.all {
		if n > sum.MaxHistory && !a.q.Bounded {
			every[number] = sum.Every(n)
		}
	}
	if len(every) == 0 {
		return ""
	}
	return fmt.Sprintf(" OR code < 4 AND intDiv(t1, %d) %% %s = 0", sum.Slot, ofHelper(every, 1<<62))
}

// since is the bound of a run's helper, 0 where there is none.
func since(bounds map[uint64]int64) string { return ofHelper(bounds, 0) }

// ofHelper is the number of a run's helper, or another where it has none or 0.
func ofHelper(of map[uint64]int64, other int64) string {
	numbers := slices.SortedFunc(maps.Keys(of), cmp.Compare)
	numbers = slices.DeleteFunc(numbers, func(n uint64) bool { return of[n] == 0 })
	if len(numbers) == 0 {
		return fmt.Sprintf("toInt64(%d)", other)
	}
	values := make([]int64, len(numbers))
	for i, n := range numbers {
		values[i] = of[n]
	}
	return fmt.Sprintf("transform(%s, %s, %s, toInt64(%d))", helperNumber, array(numbers, "UInt64"), array(values, "Int64"), other)
}
