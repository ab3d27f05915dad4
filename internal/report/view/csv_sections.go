package view

import (
	"slices"
	"strconv"

	"pi-track/internal/report/section"
)

var rowHeader = slices.Concat(countsHeader, rateHeader, []string{
	"risk", "previous_runs", "duration_n", "avg_ms", "p50_ms", "p95_ms", "p99_ms", "max_ms",
	"tokens", "cost", "user_ms", "sys_ms", "max_rss_kb", "last_run", "last_failure", "used"})

func rowCells(x *section.Row) []string {
	out := slices.Concat(countsCells(x.Counts), rateCells(x.Success), []string{number(x.Risk)})
	if x.Delta != nil {
		out = append(out, integer(x.Delta.Previous))
	} else {
		out = append(out, "")
	}
	out = append(out, integer(x.Duration.N))
	for _, ms := range []float64{x.Duration.Avg, x.Duration.P50, x.Duration.P95, x.Duration.P99, x.Duration.Max} {
		if x.Duration.N == 0 {
			out = append(out, "")
		} else {
			out = append(out, number(ms))
		}
	}
	if u := x.Usage; u != nil {
		out = append(out, integer(u.Tokens), number(u.Cost))
	} else {
		out = append(out, "", "")
	}
	if s := x.Resources; s != nil {
		out = append(out, number(s.UserMS), number(s.SysMS), integer(s.MaxRSSKB))
	} else {
		out = append(out, "", "", "")
	}
	return append(out, instant(x.LastRun), instant(x.LastFailure), integer(x.Used))
}

func helperSheet(rows []section.Helper) sheet {
	s := sheet{header: slices.Concat([]string{"helper", "kind"}, rowHeader, verdictHeader, []string{"sort"})}
	for i := range rows {
		x := &rows[i]
		s.rows = append(s.rows, slices.Concat([]string{x.Name, x.Kind}, rowCells(&x.Row), verdictCells(&x.Verdict), []string{x.Sort}))
	}
	return s
}

// groupSheet has one row per innermost group, with one column per key.
func groupSheet(r *section.Report) sheet {
	var s sheet
	for _, k := range r.Query.By {
		s.header = append(s.header, string(k))
	}
	s.header = append(s.header, rowHeader...)
	var walk func(rows []section.Group, keys []string)
	walk = func(rows []section.Group, keys []string) {
		for i := range rows {
			x := &rows[i]
			path := append(slices.Clone(keys), x.Value)
			if len(x.Groups) > 0 {
				walk(x.Groups, path)
				continue
			}
			s.rows = append(s.rows, append(path, rowCells(&x.Row)...))
		}
	}
	walk(r.Groups.Rows, nil)
	return s
}

func flakySheet(rows []section.HelperVerdict) sheet {
	s := sheet{header: slices.Concat([]string{"helper", "kind"}, rateHeader, verdictHeader,
		[]string{"flips", "flip_ratio", "recoveries", "context_n", "context_failures", "sort"})}
	for i := range rows {
		x := &rows[i]
		v := &x.Verdict
		s.rows = append(s.rows, slices.Concat([]string{x.Helper, x.Kind}, rateCells(x.Success), verdictCells(v),
			[]string{integer(v.Flips), number(v.FlipRatio), integer(v.Recoveries), integer(v.ContextN), integer(v.ContextFailures), x.Sort}))
	}
	return s
}

func failureSheet(rows []section.Failure) sheet {
	s := sheet{header: []string{"time", "first", "helper", "kind", "repo", "task", "exit_code", "signal", "count", "text", "fingerprint", "id", "sort"}}
	for _, x := range rows {
		code := ""
		if x.ExitCode != nil {
			code = strconv.Itoa(*x.ExitCode)
		}
		s.rows = append(s.rows, []string{instant(&x.Time), instant(&x.First), x.Helper, x.Kind, x.Repo, x.Task,
			code, x.Signal, integer(x.Count), x.Text, x.Fingerprint, x.ID, x.Sort})
	}
	return s
}

