package section

import (
	"cmp"
	"slices"
	"strings"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
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
	Compared int64       `json:"compared"` // helpers with a verdict: of the differences told, at most one in 20 is chance
	Rows     []EffectRow `json:"rows"`     // clear differences first, then by size of the smaller arm; too little data last
	Deciders []Decider   `json:"deciders"` // not compared
	Omitted  int         `json:"omitted"`
	Caveat   string      `json:"caveat"`
}

// Caveat stands beside every effect.
const Caveat = "association, not cause"

// Association is what an effect is called in a sentence.
const Association = "association"

// EffectRow is one helper. An interval is nil when an arm is empty, Stratified
// also when no stratum has both arms.
type EffectRow struct {
	Helper string `json:"helper"`
	Which
	With       stats.Rate      `json:"with"`
	Without    stats.Rate      `json:"without"`
	Diff       *stats.Interval `json:"diff"`       // Newcombe 1998, method 10
	Stratified *stats.Interval `json:"stratified"` // Mantel–Haenszel with Sato's variance, within strata
	Within     string          `json:"within"`     // what makes the strata: repo and size, or repo where sizes tell the arms apart
	Compared   int             `json:"compared"`   // strata with both arms
	Strata     []Stratum       `json:"strata"`     // the repos
	P          float64         `json:"p"`
	Verdict    string          `json:"verdict"`    // stats.EffectHigher, …, among all helpers compared
	SignTurns  bool            `json:"sign_turns"` // Diff and Stratified point in opposite directions
}

// Stratum is one repo's part of an effect.
type Stratum struct {
	Repo    string     `json:"repo"`
	With    stats.Rate `json:"with"`
	Without stats.Rate `json:"without"`
}

// Decider is a helper whose own runs decide the outcome of tasks.
type Decider struct {
	Helper string `json:"helper"`
	Which
	Decided int64 `json:"decided"` // tasks whose outcome is that of a run of it
	Tasks   int64 `json:"tasks"`   // in which it ran
}

// What makes the strata of an effect.
const (
	WithinSizes = "repo and size"
	WithinRepos = "repo"
)

// maxDecided is the share of a helper's tasks that its own runs may decide for it
// to be compared: those tasks are in neither arm.
const maxDecided = 0.05

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
	by       uint32 // the helper whose run it is, 0 for a recorded one
	repo     uint32
	uses     []use
	starts   []int64 // of all runs
}

// size is the number of runs before the outcome.
func (u *unit) size() int {
	n := 0
	for _, at := range u.starts {
		if at < u.at {
			n++
		}
	}
	if u.by != 0 {
		n-- // the run that decides
	}
	return n
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
func statesOutcome(l *decode.Line) bool {
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
	if r.Nothing {
		return
	}
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
		if r.Code == decode.CodeSucceeded || r.Code == decode.CodeFailed {
			by := r.Helper
			if statesOutcome(l) {
				by = 0
			}
			u.outcome(unit{at: r.End, id: r.ID, complete: r.Code == decode.CodeSucceeded, by: by, repo: r.Repo})
		}
	}
	if statesOutcome(l) {
		return
	}
	u.starts = append(u.starts, r.Start)
	if r.Taken {
		u.use(r.Helper, begin{r.Start, r.ID})
	}
}

func (u *unit) outcome(o unit) {
	if o.at > u.at || o.at == u.at && o.id > u.id {
		u.at, u.id, u.complete, u.by, u.repo = o.at, o.id, o.complete, o.by, o.repo
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
		a.starts = append(a.starts, b.starts...)
		for _, x := range b.uses {
			a.use(x.name, x.first, x.second)
		}
	}
}

func (e *effect) Report(t *totals, r *Report) {
	out := &Effect{Rows: []EffectRow{}, Deciders: []Decider{}, Caveat: Caveat}
	var known []*unit
	var ok int64
	for _, u := range e.units {
		switch {
		case u.at == 0:
			out.Unknown++
			continue
		case u.task:
			out.Tasks++
		default:
			out.Sessions++
		}
		if u.complete {
			ok++
		}
		known = append(known, u)
	}
	out.Success = stats.NewRate(ok, out.Tasks+out.Sessions)
	rows, comparisons := e.compare(t, known, out)
	var p []float64
	for i := range comparisons {
		if !comparisons[i].Few() {
			out.Compared++
			p = append(p, comparisons[i].P)
		}
	}
	limit := stats.BenjaminiHochberg(p, 0.05)
	for i := range rows {
		rows[i].Verdict = comparisons[i].Verdict(limit)
	}
	out.Rows = append(out.Rows, rows...)
	slices.SortFunc(out.Rows, compareEffects)
	slices.SortFunc(out.Deciders, func(a, b Decider) int {
		return cmp.Or(strings.Compare(a.Helper, b.Helper), strings.Compare(a.Sort, b.Sort))
	})
	t.effect = out
	if t.q.Wanted[SectionEffect] {
		shown := *out
		shown.Rows, shown.Omitted = cut(out.Rows, t.q.Limit)
		r.Effect = &shown
	}
}

