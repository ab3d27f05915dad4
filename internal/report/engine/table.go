package engine

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/report/sum"
)

// runTable is the runs that a report may rest on, as a subquery: those of the context and of
// the time that it needs, with these columns beside those of the table:
//
//	t0, t1  start and end, Unix ms
//	code    1 started, 2 succeeded, 3 failed, 4 cancelled; 0 a use of a skill or a prompt
//	taken   it passes the filter
//	stated  it only records the outcome of a task, and is no run of a helper
//	now     it started in the period
//	seen    or in the one before it, of a period with a begin
//	counted it is a run of a helper that passes the filter
func runTable(q *query.Plan) string {
	seen := "now"
	if q.Bounded {
		seen = "(now OR " + within("t0", q.Previous) + ")"
	}
	where := []string{}
	if from := section.Needed(q); from != math.MinInt64 {
		where = append(where, fmt.Sprintf("t0 >= %d", from))
	}
	where = append(where, contextFilter(&q.Filter)...)
	return `(SELECT *, greatest(1, toUnixTimestamp64Milli(start)) AS t0, least(greatest(1, toUnixTimestamp64Milli(start) + ms), 253402214400000) AS t1,
    if(sort IN ('skill', 'prompt'), 0, toUInt8(status)) AS code,
    name = 'task' AND kind = 'job' AND src = 'emit' AS stated,
    ` + all(runFilter(&q.Filter)) + ` AS taken, ` + within("t0", q.Period) + ` AS now, ` + seen + ` AS seen, taken AND ran AND NOT stated AS counted
  FROM ` + q.Engine.Database + `.runs FINAL WHERE ` + all(where) + `)`
}

// all joins conditions.
func all(conditions []string) string {
	if len(conditions) == 0 {
		return "1"
	}
	return "(" + strings.Join(conditions, " AND ") + ")"
}

// within says whether a time lies in a span.
func within(column string, s query.Span) string {
	var out []string
	if s.From != math.MinInt64 {
		out = append(out, fmt.Sprintf("%s >= %d", column, s.From))
	}
	if s.To != math.MaxInt64 {
		out = append(out, fmt.Sprintf("%s < %d", column, s.To))
	}
	return all(out)
}

// Times from far on are in the table of no zone: rules go on for ever, and so may a clock that is wrong. There a quarter of
// an hour has a number from farDay on, and we know its day.
const (
	far     = 4102444800000 // 2100-01-01, Unix ms
	quarter = 15 * 60 * 1000
	farDay  = 1 << 20
)

// day is the number of the day of t0 in a zone, or one for [asker.dayOf]. The zone's offsets are looked up
// in a table, because the engine may know another history of it, or none of that name.
func day(in *time.Location) string {
	var from, offset []int64
	for at := time.UnixMilli(0).In(in); ; {
		_, seconds := at.Zone()
		from, offset = append(from, at.UnixMilli()), append(offset, int64(seconds)*1000)
		_, end := at.ZoneBounds()
		if end.IsZero() || end.UnixMilli() > far {
			break
		}
		if !end.After(at) { // at the turn of a year Go's rule for later years returns the time itself
			end = at.AddDate(0, 0, 1)
		}
		at = end.In(in)
	}
	local := fmt.Sprintf("t0 + %d", offset[0])
	if len(from) > 1 {
		local = fmt.Sprintf("t0 + transform(roundDown(t0, %s), %s, %s, toInt64(0))", array(from, "Int64"), array(from, "Int64"), array(offset, "Int64"))
	}
	day := "intDiv(" + local + " + 86400000, 86400000) - 1" // a zone may be before 1970 yet
	return fmt.Sprintf("if(t0 < %d, %s, intDiv(t0 - %d, %d) + %d)", far, day, far, quarter, farDay)
}

// dayOf is the number of the day that the engine calls n.
func (a *asker) dayOf(n int64) int32 {
	if n < farDay {
		return int32(n)
	}
	return query.DayNumber(time.UnixMilli(far + (n-farDay)*quarter).In(a.q.Location))
}

// array is one of 64-bit numbers.
func array[T int64 | uint64](list []T, kind string) string {
	return "CAST(" + strings.ReplaceAll(fmt.Sprint(list), " ", ",") + ", 'Array(" + kind + ")')"
}

