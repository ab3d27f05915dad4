package report

import (
	"cmp"
	"slices"
	"strings"

	"pi-track/internal/event"
	"pi-track/internal/stats"
)

// effect collects what the comparison of tasks with and without each helper
// needs. The unit is the task, where there is none the session. Its outcome is
// the latest job or loop in it that succeeded or failed, a recorded outcome
// among them; one that was cancelled says nothing. A helper was used when a
// run of it, other than the one that states the outcome, started before that.
type effect struct {
	s     *shared
	units map[uint64]*unit
}

type unit struct {
	task     bool
	at       int64 // end of the outcome, Unix ms; 0: none
	id       uint64
	complete bool
	repo     uint32
	uses     []use
}

// use is a helper in a unit: its two earliest runs, because one of them may
// be the run that states the outcome.
type use struct {
	name          uint32
	first, second begin
}

// begin is a run and its start; the zero value is none.
type begin struct {
	at int64
	id uint64
}

func (b begin) before(o begin) bool {
	return o.id == 0 || b.at < o.at || b.at == o.at && b.id < o.id
}

// add takes one more run; the same run twice counts once.
func (u *use) add(b begin) {
	switch {
	case b.id == 0 || b.id == u.first.id || b.id == u.second.id:
	case b.before(u.first):
		u.first, u.second = b, u.first
	case b.before(u.second):
		u.second = b
	}
}

// exposed says whether the helper was used before the outcome of the unit.
func (u *use) exposed(o *unit) bool {
	for _, b := range []begin{u.first, u.second} {
		if b.id != 0 && b.id != o.id && b.at < o.at {
			return true
		}
	}
	return false
}

// isRecord says whether a run only records the outcome of a task (pi-track
// task done|fail): it is no helper.
func isRecord(l *event.Line) bool {
	return string(l.Bytes(l.Name)) == "task" && event.Kind(l.Bytes(l.Kind)) == event.Job && string(l.Bytes(l.Src)) == "emit"
}

// add takes a run; row says whether its helper is to be compared.
func (e *effect) add(r *run, row bool) {
	l := r.line
	var key uint64
	switch {
	case !l.Task.Empty():
		key = hash(l.Bytes(l.Task))
	case !l.Session.Empty():
		key = ^hash(l.Bytes(l.Session))
	default:
		return
	}
	u := e.units[key]
	if u == nil {
		u = &unit{task: !l.Task.Empty()}
		e.units[key] = u
	}
	kind := event.Kind(l.Bytes(l.Kind))
	if kind == event.Job || kind == event.Loop {
		if r.code == event.CodeSucceeded || r.code == event.CodeFailed {
			u.outcome(unit{at: r.end, id: r.id, complete: r.code == event.CodeSucceeded, repo: r.repo})
		}
	}
	if row && !isRecord(l) {
		u.use(r.name, begin{r.start, r.id})
	}
}

func (u *unit) outcome(o unit) {
	if o.at > u.at || o.at == u.at && o.id > u.id {
		u.at, u.id, u.complete, u.repo = o.at, o.id, o.complete, o.repo
	}
}

// use takes runs of a helper.
func (u *unit) use(name uint32, begins ...begin) {
	i := slices.IndexFunc(u.uses, func(x use) bool { return x.name == name })
	if i < 0 {
		i = len(u.uses)
		u.uses = append(u.uses, use{name: name})
	}
	for _, b := range begins {
		u.uses[i].add(b)
	}
}

func (e *effect) merge(o *effect) {
	for key, b := range o.units {
		a := e.units[key]
		if a == nil {
			e.units[key] = b
			continue
		}
		a.outcome(*b)
		for _, x := range b.uses {
			a.use(x.name, x.first, x.second)
		}
	}
}

// arms are units per repo: all, and of each helper those that used it.
type arms struct{ ok, n int64 }

func (a *arms) add(complete bool) {
	a.n++
	if complete {
		a.ok++
	}
}

