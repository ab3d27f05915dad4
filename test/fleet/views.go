package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"

	"pi-track/internal/fleet/schema"
)

// view is a query on a view, and the report whose figures it has to give. Its first columns
// tell the row apart, the others are named as the report's.
type view struct {
	sql    string
	report []string
	rows   func(report map[string]any) map[string][]string // by the key columns, joined
	part   bool                                            // the view has other rows, too
}

// checkViews compares the figures of the views, and runs the panels of the dashboard.
func checkViews(h *host, e *engine) (compared, differing int, err error) {
	if _, err := e.ask("SYSTEM REFRESH VIEW pitrack.daily"); err != nil {
		return 0, 0, err
	}
	if _, err := e.ask("SYSTEM WAIT VIEW pitrack.daily"); err != nil {
		return 0, 0, err
	}
	for _, v := range []view{
		{"SELECT name, sort, runs, succeeded, failed, cancelled, open, round(1 - failure_low, 9), round(1 - failure_high, 9), round(avg_ms, 6), last_run FROM pitrack.v_helpers",
			[]string{"report", "helpers"}, func(r map[string]any) map[string][]string {
				return table(r, ".helpers", false, []string{"name", "sort"}, "runs", "succeeded", "failed", "cancelled", "open", "success.high", "success.low", "duration.avg_ms", "last_run")
			}, false},
		{"SELECT name, sort, n, failures, flips, flip_ratio, cancelled FROM pitrack.v_verdicts WHERE n > 0", []string{"report", "helpers"}, func(r map[string]any) map[string][]string {
			return table(r, ".helpers", false, []string{"name", "sort"}, "verdict.n", "verdict.failures", "verdict.flips", "verdict.flip_ratio", "verdict.cancelled.n")
		}, false},
		{"SELECT name, sort, class, bound_repo, bound_task, recoveries FROM pitrack.v_verdicts", []string{"report", "helpers"}, unchanging, true},
		{"SELECT name, sort, with_ok, with_n, without_ok, without_n, round(diff, 9), round(diff_low, 9), round(diff_high, 9), stratified, stratified_low, stratified_high, within, strata, p, verdict FROM pitrack.v_effect", []string{"report", "effect"},
			func(r map[string]any) map[string][]string {
				return table(r, ".effect", true, []string{"helper", "sort"}, "with.k", "with.n", "without.k", "without.n", "diff.value", "diff.low", "diff.high",
					"stratified.value", "stratified.low", "stratified.high", "within", "compared", "p", "verdict")
			}, false},
		{"SELECT day, sum(runs), sum(succeeded), sum(failed), sum(cancelled), sum(open) FROM pitrack.daily WHERE sort NOT IN ('skill', 'prompt') GROUP BY day",
			[]string{"report", "helpers", "--by", "day", "--kind", "shell helper", "--kind", "tool", "--kind", "command"}, func(r map[string]any) map[string][]string {
				return table(r, ".groups", true, []string{"value"}, "runs", "succeeded", "failed", "cancelled", "open")
			}, false},
	} {
		n, bad, err := v.check(h, e)
		if err != nil {
			return compared, differing, err
		}
		compared, differing = compared+n, differing+bad
	}
	return compared, differing, panels(e)
}

// unchanging are the verdicts on helpers that do not change over time; of the others the view has another row.
func unchanging(r map[string]any) map[string][]string {
	rows := table(r, ".helpers", true, []string{"name", "sort"}, "verdict.class", "verdict.repo", "verdict.task", "verdict.recoveries")
	for key, row := range rows {
		switch row[0] {
		case "worse since", "better since", "broken since", "outage", "used":
			delete(rows, key)
		case "context-bound":
		default:
			row[1], row[2] = "", "" // that of most failures, which is not what binds
		}
	}
	return rows
}