// tally is what a [tallyRow] holds of the runs for which a condition is true.
func tally(q *query.Plan, of string) string {
	ok := "code = 2 AND " + of
	used := "(usage.1 + usage.2 + usage.3 + usage.4 + usage.5 > 0 OR usage.6 > 0 OR usage.7 != '') AND " + of
	ran := "rusage.1 IS NOT NULL AND " + of
	sketch := "sumMapIf([roundDown(ms, " + bounds() + ")], [toUInt64(1)], " + ok + ")"
	nano := "usage.6 * 1e9"
	return `[countIf(code = 0 AND ` + of + `), countIf(code = 1 AND ` + of + `), countIf(` + ok + `), countIf(code = 3 AND ` + of + `), countIf(code = 4 AND ` + of + `)] AS counts,
    maxIf(t0, ` + of + `) AS last_run, maxIf(t1, code = 3 AND ` + of + `) AS last_failure,
    countIf(seen AND ` + within("t0", q.Current) + `) AS current, countIf(seen AND ` + within("t0", q.Previous) + ` AND NOT ` + within("t0", q.Current) + `) AS previous,
    minIf(ms, ` + ok + `) AS min_ms, maxIf(ms, ` + ok + `) AS max_ms, sumIf(ms, ` + ok + `) AS sum_ms,
    if(counts[3] > ` + maxExact + `, [], groupArrayIf(` + maxExact + `)(ms, ` + ok + `)) AS durations,
    if(counts[3] > ` + maxExact + `, ` + sketch + `.1, []) AS bucket, if(counts[3] > ` + maxExact + `, ` + sketch + `.2, []) AS bucket_runs,
    [countIf(` + used + `), sumIf(usage.1, ` + used + `), sumIf(usage.2, ` + used + `), sumIf(usage.3, ` + used + `), sumIf(usage.4, ` + used + `), sumIf(usage.5, ` + used + `),
      toUInt64(sumIf(toInt64(floor(` + nano + `)) + (` + nano + ` - floor(` + nano + `) >= 0.5), ` + used + `))] AS spent,
    [countIf(` + ran + `), sumIf(ifNull(rusage.1, 0), ` + ran + `), sumIf(rusage.2, ` + ran + `), maxIf(rusage.3, ` + ran + `)] AS consumed`
}

var (
	maxExact = fmt.Sprint(sum.MaxExact)
	bounds   = sync.OnceValue(func() string { return array(sum.DurationBounds(), "Int64") })
)

// runLine is a run as an event line that says the same of it, but for its directory and
// what it consumed. A reaped or imported one does not say so: its start is known already.
const runLine = `concat(
    '{"ts":"', replaceOne(toString(fromUnixTimestamp64Milli(toInt64(t1), 'UTC')), ' ', 'T'), 'Z","v":1,"id":"', toString(id), '"',
    ',"kind":', toJSONString(toString(kind)), ',"name":', toJSONString(toString(name)), ',"status":"', toString(status), '"',
    if(status != 'started', concat(',"duration_ms":', toString(ms)), ''),
    if(exit_code >= 0, concat(',"exit_code":', toString(exit_code)), ''),
    if(signal != '', concat(',"signal":', toJSONString(toString(signal))), ''),
    if(error_summary != '', concat(',"error_summary":', toJSONString(error_summary)), ''),
    if(repo != '', concat(',"repo":', toJSONString(toString(repo))), ''),
    if(session_id != '', concat(',"session_id":', toJSONString(session_id)), ''),
    if(task_id != '', concat(',"task_id":', toJSONString(task_id)), ''),
    if(src = 'emit', ',"src":"emit"', ''),
    if(usage.1 > 0 OR usage.6 > 0 OR usage.7 != '', concat(',"usage":{', substring(concat(
      if(usage.1 > 0, concat(',"tokens":', toString(usage.1)), ''),
      if(usage.6 > 0, concat(',"cost":', toString(usage.6)), ''),
      if(usage.7 != '', concat(',"model":', toJSONString(toString(usage.7))), '')), 2), '}'), ''),
    if(kind = 'extension_tool' AND ran, ',"call_id":"-"', ''),
    if(rev != '', concat(',"rev":', toJSONString(toString(rev))), ''),
    if(agent != '', concat(',"agent":', toJSONString(toString(agent))), ''),
    if(model != '', concat(',"model":', toJSONString(toString(model))), ''),
    if(experiment != '', concat(',"experiment":', toJSONString(toString(experiment))), ''),
    if(arm != '', concat(',"arm":', toJSONString(toString(arm))), ''),
    if(stderr != '', concat(',"stderr":', toJSONString(toString(stderr))), ''),
    '}')`