func (e *effect) report(t *totals, r *Report) {
	out := &Effect{Rows: []EffectRow{}, Caveat: Caveat}
	all := map[uint32]*arms{}
	with := map[uint32]map[uint32]*arms{} // by helper, by repo
	var ok int64
	for _, u := range e.units {
		if u.at == 0 {
			out.Unknown++
			continue
		}
		if u.task {
			out.Tasks++
		} else {
			out.Sessions++
		}
		if u.complete {
			ok++
		}
		count(all, u.repo).add(u.complete)
		for i := range u.uses {
			x := &u.uses[i]
			if !x.exposed(u) {
				continue
			}
			if with[x.name] == nil {
				with[x.name] = map[uint32]*arms{}
			}
			count(with[x.name], u.repo).add(u.complete)
		}
	}
	out.Success = stats.NewRate(ok, out.Tasks+out.Sessions)
	for name, byRepo := range with {
		row := t.effectRow(name, all, byRepo)
		if row.Verdict != stats.EffectFewData {
			out.Compared++
		}
		out.Rows = append(out.Rows, row)
	}
	slices.SortFunc(out.Rows, compareEffects)
	out.Rows, out.Omitted = cut(out.Rows, t.q.Limit)
	r.Effect = out
}

func count(m map[uint32]*arms, repo uint32) *arms {
	a := m[repo]
	if a == nil {
		a = &arms{}
		m[repo] = a
	}
	return a
}

func (t *totals) effectRow(name uint32, all, with map[uint32]*arms) EffectRow {
	row := EffectRow{Helper: t.names.text(name), Strata: []Stratum{}}
	var sum stats.Table
	var tables []stats.Table
	for repo, a := range all {
		w := with[repo]
		if w == nil {
			w = &arms{}
		}
		table := stats.Table{OKWith: w.ok, NWith: w.n, OKWithout: a.ok - w.ok, NWithout: a.n - w.n}
		tables = append(tables, table)
		sum.OKWith += table.OKWith
		sum.NWith += table.NWith
		sum.OKWithout += table.OKWithout
		sum.NWithout += table.NWithout
		row.Strata = append(row.Strata, Stratum{
			Repo: t.repos.text(repo), With: stats.NewRate(w.ok, w.n), Without: stats.NewRate(table.OKWithout, table.NWithout),
		})
	}
	slices.SortFunc(tables, func(a, b stats.Table) int { // sums of floats in a fixed order
		return cmp.Or(cmp.Compare(a.NWith, b.NWith), cmp.Compare(a.NWithout, b.NWithout),
			cmp.Compare(a.OKWith, b.OKWith), cmp.Compare(a.OKWithout, b.OKWithout))
	})
	slices.SortFunc(row.Strata, func(a, b Stratum) int { return strings.Compare(a.Repo, b.Repo) })
	row.With = stats.NewRate(sum.OKWith, sum.NWith)
	row.Without = stats.NewRate(sum.OKWithout, sum.NWithout)
	if d, ok := stats.Newcombe(sum.OKWith, sum.NWith, sum.OKWithout, sum.NWithout); ok {
		row.Diff = &d
	}
	if d, ok := stats.MantelHaenszel(tables); ok {
		row.Stratified = &d
	}
	row.Verdict = stats.EffectVerdict(tables)
	row.SignTurns = row.Diff != nil && row.Stratified != nil && row.Diff.Value*row.Stratified.Value < 0
	return row
}

func compareEffects(a, b EffectRow) int {
	rank := func(r *EffectRow) int {
		switch r.Verdict {
		case stats.EffectFewData:
			return 2
		case stats.EffectUnclear:
			return 1
		}
		return 0
	}
	arm := func(r *EffectRow) int64 { return min(r.With.N, r.Without.N) }
	return cmp.Or(cmp.Compare(rank(&a), rank(&b)), -cmp.Compare(arm(&a), arm(&b)), strings.Compare(a.Helper, b.Helper))
}
