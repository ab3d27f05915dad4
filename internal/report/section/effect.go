package section

import (
	"cmp"
	"slices"
	"strings"

	"pi-track/internal/event"
	"pi-track/internal/report/hash"
	"pi-track/internal/report/index"
	"pi-track/internal/report/query"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// SectionEffect compares the completion of tasks with and without each helper.
const SectionEffect query.Section = "effect"

// Effect compares the completion of tasks with and without each helper. It
// shows association, not cause.
type Effect struct {
	Tasks    int64       `json:"tasks"`    // units with an explicit outcome that are tasks
	Sessions int64       `json:"sessions"` // units with an explicit outcome that are sessions
	Unknown  int64       `json:"unknown"`  // units without one; they are left out
	Success  stats.Rate  `json:"success"`  // completion over all units
	Compared int64       `json:"compared"` // helpers with a verdict; of so many, chance alone makes about one in 20 differ
	Rows     []EffectRow `json:"rows"`     // clear differences first, then by size of the smaller arm; too little data last
	Omitted  int         `json:"omitted"`
	Caveat   string      `json:"caveat"`
}

// Caveat stands beside every effect.
const Caveat = "association, not cause"

// EffectRow is one helper. An interval is nil when an arm is empty, Stratified
// also when no stratum has both arms.
type EffectRow struct {
	Helper string `json:"helper"`
	Which
	With       stats.Rate      `json:"with"`
	Without    stats.Rate      `json:"without"`
	Diff       *stats.Interval `json:"diff"`       // Newcombe 1998, method 10
	Stratified *stats.Interval `json:"stratified"` // Mantel–Haenszel with Sato's variance, strata = repo
	Strata     []Stratum       `json:"strata"`
	Verdict    string          `json:"verdict"`    // stats.EffectHigher, …
	SignTurns  bool            `json:"sign_turns"` // Diff and Stratified point in opposite directions
}

// Stratum is one repo's part of an effect.
type Stratum struct {
	Repo    string     `json:"repo"`
	With    stats.Rate `json:"with"`
	Without stats.Rate `json:"without"`
}

// effect collects what the comparison of tasks with and without each helper
// needs. The unit is the task, where there is none the session. Its outcome is
// the latest job or loop in it that succeeded or failed, a recorded outcome
// among them; one that was cancelled says nothing. A helper was used when a
// run of it, other than the one that states the outcome, started before that.
type effect struct {
	s     *shared
	from  *effect // what it was forked from
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

// Add takes one more run; the same run twice counts once.
func (u *use) Add(b begin) {
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

// statesOutcome says whether a run only records the outcome of a task (pi-track
// task done|fail): it is no helper.
func statesOutcome(l *event.Line) bool {
	return string(l.Bytes(l.Name)) == "task" && event.Kind(l.Bytes(l.Kind)) == event.Job && string(l.Bytes(l.Src)) == "emit"
}

func newEffect(s *shared) (section, part) {
	e := &effect{s: s, units: map[uint64]*unit{}}
	return e, e
}

func (e *effect) Fork() part { return &effect{s: e.s, from: e, units: map[uint64]*unit{}} }

// Add takes a run of a unit; only helpers of taken ones are compared.
func (e *effect) Add(r *sum.Run) {
	l := r.Line
	var key uint64
	switch {
	case !l.Task.Empty():
		key = hash.Of(l.Bytes(l.Task))
	case !l.Session.Empty():
		key = ^hash.Of(l.Bytes(l.Session))
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
		if r.Code == event.CodeSucceeded || r.Code == event.CodeFailed {
			u.outcome(unit{at: r.End, id: r.ID, complete: r.Code == event.CodeSucceeded, repo: r.Repo})
		}
	}
	if r.Taken && !statesOutcome(l) {
		u.use(r.Helper, begin{r.Start, r.ID})
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
		u.uses[i].Add(b)
	}
}

func (e *effect) Join() {
	for key, b := range e.units {
		a := e.from.units[key]
		if a == nil {
			e.from.units[key] = b
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

func (a *arms) Add(complete bool) {
	a.n++
	if complete {
		a.ok++
	}
}

func (e *effect) Report(t *totals, r *Report) {
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
		count(all, u.repo).Add(u.complete)
		for i := range u.uses {
			x := &u.uses[i]
			if !x.exposed(u) {
				continue
			}
			if with[x.name] == nil {
				with[x.name] = map[uint32]*arms{}
			}
			count(with[x.name], u.repo).Add(u.complete)
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

func (t *totals) effectRow(helper uint32, all, with map[uint32]*arms) EffectRow {
	row := EffectRow{Helper: t.name(helper), Which: t.which(helper), Strata: []Stratum{}}
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
			Repo: t.repos.Text(repo), With: stats.NewRate(w.ok, w.n), Without: stats.NewRate(table.OKWithout, table.NWithout),
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
	return cmp.Or(cmp.Compare(rank(&a), rank(&b)), -cmp.Compare(arm(&a), arm(&b)), strings.Compare(a.Helper, b.Helper), strings.Compare(a.Sort, b.Sort))
}

// unitHead is what of a unit is no list.
type unitHead struct {
	task, complete bool
	repo           uint32
	at             int64
	id, key        uint64
}

func (e *effect) Encode(w *index.Writer) {
	index.Put(w, int64(len(e.units)))
	for key, u := range e.units {
		index.Put(w, unitHead{u.task, u.complete, u.repo, u.at, u.id, key})
		index.PutSlice(w, u.uses)
	}
}

func (e *effect) Decode(d *index.Reader) {
	for range d.Count() {
		var h unitHead
		if index.Get(d, &h); d.Bad {
			return
		}
		u := &unit{task: h.task, at: h.at, id: h.id, complete: h.complete, repo: h.repo}
		index.GetSlice(d, &u.uses)
		e.units[h.key] = u
	}
}