// check compares one view with its report.
func (v *view) check(h *host, e *engine) (compared, differing int, err error) {
	report, err := h.values(append(v.report[:len(v.report):len(v.report)], "--tz", "UTC", "--from", "ch", "--json"))
	if err != nil {
		return 0, 0, err
	}
	text, err := e.ask(v.sql + " FORMAT TSV")
	if err != nil {
		return 0, 0, err
	}
	want, seen := v.rows(report), 0
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		for key, row := range want {
			if n := len(f) - len(row); n <= 0 || strings.Join(f[:n], "|") != key {
				continue
			}
			seen++
			for i, got := range f[len(f)-len(row):] {
				if compared++; !alike(got, row[i]) {
					differing++
					fmt.Fprintf(os.Stderr, "%.60s: of %s value %d is %s, in the report %s\n", v.sql, key, i, got, row[i])
				}
			}
		}
	}
	if seen == 0 || seen != len(want) || !v.part && seen != strings.Count(text+"\n", "\n") {
		differing++
		fmt.Fprintf(os.Stderr, "%s: %d rows, in the report %d, %d in both\n", v.sql, strings.Count(text+"\n", "\n"), len(want), seen)
	}
	return compared, differing, nil
}

// table are the rows of a report's section; effects too, whose names are of another key.
// Helpers that are used only, or have no run that ended, are in no view.
func table(r map[string]any, section string, all bool, keys []string, columns ...string) map[string][]string {
	out := map[string][]string{}
	for i := 0; r[fmt.Sprintf("%s.rows[%d].%s", section, i, keys[0])] != nil; i++ {
		at := func(key string) string { return fmt.Sprint(r[fmt.Sprintf("%s.rows[%d].%s", section, i, key)]) }
		if !all && (at("used") != "0" || columns[0] == "verdict.n" && at("verdict.n") == "0") {
			continue
		}
		key, row := []string{}, []string{}
		for _, k := range keys {
			key = append(key, at(k))
		}
		for _, c := range columns {
			value := at(c)
			if c == "verdict.cancelled.n" && value == "<nil>" { // none was
				value = "0"
			}
			row = append(row, value)
		}
		out[strings.Join(key, "|")] = row
	}
	return out
}

// alike compares a value of the engine with the report's: numbers up to the rounding of the
// last digits, which SQL's functions do elsewhere than Go's; times by their text.
func alike(a, b string) bool {
	if strings.Contains(a, ":") {
		return strings.TrimSuffix(strings.Replace(a, " ", "T", 1), "000") == strings.TrimSuffix(strings.TrimSuffix(b, "Z"), "000") ||
			strings.TrimRight(strings.Replace(a, " ", "T", 1), "0.") == strings.TrimRight(strings.TrimSuffix(b, "Z"), "0.")
	}
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	if err1 != nil || err2 != nil || math.IsNaN(x) {
		return a == b || (a == `\N` || a == "nan") && b == "<nil>" || a == "nan" && b == "0"
	}
	return math.Abs(x-y) <= 1e-6*max(1, math.Abs(x)) && (x == y || x != math.Trunc(x) || y != math.Trunc(y))
}

// panels runs the queries of the dashboard, each of which has to find something.
func panels(e *engine) error {
	text, err := schema.Grafana("pitrack")
	if err != nil {
		return err
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ RawSQL string }
		}
	}
	if err := json.Unmarshal([]byte(text), &board); err != nil {
		return err
	}
	for _, p := range board.Panels {
		for _, t := range p.Targets {
			sql := strings.NewReplacer("$__dateFilter(day)", "day > '2000-01-01'", "$__timeFilter(time)", "time > '2000-01-01 00:00:00'").Replace(t.RawSQL)
			if answer, err := e.ask(sql + " FORMAT TSV"); err != nil || answer == "" {
				return fmt.Errorf("the panel %q has no rows: %w", p.Title, err)
			}
		}
	}
	if len(board.Panels) != 4 {
		return fmt.Errorf("%d panels", len(board.Panels))
	}
	return nil
}
