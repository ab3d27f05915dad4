package engine

import (
	"strconv"
	"strings"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// columns are what groups are made by; times are by day.
var columns = map[query.Key]string{
	query.ByName: "name", query.ByKind: "kind", query.ByExt: "ext", query.ByScope: "scope", query.ByRepo: "repo", query.ByCWD: "cwd",
	query.ByTask: "task_id", query.BySession: "session_id", query.ByHost: "host", query.ByRev: "rev", query.ByAgent: "agent",
	query.ByModel: "if(model != '', model, usage.7)", query.ByExitCode: "if(exit_code < 0, toString(signal), toString(exit_code))",
}

// groups asks for the sums of the innermost groups.
func (a *asker) groups() error {
	keys := make([]string, len(a.q.By))
	for i, k := range a.q.By {
		if k.OfTime() {
			keys[i] = "toString(" + a.day + ")"
		} else {
			keys[i] = "toString(" + columns[k] + ")"
		}
	}
	return rows(a, "SELECT ["+strings.Join(keys, ", ")+"] AS keys, "+tally(a.q, "now")+" FROM "+a.table+
		" WHERE counted AND seen GROUP BY keys", func(r *struct {
		tallyRow
		Keys []string
	}) {
		days := make([]int32, len(r.Keys))
		for i, k := range a.q.By {
			if k.OfTime() {
				day, _ := strconv.ParseInt(r.Keys[i], 10, 64)
				days[i] = a.dayOf(day)
			}
		}
		a.c.AddGroup(r.Keys, days, r.state())
	})
}

// trend asks for the sums of the helpers in both compared periods.
func (a *asker) trend() error {
	current := within("t0", a.q.Current)
	return rows(a, "SELECT name, kind, "+current+" AS is_current, "+tally(a.q, "1")+" FROM "+a.table+
		" WHERE counted AND seen AND ("+current+" OR "+within("t0", a.q.Previous)+") GROUP BY name, kind, is_current", func(r *struct {
		tallyRow
		Is int `json:"is_current"`
	}) {
		a.c.AddTrend(r.Name, r.Kind, r.Is == 1, r.state())
	})
}

// contexts asks for the sums of the helpers in each repo.
func (a *asker) contexts() error {
	return rows(a, "SELECT name, kind, repo, "+tally(a.q, "1")+" FROM "+a.table+" WHERE counted AND now GROUP BY name, kind, repo", func(r *struct {
		tallyRow
		Repo string
	}) {
		a.c.AddContext(r.Name, r.Kind, r.Repo, r.state())
	})
}

// why asks for the days of one helper.
func (a *asker) why() error {
	return rows(a, "SELECT name, kind, "+a.day+" AS day, "+tally(a.q, "1")+" FROM "+a.table+
		" WHERE counted AND now AND name = "+quote(a.q.Why)+" GROUP BY name, kind, day", func(r *struct {
		tallyRow
		Day int64
	}) {
		a.c.AddDay(r.Name, r.Kind, a.dayOf(r.Day), r.state())
	})
}

// units asks for the tasks, and the sessions of runs without one, that have an outcome: the
// latest job or loop that succeeded or failed, and what had started before it ended. One
// reading tells: a unit keeps the starts and helpers of its runs until its outcome is known.
func (a *asker) units() error {
	return rows(a, `SELECT task, session, found, arrayCount(t -> t < at, starts) AS before, arrayDistinct(arrayFilter((h, t) -> h != 0 AND t < at, helpers, starts)) AS used
  FROM (SELECT task_id AS task, if(task_id = '', session_id, '') AS session,
      groupArraySortedIf(8)((-t1, id, t0, code = 2, toString(repo), toString(name), toString(kind), taken, stated), kind IN ('job', 'loop') AND code IN (2, 3)) AS found,
      -found[1].1 AS at, groupArrayIf(t0, NOT stated) AS starts, groupArrayIf(if(taken, `+helperNumber+`, 0), NOT stated) AS helpers
    FROM `+a.table+` WHERE now AND ran AND (task_id != '' OR session_id != '') GROUP BY task, session HAVING notEmpty(found))`, func(r *struct {
		Task, Session string
		Found         []outcomeRow
		Before        int64
		Used          []uint64
	}) {
		u := section.Unit{Task: r.Task, Session: r.Session, Before: r.Before}
		for _, o := range r.Found {
			if o.End == r.Found[0].End {
				u.Outcomes = append(u.Outcomes, section.Outcome(o))
			}
		}
		for _, n := range r.Used {
			u.Used = append(u.Used, a.numbers[n])
		}
		a.c.AddUnit(&u)
	})
}

// trials asks for the runs of the tasks and sessions in which an experiment was.
func (a *asker) trials() error {
	in := "experiment != '' AND arm != ''"
	of := func(column string) string {
		return "(" + column + " != '' AND " + column + " IN (SELECT " + column + " FROM " + a.table + " WHERE now AND " + in + "))"
	}
	return a.runs("SELECT "+runLine+" FROM "+a.table+" WHERE now AND ("+in+" OR "+of("task_id")+" OR "+of("session_id")+")", a.c.AddTrialRun)
}