// helperUnits are the units in which a helper ran.
type helperUnits struct {
	with    []int // before the outcome, by number of the unit
	decided []int // whose outcome is that of a run of it
}

// compare makes the rows of all helpers that can be compared.
func (e *effect) compare(t *totals, known []*unit, out *Effect) (rows []EffectRow, comparisons []stats.Comparison) {
	of := map[uint32]*helperUnits{}
	sized := make([]stats.Unit, len(known))
	for i, u := range known {
		sized[i] = stats.Unit{Repo: u.repo, Size: u.size()}
		for k := range u.uses {
			x := &u.uses[k]
			h := of[x.name]
			if h == nil {
				h = &helperUnits{}
				of[x.name] = h
			}
			switch {
			case u.by == x.name:
				h.decided = append(h.decided, i)
			case x.exposed(u):
				h.with = append(h.with, i)
			}
		}
	}
	strata, n := stats.SizeStrata(sized)
	for name, h := range of {
		d := Decider{Helper: t.name(name), Which: t.which(name), Decided: int64(len(h.decided)), Tasks: int64(len(h.decided) + len(h.with))}
		switch {
		case float64(d.Decided) > maxDecided*float64(d.Tasks):
			out.Deciders = append(out.Deciders, d)
		case len(h.with) > 0:
			row, c := t.effectRow(name, known, h, strata, n)
			rows, comparisons = append(rows, row), append(comparisons, c)
		}
	}
	return rows, comparisons
}

// effectRow compares the units in which a helper was used with all others, but
// for those that it decided.
func (t *totals) effectRow(helper uint32, known []*unit, h *helperUnits, strata []int, n int) (EffectRow, stats.Comparison) {
	const without, with, neither = 0, 1, 2
	arm := make([]uint8, len(known))
	for _, i := range h.with {
		arm[i] = with
	}
	for _, i := range h.decided {
		arm[i] = neither
	}
	sizes := make([]stats.Table, n)
	repos := map[uint32]*stats.Table{}
	for i, u := range known {
		if arm[i] == neither {
			continue
		}
		if repos[u.repo] == nil {
			repos[u.repo] = &stats.Table{}
		}
		repos[u.repo].Add(arm[i] == with, u.complete)
		sizes[strata[i]].Add(arm[i] == with, u.complete)
	}
	row := EffectRow{Helper: t.name(helper), Which: t.which(helper), Strata: []Stratum{}, Within: WithinSizes}
	var byRepo []stats.Table
	for repo, x := range repos {
		byRepo = append(byRepo, *x)
		row.Strata = append(row.Strata, Stratum{
			Repo: t.repos.Text(repo), With: stats.NewRate(x.OKWith, x.NWith), Without: stats.NewRate(x.OKWithout, x.NWithout),
		})
	}
	slices.SortFunc(row.Strata, func(a, b Stratum) int { return strings.Compare(a.Repo, b.Repo) })
	tables := sizes
	if 2*stats.Weight(sizes) < stats.Weight(byRepo) {
		tables, row.Within = byRepo, WithinRepos
	}
	slices.SortFunc(tables, compareTables)
	c := stats.Compare(tables)
	row.With = stats.NewRate(c.All.OKWith, c.All.NWith)
	row.Without = stats.NewRate(c.All.OKWithout, c.All.NWithout)
	row.Diff, row.Stratified, row.Compared, row.P = c.Naive, c.Stratified, c.Strata, c.P
	row.SignTurns = row.Diff != nil && row.Stratified != nil && row.Diff.Value*row.Stratified.Value < 0
	return row, c
}

// compareTables puts tables in an order, so that sums of floats are the same.
func compareTables(a, b stats.Table) int {
	return cmp.Or(cmp.Compare(a.NWith, b.NWith), cmp.Compare(a.NWithout, b.NWithout),
		cmp.Compare(a.OKWith, b.OKWith), cmp.Compare(a.OKWithout, b.OKWithout))
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
	by, repo       uint32
	at             int64
	id, key        uint64
}

func (e *effect) Encode(w *index.Writer) {
	index.Put(w, int64(len(e.units)))
	for key, u := range e.units {
		index.Put(w, unitHead{u.task, u.complete, u.by, u.repo, u.at, u.id, key})
		index.PutSlice(w, u.uses)
		index.PutSlice(w, u.starts)
	}
}

func (e *effect) Decode(d *index.Reader) {
	n := d.Count()
	units := make([]unit, n)
	e.units = make(map[uint64]*unit, n)
	for i := range units {
		var h unitHead
		if index.Get(d, &h); d.Bad {
			return
		}
		u := &units[i]
		*u = unit{task: h.task, at: h.at, id: h.id, complete: h.complete, by: h.by, repo: h.repo}
		index.GetSlice(d, &u.uses)
		index.GetSlice(d, &u.starts)
		e.units[h.key] = u
	}
}
