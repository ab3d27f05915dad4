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
				day, _ := strconv.Atoi(r.Keys[i])
				days[i] = int32(day)
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
		Day int32
	}) {
		a.c.AddDay(r.Name, r.Kind, r.Day, r.state())
	})
}

// units asks for the tasks, and the sessions of runs without one, that have an outcome: the
// latest job or loop that succeeded or failed, and what had started before it ended.
func (a *asker) units() error {
	members := "(SELECT *, if(task_id = '', session_id, '') AS session FROM " + a.table + " WHERE now AND ran AND (task_id != '' OR session_id != ''))"
	outcomes := "(SELECT task_id, session, groupArraySorted(8)((-t1, toString(id), t0, code = 2, toString(repo), toString(name), toString(kind), taken, stated)) AS top FROM " +
		members + " WHERE kind IN ('job', 'loop') AND code IN (2, 3) GROUP BY task_id, session)"
	return rows(a, "SELECT o.task_id AS task, o.session AS session, o.top AS top, u.before AS before, u.used AS used FROM "+outcomes+` AS o
  LEFT JOIN (SELECT task_id, session, count() AS before, groupUniqArrayIf((toString(name), toString(sort)), taken) AS used
    FROM `+members+` AS m INNER JOIN (SELECT task_id, session, -top[1].1 AS at FROM `+outcomes+`) AS x USING (task_id, session)
    WHERE NOT stated AND t0 < at GROUP BY task_id, session) AS u ON o.task_id = u.task_id AND o.session = u.session`, func(r *struct {
		Task, Session string
		Top           []outcomeRow
		Before        int64
		Used          [][2]string
	}) {
		u := section.Unit{Task: r.Task, Session: r.Session, Before: r.Before}
		for _, o := range r.Top {
			if o.End == r.Top[0].End {
				u.Outcomes = append(u.Outcomes, section.Outcome(o))
			}
		}
		for _, k := range r.Used {
			u.Used = append(u.Used, section.Key{Name: k[0], Kind: k[1]})
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
