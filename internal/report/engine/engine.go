// Package engine makes a report of runs in a ClickHouse. It asks for what the engine can
// add up itself, which grows with the answer and not with the number of runs:
//
//	all sections     counts, durations and days by helper; overview
//	groups, trend,
//	context, why     the same by their keys
//	verdicts         the latest runs of each helper, as many as a verdict needs
//	failures         those of each fingerprint, with the latest of them
//	effect           a row for each task or session that has an outcome
//	experiment       the runs of the tasks and sessions of experiments
//
// A [section.Collector] takes the results and answers as it does for a log, with the same
// figures.
package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pi-track/internal/event/decode"
	"pi-track/internal/report/query"
	"pi-track/internal/report/runs"
	"pi-track/internal/report/section"
)

// TooOld is an engine that cannot answer.
type TooOld struct{ Version string }

// Error names the version.
func (e *TooOld) Error() string { return "ClickHouse " + e.Version + " is too old to add up a report" }

// Build asks the engine of the query. Its errors are those of its Select, and [TooOld].
func Build(ctx context.Context, q *query.Plan) (*section.Report, error) {
	a := &asker{Engine: q.Engine, ctx: ctx, q: q, c: section.Collect(q), table: runTable(q), day: day(q.Location)}
	asks := []func() error{a.helpers}
	latest, failed := section.NewRuns(q)
	if latest {
		asks = append(asks, a.latest)
	}
	if failed {
		asks = append(asks, a.failed)
	}
	of := a.asks()
	for _, name := range section.Collecting(q) {
		ask := of[name]
		if ask == nil {
			return nil, fmt.Errorf("the section %q has no query", name)
		}
		asks = append(asks, ask)
	}
	lines, err := a.begin()
	if err != nil {
		return nil, err
	}
	for _, ask := range asks {
		if err := ask(); err != nil {
			return nil, err
		}
	}
	return section.Answer(a.c, &runs.Counted{Lines: lines}), nil
}

// asks are what each section that collects something asks for.
func (a *asker) asks() map[query.Section]func() error {
	return map[query.Section]func() error{
		section.SectionHelpers:    a.groups, // with --by
		section.SectionTrend:      a.trend,
		section.SectionContext:    a.contexts,
		section.SectionWhy:        a.why,
		section.SectionEffect:     a.units,
		section.SectionExperiment: a.trials,
	}
}

// begin asks for the version and for what the overview says. It returns how many lines
// there are.
func (a *asker) begin() (lines int64, err error) {
	var version string
	if err := rows(a, "SELECT version() AS version", func(r *struct{ Version string }) { version = r.Version }); err != nil {
		return 0, err
	}
	if major, minor := 0, 0; true {
		if n, _ := fmt.Sscanf(version, "%d.%d", &major, &minor); n < 2 || major < 24 || major == 24 && minor < 8 {
			return 0, &TooOld{version}
		}
	}
	a.settings = settings
	if err := rows(a, "SELECT count() AS lines FROM "+a.Database+".lines", func(r *struct{ Lines int64 }) { lines = r.Lines }); err != nil {
		return 0, err
	}
	ids := []string{"''"}
	for id := range a.q.Running {
		ids = append(ids, quote(id))
	}
	slices.Sort(ids)
	units := "toUInt64(0)"
	if section.Asked(a.q, section.SectionEffect) {
		units = "uniqExactIf(task_id, now AND ran AND task_id != '') + uniqExactIf(session_id, now AND ran AND task_id = '' AND session_id != '')"
	}
	return lines, rows(a, `SELECT minIf(t0, counted AND now) AS first, maxIf(t0, counted AND now) AS last,
    uniqExactIf(repo, counted AND now AND repo != '') AS repos, uniqExactIf(session_id, counted AND now AND session_id != '') AS sessions,
    uniqExactIf(task_id, counted AND now AND task_id != '') AS tasks, uniqExactIf(host, counted AND now AND host != '') AS hosts,
    countIf(counted AND now AND code = 1 AND toString(id) IN (`+strings.Join(ids, ", ")+`)) AS running, `+units+` AS units
  FROM `+a.table, func(r *section.Seen) { a.c.SetSeen(*r) })
}

// maxFailures is how many fingerprints a report has at most.
const maxFailures = 20000

// print is the fingerprint of a failed run, as sum.Masker makes it.
const print = `multiIf(error_summary = '', if(signal != '', concat('signal ', signal), concat('exit ', toString(exit_code))),
  replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(error_summary,
    '(^|[^0-9A-Za-z_])("[^"]*"|\'[^\']*\'|` + "`[^`]*`" + `)', '\\1…'),
    '[0-9A-Za-z_.~@+-]*/[0-9A-Za-z_.~@+/-]*', '/…'),
    '[0-9A-Za-z_-]*[0-9][0-9A-Za-z_-]*', '#'),
    '\\b[a-fA-F]{8,}\\b', '#'))`

// failed asks for the failures of each fingerprint, with the latest of them, or the few of
// one time.
func (a *asker) failed() error {
	type row struct {
		section.FailedAlike
		Last     int64
		Repo     []string `json:"in_repo"`
		RepoRuns []int64  `json:"repo_runs"`
		Latest   [][2]any
	}
	var bad error
	err := rows(a, fmt.Sprintf(`SELECT count() AS count, min(t1) AS first, max(t1) AS last, sumMap([toString(repo)], [toUInt64(1)]).1 AS in_repo,
    sumMap([toString(repo)], [toUInt64(1)]).2 AS repo_runs, groupArraySorted(8)((-t1, %s)) AS latest
  FROM (SELECT *, %s AS print FROM %s WHERE counted AND now AND code = 3)
  GROUP BY name, sort, print ORDER BY last DESC LIMIT %d`, runLine, print, a.table, maxFailures), func(r *row) {
		r.Repos = map[string]int64{}
		for i, repo := range r.Repo {
			r.Repos[repo] = r.RepoRuns[i]
		}
		var latest []*decode.Line
		for _, x := range r.Latest {
			text, _ := x[1].(string)
			if at, _ := x[0].(float64); int64(at) == -r.Last {
				l := &decode.Line{}
				if err := l.Decode([]byte(text)); err != nil {
					bad = err
					return
				}
				latest = append(latest, l)
			}
		}
		a.c.AddFailed(r.FailedAlike, latest)
	})
	if err == nil {
		err = bad
	}
	return err
}