func effectSheet(rows []section.EffectRow) sheet {
	s := sheet{header: []string{"helper", "with_ok", "with_n", "without_ok", "without_n",
		"difference", "difference_low", "difference_high", "stratified", "stratified_low", "stratified_high", "verdict", "sign_turns", "sort"}}
	for _, x := range rows {
		s.rows = append(s.rows, slices.Concat(
			[]string{x.Helper, integer(x.With.K), integer(x.With.N), integer(x.Without.K), integer(x.Without.N)},
			interval(x.Diff), interval(x.Stratified), []string{x.Verdict, strconv.FormatBool(x.SignTurns), x.Sort}))
	}
	return s
}

func trendSheet(rows []section.TrendRow) sheet {
	s := sheet{header: []string{"helper", "runs", "previous_runs", "succeeded", "n", "previous_succeeded", "previous_n",
		"change", "change_low", "change_high", "arrow", "p50_ms", "previous_p50_ms", "p50_ratio", "sort"}}
	for _, x := range rows {
		s.rows = append(s.rows, slices.Concat(
			[]string{x.Helper, integer(x.Runs.Current), integer(x.Runs.Previous),
				integer(x.Current.K), integer(x.Current.N), integer(x.Previous.K), integer(x.Previous.N)},
			interval(x.Success), []string{x.Arrow, optional(x.P50), optional(x.PrevP50), optional(x.P50Ratio), x.Sort}))
	}
	return s
}

func unusedSheet(rows []section.UnusedRow) sheet {
	s := sheet{header: []string{"helper", "kind", "last_used", "sort"}}
	for _, x := range rows {
		s.rows = append(s.rows, []string{x.Name, x.Kind, instant(x.LastUsed), x.Sort})
	}
	return s
}

func contextSheet(rows []section.ContextRow) sheet {
	s := sheet{header: slices.Concat([]string{"helper", "repo"}, countsHeader, rateHeader, []string{"p50_ms", "last_run"}, verdictHeader, []string{"used", "sort"})}
	for i := range rows {
		x := &rows[i]
		p50 := ""
		if x.Succeeded > 0 {
			p50 = number(x.P50)
		}
		s.rows = append(s.rows, slices.Concat([]string{x.Helper, x.Repo}, countsCells(x.Counts), rateCells(x.Success),
			[]string{p50, instant(x.LastRun)}, verdictCells(&x.Verdict), []string{integer(x.Used), x.Sort}))
	}
	return s
}

func overviewSheet(o *section.Overview) sheet {
	s := sheet{header: slices.Concat([]string{"first", "last"}, countsHeader, rateHeader,
		[]string{"running", "helpers", "repos", "sessions", "tasks", "hosts", "lines", "bad_lines", "bytes", "used"})}
	if o == nil {
		return s
	}
	row := slices.Concat([]string{instant(o.First), instant(o.Last)}, countsCells(o.Counts), rateCells(o.Success))
	for _, n := range []int64{o.Running, o.Helpers, o.Repos, o.Sessions, o.Tasks, o.Hosts, o.Lines, o.BadLines, o.Bytes, o.Used} {
		row = append(row, integer(n))
	}
	s.rows = [][]string{row}
	return s
}

func trialSheet(rows []section.TrialResult) sheet {
	s := sheet{header: []string{"experiment", "helper", "unit", "share", "running", "first", "first_units", "first_ok", "first_n",
		"second", "second_units", "second_ok", "second_n", "difference", "difference_low", "difference_high",
		"sequence", "sequence_low", "sequence_high", "verdict", "ratio_p"}}
	arm := func(a section.Arm) []string {
		return []string{a.Name, integer(a.Units), integer(a.Success.K), integer(a.Success.N)}
	}
	for _, x := range rows {
		s.rows = append(s.rows, slices.Concat(
			[]string{x.ID, x.Helper, x.Unit, strconv.Itoa(x.Share), strconv.FormatBool(x.Running)}, arm(x.First), arm(x.Second),
			interval(x.Diff), interval(x.Sequence), []string{x.Verdict, number(x.RatioP)}))
	}
	return s
}
